"""Grade the mutants of one exercise, and sort them by what became of them."""

from __future__ import annotations

import dataclasses
import tempfile
import time
from collections.abc import Sequence, Sized
from pathlib import Path
from typing import Any

from tests.dev.jobs import Grade, Job, Result
from tests.dev.mutation.equivalents import Entry, Equivalent
from tests.dev.mutation.mutants import Mutant
from tests.dev.progress import Progress


@dataclasses.dataclass
class Study:
    """What is known of the mutants of one exercise.

    Args:
        name: The exercise.
        killed: The mutants that were rejected.
        survived: Those that passed, and no entry says why.
        explained: Those that passed, with the entry that says why.
        faults: Those that the grader itself stumbled over, with its words.
        stale: The entries that match no mutant, or name what has none.
        refuted: The entries whose mutant was rejected, so that their reason is wrong.
        seconds: How long it all took.
        error: Why nothing was graded, if so.
    """

    name: str
    killed: list[Mutant] = dataclasses.field(default_factory=list)
    survived: list[Mutant] = dataclasses.field(default_factory=list)
    explained: list[tuple[Mutant, Entry]] = dataclasses.field(default_factory=list)
    faults: list[tuple[Mutant, str]] = dataclasses.field(default_factory=list)
    stale: list[Entry] = dataclasses.field(default_factory=list)
    refuted: list[Equivalent] = dataclasses.field(default_factory=list)
    seconds: float = 0.0
    error: str = ""

    @property
    def is_sound(self) -> bool:
        """Whether no mutant passes unexplained, and nothing went wrong."""
        return not (
            self.survived or self.faults or self.stale or self.refuted or self.error
        )

    @property
    def mutants(self) -> int:
        """How many were graded."""
        groups: tuple[Sized, ...] = (
            self.killed,
            self.survived,
            self.explained,
            self.faults,
        )
        return sum(map(len, groups))

    def take(self, mutant: Mutant, result: Result, entries: list[Entry]) -> None:
        """File a mutant by what its grading said; one that hung is killed."""
        known = [entry for entry in entries if entry.matches(mutant)]
        if result.is_faulty:
            self.faults.append((mutant, fault(result)))
        elif not result.has_passed:
            self.killed.append(mutant)
            self.refuted += [e for e in known if isinstance(e, Equivalent)]
        elif known:
            self.explained.append((mutant, known[0]))
        else:
            self.survived.append(mutant)

    def figures(self) -> dict[str, Any]:
        """Return it all as plain values."""
        return {
            "name": self.name,
            "mutants": self.mutants,
            "killed": len(self.killed),
            "equivalent": [
                {**_plain(mutant), "why": entry.why} for mutant, entry in self.explained
            ],
            "survived": [_plain(mutant) for mutant in self.survived],
            "grader_errors": [
                {**_plain(mutant), "error": words} for mutant, words in self.faults
            ],
            "stale": [dataclasses.asdict(entry) for entry in self.stale],
            "refuted": [dataclasses.asdict(entry) for entry in self.refuted],
            "seconds": round(self.seconds, 1),
            "error": self.error,
        }


def study(
    name: str,
    solution: str,
    spoilt: Sequence[Mutant],
    entries: list[Entry],
    *,
    grade: Grade,
    seed: int = 0,
) -> Study:
    """Grade a solution and its mutants.

    Args:
        name: The exercise.
        solution: The source; unless it passes, no mutant is graded.
        spoilt: Its mutants.
        entries: What is known of equivalents.
        grade: Grades many answers; results may come in any order.
        seed: From which the inputs of every grading are drawn.
    """
    start = time.monotonic()
    found = Study(name)
    found.stale = [entry for entry in entries if entry.is_stale(spoilt)]
    with tempfile.TemporaryDirectory() as folder:
        write = _Writer(Path(folder), name, seed)
        [baseline] = grade([write(solution)])
        if baseline.has_passed:
            _grade_mutants(found, spoilt, entries, grade, write)
        else:
            found.error = f"the solution itself does not pass: {fault(baseline)}"
    found.seconds = time.monotonic() - start
    return found


class _Writer:
    """Writes answers to files of their own, each under the name of its exercise."""

    def __init__(self, folder: Path, name: str, seed: int) -> None:
        self._folder, self._name, self._seed = folder, name, seed

    def __call__(self, source: str) -> Job:
        own = Path(tempfile.mkdtemp(dir=self._folder))
        file = own / f"{self._name}.py"
        file.write_text(source, "utf-8")
        return Job(self._name, file, self._seed, ask="rejection")


def _grade_mutants(
    found: Study,
    spoilt: Sequence[Mutant],
    entries: list[Entry],
    grade: Grade,
    write: _Writer,
) -> None:
    jobs = {write(mutant.source): mutant for mutant in spoilt}
    progress = Progress(found.name, len(spoilt))
    for result in grade(list(jobs)):
        found.take(jobs[result.job], result, entries)
        progress.step(f"{len(found.survived)} survived")
    progress.close()
    for group in (found.killed, found.survived):
        group.sort(key=lambda mutant: mutant.line)
    found.explained.sort(key=lambda pair: pair[0].line)


def fault(result: Result) -> str:
    """Return what a grading that should have gone well says against that."""
    worst = [c for c in result.failed if c["verdict"] == "grader error"]
    said = [
        f"{check['name']}: {check['verdict']}: {check.get('message', '')}"
        for check in worst or result.failed
    ]
    return "\n".join(filter(None, [result.error, *said])) or result.verdict


def _plain(mutant: Mutant) -> dict[str, Any]:
    values = dataclasses.asdict(mutant)
    del values["source"]
    return values
