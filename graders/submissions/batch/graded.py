"""Grade what was submitted, and keep what came of it."""

from __future__ import annotations

import contextlib
import hashlib
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from graders.harness.catalog.exercise import Entry
from graders.harness.feedback.results import Job, Result
from graders.submissions.batch.collect import Submitted
from graders.submissions.batch.ledger import Ledger, Line, key_of
from graders.submissions.batch.tables import findings, rubric
from graders.submissions.batch.workers.judge import Killer
from graders.submissions.batch.workers.loop import Place, graded
from graders.submissions.batch.workers.task import Task, state
from graders.submissions.grading import refusal
from graders.submissions.pick import path_of
from graders.submissions.report import as_exercise

EVERY = 5.0  # seconds between two lines of progress


class Graded:
    """Grades answers, those that the ledger does not know yet.

    Args:
        ledger: What is known.
        seed: From which all inputs are drawn.
        wish: The isolation, as of a job.
        feedback: How much is told: see `report`.
    """

    def __init__(self, ledger: Ledger, seed: int, wish: str, feedback: str) -> None:
        self.verdicts: Counter[str] = Counter()
        self._ledger = ledger
        self._seed = seed
        self._wish = wish
        self._feedback = feedback
        self._done: list[tuple[str, str, int]] = []  # who, exercise, place
        self._faults: list[Line] = []  # of ours, which are not final: not in the ledger
        self._running: dict[Task, tuple[str, Entry]] = {}  # the key of each answer
        self._people: dict[str, list[str]] = {}  # who wait for a key
        self._total = 0
        self._start = self._said = time.monotonic()

    def take(self, answers: list[Submitted], place: Place) -> None:
        """Grade answers.

        Args:
            answers: The answers.
            place: Where to grade them; it is closed in the end.
        """
        self._total = len(answers)
        with contextlib.closing(graded(self._tasks(answers), place)) as ended:
            for task, found in ended:
                key, entry = self._running.pop(task)
                digest = hashlib.sha256(task.source).hexdigest()
                if isinstance(found, Killer):
                    result = refusal(entry, str(found), Path(), self._seed)
                else:
                    job = Job(entry, Path(path_of(entry)), self._seed, self._wish)
                    result = Result(job, **found)
                for who in self._people.pop(key):
                    self._add(key, who, digest, result)

    def lines(self) -> Iterator[Line]:
        """Yield what came of each answer, by person and exercise."""
        found: list[tuple[str, str, int, Line]] = []
        found += [(who, name, place, {}) for who, name, place in self._done]
        found += [(line["who"], line["exercise"], -1, line) for line in self._faults]
        for _, _, place, line in sorted(found, key=lambda one: one[:3]):
            yield line or self._ledger.read(place)

    def _tasks(self, answers: list[Submitted]) -> Iterator[Task]:
        """Yield what is to be graded, and settle what is known or cannot be."""
        for answer in answers:
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
                refused = refusal(answer.entry, why, Path(), self._seed)
                self._add(key, answer.who, "", refused)
            else:
                name = answer.entry.name
                task = Task(name, source, self._seed, self._wish, state())
                self._running[task] = key, answer.entry
                self._people[key] = [answer.who]
                yield task

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
