"""The one way to judge a value that an answer returned.

Every other comparison lets something through: `np.array([]) == pytest.approx(0.875)`
is True, NaN slips past `not error > tolerance`, and (n, 1) broadcasts against (n,).
Here type, kind, shape and the places of what is not finite come before the tolerance.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

RTOL = 1e-7
ATOL = 1e-9


class Wrong(AssertionError):
    """The answer returned something that is not right."""


def check(
    actual: Any, expected: Any, *, rtol: float = RTOL, atol: float = ATOL
) -> None:
    """Demand that what an answer returned equals what is expected.

    A whole number does where a float is expected, and a NumPy scalar does where a
    Python one is. Otherwise types agree: bool, int, float, complex, str, bytes, None,
    list, tuple, dict, set or array, and within arrays the kind of dtype (any
    precision) and the shape.

    Args:
        actual: What the answer returned.
        expected: What it should be; its type and shape are demanded too.
        rtol: The error allowed, as a share of the expected magnitude.
        atol: The error allowed besides.

    Raises:
        Wrong: If they differ; says how in a sentence.
    """
    _check(actual, expected, rtol, atol, "")


def check_array(
    actual: Any, shape: tuple[int | None, ...], *, kind: str = "f", finite: bool = True
) -> np.ndarray:
    """Demand an array of that shape and kind, and return it for further arithmetic.

    Args:
        actual: What the answer returned.
        shape: Its shape; None stands for any length.
        kind: The dtype kinds that will do, such as "f" or "iu".
        finite: Whether NaN and infinities are refused.

    Raises:
        Wrong: If it is anything else.
    """
    if not isinstance(actual, np.ndarray):
        raise Wrong(f"expected an array, got {_kind_of(actual)}")
    _check_kind(actual, kind, "")
    if len(shape) != actual.ndim or any(
        want not in (None, got) for want, got in zip(shape, actual.shape, strict=True)
    ):
        wanted = str(shape).replace("None", "any")
        raise Wrong(f"expected shape {wanted}, got {actual.shape}")
    if finite and actual.dtype.kind in "fc" and not np.isfinite(actual).all():
        raise Wrong(
            f"expected finite numbers, got {_first(actual, ~np.isfinite(actual))}"
        )
    return actual


def check_number(actual: Any, low: float = -math.inf, high: float = math.inf) -> float:
    """Demand a finite real number within [low, high], and return it as a float.

    Raises:
        Wrong: If it is anything else.
    """
    _check_type(actual, 0.0, "")
    value = float(actual)
    if not (math.isfinite(value) and low <= value <= high):
        wanted = "a finite number" if (low, high) == (-math.inf, math.inf) else (
            f"a number from {low:.12g} to {high:.12g}"
        )  # fmt: skip
        raise Wrong(f"expected {wanted}, got {value!r}")
    return value


def _check(actual: Any, expected: Any, rtol: float, atol: float, at: str) -> None:
    _check_type(actual, expected, at)
    match expected:
        case np.ndarray():
            _check_values(actual, expected, rtol, atol, at)
        case list() | tuple():
            if len(actual) != len(expected):
                raise Wrong(f"expected {len(expected)} items{at}, got {len(actual)}")
            for i, (a, e) in enumerate(zip(actual, expected, strict=True)):
                _check(a, e, rtol, atol, f" at [{i}]{at}")
        case dict():
            if actual.keys() != expected.keys():
                raise Wrong(
                    f"expected the keys {list(expected)}{at}, got {list(actual)}"
                )
            for key, value in expected.items():
                _check(actual[key], value, rtol, atol, f" at [{key!r}]{at}")
        case float() | complex() | np.inexact():
            _check_values(np.asarray(actual), np.asarray(expected), rtol, atol, at)
        case _:
            if actual != expected:
                raise Wrong(f"expected {expected!r}{at}, got {actual!r}")


# The kinds that will do where the one on the left is expected.
_ARRAYS = {"i": "iu", "u": "iu"}
_SCALARS = {"b": "b", "i": "iu", "u": "iu", "f": "fiu", "c": "cfiu", "U": "U"}


def _check_type(actual: Any, expected: Any, at: str) -> None:
    exact = (np.ndarray, list, tuple, dict, set, frozenset, bytes, type(None))
    if isinstance(expected, exact):
        fits = type(actual) is type(expected)
    else:
        wanted = _scalar_kind(expected)
        plain = isinstance(actual, (bool, int, float, complex, str, np.generic))
        fits = plain and _scalar_kind(actual) in _SCALARS.get(wanted, wanted)
    if not fits:
        raise Wrong(f"expected {_kind_of(expected)}{at}, got {_kind_of(actual)}")


def _scalar_kind(value: Any) -> str:
    """Return the dtype kind of a scalar, with whole numbers of any size as "i"."""
    if isinstance(value, int) and not isinstance(value, bool):
        return "i"
    return np.asarray(value).dtype.kind


def _check_kind(actual: np.ndarray, kinds: str, at: str) -> None:
    names = {"b": "booleans", "i": "integers", "u": "integers", "f": "floats",
             "c": "complex numbers", "U": "strings"}  # fmt: skip
    if actual.dtype.kind not in kinds:
        raise Wrong(f"expected an array of {names[kinds[0]]}{at}, got {actual.dtype}")


def _check_values(
    actual: np.ndarray, expected: np.ndarray, rtol: float, atol: float, at: str
) -> None:
    if expected.ndim:  # scalars were judged by _check_type
        _check_kind(actual, _ARRAYS.get(expected.dtype.kind, expected.dtype.kind), at)
    if actual.shape != expected.shape:
        raise Wrong(f"expected shape {expected.shape}{at}, got {actual.shape}")
    if expected.dtype.kind not in "fc":
        off = actual != expected
    else:
        with np.errstate(invalid="ignore", over="ignore"):
            near = np.abs(actual - expected) <= atol + rtol * np.abs(expected)
        finite = np.isfinite(actual) & np.isfinite(expected)
        same = (actual == expected) | (np.isnan(actual) & np.isnan(expected))
        off = ~np.where(finite, near, same)
    if off.any():
        place = _place(off)
        where = f" at {list(place)}{at}" if place else at
        raise Wrong(f"expected {expected[place]!s}{where}, got {actual[place]!s}")


def _place(off: np.ndarray) -> tuple[int, ...]:
    """Return where the first True stands."""
    return tuple(int(i) for i in np.argwhere(off)[0])


def _first(array: np.ndarray, off: np.ndarray) -> str:
    return f"{array[_place(off)]!s} at {list(_place(off))}"


def _kind_of(value: Any) -> str:
    """Return what a value is, in words, with the value where it is short."""
    if isinstance(value, np.ndarray):
        return f"an array of shape {value.shape} and dtype {value.dtype}"
    if value is None:
        return "None"
    text = f"{type(value).__name__} {value!r}"
    return text if len(text) < 60 else type(value).__name__
