"""Read a report that somebody else wrote, as if they were hostile.

The machine that grades runs what strangers wrote. If one of them got out, the report
of that machine says whatever they like. So who reports on another machine takes
nothing on trust: size, schema, every name and every number are checked, every text is
made harmless again, and each verdict is computed anew from the checks.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from graders.harness.answer.errors import VERDICTS
from graders.harness.catalog.exercise import Entry, catalogue
from graders.harness.feedback.programs import KEYS, bounded
from graders.harness.feedback.results import RUBRIC, VALIDATION, Job, Result
from graders.harness.feedback.text import MAX_VALUE
from graders.submissions.pick import LONGEST, SHOWN, path_of
from graders.submissions.report import FEEDBACK, Report, verdict_of

MOST_BYTES = 20_000_000
MOST_CHECKS = 1_000  # of an exercise
MOST_COMMON = 20
_HASH = re.compile(r"[0-9a-f]{40}([0-9a-f]{24})?")
_KEYS = {"schema", "verdict", "error", "base", "head", "common", "seed", "feedback",
         "exercises", "empty", "ignored", "more", "uncounted"}  # fmt: skip
_EXERCISE = {"name", "round", "topic", "verdict", "seconds", "error", "exhibit",
             "checks", "file", "sandbox", "passed", "total"}  # fmt: skip
_NUMBERS = ("seconds", "megabytes")
_TRUTHS = ("contract", "law")


class Unfit(Exception):
    """A report that is none; says why in one line."""


def read_report(path: Path) -> Report:
    """Return a report of another machine, checked and made harmless.

    Raises:
        Unfit: If it is not one, or contradicts itself.
        OSError: If it cannot be read.
    """
    with path.open("rb") as file:
        source = file.read(MOST_BYTES + 1)
    _demand(len(source) <= MOST_BYTES, f"larger than {MOST_BYTES:,} bytes")
    try:
        found = json.loads(source)
    except (ValueError, RecursionError) as error:
        raise Unfit(f"no JSON: {error}") from None
    _keys(found, _KEYS, "the report")
    _demand(found["schema"] == 1, "schema is not 1")
    for name in ("base", "head"):
        _hash(found[name], name)
    for one in _list(found["common"], MOST_COMMON, "common"):
        _hash(one, "common")
    _count(found["seed"], "seed")
    _count(found["more"], "more")
    _demand(found["feedback"] in FEEDBACK, "no such feedback")
    _demand(isinstance(found["uncounted"], bool), "uncounted is neither true nor false")
    entries = {path_of(entry): entry for entry in catalogue()}
    for one in _list(found["empty"], len(entries), "empty"):
        _demand(isinstance(one, str) and one in entries, "empty names no exercise")
    for one in _list(found["ignored"], SHOWN, "ignored"):
        _text(one, LONGEST + 3, "ignored")
    _text(found["error"], MAX_VALUE, "error")
    exercises = _list(found["exercises"], len(entries), "exercises")
    for one in exercises:
        _exercise(one, entries, found["seed"], found["feedback"])
    files = [one["file"] for one in exercises]
    _demand(len(set(files)) == len(files), "an exercise is there twice")
    expected = "grader error" if found["error"] else verdict_of(exercises)
    _demand(found["verdict"] == expected, "its verdict contradicts its exercises")
    texts = {key: _harmless(found[key]) for key in ("error", "ignored", "exercises")}
    report: Report = found | texts
    return report


def _exercise(found: Any, entries: dict[str, Entry], seed: int, feedback: str) -> None:
    _keys(found, _EXERCISE, "an exercise")
    file = found["file"]
    _demand(isinstance(file, str) and file in entries, "an exercise is none of ours")
    entry = entries[file]
    names = (found["name"], found["round"], found["topic"])
    _demand(names == (entry.name, entry.round, entry.topic), f"{file}: other names")
    for key in ("error", "exhibit"):
        _text(found[key], MAX_VALUE + 100, key)
    _demand(found["sandbox"] in ("bubblewrap", "none needed", ""), "no such sandbox")
    _number(found["seconds"], "seconds")
    checks = _list(found["checks"], MOST_CHECKS, "checks")
    for check in checks:
        _check(check)
    _count(found["passed"], "passed")
    _count(found["total"], "total")
    job = Job(entry, Path(file), seed)
    again = Result(job, checks, 0.0, found["sandbox"], found["error"])
    _demand(found["verdict"] == again.verdict, f"{file}: verdict and checks disagree")
    _demand(found["passed"] <= found["total"] <= MOST_CHECKS, f"{file}: odd counts")
    if feedback != "verdict":
        good = sum(check["verdict"] == "passed" for check in checks)
        counts = (found["passed"], found["total"])
        _demand(counts == (good, len(checks)), f"{file}: counts and checks disagree")


def _check(found: Any) -> None:
    _keys(found, {*KEYS, "line"}, "a check")
    _demand(found["verdict"] in VERDICTS, "no such verdict")
    _demand(found["rubric"] in (*RUBRIC, VALIDATION), "no such rubric")
    _count(found["line"], "line")
    for key in set(KEYS) - {"verdict", "rubric"}:
        value = found[key]
        if value == "":  # not told
            continue
        if key in _TRUTHS:
            _demand(isinstance(value, bool), f"{key} is neither true nor false")
        elif key in _NUMBERS:
            _number(value, key)
        elif key == "short":
            _keys(value, {"call", "got", "expected"}, "short")
            for text in value.values():
                _text(text, MAX_VALUE + 100, key)
        else:
            _text(value, MAX_VALUE + 100, key)


def _demand(holds: bool, why: str) -> None:
    if not holds:
        raise Unfit(why)


def _keys(found: Any, keys: set[str], what: str) -> None:
    _demand(isinstance(found, dict) and set(found) == keys, f"{what} has other keys")


def _list(found: Any, most: int, what: str) -> list[Any]:
    if not isinstance(found, list) or len(found) > most:
        raise Unfit(f"{what} is no list of at most {most}")
    return found


def _text(found: Any, most: int, what: str) -> None:
    fits = isinstance(found, str) and len(found) <= most
    _demand(fits, f"{what} is no text of at most {most} characters")


def _hash(found: Any, what: str) -> None:
    fits = isinstance(found, str) and _HASH.fullmatch(found) is not None
    _demand(fits, f"{what} is no hash")


def _count(found: Any, what: str) -> None:
    fits = type(found) is int and 0 <= found < 2**63
    _demand(fits, f"{what} is no whole number of 0 or more")


def _number(found: Any, what: str) -> None:
    fits = type(found) in (int, float) and 0 <= found < 1e9  # which NaN is not
    _demand(fits, f"{what} is no number of 0 or more")


def _harmless(found: Any) -> Any:
    """Return a value in which every text is harmless, and not too long."""
    if isinstance(found, list):
        return [_harmless(part) for part in found]
    if isinstance(found, dict):
        return {key: _harmless(part) for key, part in found.items()}
    return bounded(found, MAX_VALUE)
