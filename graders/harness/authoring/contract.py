"""The first check of every grader: does a function return what the prompt says?

A contract calls a function once, on an ordinary input, and demands type, shape and kind
of what comes back. It runs before every other check, and when it fails nothing else is
judged: whoever returns None is told that, and not the failures that follow from it.
"""

from __future__ import annotations

import dataclasses
import inspect
import math
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pytest

from graders.harness.answer.errors import Wrong
from graders.harness.answer.proxy import Remote, reference_of
from graders.harness.authoring.compare import fits, kind_of

_KINDS = {"f": "floats", "i": "integers", "b": "booleans", "c": "complex numbers",
          "U": "strings", "fiu": "numbers", "biuf": "numbers or booleans"}  # fmt: skip
_DTYPES = {"i": "iu"}  # unsigned integers do where integers are asked for
_SCALARS: dict[Any, tuple[str, Any]] = {
    float: ("a float", 0.0),
    int: ("an int", 0),
    bool: ("a bool", False),
    str: ("a str", ""),
    bytes: ("bytes", b""),
    complex: ("a complex number", 0j),
}
_CONTAINERS: dict[Any, str] = {list: "a list", dict: "a dict", tuple: "a tuple",
                               set: "a set"}  # fmt: skip


@dataclasses.dataclass(frozen=True)
class array:  # noqa: N801 - reads as the value that it stands for
    """Stands in a contract for an array.

    Args:
        shape: Its lengths; None stands for any.
        kind: "f" for floats, "i" for integers, "fiu" for numbers of either kind, "b"
            for booleans, "U" for strings.
        finite: Whether NaN and infinities are refused.
    """

    shape: tuple[int | None, ...]
    kind: str = "f"
    finite: bool = True

    def __init__(
        self, *shape: int | None, kind: str = "f", finite: bool = True
    ) -> None:
        for name, value in (("shape", shape), ("kind", kind), ("finite", finite)):
            object.__setattr__(self, name, value)


def contract(
    function: str,
    call: Mapping[str, Any] | Callable[..., Any],
    *,
    returns: Any,
) -> Callable[..., None]:
    """Return the check that a function returns what the prompt says it does.

    Assign it to a name that begins with `test_contract`.

    Args:
        function: The function's name, or "Class.method".
        call: The arguments of one ordinary call, by name; or a function of the module
            that makes the call and returns what it gave. One of two arguments is given
            the solution too, for the prompt's constants.
        returns: What comes back: a type (float, int, bool, str, list, dict, …), None,
            `array(…)`, the name of a class of the prompt, or a tuple, a list of one
            (of any length) or a dict (of these keys) of such.

    Example:
        test_contract = contract("softmax", {"x": np.ones((2, 3))}, returns=array(2, 3))
    """
    reads_rules = callable(call) and len(inspect.signature(call).parameters) == 2

    @pytest.mark.contract
    def check_contract(submission: Any, request: pytest.FixtureRequest) -> None:
        if not callable(call):
            actual = getattr(submission, function)(**call)
        elif reads_rules:
            actual = call(submission, request.getfixturevalue("reference"))
        else:
            actual = call(submission)
        demand(actual, returns)

    check_contract.__doc__ = f"{function} returns {words(returns).rstrip(',')}."
    marked: Callable[..., None] = check_contract
    return marked


def demand(actual: Any, wanted: Any) -> None:
    """Demand that a value is of the form that a contract names.

    Raises:
        Wrong: If it is not; says what came back and what is asked for.
    """
    if problem := _mismatch(actual, wanted):
        raise Wrong(problem)


def _mismatch(actual: Any, wanted: Any) -> str:
    """Return what is wrong with a value, or nothing."""
    asked = f"; {words(wanted)} is asked for"
    if isinstance(wanted, str):
        named = isinstance(actual, Remote) and reference_of(actual).name
        return "" if named == wanted else f"returned {kind_of(actual)}{asked}"
    if isinstance(wanted, array):
        return _array_mismatch(actual, wanted, asked)
    if wanted is None:
        return "" if actual is None else f"returned {kind_of(actual)}; None is expected"
    if wanted in (float, int, bool, str, bytes, complex):
        if not fits(actual, _SCALARS[wanted][1]):
            return f"returned {kind_of(actual)}{asked}"
        finite = wanted not in (float, complex) or _is_finite(actual)
        return "" if finite else f"returned {kind_of(actual)}; it is not finite"
    if isinstance(wanted, type):
        return "" if type(actual) is wanted else f"returned {kind_of(actual)}{asked}"
    return _container_mismatch(actual, wanted, asked)


def _array_mismatch(actual: Any, wanted: array, asked: str) -> str:
    if type(actual) is not np.ndarray:
        return f"returned {kind_of(actual)}{asked}"
    shape = wanted.shape
    fitting = len(shape) == actual.ndim and all(
        want in (None, got) for want, got in zip(shape, actual.shape, strict=True)
    )
    if not fitting or actual.dtype.kind not in _DTYPES.get(wanted.kind, wanted.kind):
        return f"returned {kind_of(actual)}{asked}"
    if wanted.finite and actual.dtype.kind in "fc" and not np.isfinite(actual).all():
        bad = actual[~np.isfinite(actual)].flat[0]
        return f"returned an array that holds {bad}; finite numbers are asked for"
    return ""


def _container_mismatch(actual: Any, wanted: Any, asked: str) -> str:
    if type(actual) is not type(wanted):
        return f"returned {kind_of(actual)}{asked}"
    if isinstance(wanted, dict):
        if set(actual) != set(wanted):
            return f"returned a dict with the keys {list(actual)!r:.100}{asked}"
        pairs = [(f"[{key!r}]", actual[key], part) for key, part in wanted.items()]
    elif isinstance(wanted, list):
        pairs = [(f"[{i}]", part, wanted[0]) for i, part in enumerate(actual)]
    else:
        if len(actual) != len(wanted):
            return f"returned a tuple of {len(actual)}{asked}"
        parts = enumerate(zip(actual, wanted, strict=True))
        pairs = [(f"[{i}]", part, want) for i, (part, want) in parts]
    for at, part, want in pairs:
        if problem := _mismatch(part, want):
            return f"{at}: {problem}"
    return ""


def _is_finite(value: Any) -> bool:
    try:
        return math.isfinite(abs(value))
    except OverflowError:  # an integer too large to be a float
        return False


def words(wanted: Any) -> str:
    """Return what a contract asks for, in words."""
    match wanted:
        case None:
            return "nothing"
        case str():
            return f"a {wanted}"
        case array():
            kind = _KINDS[wanted.kind]
            shape = str(wanted.shape).replace("None", "any")
            return f"an array of {kind} of shape {shape}"
        case list():
            return f"a list, each of whose items is {words(wanted[0])},"
        case tuple():
            return f"a tuple ({', '.join(map(words, wanted))})"
        case dict():
            pairs = (f"{key!r}: {words(part)}" for key, part in wanted.items())
            return f"a dict {{{', '.join(pairs)}}}"
    return _SCALARS[wanted][0] if wanted in _SCALARS else _CONTAINERS[wanted]
