"""One conversation with a worker: requests, calls back, replies; nothing is believed.

A request has one reply. In between the worker may only call functions and iterators
that the grader passed in, and wait for what they return.
"""

from __future__ import annotations

import functools
import math
import time
from collections.abc import Callable, Mapping
from typing import Any

from graders.harness.answer.callbacks import Callbacks
from graders.harness.answer.errors import Forbidden, ProtocolBroken, answers_error
from graders.harness.answer.meter import Allowance
from graders.harness.answer.worker import Worker
from graders.harness.worker.wire import MAX_WEIGHT, Garbled, Reference, decode

MAX_PASSED = 16 * 2**20  # bytes that functions of ours are passed in one check; they
# may keep them as plain numbers, which take up to twenty times as much

LARGE = 2**16  # bytes of a message that is worth some care

# What a worker may say, and the types of what goes with it.
_REPLIES: dict[str, tuple[type, ...]] = {
    "return": (object,),
    "raise": (int, tuple, str, bool, str),
    "unsendable": (str,),
    "forbidden": (str,),
    "callback": (int, tuple, dict),
}


class Conversation:
    """Exchanges messages with one worker.

    Args:
        worker: The worker.
        contract: The names that the prompt asks for; True marks a class, whose objects
            stay in the worker.
        stand_in: Makes what stands for an object that stays there.
    """

    def __init__(
        self,
        worker: Worker,
        contract: Mapping[str, bool],
        stand_in: Callable[[Reference], Any],
    ) -> None:
        self.worker = worker
        self.contract = contract
        self.stand_in = stand_in
        self.kept: str | None = None  # the name under which it may keep a value
        self._number = 0
        self._passed = 0  # bytes, to functions of ours

    def exchange(
        self,
        payload: bytes,
        callbacks: Callbacks,
        allowance: Allowance,
        deadline: float = math.inf,
    ) -> tuple[Any, ...]:
        """Send a request, serve what the worker calls back, and return the reply.

        Args:
            payload: The request.
            callbacks: What was passed to the answer.
            allowance: The seconds that it may take; what it takes is counted.
            deadline: When to stop in any case, by time.monotonic.

        Raises:
            TimeoutError: If the reply does not come in time.
            Closed: If the worker has gone.
            Garbled: If it says what is no reply.
        """
        clock = _Clock(self.worker, allowance, deadline)
        self._number += 1
        try:
            self.worker.channel.send(self._number, payload, clock.latest)
            while True:
                number, data = self._receive(clock)
                kind, *content = self._message(number, data)
                if kind != "callback":
                    return kind, *content
                self._count(data)
                answered = callbacks.call(*content)
                self.worker.channel.send(self._number, answered, clock.latest)
        finally:
            clock.stop()

    def _count(self, data: bytearray) -> None:
        """Count what a function of ours is passed, which it may keep."""
        self._passed += len(data)
        if self._passed > MAX_PASSED:
            most = f"{MAX_PASSED // 2**20} MB"
            raise Garbled(f"more than {most} to the functions that were passed in")

    def _receive(self, clock: _Clock) -> tuple[int, bytearray]:
        while True:
            try:
                return self.worker.channel.receive(clock.next_look())
            except TimeoutError:
                if clock.is_over():
                    raise

    def _message(self, number: int, data: bytearray) -> tuple[Any, ...]:
        """Return a message of the worker's, of a kind and shape that it may send."""
        if number != self._number:
            raise Garbled("an unexpected reply")
        message = decoded(data, self._resolve)
        if type(message) is tuple and message and type(message[0]) is str:
            shape = _REPLIES.get(message[0])
            if (
                shape
                and len(shape) == len(message) - 1
                and all(
                    kind in (object, type(part))
                    for kind, part in zip(shape, message[1:], strict=True)
                )
            ) and (message[0] != "raise" or _are_names(message[2])):
                return message
        raise Garbled("what is no reply")

    def _resolve(self, reference: Reference) -> Any:
        """Return what stands for what a worker may keep: nothing else is believed."""
        if reference.kind == "object":
            fits = self.contract.get(reference.name, False)
        else:
            fits = reference.kind == "kept" and reference.name == self.kept
        if not fits:
            raise Garbled("a reference to what nobody asked it to keep")
        return self.stand_in(reference)


def decoded(
    data: bytes | bytearray, resolve: Callable[[Reference], Any] | None = None
) -> Any:
    """Return the value of a message that may be hostile: see `wire.decode`."""
    if len(data) < LARGE:
        return decode(data, resolve, most=MAX_WEIGHT)
    return _with_room()(lambda: decode(data, resolve, most=MAX_WEIGHT))


@functools.cache
def _with_room() -> Callable[[Callable[[], Any]], Any]:
    """Return what calls a function with room for the frames behind it.

    CPython keeps its frames in chunks of memory. Calls at the end of one get and free
    the next each time, ten times as slow, at a depth that an answer can choose. A
    function of so many variables gets a chunk of 256 kB. It takes 20 ms to compile.
    """
    variables = " = ".join(f"v{number}" for number in range(17_000))
    made: dict[str, Any] = {}
    exec(f"def call(act):\n    return act()\n    {variables} = 0\n", made)
    function: Callable[[Callable[[], Any]], Any] = made["call"]
    return function


class _Clock:
    """Counts the seconds of one request against an allowance."""

    def __init__(self, worker: Worker, allowance: Allowance, deadline: float) -> None:
        self.meter = worker.meter
        self.allowance = allowance
        allowance.begin(self.meter)
        self.start = time.monotonic()
        self.latest = min(deadline, self.start + max(0.0, allowance.patience))
        self.look = self.start + max(0.0, allowance.left)

    def next_look(self) -> float:
        """Return when to look at the clock next."""
        return min(self.look, self.latest)

    def is_over(self) -> bool:
        """Return whether the time is up, or else when to look again."""
        now = time.monotonic()
        self.allowance.excuse(self.meter)
        if now >= self.latest:
            return True
        left = self.allowance.left - (now - self.start)
        self.look = now + max(left, 0.02)
        return left <= 0

    def stop(self) -> None:
        """Count what was taken."""
        self.allowance.by_the_clock += time.monotonic() - self.start


def outcome_of(reply: tuple[Any, ...], callbacks: Callbacks) -> Any:
    """Return what the answer returned, or raise what stands for what it raised."""
    kind, *content = reply
    if kind == "return":
        return content[0]
    if kind == "unsendable":
        raise ProtocolBroken(
            f"the answer returned {content[0]}, where the prompt asks for plain "
            "values, arrays or objects of its classes"
        )
    if kind == "forbidden":
        raise Forbidden(f"the answer called {content[0]}, which the prompt forbids")
    token, names, message, wrote, trace = content
    if 0 < token <= len(callbacks.thrown):
        raise callbacks.thrown[token - 1]
    raise answers_error(names, message, wrote, trace)


def _are_names(names: tuple[Any, ...]) -> bool:
    """Return whether a tuple holds the names of a class and those above it."""
    return bool(names) and all(type(n) is str and len(n) < 1000 for n in names)
