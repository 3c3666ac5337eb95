"""One candidate's file, asked call by call.

`Answer` has a fresh worker for each check, holds it to its allowance, and remembers
the calls of the current example for the feedback.
"""

from __future__ import annotations

import contextlib
import math
import time
from collections.abc import Iterator, Mapping
from typing import Any

from graders.harness.answer.callbacks import Callbacks
from graders.harness.answer.conversation import Conversation, outcome_of
from graders.harness.answer.errors import (
    CouldNotLoad,
    Crashed,
    Fault,
    NotStarted,
    OutOfMemory,
    ProtocolBroken,
    StopShrinking,
    TimedOut,
)
from graders.harness.answer.loading import load_error, unreadable
from graders.harness.answer.meter import Allowance, Budget, late, starved
from graders.harness.answer.nursery import (
    LARGEST,
    OUT_OF_ROOM,
    Nursery,
    Unavailable,
    start,
    start_and_wait,
)
from graders.harness.answer.proxy import Remote, Submission
from graders.harness.answer.record import Call, Record
from graders.harness.answer.where import hanging_line
from graders.harness.worker.channel import Closed
from graders.harness.worker.wire import Garbled, encode

SHRINKING = 3.0  # seconds
LOADING = 2.0  # seconds for a file to be executed
REPLAYING = 2.0  # seconds for calls that are replayed
ROOM_TO_LOAD = 32  # megabytes of address space for what an answer imports


class Answer:
    """One candidate's file, with a worker of its own for each check.

    Args:
        source: The file's bytes.
        filename: The path that tracebacks show.
        contract: The names that it must define; True marks a class, whose objects
            stay in the worker.
        forbids: The dotted names that it may not use.
        wish: The isolation: "auto", "required" or "off".
    """

    def __init__(
        self,
        source: bytes,
        filename: str,
        *,
        contract: Mapping[str, bool],
        forbids: tuple[str, ...] = (),
        wish: str = "auto",
    ) -> None:
        self.source = source
        self.filename = filename
        self.contract = contract
        self.forbids = forbids
        self.wish = wish
        self.untouched = False  # whether it is the stub, which is not judged
        self.mode = ""
        self.nursery: Nursery | None = None
        self.line: Conversation | None = None
        self.budget = Budget(math.inf)  # of the whole exercise
        self.end = math.inf  # of the exercise, by time.monotonic
        self.names: frozenset[str] = frozenset()
        self.methods: set[tuple[str, str]] = set()  # of its classes, that were used
        self.load_error: CouldNotLoad | None = None
        self.unavailable: Unavailable | None = None
        self.keep = False
        self._busy = False
        self._last_words = ""
        self._peak = 0.0
        self._megabytes: int | None = None
        self._largest = LARGEST
        self.start_check(math.inf)

    # The life of a check.

    def start_check(self, seconds: float) -> None:
        """End the worker of the check before, and set the allowance of this one."""
        self.end_worker()
        self.allowance = Allowance(seconds)
        self.shrinking_ends = math.inf
        self.callbacks = Callbacks()
        self.took: list[float] = []  # seconds, of each call in this check
        self._peak = 0.0
        self.start_example()

    def start_example(self) -> None:
        """Start a record of calls, for the feedback."""
        self.log = Record()
        self._last_words = ""
        if self.line:
            self.line.worker.forget_printed()

    def example_failed(self) -> None:
        """Give the search for a smaller failing input its last seconds."""
        end = time.monotonic() + SHRINKING
        self.shrinking_ends = min(self.shrinking_ends, end)

    def start(self) -> None:
        """Let a nursery start while something else is done."""
        self.nursery = self.nursery or start(self.wish)

    def fresh(self, megabytes: int | None = None, largest: int | None = None) -> Any:
        """Return what stands for the answer's module, to be executed at its first use.

        Args:
            megabytes: What it may allocate.
            largest: The megabytes of a message that it may send.
        """
        self.end_worker()
        self._megabytes = megabytes
        self._largest = largest or LARGEST
        return Submission(self)

    def again(self) -> Any:
        """Return what stands for the module in a fresh process, to replay calls.

        The check is over, so they count for nothing in its time and its record.
        """
        self.allowance, self.shrinking_ends = Allowance(REPLAYING), math.inf
        self.callbacks, self.log = Callbacks(), Record()
        return self.fresh(self._megabytes, self._largest)

    def load(self) -> None:
        """Execute the answer afresh, if that was not done in this check.

        Raises:
            CouldNotLoad: If it cannot be executed; judged once.
        """
        if self.line:
            return
        if self.untouched:
            raise NotStarted("unchanged stub")
        if self.load_error:
            raise self.load_error
        if self.budget.is_over() or time.monotonic() > self.end:
            raise TimedOut("the time for the whole exercise was over")
        if problem := unreadable(self.source):
            self.load_error = CouldNotLoad(problem)
            raise self.load_error
        room = self._megabytes and self._megabytes + ROOM_TO_LOAD
        worker = self._ready_nursery().fork(room, self._largest)
        self.budget.watch(worker.meter)
        self.line = Conversation(worker, self.contract, lambda r: Remote(self, r))
        self._execute()
        self.log = Record()

    def _ready_nursery(self) -> Nursery:
        """Return a nursery; what failed once to give one is not tried again."""
        if self.unavailable:
            raise self.unavailable
        if self.nursery and not self.nursery.is_healthy:
            self.close()
        sandboxed = self.mode == "bubblewrap"
        try:
            self.nursery = start_and_wait(
                self.wish, self.nursery, never_weaker=sandboxed
            )
        except Unavailable as error:
            self.unavailable = error
            raise
        self.mode = self.nursery.mode
        return self.nursery

    def _execute(self) -> None:
        classes = tuple(name for name, is_class in self.contract.items() if is_class)
        allowance, self.allowance = self.allowance, Allowance(LOADING)
        try:
            names = self.request(
                "load", self.source, self.filename, classes, self.forbids
            )
            if missing := [name for name in self.contract if name not in names]:
                kind = "class" if self.contract[missing[0]] else "function"
                raise CouldNotLoad(f"it defines no {kind} called {missing[0]}")
        except (Exception, Fault) as error:
            self.load_error = load_error(error)
            raise self.load_error from None
        finally:
            self.allowance = allowance
        self.names = frozenset(names)
        self.methods.clear()

    def end_worker(self) -> None:
        """End the worker of this check, if there is one."""
        if self.line:
            self._peak = max(self._peak, self.peak())
            self._last_words = self.printed()
            self.budget.settle()
            self.line.worker.kill()
            self.line = None

    def close(self) -> None:
        """End all processes of this answer."""
        self.end_worker()
        if self.nursery:
            self.nursery.kill()
            self.nursery = None

    def peak(self) -> float:
        """Return the most memory that this check has taken, in MB; 0.0 if unknown."""
        now = self.line.worker.meter.peak() if self.line else 0.0
        return round(max(self._peak, now), 1)

    def printed(self, limit: int = 64 * 2**10) -> str:
        """Return what the answer printed in this example, or the end of it."""
        return self.line.worker.printed(limit) if self.line else self._last_words

    @contextlib.contextmanager
    def keeping(self, seconds: float) -> Iterator[None]:
        """Let results stay in the worker, and calls take so many seconds in all.

        Raises:
            TimeoutError: If they take longer.
        """
        allowance, self.allowance = self.allowance, Allowance(seconds)
        self.keep = True
        try:
            yield
        except TimedOut:
            if self.budget.is_over() or self.allowance.is_starved:
                raise
            raise TimeoutError from None
        finally:
            self.keep, self.allowance = False, allowance

    # The conversation.

    def request(self, *message: Any) -> Any:
        """Ask the worker, and return or raise what the answer did."""
        call = self.log.add(Call(message[0], encode(message, self.callbacks.export)))
        # What the worker may keep: a method that was looked up, a value to be fetched.
        looked_up, keep = message[0] == "get", self.keep or message[0] == "deliver"
        if self.line:
            self.line.kept = "method" if looked_up else "" if keep else None
        try:
            start = time.monotonic()
            result = outcome_of(self.ask(call.payload), self.callbacks)
            if message[0] in ("call", "method"):
                self.took.append(time.monotonic() - start)
        except Exception as error:
            call.outcome = ("raised", error)
            raise
        call.outcome = ("returned", result)
        return result

    def ask(self, payload: bytes) -> tuple[Any, ...]:
        """Send a request, serve what the worker calls back, and return the reply.

        Raises:
            Fault: If the worker does not reply in time, ends, or says what is no reply.
        """
        if self._busy:
            raise RuntimeError("a function that was passed in called the answer")
        if self.line is None or self.nursery is None:
            raise Crashed("the answer did not survive an earlier call of this check")
        if time.monotonic() > self.shrinking_ends:
            raise StopShrinking
        self._busy = True
        taken = self.allowance.by_the_clock
        try:
            end = min(self.end, self.shrinking_ends)
            return self.line.exchange(payload, self.callbacks, self.allowance, end)
        except TimeoutError:
            overdue = self._overdue(self.line)
            self.end_worker()
            raise overdue from None
        except Closed:
            how = self.nursery.death()
            self.end_worker()
            if how == OUT_OF_ROOM:
                raise OutOfMemory("there was no room for what was passed in") from None
            raise Crashed(f"the answer {how}") from None
        except Garbled as error:
            self.end_worker()
            raise ProtocolBroken(f"the answer's process sent {error}") from None
        except BaseException:  # from a function that was passed in
            self.end_worker()
            raise
        finally:
            self._busy = False
            self.budget.by_the_clock += self.allowance.by_the_clock - taken

    def _overdue(self, line: Conversation) -> BaseException:
        """Return what to say of an answer whose time is up, while it still runs."""
        if self.shrinking_ends < math.inf:  # what failed already is its verdict
            return StopShrinking()
        if time.monotonic() >= self.end or self.budget.is_over():
            return TimedOut("the time for the whole exercise was over")
        if self.allowance.is_starved:
            return TimedOut(starved(self.allowance))
        trace = hanging_line(line.worker.where(), self.filename)
        printed = line.worker.printed_bytes()
        return TimedOut(late(self.took, self.allowance.seconds, printed), trace)
