"""What a grader holds in place of an answer: its module, and objects of its classes.

Calls, attributes and arithmetic go over the line. Equality, order, truth, length and
hash do not: a grader compares plain values only, so that an object which claims to
equal everything is never asked.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NoReturn, Protocol

from graders.harness.answer.errors import CouldNotLoad
from graders.harness.worker.wire import Reference


class Line(Protocol):
    """What the stand-ins need of the conversation with a worker."""

    contract: Mapping[str, bool]
    names: frozenset[str]
    methods: set[tuple[str, str]]
    keep: bool

    def load(self) -> None:
        """Execute the answer afresh, if that was not done in this check."""

    def request(self, *message: Any) -> Any:
        """Ask the worker, and return or raise what the answer did."""


class Submission:
    """Stands for the answer's module, whose functions and classes are called afar."""

    def __init__(self, line: Line) -> None:
        self._line = line

    def __getattr__(self, name: str) -> Callable[..., Any]:
        line = self._line
        if name not in line.contract:
            raise AttributeError(f"the contract has no {name}")
        line.load()
        if name not in line.names:
            raise CouldNotLoad(f"it defines no function or class called {name}")

        def call(*args: Any, **kwargs: Any) -> Any:
            return line.request("call", name, args, kwargs, line.keep)

        return call


class Remote:
    """Stands for an object that stays in the worker."""

    __array_ufunc__ = None  # so that NumPy leaves arithmetic to the object

    def __init__(self, line: Line, reference: Reference) -> None:
        vars(self).update(_line=line, _reference=reference)

    def __repr__(self) -> str:
        return f"<{self._reference.name}>"

    def __getattr__(self, name: str) -> Any:
        line = self._line
        method = self._reference.name, name
        if method not in line.methods:
            value = line.request("get", self, name)
            if not (isinstance(value, Remote) and value._reference.name == "method"):
                return value
            line.methods.add(method)

        def call(*args: Any, **kwargs: Any) -> Any:
            return line.request("method", self, name, args, kwargs, line.keep)

        return call

    def __setattr__(self, name: str, value: Any) -> None:
        self._line.request("set", self, name, value)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Call the object."""
        line = self._line
        return line.request("method", self, "__call__", args, kwargs, line.keep)

    def _refuse(self, *_: Any) -> NoReturn:
        raise TypeError("a grader compares plain values, never objects of an answer")

    __eq__ = __ne__ = __lt__ = __le__ = __gt__ = __ge__ = _refuse
    __hash__ = __bool__ = __len__ = __iter__ = __contains__ = _refuse


def reference_of(remote: Remote) -> Reference:
    """Return the reference that crosses in the place of an object."""
    reference: Reference = vars(remote)["_reference"]
    return reference


def _forward_arithmetic() -> None:
    """Give Remote the arithmetic operators, on either side of them."""

    def forward(name: str, swapped: bool) -> Callable[..., Any]:
        def operate(self: Remote, *others: Any) -> Any:
            operands = (*others, self) if swapped else (self, *others)
            return self._line.request("operate", name, operands)

        return operate

    for name in ("add", "sub", "mul", "truediv", "floordiv", "mod", "pow", "matmul"):
        setattr(Remote, f"__{name}__", forward(name, False))
        setattr(Remote, f"__r{name}__", forward(name, True))
    for name in ("neg", "pos", "abs"):
        setattr(Remote, f"__{name}__", forward(name, False))


_forward_arithmetic()
