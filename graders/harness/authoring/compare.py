"""The one way to judge a value that an answer returned.

Every other comparison lets something through: `np.array([]) == pytest.approx(0.875)`
is True, NaN slips past `not error > tolerance`, and (n, 1) broadcasts against (n,).
Here type, kind, shape and the places of what is not finite come before the tolerance.
"""

from __future__ import annotations

import contextlib
import math
from collections.abc import Collection, Iterable, Iterator
from typing import Any

import numpy as np

from graders.harness.answer.errors import Wrong

RTOL = 1e-7
ATOL = 1e-9


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


@contextlib.contextmanager
def requiring(sentence: str) -> Iterator[None]:
    """Tell what fails inside as a matter of this sentence, not of the check's.

    For what several checks demand before they judge what their sentence says, such as
    the form of data. It decorates a function, or stands in a `with`.
    """
    try:
        yield
    except AssertionError as error:
        if not getattr(error, "required", ""):
            error.required = sentence  # type: ignore[attr-defined]
        raise


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
    if type(actual) is not np.ndarray:
        raise Wrong(f"expected an array, got {kind_of(actual)}")
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
    if not fits(actual, 0.0):
        raise Wrong(f"expected a number, got {kind_of(actual)}")
    wanted = "a finite number" if (low, high) == (-math.inf, math.inf) else (
        f"a number from {low:.12g} to {high:.12g}"
    )  # fmt: skip
    value = _as_float(actual, wanted)
    if not (math.isfinite(value) and low <= value <= high):
        raise Wrong(f"expected {wanted}, got {value!r}")
    return value


def _check(actual: Any, expected: Any, rtol: float, atol: float, at: str) -> None:
    """Compare two values that stand at a place such as "[1]['loss']" of the whole."""
    _check_type(actual, expected, at)
    match expected:
        case np.ndarray():
            kind = expected.dtype.kind
            _check_kind(actual, _ARRAYS.get(kind, kind), at)
            _check_values(actual, expected, rtol, atol, at)
        case list() | tuple():
            if len(actual) != len(expected):
                raise Wrong(
                    f"expected {len(expected)} items{_at(at)}, got {len(actual)}"
                )
            for i, (a, e) in enumerate(zip(actual, expected, strict=True)):
                _check(a, e, rtol, atol, f"{at}[{i}]")
        case dict():
            if not _same_members(actual, expected):
                wanted = f"the keys {_text(list(expected))}"
                raise Wrong(f"expected {wanted}{_at(at)}, got {_text(list(actual))}")
            for key, value in expected.items():
                _check(actual[key], value, rtol, atol, f"{at}[{_text(key)}]")
        case set() | frozenset():
            if not _same_members(actual, expected):
                raise Wrong(f"expected {_text(expected)}{_at(at)}, got {_text(actual)}")
        case float() | complex() | np.inexact():
            if isinstance(actual, int) and abs(actual) >= 2**63:  # too long for NumPy
                actual = _as_float(actual, f"{_text(expected)}{_at(at)}")
            _check_values(np.asarray(actual), np.asarray(expected), rtol, atol, at)
        case _:
            if actual != expected:
                raise Wrong(f"expected {_text(expected)}{_at(at)}, got {_text(actual)}")


def _same_members(actual: Iterable[Any], expected: Collection[Any]) -> bool:
    """Return whether both hold the same, of the same types: 1 == 1.0 == True."""
    found = {member: member for member in actual}
    try:
        for member in expected:
            _check(found[member], member, 0.0, 0.0, "")
    except (KeyError, Wrong):
        return False
    return len(found) == len(expected)


# The kinds that will do where the one on the left is expected.
_ARRAYS = {"i": "iu", "u": "iu"}
_SCALARS = {"b": "b", "i": "iu", "u": "iu", "f": "fiu", "c": "cfiu", "U": "U"}


def _check_type(actual: Any, expected: Any, at: str) -> None:
    if not fits(actual, expected):
        raise Wrong(f"expected {kind_of(expected)}{_at(at)}, got {kind_of(actual)}")


def fits(actual: Any, expected: Any) -> bool:
    """Return whether a value is of the kind that stands where another is expected."""
    exact = (np.ndarray, list, tuple, dict, set, frozenset, bytes, type(None))
    if isinstance(expected, exact):
        return type(actual) is type(expected)
    wanted = _scalar_kind(expected)
    plain = isinstance(actual, (bool, int, float, complex, str, np.generic))
    return plain and _scalar_kind(actual) in _SCALARS.get(wanted, wanted)


def _scalar_kind(value: Any) -> str:
    """Return the dtype kind of a scalar, with whole numbers of any size as "i"."""
    if isinstance(value, int) and not isinstance(value, bool):
        return "i"
    return np.asarray(value).dtype.kind


def _check_kind(actual: np.ndarray, kinds: str, at: str) -> None:
    names = {"b": "booleans", "i": "integers", "u": "integers", "f": "floats",
             "c": "complex numbers", "U": "strings"}  # fmt: skip
    if actual.dtype.kind not in kinds:
        wanted = f"an array of {names[kinds[0]]}"
        raise Wrong(f"expected {wanted}{_at(at)}, got {actual.dtype}")


def _check_values(
    actual: np.ndarray, expected: np.ndarray, rtol: float, atol: float, at: str
) -> None:
    if actual.shape != expected.shape:
        raise Wrong(f"expected shape {expected.shape}{_at(at)}, got {actual.shape}")
    if expected.dtype.kind in "fc":
        off = ~_close(actual, expected, rtol, atol)
    else:
        off = actual != expected
    if np.any(off):
        place = _place(off)
        where = _at(at + (str(list(place)) if place else ""))
        wanted, got = _item(expected, place), _item(actual, place)
        raise Wrong(f"expected {wanted}{where}, got {got}")


def _close(
    actual: np.ndarray, expected: np.ndarray, rtol: float, atol: float
) -> np.ndarray:
    """Return where two arrays agree: in NaN and infinities, else within tolerance."""
    # At least double precision, so that the tolerance itself does not underflow.
    kind = np.result_type(actual, expected, np.float64)
    actual, expected = actual.astype(kind), expected.astype(kind)
    with np.errstate(invalid="ignore", over="ignore"):
        # The factor goes inside: a complex number may be finite, its size infinite.
        near = np.abs(actual - expected) <= atol + np.abs(rtol * expected)
    finite = np.isfinite(actual) & np.isfinite(expected)
    same = _same(actual.real, expected.real) & _same(actual.imag, expected.imag)
    return np.asarray(np.where(finite, near, same))


def _same(actual: np.ndarray, expected: np.ndarray) -> np.ndarray:
    both_nan = np.isnan(actual) & np.isnan(expected)
    return np.asarray((actual == expected) | both_nan)


def _place(off: np.ndarray) -> tuple[int, ...]:
    """Return where the first True stands."""
    return tuple(int(i) for i in np.argwhere(off)[0])


def _first(array: np.ndarray, off: np.ndarray) -> str:
    place = _place(off)
    return _item(array, place) + (_at(str(list(place))) if place else "")


def _item(array: np.ndarray, place: tuple[int, ...]) -> str:
    item = array[place]
    return repr(str(item)) if array.dtype.kind == "U" else str(item)


def _at(place: str) -> str:
    return f" at {place}" if place else ""


def _as_float(value: Any, wanted: str) -> float:
    """Return a real number as a float, if it is not too large to be one."""
    try:
        return float(value)
    except OverflowError:
        raise Wrong(f"expected {wanted}, got {_text(value)}") from None


def kind_of(value: Any) -> str:
    """Return what a value is, in words, with the value where it is short."""
    if type(value) is np.ndarray:
        return f"an array of shape {value.shape} and dtype {value.dtype}"
    if value is None:
        return "None"
    name = type(value).__name__
    try:
        text = f"{name} {value!r}"
    except ValueError:
        return name
    return text if len(text) < 60 else name


def _text(value: Any) -> str:
    """Return a value as text; Python refuses that of integers past 4,300 digits."""
    try:
        return repr(value)
    except ValueError:
        if isinstance(value, int):
            return f"an integer of {value.bit_length():,} bits"
        return f"a {type(value).__name__} with an integer too long to show"
