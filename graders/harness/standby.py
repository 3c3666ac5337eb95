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

from graders.harness.grade import Child, Job, Result, complete

HANDS = 2  # processes that share the checks, where there are as many cores


class Standby:
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
        watch: Callable[[int, int], None] = lambda done, of: None,
    ) -> Result:
        """Grade what the file holds now, and make ready for the next time.

        Args:
            source: What it holds.
            watch: Told how many checks are done, and of how many.
        """
        start = time.monotonic()
        hands = self._hands
        for hand in hands:
            while not (hand.expected or hand.closed):
                hand.listen()
            hand.start = start
        waiting = self._longest_first(hands[0])
        for hand in hands:
            _send(hand, source)
        busy = {hand.events: hand for hand in hands}
        free = list(hands)
        while busy:
            for hand in free:
                _send(hand, waiting.pop(0) if waiting else -1)
            free = []
            for events in wait(list(busy), timeout=1.0):
                hand = busy[events]
                told = len(hand.records)
                hand.listen()
                free += [hand] * (len(hand.records) - told)
            busy = {e: hand for e, hand in busy.items() if not hand.over()}
            watch(sum(len(hand.records) for hand in hands), len(hands[0].expected))
        result = self._merged(hands, time.monotonic() - start)
        self._seconds = {c["name"]: c["seconds"] for c in result.checks}
        self._hands = self._fresh()
        return result

    def _fresh(self) -> list[Child]:
        count = min(HANDS, os.cpu_count() or 1)
        return [Child(self.job, waits=True) for _ in range(count)]

    def _longest_first(self, hand: Child) -> list[int]:
        """Return the checks' numbers; of unknown ones the later, which are larger."""
        names = [check["name"] for check in hand.expected]
        longest = sorted(
            enumerate(names),
            key=lambda pair: (self._seconds.get(pair[1], 0.0), pair[0]),
            reverse=True,
        )
        return [number for number, _ in longest]

    def _merged(self, hands: list[Child], seconds: float) -> Result:
        """Return what the processes found, as one result."""
        records: dict[str, dict[str, Any]] = {}
        for hand in hands:
            records |= hand.records
            hand.end()
        return Result(
            self.job,
            complete(hands[0].expected, records, stopped=False),
            round(seconds, 3),
            hands[0].sandbox,
            next((hand.error for hand in hands if hand.error), ""),
            exhibit=next((hand.exhibit for hand in hands if hand.exhibit), ""),
        )


def _send(hand: Child, order: bytes | int) -> None:
    """Give an order; whoever cannot take it any more is heard to have ended."""
    try:
        hand.events.send(order)
    except OSError:
        hand.closed = True
