"""What a grader passes in that cannot cross: functions, iterators and generators.

A function or an iterator stays here and is called back over the line, so that the
grader can count; a random generator crosses by its state and seeds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, TypeVar

import numpy as np

from graders.harness.answer.proxy import Remote, reference_of
from graders.harness.worker.generators import state_of
from graders.harness.worker.wire import Garbled, Reference, Unsendable, encode

Function = TypeVar("Function", bound=Callable[..., Any])


def shown(text: str, function: Function) -> Function:
    """Return the function, to be shown to a candidate as `text`.

    Example: `shown("lambda w: 2 * (w - 3)", gradient)`.
    """
    vars(function)["shown"] = text
    return function


class Callbacks:
    """The functions and iterators that were passed to an answer during one check."""

    def __init__(self) -> None:
        self.held: list[Any] = []
        self.delivered: dict[int, list[Any]] = {}
        self.thrown: list[Exception] = []

    def export(self, value: Any) -> Reference:
        """Return what crosses in the place of something that is no plain value.

        Raises:
            Unsendable: If nothing can stand in its place.
        """
        if isinstance(value, Remote):
            return reference_of(value)
        if isinstance(value, np.random.Generator):
            return Reference("generator", 0, state_of(value))
        if not (callable(value) or isinstance(value, Iterator)):
            raise Unsendable(f"a value of type {type(value).__name__}")
        self.held.append(value)
        kind = "function" if callable(value) else "iterator"
        return Reference(kind, len(self.held))

    def call(self, number: int, args: Any, kwargs: Any) -> bytes:
        """Call what the worker asks for, and return the message that answers it."""
        if not 0 < number <= len(self.held):
            raise Garbled("a call of a function that does not exist")
        callback = self.held[number - 1]
        try:
            value = (
                callback(*args, **kwargs) if callable(callback) else self._next(number)
            )
            return encode(("return", value), self.export)
        except Exception as error:
            self.thrown.append(error)
            vars(error)["by_callback"] = True  # whoever called it so is to blame
            names = tuple(kind.__name__ for kind in type(error).__mro__)
            return encode(("raise", len(self.thrown), names, str(error)))

    def _next(self, number: int) -> tuple[Any] | None:
        """Return the next item of an iterator, or None when there is none."""
        for item in self.held[number - 1]:
            self.delivered.setdefault(number, []).append(item)
            return (item,)
        return None

    def again(self) -> Callbacks:
        """Return the same callbacks for a second reading, iterators from their start.

        A function that remembers its calls has an attribute `again`, which gives one
        that remembers none.
        """
        second = Callbacks()
        for number, callback in enumerate(self.held, 1):
            if callable(callback):
                second.held.append(
                    getattr(callback, "again", lambda same=callback: same)()
                )
            else:
                second.held.append(iter(self.delivered.get(number, [])))
        return second
