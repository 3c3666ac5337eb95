"""Test the softmax.

A softmax is up for review, and you write its test: one that no wrong softmax survives
and every right one passes, however it is written. NumPy only. This is its contract:

    softmax(logits: np.ndarray, *, axis: int = -1) -> np.ndarray

- logits are float64 or float32, of one to three dimensions, none of length 0. Entries
  are finite, of any size, or -inf; along the axis, at least one of them is finite.
- axis is from -ndim to ndim - 1.
- The result is an array with the shape and the dtype of logits. It holds exp(logits)
  over the sum of exp(logits) along the axis, and so 0 for -inf.
- Each entry is within 1e-9 of the exact value of that, and within 1e-5 where logits are
  float32. No more is promised: a tiny entry, for one, may be 0.
- It depends on the arguments alone, and on no call before.

The wrong ones are wrong as people's are: on some input with slices of at most 100
entries, each is off by 1e-6 or more (1e-4 in float32), or in shape or dtype, or raises.

Say first how each line of the contract could be broken unnoticed by a careless test.
"""

import math
from collections.abc import Callable, Iterator
from itertools import combinations_with_replacement

import numpy as np


def check(softmax: Callable[..., np.ndarray]) -> None:
    """Return None if softmax keeps its contract, and raise AssertionError if not.

    It calls softmax at least once and at most 200 times, as the contract allows, and
    with at most 1000 entries at a time, as a right one may be slow. Two runs of check
    make the same calls. np.seterr is left alone, since a right softmax may underflow.

    Args:
        softmax: The function to judge. Its array is read-only. A wrong one may return
            anything, such as a list, None or an array of integers.

    Raises:
        AssertionError: If softmax breaks the contract. What softmax itself raises may
            pass through and says the same. Any other exception is a fault of the check,
            whatever softmax returned.

    Example:
        >>> def right(logits, *, axis=-1):
        ...     weights = np.exp(logits - logits.max(axis, keepdims=True))
        ...     return weights / weights.sum(axis, keepdims=True)
        >>> check(right)

    Source: Claessen and Hughes (2000), doi:10.1145/351240.351266.
    """
    for logits, axis in _cases():
        _require_right(softmax(logits, axis=axis), logits, axis)
        if axis == -1:
            _require_right(softmax(logits), logits, axis)


def _cases() -> Iterator[tuple[np.ndarray, int]]:
    """Yield logits and an axis: each array in both dtypes, and each of its axes."""
    for array in (*_extremes(), *_shapes()):
        for dtype in (np.float64, np.float32):
            for axis in range(-array.ndim, array.ndim):
                yield array.astype(dtype), axis


def _extremes() -> Iterator[np.ndarray]:
    """Yield rows far above and below 0, with ties along columns; then with masks."""
    row = np.arange(1.0, 4.0)
    for size in (1e3, 1e30):  # next to 1e30, log(2) is lost
        rows = size * np.array([row, row, -row])
        yield rows
        # None, one, and two at the start of a row; at the end of a column, likewise.
        yield np.where(np.tri(3, k=-1), -np.inf, rows)


def _shapes() -> Iterator[np.ndarray]:
    """Yield numbers in no order, for one to three axes of length 1 and longer."""
    rng = np.random.default_rng(0)
    yield rng.normal(size=(2, 100))
    for ndim in range(1, 4):
        for shape in combinations_with_replacement((1, 3), ndim):
            yield rng.normal(size=shape)


def _require_right(result: object, logits: np.ndarray, axis: int) -> None:
    assert isinstance(result, np.ndarray), f"no array: {_call(logits, axis)}"
    assert result.shape == logits.shape, f"{result.shape} from {_call(logits, axis)}"
    assert result.dtype == logits.dtype, f"{result.dtype} from {_call(logits, axis)}"
    exact = np.apply_along_axis(_by_definition, axis, logits.astype(float))
    tolerance = 1e-9 if logits.dtype == np.float64 else 1e-5
    # Asks what is near, not what is far: NaN is neither.
    near = abs(result - exact) <= tolerance
    assert near.all(), f"{result!r}, not {exact!r}, from {_call(logits, axis)}"


def _call(logits: np.ndarray, axis: int) -> str:
    return f"softmax({logits!r}, axis={axis})"


def _by_definition(logits: np.ndarray) -> list[float]:
    # A factor common to all weights cancels out; this one makes the largest 1.
    top = max(logits)
    weights = [math.exp(logit - top) for logit in logits]
    total = math.fsum(weights)
    return [weight / total for weight in weights]
