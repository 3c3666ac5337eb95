"""Grade what was submitted, and keep what came of it."""

from __future__ import annotations

import hashlib
import shutil
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from graders.harness.feedback.results import Job, Result
from graders.harness.run.processes import grade
from graders.submissions.announced import checks_of
from graders.submissions.batch.collect import Submitted
from graders.submissions.batch.ledger import Ledger, Line, key_of
from graders.submissions.batch.tables import findings, rubric
from graders.submissions.grading import as_job, closed, refusal
from graders.submissions.report import as_exercise

EVERY = 5.0  # seconds between two lines of progress


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

    def take(self, answers: list[Submitted]) -> None:
        """Grade answers."""
        self._total = len(answers)
        for result in grade(self._jobs(answers)):
            file = result.job.file
            key = self._running.pop(file)
            digest = hashlib.sha256(file.read_bytes()).hexdigest()
            shutil.rmtree(self._folder / file.relative_to(self._folder).parts[0])
            result = closed(result, self._checks_of(result.job), self._wish)
            for who in self._people.pop(key):
                self._add(key, who, digest, result)

    def lines(self) -> Iterator[Line]:
        """Yield what came of each answer, by person and exercise."""
        found: list[tuple[str, str, int, Line]] = []
        found += [(who, name, place, {}) for who, name, place in self._done]
        found += [(line["who"], line["exercise"], -1, line) for line in self._faults]
        for _, _, place, line in sorted(found, key=lambda one: one[:3]):
            yield line or self._ledger.read(place)

    def _jobs(self, answers: list[Submitted]) -> Iterator[Job]:
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
                folder = self._folder / str(number)
                job = as_job(answer.entry, source, folder, self._seed, self._wish)
                self._running[job.file], self._people[key] = key, [answer.who]
                yield job

    def _checks_of(self, job: Job) -> list[str]:
        name = job.entry.name
        if name not in self._announced:
            self._announced[name] = checks_of(job.entry, self._seed)
        return self._announced[name]

    def _repeat(self, key: str, answer: Submitted) -> None:
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
        line["findings"] = findings(result.checks)
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
