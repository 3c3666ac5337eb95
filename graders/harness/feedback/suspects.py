"""Find out which classic mistake an answer makes, or that nobody can say.

A mistake is named only if it gives what the answer gave on every example that was kept
in every check that it can explain, and no other mistake does: a wrong name is worse
than none. A mistake can explain a check if it differs from the reference on what the
check asks; it must differ then as the answer does. On what the answer gets right, it
must not differ at all.

The mistakes are ours, so they run in this process, as the reference does: nothing of
the answer is run here.
"""

from __future__ import annotations

import contextlib
import ctypes
import dataclasses
import functools
import itertools
import sys
import threading
import time
from collections import defaultdict
from collections.abc import Iterator
from types import ModuleType
from typing import Any

from graders.harness.answer.callbacks import Guests
from graders.harness.answer.errors import WroteToInput
from graders.harness.answer.record import Call, Outcome
from graders.harness.catalog.exercise import Entry
from graders.harness.feedback.replay import Replay, same

SECONDS = 3.0  # of CPU time for all mistakes of an exercise, ...
MOST_SECONDS = 30.0  # ... and by the clock, on a busy machine
SECONDS_EACH = 3.0  # by the clock, for one mistake
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
    """The classic mistakes of an exercise, and the examples that judge them."""

    def __init__(self, entry: Entry) -> None:
        self.entry = entry
        self.failed: dict[str, list[Example]] = defaultdict(list)
        self.held: dict[str, list[Example]] = defaultdict(list)

    def evidence(self) -> dict[str, Any]:
        """Return what the examples say of each mistake, as JSON can hold it.

        Returns:
            For each mistake the examples that it explains, counted by check, or None
            if an example contradicts it; no mistake at all if time ran out.
        """
        for check, examples in list(self.failed.items()):
            telling = [example for example in examples if example.tells]
            self.failed[check] = sorted(telling, key=lambda one: len(one.log))
            if not telling:
                del self.failed[check]
        if not self.failed:
            return {}
        found: dict[str, Any] = {}
        end, cpu_end = time.monotonic() + MOST_SECONDS, time.process_time() + SECONDS
        for name, mistake in self.entry.sheet.mistakes.items():
            if time.monotonic() > end or time.process_time() > cpu_end:
                return {}
            try:
                with _at_most(SECONDS_EACH):
                    module = _executed(self.entry.with_mistake(mistake))
                    found[name] = self._explained(module)
            except _Overdue:  # no answer took so long where it gave a value
                found[name] = None
        return found

    def _explained(self, module: ModuleType) -> dict[str, int] | None:
        """Return how many examples of each check a mistake explains, or None.

        The smallest example of each check comes first: most mistakes end there.
        """
        explained: dict[str, int] = {}
        for check, (first, *_) in self.failed.items():
            as_answer, as_reference = _play(module, first)
            if as_answer:
                explained[check] = len(self.failed[check])
            elif not as_reference:
                return None
        if not explained:
            return None
        for check, (_, *others) in self.failed.items():
            which = 0 if check in explained else 1
            if not all(_play(module, example)[which] for example in others):
                return None
        held = itertools.chain(*self.held.values())
        return explained if all(any(_play(module, one)) for one in held) else None


class _Overdue(BaseException):
    """A mistake takes too long."""


@contextlib.contextmanager
def _at_most(seconds: float) -> Iterator[None]:
    """Raise _Overdue in what this thread does, if it takes longer."""
    here = ctypes.c_ulong(threading.get_ident())

    def interrupt() -> None:
        ctypes.pythonapi.PyThreadState_SetAsyncExc(here, ctypes.py_object(_Overdue))

    timer = threading.Timer(seconds, interrupt)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def _executed(source: str) -> ModuleType:
    """Return the module that a source of ours defines."""
    module = ModuleType("mistake")
    sys.modules["mistake"] = module  # where dataclasses look themselves up
    exec(compile(source, "mistake.py", "exec", dont_inherit=True), vars(module))
    return module


def _play(module: ModuleType, example: Example) -> tuple[bool, bool]:
    """Return whether a mistake gives what the answer gave, and what is right."""
    replay = Replay(module, example.guests.again())
    as_answer = as_reference = True
    for i, call in enumerate(example.log):
        gives = replay.outcome(call)
        as_answer = as_answer and agree(call.outcome, gives)
        as_reference = as_reference and agree(example.expected[i], gives)
        if not (as_answer or as_reference):
            break
    return as_answer, as_reference


def agree(one: Outcome, other: Outcome) -> bool:
    """Return whether two outcomes agree, whichever is taken for the right one."""
    if isinstance(one[1], WroteToInput):  # of which NumPy says so to a mistake
        return isinstance(other[1], ValueError) and "read-only" in str(other[1])
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
