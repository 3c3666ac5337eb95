"""Grade exercises, each in a process of its own, and say what came of it.

A process of its own, because hypothesis draws from the constants of whatever modules
are loaded, so that company would change the inputs; and so that a grading which does
not come back can be ended. Where the system can fork, the processes are forked from
one that has imported everything already, which takes milliseconds.
"""

from __future__ import annotations

import contextlib
import json
import multiprocessing
import os
import signal
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from multiprocessing.connection import Connection, wait
from typing import Any

from graders.harness.answer.errors import UNCHANGED
from graders.harness.feedback.results import Job, Result, name_mistakes
from graders.harness.run.grader_process import Glance, run

END = 5.0  # seconds for a grading that is ended to end its workers
LIMIT = 400.0  # seconds by the clock after which a grading is ended


def grade(
    jobs: Iterable[Job],
    at_once: int | None = None,
    watch: Callable[[list[str]], None] = lambda lines: None,
) -> Iterator[Result]:
    """Grade answers side by side, and yield each result when it is there.

    Args:
        jobs: What to grade; taken one by one, as places become free.
        at_once: How many gradings run at a time; as many as there are cores, if None.
        watch: Told how far each running grading is, whenever that changes.
    """
    waiting = iter(jobs)
    running: dict[Connection, Child] = {}
    try:
        while True:
            while len(running) < (at_once or os.cpu_count() or 1):
                if (job := next(waiting, None)) is None:
                    break
                child = Child(job)
                running[child.events] = child
            if not running:
                return
            ready = wait(list(running), timeout=1.0)
            for events, child in running.items():
                if events in ready:
                    child.listen()
            watch([child.progress() for child in running.values()])
            for events, child in list(running.items()):
                if child.over():
                    del running[events]
                    yield child.result()
    finally:
        for child in running.values():
            child.end()


class Child:
    """A process that grades one job, and what it has told so far.

    Args:
        job: What to grade.
        waits: Whether to wait for orders once all is ready: see `grader_process.run`.
        purpose: Whether to "explain", to "judge" or to "measure"; "judge inside" and
            "measure inside" run an answer of ours in this process, as one needs that
            imports what candidates lack.
    """

    def __init__(
        self, job: Job, *, waits: bool = False, purpose: str = "explain"
    ) -> None:
        self.job = job
        self.start = time.monotonic()
        self.expected: list[dict[str, Any]] = []
        self.records: dict[str, dict[str, Any]] = {}
        self.sandbox = ""
        self.error = self.refused = self.exhibit = self.printed = ""
        self.suspects: dict[str, Any] = {}
        self.stopped = False
        self.halted = ""
        self.slowdowns: list[tuple[str, float, float]] = []  # check, ratio, limit
        self.free = True  # whether it waits for an order
        self.closed = False
        self.events, theirs = _context().Pipe()
        self.process = _context().Process(
            target=run, args=(job, theirs, waits, purpose)
        )
        with _signals_held_back():
            self.process.start()
        theirs.close()

    def listen(self) -> None:
        """Take in what the process has to tell."""
        try:
            event = json.loads(self.events.recv_bytes())
        except (EOFError, OSError):
            self.closed = True
            return
        self.expected = event.get("checks", self.expected)
        self.sandbox = event.get("sandbox", self.sandbox)
        self.error = event.get("error", self.error)
        self.refused = event.get("refused", self.refused)
        self.exhibit = event.get("exhibit", self.exhibit)
        self.printed = event.get("printed", self.printed)
        self.stopped = event.get("stopped", self.stopped)
        self.halted = event.get("halted", self.halted)
        self.free = event.get("free", self.free)
        if slowdown := event.get("slowdown"):
            self.slowdowns.append(tuple(slowdown))
        self.suspects = event.get("suspects", self.suspects)
        if record := event.get("check"):
            self.records[record["name"]] = record

    def order(self, order: tuple[bytes, int] | Glance | int) -> None:
        """Give an order; who cannot take it any more is heard to have ended."""
        if isinstance(order, tuple):
            self.start = time.monotonic()
            self.records, self.halted, self.slowdowns = {}, "", []
        else:
            self.free = False
        try:
            self.events.send(order)
        except OSError:
            self.closed = True

    def progress(self) -> str:
        """Return how far this grading is, and the first sentence that failed."""
        far = how_far(self.expected, self.records) if self.expected else "starting"
        return f"{self.job.entry.name}: {far}"

    def over(self) -> bool:
        """Return whether there is nothing more to wait for."""
        if time.monotonic() - self.start > LIMIT:
            self.error = f"the grading was ended after {LIMIT:g} seconds"
            self.closed = True
        return self.closed

    def end(self) -> None:
        """End the process, if it has not ended."""
        self.process.terminate()
        self.process.join(END)
        self.process.kill()
        self.process.join()
        self.events.close()

    def result(self) -> Result:
        """Return what the process told."""
        self.end()
        checks = complete(self.expected, self.records, self.stopped, self.halted)
        name_mistakes(checks, [self.suspects])
        return Result(
            self.job,
            checks,
            round(time.monotonic() - self.start, 3),
            self.sandbox,
            self.error,
            refused=self.refused,
            exhibit=self.exhibit,
            printed=self.printed,
        )


def how_far(expected: list[dict[str, Any]], records: dict[str, dict[str, Any]]) -> str:
    """Return how many checks are left, and the first sentence that failed."""
    bad = [record for record in records.values() if record["verdict"] != "passed"]
    failed = f"{len(bad)} failed ({bad[0]['sentence']})" if bad else "none failed"
    return f"{len(expected) - len(records)} checks to go, {failed}"


def complete(
    expected: list[dict[str, Any]],
    records: dict[str, dict[str, Any]],
    stopped: bool,
    halted: str,
) -> list[dict[str, Any]]:
    """Return the checks' records in their order.

    Args:
        expected: What each check is.
        records: What became of those that ran, by name.
        stopped: Whether the rest was left out on demand.
        halted: Why the rest is not judged; if nothing says so, it is our fault.
    """
    if halted == "not started":
        verdict = {"verdict": "not started", "message": UNCHANGED}
    elif halted:
        verdict = {"verdict": "not judged", "message": halted}
    else:
        verdict = {"verdict": "grader error", "message": "ended without a verdict"}
    return [
        records.get(check["name"], check | verdict | {"seconds": 0.0})
        for check in expected
        if check["name"] in records or halted or not stopped
    ]


@contextlib.contextmanager
def _signals_held_back() -> Iterator[None]:
    """Hold signals back while a process starts, which has our handlers at first."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    held = (signal.SIGTERM, signal.SIGHUP, signal.SIGINT)
    before = signal.pthread_sigmask(signal.SIG_BLOCK, held)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _context() -> Any:
    """Return how processes start: forked where that is safe, else afresh."""
    return multiprocessing.get_context("fork" if sys.platform == "linux" else "spawn")
