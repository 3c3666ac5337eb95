"""Find out which classic mistake an answer makes, or that nobody can say.

A mistake is named only if it gives what the answer gave on every example that was kept
in every check that it can explain, and no other mistake does: a wrong name is worse
than none. A mistake can explain a check if it differs from the reference on what the
check asks; it must differ then as the answer does. On what the answer gets right, it
must not differ at all.

The mistakes are ours, so they need no sandbox: nothing of the answer is run here. But
one may never end, or fill the memory, so each runs in a fork of this process that the
system ends. Where a system cannot fork, nothing is named.
"""

from __future__ import annotations

import contextlib
import dataclasses
import functools
import itertools
import json
import os
import select
import signal
import sys
import time
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

from graders.harness.answer.callbacks import Callbacks
from graders.harness.answer.errors import WroteToInput
from graders.harness.answer.record import Call, Outcome
from graders.harness.catalog.exercise import Entry
from graders.harness.feedback.replay import Replay, outcomes, same

MOST_SECONDS = 30.0  # by the clock for all mistakes of an exercise
SECONDS_EACH = 2  # of CPU time for one, as a whole number
MEGABYTES_EACH = 512  # that one may take besides what this process holds
LEAST = 3  # failing examples that a mistake must explain


@dataclasses.dataclass
class Example:
    """The calls of one example; the reference is asked for them when that matters."""

    log: list[Call]
    callbacks: Callbacks
    reference: ModuleType

    @functools.cached_property
    def expected(self) -> list[Outcome]:
        """What the reference gives for each call."""
        return outcomes(self.reference, self.log, self.callbacks)

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
        if not self.failed or not hasattr(os, "fork"):
            return {}
        found: dict[str, Any] = {}
        end = time.monotonic() + MOST_SECONDS
        for name, mistake in self.entry.sheet.mistakes.items():
            source = self.entry.with_mistake(mistake)
            if (left := end - time.monotonic()) <= 0:
                return {}
            play = functools.partial(self._explained, source)
            found[name] = _in_a_fork(play, left)
        return found

    def _explained(self, source: str) -> dict[str, int] | None:
        """Return how many examples of each check a mistake explains, or None.

        The smallest example of each check comes first: most mistakes end there.
        """
        module = _executed(source)
        explained: dict[str, int] = {}
        for check, (first, *_) in self.failed.items():
            if _gives_as_answer(module, first):
                explained[check] = len(self.failed[check])
            elif not _gives_as_reference(module, first):
                return None
        for check, (_, *others) in self.failed.items():
            gives = _gives_as_answer if check in explained else _gives_as_reference
            if not all(gives(module, example) for example in others):
                return None
        for one in itertools.chain(*self.held.values()):
            if not (_gives_as_answer(module, one) or _gives_as_reference(module, one)):
                return None
        return explained


def _in_a_fork(work: Callable[[], Any], seconds: float) -> Any:
    """Return what a function returns, which JSON can hold, from a fork that runs it.

    None if that takes too long, or too much memory: no answer did that where it gave
    a value.
    """
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        with contextlib.suppress(BaseException):
            os.close(reader)
            _limit_this_process()
            os.write(writer, json.dumps(work()).encode())
        os._exit(0)
    os.close(writer)
    try:
        ready, _, _ = select.select([reader], [], [], seconds)
        said = os.read(reader, 2**16) if ready else b""
    finally:
        os.close(reader)
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
    return json.loads(said) if said else None


def _limit_this_process() -> None:
    import resource

    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS_EACH, SECONDS_EACH + 1))
    with contextlib.suppress(OSError, ValueError):  # where the system does not tell
        pages = int(Path("/proc/self/statm").read_text("ascii").split()[0])
        size = pages * resource.getpagesize() + MEGABYTES_EACH * 2**20
        resource.setrlimit(resource.RLIMIT_AS, (size, size))


def _executed(source: str) -> ModuleType:
    """Return the module that a source of ours defines."""
    module = ModuleType("mistake")
    sys.modules["mistake"] = module  # where dataclasses look themselves up
    exec(compile(source, "mistake.py", "exec", dont_inherit=True), vars(module))
    return module


def _gives_as_answer(module: ModuleType, example: Example) -> bool:
    """Return whether a mistake gives what the answer gave."""
    return _gives(module, example, [call.outcome for call in example.log])


def _gives_as_reference(module: ModuleType, example: Example) -> bool:
    """Return whether a mistake gives what is right."""
    return _gives(module, example, example.expected)


def _gives(module: ModuleType, example: Example, wanted: list[Outcome]) -> bool:
    replay = Replay(module, example.callbacks.again())
    return all(
        agree(want, replay.outcome(call))
        for want, call in zip(wanted, example.log, strict=True)
    )


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
