"""Judges many of our own answers to an exercise in one process, one after another.

A candidate's answer always gets a process of its own. Solutions, mistakes and mutants
are ours and need no isolation from each other, so that what costs most, starting a
process that has collected the checks, is paid once. Where rejection alone is asked, the
check that rejected this answer last time runs first, each property is tried with a few
examples before it is with all, and the first failure ends it.

The process that starts all others has loaded the harness, and the libraries that some
answers need: pytest's own would be company that changes hypothesis' inputs, as other
modules of ours would. It takes one job a line on standard input, an empty line after
the last, and gives one result a line on standard output; then it takes the next.
"""

from __future__ import annotations

import ast
import contextlib
import importlib
import json
import os
import subprocess
import sys
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from multiprocessing.connection import wait
from pathlib import Path
from typing import Any

from graders.harness.catalog.exercise import ROOT, Entry, catalogue
from graders.harness.feedback.results import Job, Result
from graders.harness.run.grader_process import Glance, warm
from graders.harness.run.processes import Child, complete, grade

THREADS = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")
FEW = 8  # answers for which a second process is not worth its start
GLANCE = 5  # examples of a property, which most of what it rejects fail
PART = 15  # examples of a property that are tried where not all are asked for
TELL_ALL = ("all", "part")  # what is asked of answers whose every check is judged

Emit = Callable[[dict[str, Any]], None]


class Judge:
    """Judges answers, and stands ready for more: starting costs as much as a grading.

    Args:
        at_once: How many processes judge at a time.
    """

    def __init__(self, at_once: int = 2) -> None:
        self._at_once = at_once
        self._process: subprocess.Popen[str] | None = None

    def __enter__(self) -> Judge:
        return self

    def __exit__(self, *_: object) -> None:
        self._end()

    def __call__(self, jobs: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
        """Yield the result of each job, as they come.

        Args:
            jobs: Dicts of "number" (which comes back), "name", "file", "seed", "ask"
                and "in_process" (what to find out, and how: see `tests.dev.jobs.Job`),
                "first" (the checks that rejected this answer last time) and "kills"
                (how many answers each check is known to reject).
        """
        lines = [json.dumps(job) + "\n" for job in jobs]
        process = self._started()
        assert process.stdin
        assert process.stdout
        try:
            process.stdin.write("".join(lines) + "\n")
            process.stdin.flush()
            for _ in lines:
                if not (told := process.stdout.readline()):
                    raise RuntimeError(f"judging ended with code {process.wait()}")
                yield json.loads(told)
        except BaseException:  # no later batch may be given what is left of this one
            process.terminate()
            self._end()
            raise

    def _started(self) -> subprocess.Popen[str]:
        self._process = self._process or subprocess.Popen(
            [sys.executable, "-m", "tests.dev.judge", str(self._at_once)],
            cwd=ROOT,
            env={**os.environ, **dict.fromkeys(THREADS, "1")},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        return self._process

    def _end(self) -> None:
        process, self._process = self._process, None
        if process:
            process.communicate()


def judge(jobs: Iterable[dict[str, Any]], at_once: int = 2) -> Iterator[dict[str, Any]]:
    """Yield the result of each job, by a judge of their own: see `Judge`."""
    with Judge(at_once) as judges:
        yield from judges(jobs)


def foreign_modules(file: Path) -> list[str]:
    """Return the modules that an answer imports and no candidate has."""
    found: list[str] = []
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        match node:
            case ast.Import(names=names):
                found += [alias.name for alias in names]
            case ast.ImportFrom(module=str(module), level=0):
                found.append(module)
    known = sys.stdlib_module_names | {"numpy"}
    return [module for module in found if module.partition(".")[0] not in known]


class Queue:
    """The answers to one exercise that are still to be judged, and what rejects them.

    Args:
        entry: The exercise.
        purpose: What a process does with them: see `processes.Child`.
    """

    def __init__(self, entry: Entry, purpose: str) -> None:
        self.entry = entry
        self.purpose = purpose
        self.jobs: deque[dict[str, Any]] = deque()
        self.kills: Counter[str] = Counter()  # of each check
        self.seconds: dict[str, float] = {}  # that each check takes
        self.broken = ""  # why no answer can be judged

    @property
    def is_inside(self) -> bool:
        """Whether the answers run in the process that judges them."""
        return self.purpose.endswith("inside")


class Seat:
    """A process that judges the answers of one queue, one after another.

    Args:
        queue: Where it takes them from.
        emit: Told each result.
    """

    def __init__(self, queue: Queue, emit: Emit) -> None:
        self._queue = queue
        self._emit = emit
        self._job: dict[str, Any] | None = None
        self._plan: deque[Glance | int] = deque()
        self._start()

    def _start(self) -> None:
        options: tuple[str, ...] = ()
        if self._queue.is_inside:  # SciPy takes longer to load than a check
            options = ("--timeout=300",)
        entry = self._queue.entry
        job = Job(entry, entry.solution, 0, options=options)
        self.child = Child(job, waits=True, purpose=self._queue.purpose)
        self._was_ready = False

    def listen(self) -> None:
        """Take in what the process tells, and give it an order when it is free."""
        self.child.listen()
        self.see()

    def see(self) -> None:
        """Go on, whatever has become of the process."""
        if self.child.over():
            self._lost()
        elif self.child.expected and self.child.free:
            self._was_ready = True
            self._go_on()

    def end(self) -> None:
        """End the process."""
        self.child.end()

    @property
    def is_done(self) -> bool:
        """Whether there is nothing left to judge."""
        return self._job is None and not self._queue.jobs

    def _go_on(self) -> None:
        """Order the next check, of this answer or of the next."""
        while True:
            if self._job and not self._is_decided():
                self.child.order(self._plan.popleft())
                return
            if self._job:
                self._tell(self._result(self.child.sandbox, ""))
            if not self._queue.jobs:
                self.child.order(-1)
                return
            self._job = self._queue.jobs.popleft()
            self._plan = deque(self._in_order(self._job))
            source = Path(self._job["file"]).read_bytes()
            self.child.order((source, self._job["seed"]))

    def _is_decided(self) -> bool:
        assert self._job
        if not self._plan:
            return True
        if self._job["ask"] == "faults":
            return False
        if self.child.halted:
            return True
        return self._job["ask"] not in TELL_ALL and bool(_failed(self.child.records))

    def _in_order(self, job: dict[str, Any]) -> Sequence[Glance | int]:
        """Return what to run: contracts first, or what rejects soonest.

        That is what rejected this answer last time, and then by the rejections that are
        to be expected in a second. Most of what a property rejects, a glance does.
        """
        checks, kills = self.child.expected, self._queue.kills
        numbers = list(range(len(checks)))
        slow = [check["rubric"] == "efficiency" for check in checks]
        if job["ask"] in TELL_ALL:
            in_order = sorted(numbers, key=lambda n: not checks[n]["contract"])
            if job["ask"] == "all":
                return in_order
            return [Glance(n, PART) if checks[n]["property"] else n for n in in_order]
        if job["ask"] == "faults":  # a contract would end it, and speed is no matter
            return [n for n in numbers if not (checks[n]["contract"] or slow[n])]
        if job["ask"] == "speed":  # is of interest if all else is right
            return sorted(numbers, key=lambda n: slow[n])

        def key(order: Glance | int) -> tuple[bool, float]:
            n = order.number if isinstance(order, Glance) else order
            name = checks[n]["name"]
            seconds = self._queue.seconds.get(name, 1.0 if slow[n] else 0.1)
            expected = kills[name] + 0.5
            if isinstance(order, Glance):
                seconds /= 10
            elif n in properties:
                expected /= 10
            return name not in job["first"], -expected / (seconds + 0.02)

        properties = [n for n in numbers if checks[n]["property"]]
        glances = [Glance(n, GLANCE) for n in properties]
        return sorted([*glances, *numbers], key=key)

    def _result(self, sandbox: str, error: str) -> dict[str, Any]:
        """Return the result of the answer that has just been judged."""
        assert self._job
        child, ask = self.child, self._job["ask"]
        failed = _failed(child.records)
        left_out = ask == "faults" or (ask not in TELL_ALL and bool(failed))
        checks = complete(
            child.expected,
            child.records,
            left_out,
            "" if ask == "faults" else child.halted,
        )
        for name in failed if ask == "rejection" else ():
            self._queue.kills[name] += 1
        for name, record in child.records.items():
            if record["verdict"] == "passed":
                self._queue.seconds[name] = record["seconds"]
        took = sum(check["seconds"] for check in checks)
        result = Result(child.job, checks, took, sandbox, error)
        return _told(self._job, result) | {"slowdowns": child.slowdowns}

    def _lost(self) -> None:
        """Judge alone the answer whose process was lost, and go on with a new one."""
        error = self.child.error
        self.child.end()
        job, self._job = self._job, None
        if not self._was_ready:  # the checks cannot be collected, or no worker starts
            job = job or (self._queue.jobs.popleft() if self._queue.jobs else None)
        if job:
            told = self._alone(job, error)
            self._emit(told)
            if not self._was_ready and told["verdict"] == "grader error":
                self._queue.broken = told["error"] or error or "no check can be run"
        while self._queue.broken and self._queue.jobs:
            result = Result(self.child.job, [], 0.0, "", self._queue.broken)
            self._emit(_told(self._queue.jobs.popleft(), result))
        if self._queue.jobs:
            self._start()

    def _alone(self, job: dict[str, Any], error: str) -> dict[str, Any]:
        """Judge one answer in a process of its own, as a candidate's is graded."""
        if self._queue.is_inside:
            return _told(job, Result(self.child.job, [], 0.0, "", error or "lost"))
        return alone(self._queue.entry, job)

    def _tell(self, result: dict[str, Any]) -> None:
        self._job = None
        self._emit(result)


def _failed(records: dict[str, dict[str, Any]]) -> list[str]:
    """Return the names of the checks that an answer fails."""
    return [
        name
        for name, record in records.items()
        if record["verdict"] not in ("passed", "not started")
    ]


def _told(job: dict[str, Any], result: Result) -> dict[str, Any]:
    verdict = result.verdict
    if verdict == "passed" and job["ask"] == "rejection":
        # What only a validation rejects is rejected: the candidate is told.
        failed = _failed({check["name"]: check for check in result.checks})
        verdict = "failed" if failed else verdict
    return {
        "number": job["number"],
        "verdict": verdict,
        "checks": result.checks,
        "seconds": round(result.seconds, 3),
        "error": result.error,
        "sandbox": result.sandbox,
        "slowdowns": [],
    }


def alone(entry: Entry, job: dict[str, Any]) -> dict[str, Any]:
    """Grade one answer as a candidate's is graded."""
    options = ("-x",) if job["ask"] == "rejection" else ()
    asked = Job(entry, Path(job["file"]), job["seed"], options=options)
    return _told(job, next(grade([asked])))


def serve(jobs: Iterable[dict[str, Any]], at_once: int, emit: Emit) -> None:
    """Judge all jobs, a process or more for each exercise."""
    entries = {entry.name: entry for entry in catalogue()}
    queues: dict[tuple[str, str], Queue] = {}
    for job in jobs:
        purpose = "measure" if job["ask"] == "speed" else "judge"
        if job["in_process"]:
            purpose += " inside"
        key = job["name"], purpose
        queue = queues.setdefault(key, Queue(entries[key[0]], key[1]))
        queue.jobs.append(job)
        queue.kills |= Counter(job["kills"])
    seats: list[Seat] = []
    waiting = deque(queues.values())
    try:
        while True:
            seats = _seated(seats, waiting, list(queues.values()), at_once, emit)
            if not seats:
                return
            lines = {seat.child.events: seat for seat in seats}
            ready = wait(list(lines), timeout=1.0)
            for line, seat in lines.items():
                seat.listen() if line in ready else seat.see()
    finally:
        for seat in seats:
            seat.end()


def _seated(
    seats: list[Seat],
    waiting: deque[Queue],
    queues: list[Queue],
    at_once: int,
    emit: Emit,
) -> list[Seat]:
    """Return the processes that have work, as many as there may be."""
    kept = [seat for seat in seats if not seat.is_done]
    for seat in seats:
        if seat not in kept:
            seat.end()
    while len(kept) < at_once:
        if waiting:
            kept.append(Seat(waiting.popleft(), emit))
            continue
        if not queues:
            break
        longest = max(queues, key=lambda queue: len(queue.jobs))
        if len(longest.jobs) < FEW or longest.broken:
            break
        kept.append(Seat(longest, emit))
    return kept


def _batches() -> Iterator[list[dict[str, Any]]]:
    """Yield the jobs that come in before each empty line."""
    batch = []
    for line in sys.stdin:
        if line.strip():
            batch.append(json.loads(line))
        else:
            yield batch
            batch = []


def _main(at_once: int) -> None:
    warm()
    for batch in _batches():
        files = {Path(job["file"]) for job in batch if job["in_process"]}
        for name in sorted({name for file in files for name in foreign_modules(file)}):
            with contextlib.suppress(ImportError):  # which the grading tells
                importlib.import_module(name)
        serve(batch, at_once, lambda told: print(json.dumps(told), flush=True))


if __name__ == "__main__":
    _main(int(sys.argv[1]))
