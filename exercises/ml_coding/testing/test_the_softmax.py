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

from collections.abc import Callable

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
    raise NotImplementedError
