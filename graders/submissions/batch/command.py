"""The verb `batch`: grade a folder of submissions, for five people or many thousands.

0: every answer passed. 1: one did not. 2: the command was wrong, or there was nothing
to grade. 3: our own fault in one of them. 130, or 128 and the number of a signal: it
was interrupted; the same command goes on from there.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import secrets
import shutil
import sys
import tempfile
import time
import tomllib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from graders.harness.catalog import files
from graders.harness.catalog.exercise import catalogue, choose
from graders.harness.feedback.results import RUBRIC, Job, Result
from graders.harness.feedback.text import plain
from graders.harness.run.cli import (
    INTERRUPTED,
    Ended,
    as_line,
    as_seed,
    from_where_it_was_typed,
    heed_signals,
)
from graders.harness.run.grader_process import warm
from graders.harness.run.processes import grade
from graders.submissions.announced import checks_of
from graders.submissions.batch.collect import HandedIn, collect
from graders.submissions.batch.ledger import Ledger, Line, key_of
from graders.submissions.batch.tables import Weights, as_csv, rubric, write_pages
from graders.submissions.grading import closed, refusal
from graders.submissions.report import FEEDBACK, as_exercise

EVERY = 5.0  # seconds between two lines of progress
_SETTINGS = "batch.json"


def main(argv: list[str]) -> int:
    """Grade what the arguments name, and return the exit code."""
    args = _parser().parse_args(argv)
    try:
        return _batch(args)
    except LookupError as error:
        return _complain(str(error.args[0]), 2)
    except KeyboardInterrupt as asked:
        _complain("interrupted; the same command goes on from here", 2)
        return 128 + asked.args[0] if isinstance(asked, Ended) else INTERRUPTED
    except BrokenPipeError:  # whoever read our output has seen enough
        raise
    except OSError as error:
        return _complain(as_line(error), 2)
    except ValueError as error:
        return _complain(str(error), 2)


def _batch(args: argparse.Namespace) -> int:
    folder, out = (from_where_it_was_typed(p) or p for p in (args.folder, args.out))
    if not folder.is_dir():
        raise ValueError(f"{folder} is no folder")
    if out.resolve().is_relative_to(folder.resolve()):
        raise ValueError(f"{out} lies in {folder}, and would be handed in next time")
    entries = list(choose(args.exercises)) if args.exercises else catalogue()
    weights = _weights(args.weights)
    found = collect(folder, entries)
    out.mkdir(parents=True, exist_ok=True)
    seed = _seed(out, args.seed)
    files.write(
        out / "unrecognised.txt", "".join(f"{x}\n" for x in found.strange).encode()
    )
    for line in found.strange[:3]:
        _complain(line, 0)
    if more := len(found.strange[3:]):
        _complain(f"{more} more in {out / 'unrecognised.txt'}", 0)
    if not found.answers:
        raise ValueError(f"{folder} holds no answer to any of {len(entries)} exercises")
    heed_signals()
    warm()
    with Ledger(out / "results.jsonl") as ledger, tempfile.TemporaryDirectory() as temp:
        graded = Graded(ledger, Path(temp), seed, args.sandbox, args.feedback)
        try:
            graded.take(found.answers)
        finally:
            files.write(out / "grades.csv", as_csv(graded.lines(), weights).encode())
            write_pages(out / "feedback", graded.lines())
    verdicts, total = graded.verdicts, graded.verdicts.total()
    people = len({answer.who for answer in found.answers})
    told = f"{verdicts['passed']} of {total} answers of {people} people passed"
    print(f"{told}; {out / 'grades.csv'}")
    if verdicts["grader error"]:
        return 3
    return 0 if verdicts["passed"] == total else 1


class Graded:
    """Grades answers, those that the ledger does not know yet.

    Args:
        ledger: What is known.
        folder: An empty folder, for the answers.
        seed: From which all inputs are drawn.
        wish: The isolation, as of a job.
        feedback: How much is told: see `report`.
    """

    def __init__(
        self, ledger: Ledger, folder: Path, seed: int, wish: str, feedback: str
    ) -> None:
        self.verdicts: Counter[str] = Counter()
        self._ledger = ledger
        self._folder = folder
        self._seed = seed
        self._wish = wish
        self._feedback = feedback
        self._done: list[tuple[str, str, int]] = []  # who, exercise, place
        self._faults: list[Line] = []  # of ours, which are not final: not in the ledger
        self._running: dict[Path, str] = {}  # the key of each answer
        self._people: dict[str, list[str]] = {}  # who wait for a key
        self._announced: dict[str, list[str]] = {}
        self._total = 0
        self._start = self._said = time.monotonic()

    def take(self, answers: list[HandedIn]) -> None:
        """Grade answers."""
        self._total = len(answers)
        for result in grade(self._jobs(answers)):
            file = result.job.file
            key = self._running.pop(file)
            digest = hashlib.sha256(file.read_bytes()).hexdigest()
            shutil.rmtree(self._folder / file.relative_to(self._folder).parts[0])
            if self._wish == "required":
                result = closed(result, self._checks_of(result.job))
            for who in self._people.pop(key):
                self._add(key, who, digest, result)

    def lines(self) -> Iterator[Line]:
        """Yield what came of each answer, by person and exercise."""
        found: list[tuple[str, str, int, Line]] = []
        found += [(who, name, place, {}) for who, name, place in self._done]
        found += [(line["who"], line["exercise"], -1, line) for line in self._faults]
        for _, _, place, line in sorted(found, key=lambda one: one[:3]):
            yield line or self._ledger.read(place)

    def _jobs(self, answers: list[HandedIn]) -> Iterator[Job]:
        """Yield what is to be graded, and settle what is known or cannot be."""
        for number, answer in enumerate(answers):
            try:
                source, why = (b"", answer.why) if answer.why else (answer.read(), "")
            except (OSError, ValueError) as error:
                source, why = b"", str(error)
            options = (self._wish, self._feedback, why)
            key = key_of(source, answer.entry, self._seed, *options)
            if key in self._people:
                self._people[key].append(answer.who)
            elif key in self._ledger.known:
                self._repeat(key, answer)
            elif why:
                refused = refusal(answer.entry, why, self._folder, self._seed)
                self._add(key, answer.who, "", refused)
            else:
                file = self._folder / str(number) / answer.entry.path
                file.parent.mkdir(parents=True)
                file.write_bytes(source)
                self._running[file], self._people[key] = key, [answer.who]
                yield Job(answer.entry, file, self._seed, self._wish)

    def _checks_of(self, job: Job) -> list[str]:
        name = job.entry.name
        if name not in self._announced:
            self._announced[name] = checks_of(job.entry, self._seed)
        return self._announced[name]

    def _repeat(self, key: str, answer: HandedIn) -> None:
        """Take what came of the same bytes before, from whomever."""
        place = self._ledger.places.get((key, answer.who))
        if place is None:
            line = self._ledger.read(self._ledger.known[key]) | {"who": answer.who}
            place = self._ledger.add(line)
        self._count(self._ledger.read(place), place)

    def _add(self, key: str, who: str, digest: str, result: Result) -> None:
        found = as_exercise(result, self._seed, self._feedback)
        del found["file"]
        name = found.pop("name")
        line = {"key": key, "who": who, "exercise": name, "sha256": digest}
        line |= {"seed": self._seed, "rubric": rubric(result.checks)} | found
        if line["verdict"] == "grader error":
            self._faults.append(line)
            self._count(line, None)
        else:
            self._count(line, self._ledger.add(line))

    def _count(self, line: Line, place: int | None) -> None:
        """Count an answer as done, and say so now and then."""
        self.verdicts[line["verdict"]] += 1
        if place is not None:
            self._done.append((line["who"], line["exercise"], place))
        now, done = time.monotonic(), self.verdicts.total()
        if now - self._said < EVERY or sys.stderr is None:
            return
        self._said = now
        left = (now - self._start) / done * (self._total - done)
        told = f"batch: {done} of {self._total}, {left:.0f} s left"
        print(told, file=sys.stderr, flush=True)


def _seed(out: Path, asked: int | None) -> int:
    """Return the seed of this batch: what was asked for, or that of the last time."""
    place = out / _SETTINGS
    try:
        last = json.loads(place.read_text("utf-8"))["seed"]
    except FileNotFoundError:
        last = None
    except (ValueError, KeyError, TypeError):
        raise ValueError(f"{place}: not understood") from None
    seed = asked if asked is not None else last
    if not isinstance(seed, int):
        seed = secrets.randbelow(2**31)
    files.write(place, json.dumps({"seed": seed}).encode())
    return seed


def _weights(path: Path | None) -> Weights:
    """Return the weight of each rubric line: 1 each, or what a TOML file says."""
    equal: dict[str, Any] = dict.fromkeys(RUBRIC, 1.0)
    if path is None:
        return equal
    place = from_where_it_was_typed(path) or path
    try:
        given = tomllib.loads(place.read_text("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ValueError(f"{place}: {error}") from None
    for name, weight in given.items():
        good = isinstance(weight, int | float) and not isinstance(weight, bool)
        if name not in RUBRIC or not good or not 0 <= weight < 1e6:
            lines = ", ".join(RUBRIC)
            raise ValueError(f"{place}: {name} = {weight!r}; a number for {lines}")
    if not any(given.values()):
        raise ValueError(f"{place}: no weight is above 0")
    return {name: float(given.get(name, 0.0)) for name in RUBRIC}


def _complain(why: str, code: int) -> int:
    if sys.stderr is not None:
        print(f"batch: {plain(why).replace(chr(10), ' ')}", file=sys.stderr)
    return code


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="nox -s batch --",
        description="Grade a folder of submissions; stopped, it goes on from there.",
    )
    add = parser.add_argument
    add(
        "folder", type=Path, metavar="DIR", help="a folder, zip or file for each person"
    )
    add("--out", type=Path, required=True, metavar="RESULTS", help="where to write")
    add("--exercises", nargs="+", metavar="NAME", help="exercises, topics or rounds")
    add("--weights", type=Path, metavar="FILE", help="TOML: a number a rubric line")
    add("--seed", type=as_seed, help="draw the same inputs again")
    add("--sandbox", choices=("required", "auto", "off"), default="required")
    add(
        "--feedback",
        choices=FEEDBACK,
        default="sentences",
        help="how much of the hidden checks people are told",
    )
    return parser
