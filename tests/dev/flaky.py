"""The verb `flaky`: see that no correct answer is ever rejected.

The solution and the other right answers (tests/answers/NAME/) are graded under many
seeds. Exit codes: 0 all passed. 1 one was rejected. 2 the command was wrong.
"""

from __future__ import annotations

import argparse
import dataclasses
import math
import sys
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path

from graders.harness.catalog.exercise import Entry, catalogue, choose
from tests.dev.jobs import Grade, Job, Result, grade_many, needs_our_process
from tests.dev.progress import Progress
from tests.dev.table import table

ANSWERS = Path(__file__).parents[1] / "answers"

_HEAD = ("exercise", "answer", "gradings", "rejected", "at most", "seconds")


@dataclasses.dataclass
class Record:
    """How one right answer fared.

    Args:
        name: The exercise.
        file: The answer.
        gradings: How many times it was graded.
        rejected: The gradings that it did not pass.
        seconds: How long they took in all.
    """

    name: str
    file: Path
    gradings: int = 0
    rejected: list[Result] = dataclasses.field(default_factory=list)
    seconds: float = 0.0

    @property
    def label(self) -> str:
        """What the answer is called: "solution", or its file's name."""
        return self.file.stem if ANSWERS in self.file.parents else "solution"

    def take(self, result: Result) -> None:
        """Count one grading."""
        self.gradings += 1
        self.seconds += result.seconds
        if not result.has_passed:
            self.rejected.append(result)


def main(argv: Sequence[str]) -> int:
    """Grade the right answers that the arguments name, and return the exit code."""
    args = _parser().parse_args(argv)
    try:
        entries = list(choose(args.names)) if args.names else catalogue()
    except LookupError as error:
        print(f"flaky: {error.args[0]}", file=sys.stderr)
        return 2
    if args.seeds < 1:
        print(f"flaky: --seeds takes 1 or more, not {args.seeds}", file=sys.stderr)
        return 2
    grade = partial(grade_many, jobs_at_once=args.at_once)
    seeds = range(args.first, args.first + args.seeds)
    records = [
        record
        for entry in entries
        for record in survey(entry.name, answers(entry), seeds, grade=grade)
    ]
    print(table(_HEAD, [*map(_row, records), *_total(records)]))
    print("at most: what the rate of rejection is below, with 95 % confidence")
    return 1 if any(record.rejected for record in records) else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="nox -s dev -- flaky",
        description="Grade right answers under many seeds; none may be rejected.",
    )
    parser.add_argument("names", nargs="*", help="exercises, topics or rounds; all")
    parser.add_argument("--seeds", type=int, default=200, metavar="N", help="how many")
    parser.add_argument("--first", type=int, default=0, metavar="SEED", help="of them")
    parser.add_argument("--at-once", type=int, default=2, metavar="N", help="gradings")
    return parser


def answers(entry: Entry) -> list[Path]:
    """Return the right answers to an exercise, its solution first."""
    return [entry.solution, *sorted((ANSWERS / entry.name).glob("*.*"))]


def survey(
    name: str, files: Sequence[Path], seeds: Sequence[int], *, grade: Grade
) -> list[Record]:
    """Grade answers under many seeds, and report every rejection as it comes."""
    jobs = [
        Job(name, file, seed, in_process=needs_our_process(file))
        for seed in seeds
        for file in files
    ]
    records = {file: Record(name, file) for file in files}
    progress = Progress(name, len(jobs))
    rejected = 0
    for result in grade(jobs):
        record = records[result.job.file]
        record.take(result)
        if record.rejected and record.rejected[-1] is result:
            rejected += 1
            progress.close()
            print(rejection(record.label, result), flush=True)
        progress.step(f"{rejected} rejected")
    progress.close()
    return list(records.values())


def rejection(label: str, result: Result) -> str:
    """Return what there is to know of a right answer that did not pass."""
    lines = [f"REJECTED {result.job.name}, {label}, seed {result.job.seed}"]
    groups: dict[str, list[str]] = {}
    for check in result.failed:
        groups.setdefault(_words(check), []).append(check["name"])
    for words, names in groups.items():
        more = f" (and {len(names) - 1} more checks)" if len(names) > 1 else ""
        lines.append(f"  {names[0]}{more}: {words}")
    if result.error or not groups:
        lines.append(f"  {result.error or result.verdict}")
    return "\n".join(lines)


def _words(check: dict[str, str]) -> str:
    """Return a check's verdict and what it says of the failing input."""
    said = [check["verdict"], check.get("message", "")]
    for label in ("call", "got", "expected"):
        text = check.get(label, "")
        if text and text not in said[1]:
            said.append(f"{label} {text}")
    return "; ".join(filter(None, said)).replace("\n", "\n    ")


def upper_bound(rejected: int, gradings: int, *, confidence: float = 0.95) -> float:
    """Return the largest rate that so few rejections do not rule out.

    With none it is the rule of three, 3 / gradings, before that is rounded.

    Source: Clopper and Pearson (1934), doi:10.1093/biomet/26.4.404.
    """
    if rejected >= gradings:
        return 1.0
    low, high = 0.0, 1.0
    for _ in range(60):
        rate = (low + high) / 2
        if _at_most(rejected, gradings, rate) > 1 - confidence:
            low = rate
        else:
            high = rate
    return high


def _at_most(k: int, n: int, rate: float) -> float:
    """Return the chance of k or fewer successes in n trials."""
    terms = (
        math.exp(
            math.lgamma(n + 1) - math.lgamma(i + 1) - math.lgamma(n - i + 1)
            + i * math.log(rate) + (n - i) * math.log1p(-rate)
        )
        for i in range(k + 1)
    )  # fmt: skip
    return sum(terms)


def _row(record: Record) -> tuple[str, ...]:
    return _cells(record.name, record.label, [record])


def _total(records: Sequence[Record]) -> Iterator[tuple[str, ...]]:
    if len(records) > 1:
        yield _cells("all", "", records)


def _cells(name: str, label: str, records: Sequence[Record]) -> tuple[str, ...]:
    gradings = sum(record.gradings for record in records)
    rejected = sum(len(record.rejected) for record in records)
    bound = f"{upper_bound(rejected, gradings):.2%}"
    seconds = f"{sum(record.seconds for record in records):.0f}"
    return (name, label, str(gradings), str(rejected), bound, seconds)
