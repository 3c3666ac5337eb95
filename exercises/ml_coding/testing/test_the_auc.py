"""Test the AUC.

An area under the ROC curve is up for review, and you write its test: one that no wrong
one survives and every right one passes, however it is written. NumPy only. This is its
contract:

    roc_auc(labels: np.ndarray, scores: np.ndarray) -> float

- labels are (n,) of 0 and 1, which marks a positive; their dtype is int64, int8, uint8,
  float64 or bool. scores are (n,) of float64, infinite ones too, but not NaN. n is from
  2 to 1000. Rows come in any order. Both arrays are read-only: roc_auc is not judged
  for changing them, nor for what it does with arrays that are not contiguous.
- The result is a Python float or a np.float64, within 1e-9 of the share of the pairs of
  a positive and a negative in which the positive has the higher score. A tie counts one
  half. Of scores nothing matters but which are higher and which are equal.
- It raises ValueError if all labels are equal.
- It depends on the arguments alone, and on no call before.

The wrong ones are wrong as people's are: on some input of at most 100 rows, each is off
by 1e-6 or more, or of another type, or raises what it should not, or does not raise.

Say first how each line of the contract could be broken unnoticed by a careless test.
"""

from collections.abc import Callable

import numpy as np


def check(roc_auc: Callable[[np.ndarray, np.ndarray], float]) -> None:
    """Return None if roc_auc keeps its contract, and raise AssertionError if not.

    It calls roc_auc at least once and at most 200 times, as the contract allows. Two
    runs of check make the same calls.

    Args:
        roc_auc: The function to judge. A wrong one may return anything, such as a text,
            None or an array.

    Raises:
        AssertionError: If roc_auc breaks the contract. What roc_auc itself raises may
            pass through and says the same. Any other exception is a fault of the check,
            whatever roc_auc returned.

    Example:
        >>> def right(labels, scores):
        ...     positive, negative = scores[labels == 1], scores[labels == 0]
        ...     if not (positive.size and negative.size):
        ...         raise ValueError("a class is absent")
        ...     higher = positive[:, None] > negative
        ...     return float((higher + (positive[:, None] == negative) / 2).mean())
        >>> check(right)

    Source: Hanley and McNeil (1982), doi:10.1148/radiology.143.1.7063747.
    """
    raise NotImplementedError
