"""Show results to a person, in a terminal or a pipe, and to programs as files."""

from __future__ import annotations

import json
import os
import shutil
import sys
import textwrap
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import Any, TextIO
from xml.etree import ElementTree

from graders.harness.catalog import files
from graders.harness.catalog.exercise import Entry
from graders.harness.feedback.results import RUBRIC, VALIDATION, Result
from graders.harness.feedback.text import plain

MAX_LINES = 20  # of what the answer printed
MAX_OUTPUT = 2000  # characters of it
MAX_CALL = 20_000  # characters of a call; a file for programs has it whole

_COLOURS = {"passed": "32", "failed": "31", "grader error": "35", "not started": "33"}
_LABELS = ("call", "got", "expected", "mistake", "message", "trace", "output")


class Screen:
    """Writes to a terminal in colour, and plainly where nobody sees colours."""

    def __init__(self, stream: TextIO) -> None:
        self.stream = stream
        self.live = stream.isatty() and os.environ.get("TERM") != "dumb"
        self.coloured = self.live and "NO_COLOR" not in os.environ
        self.width = min(shutil.get_terminal_size().columns, 100)

    def write(self, line: str = "") -> None:
        """Write a line; characters that the stream cannot show are escaped."""
        coding = self.stream.encoding or "utf-8"
        safe = line.encode(coding, "backslashreplace").decode(coding)
        self.stream.write(safe + "\n")
        self.stream.flush()

    def colour(self, text: str, verdict: str) -> str:
        """Return text in the colour of a verdict."""
        code = _COLOURS.get(verdict, "31") if self.coloured else ""
        return f"\x1b[{code}m{text}\x1b[0m" if code else text

    def watch(self, running: list[str]) -> None:
        """Show on one line, over the last, what is under way."""
        if self.live:
            line = ", ".join(running)[: self.width - 1]
            self.stream.write(f"\r\x1b[K{line}")
            self.stream.flush()

    def clear(self) -> None:
        """Take the line of `watch` away."""
        if self.live:
            self.stream.write("\r\x1b[K")


# For a person.


def show_result(screen: Screen, result: Result) -> None:
    """Show what became of one exercise: a line if all is well, else each failure."""
    screen.clear()
    entry, checks = result.job.entry, result.checks
    good = sum(check["verdict"] == "passed" for check in checks)
    verdict = screen.colour(f"{result.verdict:<12}", result.verdict)
    count = f"{good} of {len(checks)} checks" if checks else ""
    screen.write(f"{verdict} {entry.name:<24} {count:<18} {result.seconds:6.1f} s")
    if result.error:
        _field(screen, "error", result.error)
    if result.verdict not in ("passed", "not started"):
        for check, others in _distinct(checks):
            show_check(screen, check, others)
        screen.write()
        _show_rubric(screen, checks)
    if result.exhibit:
        screen.write()
        screen.write(textwrap.indent(plain(result.exhibit), "  "))


def _distinct(checks: list[dict[str, Any]]) -> list[tuple[dict[str, Any], int]]:
    """Return the failed checks, with how many more say exactly the same."""
    groups: dict[Any, list[dict[str, Any]]] = defaultdict(list)
    for check in checks:
        if check["verdict"] != "passed":
            key = check["name"] if check.get("call") else check["message"]
            groups[key].append(check)
    return [(group[0], len(group) - 1) for group in groups.values()]


def show_check(screen: Screen, check: dict[str, Any], others: int = 0) -> None:
    """Show a failed check: its verdict, its sentence, and what a candidate can use."""
    verdict = screen.colour(check["verdict"], check["verdict"])
    case = check["name"].partition("[")[2].rstrip("]")
    sentence = check["sentence"] + (f" [{plain(case)}]" if case and not others else "")
    more = f" (and {others} more checks)" if others else ""
    screen.write()
    screen.write(_wrapped(f"  {verdict}: {sentence}{more}", screen.width))
    for label in _LABELS:
        text = check.get(label, "")
        if label == "message" and text.startswith("expected") and check.get("expected"):
            continue  # the values say it already
        if text:
            _field(screen, label, text)


def _field(screen: Screen, label: str, text: str) -> None:
    """Show a text under a label, behind a bar so that no line can pose as ours."""
    names = {
        "mistake": "looks like",
        "trace": "where",
        "output": "printed",
        "message": "",
    }
    if label == "output" and len(text) > MAX_OUTPUT:
        text = f"{text[:MAX_OUTPUT]} ..."
    if label == "call" and len(text) > MAX_CALL:
        text = f"{text[:MAX_OUTPUT]} ... ({len(text)} characters; --json has them all)"
    lines = plain(text).rstrip("\n").split("\n")
    if label == "output" and len(lines) > MAX_LINES:
        lines[MAX_LINES:] = [f"({len(lines) - MAX_LINES} more lines)"]
    for i, line in enumerate(lines):
        name = names.get(label, label) if i == 0 else ""
        screen.write(f"    {name:<10} | {line}")


def _wrapped(text: str, width: int) -> str:
    return "\n".join(
        textwrap.wrap(text, width, initial_indent="  ", subsequent_indent="    ")
    )


def _show_rubric(screen: Screen, checks: list[dict[str, Any]]) -> None:
    for line in (*RUBRIC, VALIDATION):
        verdicts = [c["verdict"] for c in checks if c["rubric"] == line]
        if verdicts:
            good = verdicts.count("passed")
            bar = "#" * good + "." * (len(verdicts) - good)
            name = line.replace("_", " ")
            screen.write(f"  {name:<12} {good:>3} of {len(verdicts):<3} {bar}")


def show_summary(screen: Screen, results: list[Result], again: str) -> None:
    """Show the count over several exercises, what isolated them, and how to repeat."""
    good = sum(result.verdict == "passed" for result in results)
    used = ", ".join(sorted({r.sandbox for r in results if r.sandbox})) or "none"
    screen.write()
    screen.write(f"{good} of {len(results)} exercises passed; isolation: {used}")
    screen.write(f"again: {plain(again).replace(chr(10), ' ')}")


def show_overview(screen: Screen, entries: Iterable[Entry]) -> None:
    """Show the rounds and topics with their counts and minutes, and how to begin."""
    topics: dict[tuple[str, str], list[Entry]] = defaultdict(list)
    for entry in entries:
        topics[entry.round, entry.topic].append(entry)
    screen.write("Nothing is begun yet. There are:")
    screen.write()
    for (round_, topic), found in topics.items():
        minutes = sum(entry.sheet.minutes for entry in found)
        names = ", ".join(entry.name for entry in found)
        count = f"{len(found)} exercise{'s' if len(found) > 1 else ' '}"
        place = f"{round_}/{topic}"
        screen.write(f"  {place:<30} {count:>13} {minutes:>4} min   {names}")
    screen.write()
    screen.write(
        "Open a stub, such as exercises/ml_coding/metrics/roc_auc.py, fill it in,"
    )
    screen.write("and grade it: nox -s grade -- roc_auc")


# For programs.


def as_json(results: list[Result], seed: int) -> dict[str, Any]:
    """Return the results in the documented schema."""
    keys = ("name", "sentence", "rubric", "verdict", "seconds", "call", "got",
            "expected", "mistake", "output", "message", "trace",
            "megabytes")  # fmt: skip
    return {
        "schema": 1,
        "sandbox": " ".join(sorted({r.sandbox for r in results if r.sandbox})),
        "seed": seed,
        "exercises": [
            {
                "name": result.job.entry.name,
                "round": result.job.entry.round,
                "topic": result.job.entry.topic,
                "verdict": result.verdict,
                "seconds": result.seconds,
                "error": result.error,
                "exhibit": result.exhibit,
                "checks": [
                    {key: check.get(key, "") for key in keys} for check in result.checks
                ],
            }
            for result in results
        ],
    }


def as_junit(results: list[Result]) -> str:
    """Return the results as JUnit's XML: a suite an exercise, a case a check."""
    root = ElementTree.Element("testsuites")
    for result in results:
        bad = [check for check in result.checks if check["verdict"] != "passed"]
        entry = result.job.entry
        suite = ElementTree.SubElement(
            root,
            "testsuite",
            name=entry.name,
            tests=str(len(result.checks)),
            failures=str(len(bad)),
            time=str(result.seconds),
        )
        for check in result.checks:
            case = ElementTree.SubElement(
                suite,
                "testcase",
                classname=f"{entry.round}.{entry.topic}.{entry.name}",
                name=plain(check["name"]),
                time=str(check["seconds"]),
            )
            if check in bad:
                lines = [f"{key}: {check[key]}" for key in _LABELS if check.get(key)]
                failure = ElementTree.SubElement(
                    case, "failure", message=check["verdict"]
                )
                failure.text = plain("\n".join([check["sentence"], *lines]))
    return ElementTree.tostring(root, "unicode", xml_declaration=True)


def write_file(path: Path, text: str) -> None:
    """Write a whole file or none; what is no file, such as a pipe, is written to."""
    path = path.resolve()
    if path.exists() and not path.is_file():
        path.write_text(text, "utf-8", newline="\n")
    else:
        files.write(path, text.encode())


def dump(path: Path, results: list[Result], seed: int) -> None:
    """Write the results as JSON."""
    write_file(path, json.dumps(as_json(results, seed), indent=1) + "\n")


def screen() -> Screen:
    """Return the screen that is standard output."""
    return Screen(sys.stdout)
