"""The verb `flaky`: see that verdicts do not depend on the seed.

The solution and the other right answers (tests/answers/NAME/) are graded under many
seeds, and none may be rejected; or the mistakes of the sheet, and none may pass. Exit
codes: 0 all is well. 1 one got the other verdict. 2 the command was wrong.
"""

from __future__ import annotations

import argparse
import dataclasses
import math
import sys
import tempfile
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path

from graders.harness.catalog.exercise import catalogue, choose
from tests.dev.check.answers import Known, known
from tests.dev.jobs import Grade, Result, grade_many
from tests.dev.judge import Judge
from tests.dev.progress import Progress
from tests.dev.table import table


@dataclasses.dataclass
class Record:
    """How one answer fared.

    Args:
        answer: The answer, and what should become of it.
        gradings: How many times it was graded.
        misjudged: The gradings that ended otherwise.
        seconds: How long they took in all.
    """

    answer: Known
    gradings: int = 0
    misjudged: list[Result] = dataclasses.field(default_factory=list)
    seconds: float = 0.0

    @property
    def label(self) -> str:
        """What the answer is called, where its exercise is known."""
        if self.answer.aspect == "answers":
            return self.answer.job.file.stem
        return self.answer.label.removeprefix("the ").removeprefix("mistake ")

    def take(self, result: Result) -> bool:
        """Count one grading, and return whether it ended as it should."""
        self.gradings += 1
        self.seconds += result.seconds
        is_well = not self.answer.problem(result)
        if not is_well:
            self.misjudged.append(result)
        return is_well


def main(argv: Sequence[str]) -> int:
    """Grade the answers that the arguments name, and return the exit code."""
    args = _parser().parse_args(argv)
    try:
        entries = list(choose(args.names)) if args.names else catalogue()
    except LookupError as error:
        print(f"flaky: {error.args[0]}", file=sys.stderr)
        return 2
    if args.seeds < 1:
        print(f"flaky: --seeds takes 1 or more, not {args.seeds}", file=sys.stderr)
        return 2
    seeds = range(args.first, args.first + args.seeds)
    aspects = ["mistakes"] if args.mistakes else ["solution", "answers"]
    fate = "passed" if args.mistakes else "rejected"
    records: list[Record] = []
    with Judge(args.at_once) as judges:
        grade = partial(grade_many, judges=judges)
        for entry in entries:
            with tempfile.TemporaryDirectory() as folder:
                answers = known(entry, Path(folder), aspects)
                records += survey(answers, seeds, fate, grade=grade)
    head = ("exercise", "answer", "gradings", fate, "at most", "seconds")
    print(table(head, [*map(_row, records), *_total(records)]))
    print("at most: what the rate of those is below, with 95 % confidence")
    return 1 if any(record.misjudged for record in records) else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="nox -s dev -- flaky",
        description="Grade answers under many seeds; none may get the wrong verdict.",
    )
    parser.add_argument(
        "--mistakes", action="store_true", help="not right answers: none may pass"
    )
    parser.add_argument("names", nargs="*", help="exercises, topics or rounds; all")
    parser.add_argument("--seeds", type=int, default=200, metavar="N", help="how many")
    parser.add_argument("--first", type=int, default=0, metavar="SEED", help="of them")
    parser.add_argument("--at-once", type=int, default=2, metavar="N", help="gradings")
    return parser


def survey(
    answers: Sequence[Known], seeds: Sequence[int], fate: str, *, grade: Grade
) -> list[Record]:
    """Grade answers to an exercise under many seeds, and tell what goes wrong at once.

    Args:
        answers: The answers.
        seeds: Under which.
        fate: What must become of none of them, "rejected" or "passed".
        grade: Grades them.
    """
    records = {one.job.file: Record(one) for one in answers}
    jobs = [
        dataclasses.replace(one.job, seed=seed) for seed in seeds for one in answers
    ]
    progress = Progress(answers[0].job.name, len(jobs))
    misjudged = 0
    for result in grade(jobs):
        record = records[result.job.file]
        if not record.take(result):
            misjudged += 1
            progress.close()
            print(told(record.label, result), flush=True)
        progress.step(f"{misjudged} {fate}")
    progress.close()
    return list(records.values())


def told(label: str, result: Result) -> str:
    """Return what there is to know of an answer that got the wrong verdict."""
    fate = "PASSED" if result.has_passed else "REJECTED"
    fate = "NOT JUDGED" if result.is_faulty else fate
    lines = [f"{fate} {result.job.name}, {label}, seed {result.job.seed}"]
    if result.has_passed:
        return lines[0]
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


def upper_bound(misjudged: int, gradings: int, *, confidence: float = 0.95) -> float:
    """Return the largest rate that so few wrong verdicts do not rule out.

    With none it is the rule of three, 3 / gradings, before that is rounded.

    Source: Clopper and Pearson (1934), doi:10.1093/biomet/26.4.404.
    """
    if misjudged >= gradings:
        return 1.0
    low, high = 0.0, 1.0
    for _ in range(60):
        rate = (low + high) / 2
        if _at_most(misjudged, gradings, rate) > 1 - confidence:
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
    return _cells(record.answer.job.name, record.label, [record])


def _total(records: Sequence[Record]) -> Iterator[tuple[str, ...]]:
    if len(records) > 1:
        yield _cells("all", "", records)


def _cells(name: str, label: str, records: Sequence[Record]) -> tuple[str, ...]:
    gradings = sum(record.gradings for record in records)
    misjudged = sum(len(record.misjudged) for record in records)
    bound = f"{upper_bound(misjudged, gradings):.2%}"
    seconds = f"{sum(record.seconds for record in records):.0f}"
    return (name, label, str(gradings), str(misjudged), bound, seconds)
