"""Find out which classic mistake an answer makes, or that nobody can say.

A mistake is named only if it gives what the answer gave on every example that was kept
in every check that it can explain, and no other mistake does: a wrong name is worse
than none. A mistake can explain a check if it differs from the reference on what the
check asks; it must differ then as the answer does. On what the answer gets right, it
must not differ at all.
"""

from __future__ import annotations

import dataclasses
import functools
import itertools
import time
from collections import defaultdict
from types import ModuleType
from typing import Any

from graders.harness.answer.answer import Answer
from graders.harness.answer.callbacks import Guests
from graders.harness.answer.errors import Fault
from graders.harness.answer.record import Call, Outcome
from graders.harness.catalog.exercise import Entry
from graders.harness.feedback.replay import Replay, Rerun, same

SECONDS = 8.0  # of CPU time for all mistakes of an exercise, ...
MOST_SECONDS = 30.0  # ... and by the clock, on a busy machine
SECONDS_EACH = 3.0  # for one mistake
LEAST = 3  # failing examples that a mistake must explain


@dataclasses.dataclass
class Example:
    """The calls of one example; the reference is asked for them when that matters."""

    log: list[Call]
    guests: Guests
    reference: ModuleType

    @functools.cached_property
    def expected(self) -> list[Outcome]:
        """What the reference gives for each call."""
        replay = Replay(self.reference, self.guests.again())
        return [replay.outcome(call) for call in self.log]

    @property
    def tells(self) -> bool:
        """Whether the answer differs from the reference in it."""
        return not all(map(same, (call.outcome for call in self.log), self.expected))


class Suspects:
    """The classic mistakes of an exercise, and the examples that judge them.

    Args:
        entry: The exercise.
        wish: The isolation in which they are played.
    """

    def __init__(self, entry: Entry, wish: str) -> None:
        self.entry = entry
        self.failed: dict[str, list[Example]] = defaultdict(list)
        self.held: dict[str, list[Example]] = defaultdict(list)
        self.answer = Answer(b"", entry.path.name, contract=entry.contract, wish=wish)

    def start(self) -> None:
        """Let the process start in which they are played."""
        if not self.entry.is_text and self.entry.sheet.mistakes:
            self.answer.start()

    def close(self) -> None:
        """End that process."""
        self.answer.close()

    def evidence(self) -> dict[str, Any]:
        """Return what the examples say of each mistake, as JSON can hold it.

        Returns:
            For each mistake the examples that it explains, counted by check, or None
            if an example contradicts it; no mistake at all if time ran out.
        """
        found: dict[str, Any] = {}
        end, cpu_end = time.monotonic() + MOST_SECONDS, self._cpu() + SECONDS
        self.failed = {c: telling for c, examples in self.failed.items()
                       if (telling := [e for e in examples if e.tells])}  # fmt: skip
        if not self.failed:
            return {}
        for name, mistake in self.entry.sheet.mistakes.items():
            if time.monotonic() > end or self._cpu() > cpu_end:
                return {}
            try:
                self._load(self.entry.with_mistake(mistake).encode())
                found[name] = self._explained()
            except Fault:  # it takes too long, or ends its process: no answer did so
                found[name] = None
        return found

    def _cpu(self) -> float:
        """Return the CPU time that this process and the mistakes have taken."""
        return time.process_time() + self.answer.budget.counted

    def _load(self, source: bytes) -> None:
        self.answer.source, self.answer.load_error = source, None
        self.answer.begin_check(SECONDS_EACH)
        self.answer.fresh()
        self.answer.load()

    def _explained(self) -> dict[str, int] | None:
        """Return how many examples of each check a mistake explains, or None."""
        explained: dict[str, int] = {}
        for check, examples in self.failed.items():
            are_same = self._is_same(examples[0])
            if are_same:
                explained[check] = len(examples)
            if not all(self._agrees(example, are_same) for example in examples):
                return None
        if explained:
            for example in itertools.chain(*self.held.values()):
                if not (self._is_same(example) or self._agrees(example, False)):
                    return None
        return explained

    def _is_same(self, example: Example) -> bool:
        """Return whether a mistake gives what the answer gave."""
        return self._agrees(example, True)

    def _agrees(self, example: Example, with_answer: bool) -> bool:
        """Return whether a mistake gives what the answer gave, or what is right."""
        self.answer.begin_example()
        self.answer.guests = example.guests.again()
        rerun = Rerun(self.answer)
        given = [call.outcome for call in example.log]
        wanted = given if with_answer else example.expected
        return all(
            agree(want, rerun.outcome(call))
            for want, call in zip(wanted, example.log, strict=True)
        )


def agree(one: Outcome, other: Outcome) -> bool:
    """Return whether two outcomes agree, whichever is taken for the right one."""
    return same(one, other) or same(other, one)


def names(evidence: list[dict[str, Any]]) -> dict[str, str]:
    """Return the name of the mistake that explains each check, where one can be named.

    Args:
        evidence: What each process that shared the checks has found.
    """
    left: dict[str, dict[str, int]] = {}
    for name in {name for part in evidence for name in part}:
        parts = [part.get(name) for part in evidence if part]
        if None not in parts:
            left[name] = {k: v for part in parts if part for k, v in part.items()}
    left = {name: checks for name, checks in left.items() if checks}
    found = {}
    for check in {check for checks in left.values() for check in checks}:
        able = {name for name, checks in left.items() if check in checks}
        best = {n for n in able if all(left[n].keys() > left[o].keys()
                                       for o in able - {n})}  # fmt: skip
        if len(best) == 1:
            found[check] = best.pop()
    return {c: n for c, n in found.items() if sum(left[n].values()) >= LEAST}
