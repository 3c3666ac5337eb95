"""What an exercise's checks say of answers whose worth is known."""

from __future__ import annotations

import dataclasses
import functools
import os
import zlib
from collections.abc import Iterable, Sequence
from pathlib import Path

from graders.harness.catalog.exercise import ROOT, Entry
from graders.harness.catalog.stubs import wanted
from tests.dev.check import wrong_values
from tests.dev.jobs import Job, Result, needs_our_process

ANSWERS = ROOT / "tests" / "answers"
# What the project's own tests look at, and what only `check` does.
TESTED = ("solution", "stub", "answers", "mistakes", "bugs", "wrong_values")
ASPECTS = (*TESTED, "faults")
FEWEST_ANSWERS = 2


@dataclasses.dataclass(frozen=True)
class Known:
    """An answer whose worth is known, and what its grading has to say.

    Args:
        aspect: Which of the aspects of an exercise it shows.
        label: What it is.
        job: How it is graded.
    """

    aspect: str
    label: str
    job: Job

    def problem(self, result: Result) -> str:
        """Return what is wrong with what became of it, or nothing."""
        if result.is_faulty:
            return f"{self.label}: {_said(result)}"
        found = {check["verdict"] for check in result.checks}
        is_right, wish = {
            "solution": (result.has_passed, "must pass"),
            "answers": (result.has_passed, "must pass"),
            "stub": (result.verdict == "not started", "must be 'not started'"),
            "bugs": (found == {"passed", "wrong"}, "must be shown as wrong"),
            "mistakes": (result.verdict == "failed", "must be rejected"),
            "wrong_values": (result.verdict == "failed", "must be rejected"),
            "faults": (True, ""),
        }[self.aspect]
        return "" if is_right else f"{self.label}: {wish}; {_said(result)}"


def _said(result: Result) -> str:
    """Return what a grading says, of its worst check."""
    failed = [check for check in result.failed if check["verdict"] != "not judged"]
    if result.error or not failed:
        return result.error or f"the verdict is {result.verdict!r}"
    worst = max(failed, key=lambda check: check["verdict"] == "grader error")
    message = worst["message"].strip()
    if worst["verdict"] == "grader error":
        message = message.splitlines()[-1] if message else ""
    return f"{worst['name']}: {worst['verdict']}: {message}"


class Writer:
    """Writes answers to files of their own.

    Args:
        entry: The exercise.
        folder: Where they are written.
    """

    def __init__(self, entry: Entry, folder: Path) -> None:
        self._entry = entry
        self._folder = folder
        self._count = 0

    def __call__(self, aspect: str, label: str, source: str, ask: str = "all") -> Known:
        self._count += 1
        file = self._folder / f"{self._count}{self._entry.path.suffix}"
        file.write_text(source, "utf-8")
        return Known(aspect, label, self.job(file, label, ask))

    def job(self, file: Path, label: str, ask: str = "all") -> Job:
        """Return how a file is graded."""
        inside = needs_our_process(file)
        name = self._entry.name
        return Job(name, file, seed(label), ask=ask, in_process=inside, label=label)


@functools.cache
def _base_seed() -> int:
    """Return the seed that all others depend on: 0, or a fresh one for each night."""
    return int(os.environ.get("KATAS_SEED", "0"))


def seed(label: str) -> int:
    """Return the seed of an answer's inputs, which no other answer changes."""
    return (_base_seed() + zlib.crc32(label.encode())) % 2**31


def known(
    entry: Entry, folder: Path, aspects: Sequence[str], *, ask: str = "all"
) -> list[Known]:
    """Return the answers that show some aspects of an exercise.

    Args:
        entry: The exercise.
        folder: An empty folder for answers that are made up.
        aspects: What they show.
        ask: What to find out of right answers beside the solution: "all", or "part".

    Raises:
        ValueError: If a patch of the sheet does not fit the solution.
    """
    write, sheet = Writer(entry, folder), entry.sheet
    label = "the solution"
    found = [Known("solution", label, write.job(entry.solution, label))]
    found.append(write("stub", "the stub", wanted(entry)))
    for file in right_answers(entry):
        label = f"tests/answers/{entry.name}/{file.name}"
        found.append(Known("answers", label, write.job(file, label, ask)))
    for name, mistake in sheet.mistakes.items():
        source = entry.with_mistake(mistake)
        found.append(write("mistakes", f"mistake {name!r}", source, "rejection"))
    for number, bug in enumerate(sheet.bugs):
        source = entry.with_mistake((bug,))
        found.append(write("bugs", f"bug {number} alone", source))
    if not entry.is_text:
        for value, source in wrong_values.answers(entry).items():
            label = f"an answer that returns {value}"
            found.append(write("wrong_values", label, source, "rejection"))
            if value in wrong_values.FEW:
                label += " after the contract"
                found.append(write("faults", label, source, "faults"))
    return [one for one in found if one.aspect in aspects]


def right_answers(entry: Entry) -> list[Path]:
    """Return the right answers to an exercise that are unlike its solution."""
    return sorted((ANSWERS / entry.name).glob("*.*"))


def too_few(entry: Entry) -> list[str]:
    """Return what there is to say if there are too few right answers."""
    found = len(right_answers(entry))
    if found >= FEWEST_ANSWERS:
        return []
    at = f"tests/answers/{entry.name}/"
    return [f"{at} holds {found}; {FEWEST_ANSWERS} correct answers unlike the solution"]


def problems(results: Iterable[tuple[Known, Result]]) -> list[str]:
    """Return what is wrong, sorted by aspect."""
    found = [
        (ASPECTS.index(one.aspect), problem)
        for one, result in results
        if one.aspect != "faults" and (problem := one.problem(result))
    ]
    return [problem for _, problem in sorted(found)]


def faults(results: Iterable[tuple[Known, Result]]) -> list[str]:
    """Return a line for each check that stumbles over values of the wrong type."""
    over: dict[str, list[str]] = {}
    for one, result in results:
        for check in result.checks if one.aspect == "faults" else ():
            if check["verdict"] == "grader error":
                value = one.label.removeprefix("an answer that returns ")
                over.setdefault(check["name"], []).append(value.partition(" after")[0])
    return [
        f"{name}: a grader error where the answer returns {', '.join(values)}"
        for name, values in over.items()
    ]
