"""Grade right and wrong answers in numbers, for the tools that judge the graders."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from graders.harness.catalog.exercise import catalogue
from tests.dev import cache
from tests.dev.judge import foreign_modules, judge


@dataclasses.dataclass(frozen=True)
class Job:
    """One answer to be graded under one seed.

    Args:
        name: The exercise.
        file: The answer.
        seed: From which every input is drawn.
        ask: What to find out. "all": what becomes of each check. "part": the same, by
            a part of the examples of each property. "rejection": whether a check fails,
            which ends the grading. "faults": whether one stumbles over the answer, with
            the contracts left out. "speed": how many times as long as the reference it
            takes.
        in_process: Whether the answer runs inside the grader's process, as it must if
            it imports more than the standard library and numpy.
        label: By which it is known next time, though its text may have changed.
    """

    name: str
    file: Path
    seed: int
    ask: str = "all"
    in_process: bool = False
    label: str = ""


@dataclasses.dataclass(frozen=True)
class Result:
    """What came of one job.

    Args:
        job: What was graded.
        verdict: `passed`, `failed`, `not started` or `grader error`.
        checks: The checks as `grade --json` writes them.
        seconds: How long it took.
        error: What went wrong on our side, if anything did.
    """

    job: Job
    verdict: str
    checks: list[dict[str, Any]]
    seconds: float
    error: str = ""
    slowdowns: Sequence[Sequence[Any]] = ()  # check, ratio and limit of each

    @property
    def failed(self) -> list[dict[str, Any]]:
        """The checks that did not pass."""
        return [check for check in self.checks if check["verdict"] != "passed"]

    @property
    def has_passed(self) -> bool:
        """Whether the answer is accepted: nothing failed, and something was checked."""
        clean = not self.failed and not self.error
        return self.verdict == "passed" and bool(self.checks) and clean

    @property
    def is_faulty(self) -> bool:
        """Whether the grader, and not the answer, is to blame."""
        found = {self.verdict, *(check["verdict"] for check in self.checks)}
        return "grader error" in found or bool(self.error)


Grade = Callable[[Iterable[Job]], Iterator[Result]]
Judges = Callable[[list[dict[str, Any]]], Iterator[dict[str, Any]]]  # as `judge` does


def grade_many(
    jobs: Iterable[Job], judges: Judges = judge, *, where: Path | None = None
) -> Iterator[Result]:
    """Grade answers side by side, and yield each result when it is there.

    Args:
        jobs: What to grade.
        judges: What grades them; a `Judge` stands ready for more.
        where: The folder that holds the verdicts of unchanged work; none is used if
            None.
    """
    memory = _Memory(where)
    unknown: list[Job] = []
    for job in jobs:
        if known := memory.recall(job):
            yield known
        else:
            unknown.append(job)
    try:
        for result in _judged(unknown, judges, memory):
            memory.keep(result)
            yield result
    finally:
        memory.close()


class _Memory:
    """What is known of answers that were judged before.

    Args:
        where: The folder that holds it, or None for none.
    """

    def __init__(self, where: Path | None) -> None:
        self._where = where
        self._caches: dict[str, cache.Cache] = {}
        self._rejections: dict[str, list[tuple[str, str]]] = {}

    def recall(self, job: Job) -> Result | None:
        """Return the result of a job that was judged before, unchanged."""
        cached = self._where and job.ask != "speed"  # which is the machine's, too
        told = self._of(job.name).get(_key(job)) if cached else None
        if told is None:
            return None
        return Result(job, told["verdict"], told["checks"], told["seconds"])

    def keep(self, result: Result) -> None:
        """Keep a result, and what rejected the answer."""
        job = result.job
        if not self._where or job.ask == "speed":
            return
        told = dataclasses.asdict(result)
        del told["job"]
        self._of(job.name).put(_key(job), told)
        judged = [one for one in result.failed if one["verdict"] != "not judged"]
        if job.ask == "rejection" and judged and not result.is_faulty:
            found = self._rejections.setdefault(job.name, [])
            found.append((job.label, judged[0]["name"]))

    def last_rejection(self, job: Job) -> list[str]:
        """Return the checks that rejected an answer of this label last time."""
        known = self._of(job.name).rejects if self._where else {}
        return known.get(job.label, [])

    def kills(self, job: Job) -> dict[str, int]:
        """Return how many answers each check is known to reject."""
        return self._of(job.name).kills if self._where else {}

    def close(self) -> None:
        """Keep for next time which checks reject most."""
        for name, found in self._rejections.items():
            self._caches[name].remember(found)

    def _of(self, name: str) -> cache.Cache:
        assert self._where
        if name not in self._caches:
            [entry] = [entry for entry in catalogue() if entry.name == name]
            self._caches[name] = cache.Cache(entry, self._where)
        return self._caches[name]


def _key(job: Job) -> str:
    return cache.key_of(
        job.file.read_bytes(),
        job.seed,
        ask=job.ask,
        in_process=job.in_process,
    )


def needs_our_process(file: Path) -> bool:
    """Return whether an answer imports what no candidate has, such as SciPy."""
    return file.suffix == ".py" and bool(foreign_modules(file))


def _judged(jobs: list[Job], judges: Judges, memory: _Memory) -> Iterator[Result]:
    """Grade answers, many in one process."""
    asked = [
        {
            "number": number,
            "name": job.name,
            "file": str(job.file),
            "seed": job.seed,
            "ask": job.ask,
            "in_process": job.in_process,
            "first": memory.last_rejection(job),
            "kills": memory.kills(job),
        }
        for number, job in enumerate(jobs)
    ]
    for told in judges(asked) if asked else ():
        keys = ("verdict", "checks", "seconds", "error", "slowdowns")
        yield Result(jobs[told["number"]], *(told[key] for key in keys))
