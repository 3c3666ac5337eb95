"""The grading's side of the line: asks an answer's process, believes nothing it says.

`Answer` keeps one candidate's file loaded in a worker. It holds calls to their
deadlines, replaces a worker that failed, and remembers the calls of the current
example for the feedback.
"""

from __future__ import annotations

import contextlib
import dataclasses
import math
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from graders.harness.answer import sandbox
from graders.harness.answer.callbacks import Guests
from graders.harness.answer.errors import (
    CouldNotLoad,
    Crashed,
    Fault,
    Forbidden,
    NotStarted,
    OutOfMemory,
    ProtocolBroken,
    StopShrinking,
    TimedOut,
    answers_error,
)
from graders.harness.answer.proxy import Remote, Submission
from graders.harness.catalog.exercise import ROOT, Entry
from graders.harness.catalog.stubs import is_untouched
from graders.harness.worker.wire import Closed, Garbled, Reference, decode, encode

SHRINKING = 3.0  # seconds
MAX_SOURCE = 2**20  # bytes
MAX_TEXT = 200_000  # bytes; a long book chapter
NO_ROOM = "exit code 71"  # what the worker ends with when a message does not fit
MAX_LOG = 20_000  # calls of one example

# What a worker may say, and the types of what goes with it.
_REPLIES: dict[str, tuple[type, ...]] = {
    "return": (object,),
    "raise": (int, tuple, str, bool, str),
    "unsendable": (str,),
    "forbidden": (str,),
    "callback": (int, tuple, dict),
}


Outcome = tuple[str, Any]  # ("returned", value), ("raised", error) or, yet, ("", None)


@dataclasses.dataclass
class Call:
    """One request as it was sent, and what became of it."""

    payload: bytes
    outcome: Outcome = ("", None)


class Answer:
    """One candidate's file, in a worker that is replaced when it fails.

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
        self.worker: sandbox.Worker | None = None
        self.end = math.inf  # of the exercise, by time.monotonic
        self.names: frozenset[str] = frozenset()
        self.methods: set[tuple[str, str]] = set()  # of its classes, that were used
        self.load_error: CouldNotLoad | None = None
        self.unavailable: sandbox.Unavailable | None = None
        self.keep = False
        self._number = 0
        self._busy = False
        self._kept: str | None = None
        self._last_words = ""
        self._loaded = False
        self._megabytes: int | None = None
        self._limited = False
        self.begin_check(math.inf)

    # The life of a check.

    def begin_check(self, seconds: float) -> None:
        """Forget the check before, and set the deadline of this one."""
        self.deadline = time.monotonic() + seconds
        self.shrinking_ends = math.inf
        self.guests = Guests()
        self.begin_example()

    def begin_example(self) -> None:
        """Start a record of calls, for the feedback."""
        self.log: list[Call] = []
        self._last_words = ""
        if self.worker:
            self.worker.forget_printed()

    def example_failed(self) -> None:
        """Give the search for a smaller failing input its last seconds."""
        end = time.monotonic() + SHRINKING
        self.shrinking_ends = min(self.shrinking_ends, end)

    def start(self) -> None:
        """Let a worker start while something else is done."""
        self.worker = self.worker or sandbox.start(self.wish)

    def fresh(self, megabytes: int | None = None) -> Any:
        """Return what stands for the answer's module, to be executed at its first use.

        Args:
            megabytes: What it may allocate.
        """
        self._loaded = False
        self._megabytes = megabytes
        return Submission(self)

    def load(self) -> None:
        """Execute the answer afresh, if that was not done in this check.

        Raises:
            CouldNotLoad: If it cannot be executed; judged once.
        """
        if self._loaded:
            return
        if self.untouched:
            raise NotStarted("the file is as it came")
        if self.load_error:
            raise self.load_error
        if time.monotonic() > self.end:
            raise TimedOut("the time for the whole exercise was over")
        if self._limited:  # for good, so that no answer can lift the limit
            self.close()
        self.worker = self._ready_worker()
        self._execute()
        self._limited = self._megabytes is not None
        if self._limited:
            self.request("limit", self._megabytes)
        self._loaded = True
        self.log.clear()

    def _ready_worker(self) -> sandbox.Worker:
        """Return a worker; what failed once to give one is not tried again."""
        if self.unavailable:
            raise self.unavailable
        try:
            worker = sandbox.start_and_wait(self.wish, self.worker)
        except sandbox.Unavailable as error:
            self.unavailable = error
            raise
        self.mode = worker.mode
        if self.wish == "auto" and worker.mode == "process":
            self.wish = "off"
        return worker

    def _execute(self) -> None:
        classes = tuple(name for name, is_class in self.contract.items() if is_class)
        request = ("load", self.source, self.filename, classes, self.forbids)
        try:
            if len(self.source) > MAX_SOURCE:
                raise CouldNotLoad("the file is larger than 1 MB")
            try:
                names = self.request(*request)
            except Fault:
                if not self.names:
                    raise
                # It loaded before: what went wrong was left behind by a check.
                self.close()
                self.worker = self._ready_worker()
                names = self.request(*request)
        except (Exception, Fault) as error:
            self.load_error = _load_error(error)
            raise self.load_error from None
        self.names = frozenset(names)
        self.methods.clear()

    def close(self) -> None:
        """End the worker."""
        if self.worker:
            self.worker.kill()
            self.worker = None

    def peak(self) -> float:
        """Return the most memory that the worker has held, in MB; 0.0 if unknown."""
        return round(self.worker.peak(), 1) if self.worker else 0.0

    def printed(self) -> str:
        """Return what the answer printed in this example."""
        return self.worker.printed() if self.worker else self._last_words

    @contextlib.contextmanager
    def keeping(self, seconds: float) -> Iterator[None]:
        """Let results stay in the worker, and calls take so many seconds in all.

        Raises:
            TimeoutError: If they take longer.
        """
        deadline, self.keep = self.deadline, True
        self.deadline = min(deadline, time.monotonic() + seconds)
        try:
            yield
        except TimedOut:
            if time.monotonic() >= min(deadline, self.end):
                raise
            raise TimeoutError from None
        finally:
            self.keep, self.deadline = False, deadline

    # The conversation.

    def request(self, *message: Any) -> Any:
        """Ask the worker, and return or raise what the answer did."""
        call = Call(encode(message, self.guests.export))
        if len(self.log) < MAX_LOG:
            self.log.append(call)
        # What the worker may keep: a method that was looked up, a value to be fetched.
        looked_up, keep = message[0] == "get", self.keep or message[0] == "deliver"
        self._kept = "method" if looked_up else "" if keep else None
        try:
            result = self.result(self.ask(call.payload))
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
        if self.worker is None:
            raise Crashed("the answer did not survive an earlier call of this check")
        if time.monotonic() > self.shrinking_ends:
            raise StopShrinking
        self._busy = True
        try:
            return self._converse(self.worker, payload)
        except TimeoutError:
            self._lose_worker()
            raise self._overdue() from None
        except Closed:
            how = self.worker.death()
            self._lose_worker()
            if how.endswith(NO_ROOM):
                raise OutOfMemory("there was no room for what was passed in") from None
            raise Crashed(f"the answer {how}") from None
        except Garbled as error:
            self._lose_worker()
            raise ProtocolBroken(f"the answer's process sent {error}") from None
        except BaseException:  # from a function that was passed in
            self._lose_worker()
            raise
        finally:
            self._busy = False

    def _converse(self, worker: sandbox.Worker, payload: bytes) -> tuple[Any, ...]:
        deadline = min(self.deadline, self.end, self.shrinking_ends)
        self._number += 1
        worker.channel.send(self._number, payload, deadline)
        while True:
            number, data = worker.channel.receive(deadline)
            if number != self._number:
                raise Garbled("a reply that nobody asked for")
            kind, *content = self._message(data)
            if kind != "callback":
                return kind, *content
            worker.channel.send(self._number, self.guests.call(*content), deadline)

    def _message(self, data: bytearray) -> tuple[Any, ...]:
        """Return a message of the worker's, of a kind and shape that it may send."""
        message = decode(data, self._resolve)
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

    def _resolve(self, reference: Reference) -> Remote:
        """Return what stands for what a worker may keep: nothing else is believed."""
        if reference.kind == "object":
            fits = self.contract.get(reference.name, False)
        else:
            fits = reference.kind == "kept" and reference.name == self._kept
        if not fits:
            raise Garbled("a reference to what nobody asked it to keep")
        return Remote(self, reference)

    def result(self, reply: tuple[Any, ...]) -> Any:
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
        if 0 < token <= len(self.guests.thrown):
            raise self.guests.thrown[token - 1]
        raise answers_error(names, message, wrote, trace)

    def _lose_worker(self) -> None:
        """End a worker that failed; the next check starts another."""
        if self.worker:
            self._last_words = self.worker.printed()
        self.close()

    def _overdue(self) -> BaseException:
        now = time.monotonic()
        if now >= self.shrinking_ends:
            return StopShrinking()
        if now >= self.end:
            return TimedOut("the time for the whole exercise was over")
        return TimedOut("the answer had not come back when the time was over")


class TextAnswer(Answer):
    """A text, which needs no worker: nothing of it is run."""

    def start(self) -> None:
        """Say that nothing had to be isolated."""
        self.mode = "none needed"

    def fresh(self, megabytes: int | None = None) -> Any:
        """Return what holds the text."""
        return Text(self)

    def load(self) -> None:
        """See that the file holds a text to be judged.

        Raises:
            CouldNotLoad: If it is no text, or none that a person would write.
        """
        if self.untouched:
            raise NotStarted("the file is as it came")
        if len(self.source) > MAX_TEXT:
            raise CouldNotLoad(f"the file is larger than {MAX_TEXT // 1000} kB")
        try:
            self.source.decode("utf-8")
        except UnicodeDecodeError as error:
            raise CouldNotLoad(f"the file is not UTF-8: {error}") from None


class Text:
    """Stands for an answer that is a text."""

    def __init__(self, answer: TextAnswer) -> None:
        self._answer = answer

    @property
    def text(self) -> str:
        """The text, its lines ended as Python ends them."""
        self._answer.load()
        text = self._answer.source.decode("utf-8-sig")
        return text.replace("\r\n", "\n").replace("\r", "\n")


def answer_to(entry: Entry, file: Path, wish: str = "auto") -> Answer:
    """Return the answer to an exercise that a file holds."""
    answer = (TextAnswer if entry.is_text else Answer)(
        b"",
        shown_path(file),
        contract=entry.contract,
        forbids=entry.sheet.forbids,
        wish=wish,
    )
    take(entry, read(file), answer)
    return answer


def take(entry: Entry, source: bytes, answer: Answer) -> None:
    """Let an answer be what a file held."""
    answer.source = source
    answer.untouched = is_untouched(entry, source)


def shown_path(file: Path) -> str:
    """Return the path that tracebacks show: relative, inside the repository."""
    path = file.resolve()
    return str(path.relative_to(ROOT) if path.is_relative_to(ROOT) else path)


def _are_names(names: tuple[Any, ...]) -> bool:
    """Return whether a tuple holds the names of a class and those above it."""
    return bool(names) and all(type(n) is str and len(n) < 1000 for n in names)


def read(file: Path) -> bytes:
    """Return a candidate's file, or enough of it to see that it is too large."""
    with file.open("rb") as opened:
        return opened.read(MAX_SOURCE + 1)


def _load_error(error: BaseException) -> CouldNotLoad:
    """Return why a file could not be executed, in one line, from what stopped it."""
    trace = getattr(error, "trace", "")
    if isinstance(error, TimedOut):
        return CouldNotLoad("it had not finished loading when the time was over")
    shown = getattr(error, "shown", "") or str(error)
    if shown.startswith("ModuleNotFoundError"):
        shown += "; an answer may import NumPy and the standard library"
    return CouldNotLoad(shown, trace)
