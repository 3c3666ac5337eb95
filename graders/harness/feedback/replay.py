"""Play the calls of an example again, on the reference or on a classic mistake."""

from __future__ import annotations

import functools
import operator
from collections.abc import Callable
from types import ModuleType
from typing import Any

import numpy as np

from graders.harness.answer.callbacks import Callbacks
from graders.harness.answer.errors import Wrong, nearest_builtin
from graders.harness.answer.proxy import Remote, reference_of
from graders.harness.answer.record import Call, Outcome
from graders.harness.authoring.compare import check
from graders.harness.feedback.text import Code
from graders.harness.worker.generators import generator_of
from graders.harness.worker.wire import Reference, decode


class Replay:
    """Carries out recorded requests on a module of ours, in this process."""

    def __init__(self, module: ModuleType, callbacks: Callbacks) -> None:
        self.module = module
        self.callbacks = callbacks
        self.objects: dict[int, Any] = {}

    def outcome(self, call: Call) -> Outcome:
        """Return what the reference does where the answer did what is recorded."""
        try:
            verb, *arguments = decode(call.payload, self._resolve)
            result = getattr(self, f"_{verb}")(*arguments)
        except Exception as error:  # what it raises is what the answer should raise
            return "raised", error
        _pair(call.outcome[1], result, self.objects)
        return "returned", result

    def _resolve(self, reference: Reference) -> Any:
        if reference.kind == "object":
            return self.objects[reference.number]
        if reference.kind == "generator":
            return generator_of(reference.name)
        held = self.callbacks.held[reference.number - 1]
        return _marking(held) if callable(held) else held

    def _call(self, name: str, args: Any, kwargs: Any, _: bool) -> Any:
        return getattr(self.module, name)(*args, **kwargs)

    def _method(self, target: Any, name: str, args: Any, kwargs: Any, _: bool) -> Any:
        return getattr(target, name)(*args, **kwargs)

    def _get(self, target: Any, name: str) -> Any:
        return getattr(target, name)

    def _set(self, target: Any, name: str, value: Any) -> None:
        setattr(target, name, value)

    def _operate(self, name: str, operands: Any) -> Any:
        return getattr(operator, name)(*operands)


def outcomes(
    module: ModuleType, calls: list[Call], callbacks: Callbacks
) -> list[Outcome]:
    """Return what a module gives for recorded calls, played from the first."""
    replay = Replay(module, callbacks.again())
    return [replay.outcome(call) for call in calls]


def _marking(callback: Callable[..., Any]) -> Callable[..., Any]:
    """Return a callback whose exceptions can be told from those of its caller."""

    @functools.wraps(callback)
    def call(*args: Any, **kwargs: Any) -> Any:
        try:
            return callback(*args, **kwargs)
        except Exception as error:
            vars(error)["by_callback"] = True
            raise

    return call


def is_passed_on(outcome: Outcome) -> bool:
    """Return whether a callback raised what came out, and its caller let it through.

    To raise another exception in its place may be as right, so this one alone is
    never called the expected one.
    """
    return outcome[0] == "raised" and getattr(outcome[1], "by_callback", False)


def called(call: Call) -> str:
    """Return the name of the function or method that a request calls, or ""."""
    verb, *arguments = decode(call.payload, lambda reference: None)
    at = {"call": 0, "method": 1}.get(verb)
    return "" if at is None else str(arguments[at])


def draws(call: Call) -> bool:
    """Return whether a call is given a generator, so that other draws are right too."""
    kinds: set[str] = set()
    decode(call.payload, lambda reference: kinds.add(reference.kind))
    return "generator" in kinds


def same(one: Outcome, other: Outcome) -> bool:
    """Return whether two outcomes agree as far as a grader could tell."""
    if one[0] != other[0]:
        return False
    if one[0] == "raised":
        if is_passed_on(one) or is_passed_on(other):
            return True
        names = tuple(kind.__name__ for kind in type(other[1]).__mro__)
        return isinstance(one[1], nearest_builtin(names))
    return not difference(one[1], other[1])


def difference(value: Any, expected: Any) -> str:
    """Return how a value differs from another, as a grader says it, or nothing."""
    try:
        check(without_objects(value), without_objects(expected))
    except Wrong as error:
        return str(error)
    except Exception as error:  # what cannot be compared is not the same
        return f"expected {type(expected).__name__}: {error}"
    return ""


def without_objects(value: Any) -> Any:
    """Return a value with the name of its class in the place of each object."""
    if isinstance(value, (list, tuple)):
        return type(value)(map(without_objects, value))
    plain = (bool, int, float, complex, str, bytes, dict, set, frozenset, np.ndarray)
    if value is None or isinstance(value, (*plain, np.generic)):
        return value
    if isinstance(value, Remote):
        return Code(f"<{reference_of(value).name}>")
    return Code(f"<{type(value).__name__}>")


def _pair(theirs: Any, ours: Any, objects: dict[int, Any]) -> None:
    """Note which object of ours stands for which of the answer."""
    if isinstance(theirs, Remote):
        objects[reference_of(theirs).number] = ours
    elif type(theirs) is type(ours) and isinstance(ours, (list, tuple)):
        for one, other in zip(theirs, ours, strict=False):
            _pair(one, other, objects)
