"""Grade one exercise again and again, at once: everything is ready before it is asked.

Processes that have collected the exercise's checks, each with a worker that has
started, wait for an answer. Then they share the checks between them, as each becomes
free, the longest first. That changes no verdict: every check draws its inputs from a
seed of its own and starts from a freshly executed answer.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from multiprocessing.connection import wait
from typing import Any

from graders.harness.feedback.results import Job, Result, name_mistakes
from graders.harness.run.processes import Child, complete, how_far

HANDS = 2  # processes that share the checks, where there are as many cores


class WarmProcess:
    """One exercise's gradings, standing ready.

    Args:
        job: What will be graded.
    """

    def __init__(self, job: Job) -> None:
        self.job = job
        self._seconds: dict[str, float] = {}  # that each check took last time
        self._hands = self._fresh()

    def close(self) -> None:
        """End the processes that wait."""
        for hand in self._hands:
            hand.end()

    def grade(
        self,
        source: bytes,
        watch: Callable[[str], None] = lambda how_far: None,
    ) -> Result:
        """Grade what the file holds now, and make ready for the next time.

        Args:
            source: What it holds.
            watch: Told how far it is, and what has failed, after each check.
        """
        start = time.monotonic()
        hands = self._hands
        for hand in hands:
            while not (hand.expected or hand.closed):
                hand.listen()
            hand.start = start
        for hand in hands:
            hand.order((source, self.job.seed))
        contracts, others = self._in_order(hands[0])
        _share(contracts, hands[:1], watch)
        if not hands[0].halted:
            _share(others, hands, watch)
        for hand in hands:
            hand.order(-1)
            while not hand.over():
                hand.listen()
        result = self._merged(hands, time.monotonic() - start)
        self._seconds = {c["name"]: c["seconds"] for c in result.checks}
        self._hands = self._fresh()
        return result

    def _fresh(self) -> list[Child]:
        count = min(HANDS, os.cpu_count() or 1)
        return [Child(self.job, waits=True) for _ in range(count)]

    def _in_order(self, hand: Child) -> tuple[list[int], list[int]]:
        """Return the numbers of the contracts and of the other checks, longest first.

        Of unknown ones the later come first, which are larger.
        """
        kinds = [check["contract"] for check in hand.expected]
        seconds = [self._seconds.get(check["name"], 0.0) for check in hand.expected]
        numbers = sorted(range(len(kinds)), key=lambda n: (seconds[n], n), reverse=True)
        return [n for n in numbers if kinds[n]], [n for n in numbers if not kinds[n]]

    def _merged(self, hands: list[Child], seconds: float) -> Result:
        """Return what the processes found, as one result."""
        for hand in hands:
            hand.end()
        checks = complete(hands[0].expected, _records(hands), False, _halted(hands))
        name_mistakes(checks, [hand.suspects for hand in hands])
        return Result(
            self.job,
            checks,
            round(seconds, 3),
            hands[0].sandbox,
            next((hand.error for hand in hands if hand.error), ""),
            exhibit=next((hand.exhibit for hand in hands if hand.exhibit), ""),
        )


def _share(
    waiting: list[int], hands: list[Child], watch: Callable[[str], None]
) -> None:
    """Let processes run checks, each the next when it is free, until all have run."""
    for hand in hands:
        hand.free = True
    while True:
        hands = [hand for hand in hands if not hand.over()]
        for hand in hands:
            if hand.free and waiting and not _halted(hands):
                hand.order(waiting.pop(0))
        busy = {hand.events: hand for hand in hands if not hand.free}
        if not busy:
            return
        for events in wait(list(busy), timeout=1.0):
            busy[events].listen()
        watch(how_far(hands[0].expected, _records(hands)))


def _records(hands: list[Child]) -> dict[str, dict[str, Any]]:
    """Return what became of the checks, whichever process ran them, by name."""
    return {name: r for hand in hands for name, r in hand.records.items()}


def _halted(hands: list[Child]) -> str:
    """Return why the rest is not judged, if one of the processes has said so."""
    return next((hand.halted for hand in hands if hand.halted), "")
