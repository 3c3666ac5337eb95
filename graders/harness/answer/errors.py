"""What can become of a check, and the exceptions that say so.

A fault is no `Exception`, so that no grader's `pytest.raises` takes it for a refusal
and hypothesis does not spend minutes on shrinking a hang.
"""

from __future__ import annotations

import builtins
from typing import Any

import numpy as np

VERDICTS = (
    "passed",
    "wrong",
    "raised",
    "could not load",
    "timed out",
    "out of memory",
    "crashed",
    "invalid return value",
    "forbidden call",
    "not started",
    "not judged",
    "grader error",
)


UNCHANGED = "it raises NotImplementedError"


class Wrong(AssertionError):
    """The answer returned something that is not right."""

    required = ""  # what it says is required, if not what the check's sentence says


class Fault(BaseException):
    """The answer failed in a way that has a verdict of its own."""

    verdict: str

    def __init__(self, message: str, trace: str = "") -> None:
        super().__init__(message)
        self.trace = trace


class CouldNotLoad(Fault):
    """The answer's file cannot be executed, or lacks what the prompt asks for."""

    verdict = "could not load"


class NotStarted(Fault):
    """The answer is the unchanged stub."""

    verdict = "not started"


class TimedOut(Fault):
    """The answer did not come back before the deadline."""

    verdict = "timed out"


class OutOfMemory(Fault):
    """The answer took more memory than it may."""

    verdict = "out of memory"


class Crashed(Fault):
    """The answer's process ended."""

    verdict = "crashed"


class ProtocolBroken(Fault):
    """The answer returned what cannot cross, or its process spoke out of turn."""

    verdict = "invalid return value"


class Forbidden(Fault):
    """The answer called what the exercise forbids."""

    verdict = "forbidden call"


class Exited(Fault):
    """The answer raised what is no error but an order to stop, such as SystemExit."""

    verdict = "raised"


class StopShrinking(BaseException):
    """Enough time went into making a failing input small; the verdict stands."""


class SeenEnough(BaseException):
    """A property held for as many examples as were asked, and there are more."""


class WroteToInput(Wrong):
    """The answer tried to change an array that was passed in."""

    required = "Leaves the arrays that are passed in unchanged."


class Raised:
    """Marks an exception as the answer's, beside the builtin class it also has."""

    trace = ""
    shown = ""  # class and message, as the answer's process knew them

    def __str__(self) -> str:
        return str(getattr(self, "args", ("",))[0])


# These steer loops, generators and interpreters instead of reporting an error.
_STEERING = ("StopIteration", "StopAsyncIteration", "SystemExit", "KeyboardInterrupt",
             "GeneratorExit", "BaseExceptionGroup", "ExceptionGroup")  # fmt: skip


def answers_error(
    names: tuple[str, ...], message: str, wrote: bool, trace: str
) -> BaseException:
    """Return what stands in a grader for an exception that an answer raised.

    Args:
        names: The names of its class and the classes above it, nearest first.
        message: Its text.
        wrote: Whether NumPy raised it because an array is read-only.
        trace: The part of its traceback that lies in the answer.
    """
    shown = f"{names[0]}: {message}" if message else names[0]
    error: BaseException
    if wrote:
        error = WroteToInput("it wrote to its input, which is read-only")
    elif "MemoryError" in names:
        return OutOfMemory(shown, trace)
    elif "Exception" not in names:
        return Exited(shown, trace)
    else:
        kind = nearest_builtin(names)
        error = type(kind.__name__, (Raised, kind), {})(message)
    vars(error).update(trace=trace, shown=shown)
    return error


def nearest_builtin(names: tuple[str, ...]) -> type[Exception]:
    """Return the first of the named exceptions that is built in, or NumPy's own."""
    for name in names:
        if name == "LinAlgError":
            return np.linalg.LinAlgError
        kind: Any = getattr(builtins, name, None)
        if name in _STEERING or not isinstance(kind, type):
            continue
        if issubclass(kind, Exception) and not issubclass(kind, UnicodeError):
            return kind
        if issubclass(kind, UnicodeError):  # the classes below take five arguments
            return UnicodeError
    return Exception
