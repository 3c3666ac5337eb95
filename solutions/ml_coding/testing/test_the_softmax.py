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

The wrong ones are wrong as people's are. On some input that is not far-fetched they
are off by 1e-6 or more (1e-4 in float32), or in shape or dtype, or they raise.

Say first how each line of the contract could be broken unnoticed by a careless test.
"""

import math
from collections.abc import Callable, Iterator

import numpy as np


def check(softmax: Callable[..., np.ndarray]) -> None:
    """Return None if softmax keeps its contract, and raise AssertionError if not.

    It calls softmax at most 200 times, only with what the contract allows, and the same
    way every time: a random input comes from a seed that is fixed in here.

    Args:
        softmax: The function to judge. An array that it returns is read-only. A wrong
            one may return anything, such as a list, None or an array of integers.

    Raises:
        AssertionError: If softmax breaks the contract. What softmax itself raises may
            pass through and says the same. Any other exception is a fault of the check,
            whatever softmax returned.

    Example:
        >>> def right(logits, *, axis=-1):
        ...     weights = np.exp(logits - logits.max(axis, keepdims=True))
        ...     return weights / weights.sum(axis, keepdims=True)
        >>> check(right)
        >>> check(lambda logits, *, axis=-1: logits)  # doctest: +ELLIPSIS
        Traceback (most recent call last):
        ...
        AssertionError: ...

    Source: Claessen and Hughes (2000), doi:10.1145/351240.351266, for testing against a
        contract; Goodfellow, Bengio and Courville (2016), section 4.1, for the softmax.
    """
    for logits, axis in _cases():
        _require_right(softmax(logits, axis=axis), logits, axis)
        if axis == -1:
            _require_right(softmax(logits), logits, axis)


def _cases() -> Iterator[tuple[np.ndarray, int]]:
    """Yield logits and an axis: the extremes, then every shape and every axis."""
    for rows in _EXTREMES:
        yield np.array(rows), -1
        yield np.array(rows, dtype=np.float32).T, 0
    rng = np.random.default_rng(0)
    for shape in [(1,), (4,), (1, 3), (2, 5), (2, 3, 4)]:
        for axis in range(-len(shape), len(shape)):
            # Tenths, which float32 cannot hold, in no order and with ties.
            logits = rng.integers(-20, 20, shape) / 10
            yield logits, axis
            yield logits.astype(np.float32), axis


_INF = math.inf
_EXTREMES = (
    [[0.0, 1.0, 1.0], [-0.5, -0.5, -0.5]],  # ties
    [[1000.1, 1000.4, 999.0], [-1000.0, -1000.5, -999.9]],  # over- and underflow
    [[0.0, 600.0, 1000.0], [0.0, 0.5, -3000.0]],  # no place for clipping
    [[1e30, 1e30, -1e30], [-1e30, -1e30, -2e30]],  # next to which log(2) is lost
    [[-_INF, 0.0, 1.0], [2.0, -_INF, 1.0], [0.5, 1.0, -_INF]],  # masks in each place
    [[-_INF, -2e9, -2e9], [-_INF, -_INF, 7.0], [-_INF, -700.0, -699.0]],
)


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
