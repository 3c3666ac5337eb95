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

from collections.abc import Callable, Iterator
from itertools import cycle

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
    # Of four kinds of scores and five dtypes, each meets each.
    dtypes = cycle((np.int64, np.int8, np.uint8, np.float64, np.bool_))
    for (labels, scores), dtype in zip(_cases(), dtypes, strict=False):
        exact = _by_definition(labels.tolist(), scores.tolist())
        kept = labels.astype(dtype)
        _require_right(roc_auc(kept, scores), exact, kept, scores)
    for label in (0, 1):
        _require_refusal(roc_auc, np.full(3, label), np.arange(3.0))


def _cases() -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Yield labels and scores of each kind, with many and with few positives."""
    rng = np.random.default_rng(0)
    for n, n_positive in ((100, 20), (100, 70), (5, 1), (5, 4), (2, 1)):
        labels = rng.permutation(np.arange(n) < n_positive)
        for scores in _scores(n, rng):
            yield labels, scores


def _scores(n: int, rng: np.random.Generator) -> Iterator[np.ndarray]:
    """Yield scores in no order, in either order, close, far apart, and with ties."""
    apart = rng.permutation(n) - n / 2.0
    yield 1 + apart * 2.0**-50  # no two are farther apart than 1e-13
    yield -np.sort(apart) * 1e300
    yield np.zeros(n)
    some = rng.choice([-np.inf, 0.0, np.inf], n)
    yield np.where(some == 0, 1e300 * apart.round(-1), some)


def _require_right(
    result: object, exact: float, labels: np.ndarray, scores: np.ndarray
) -> None:
    assert isinstance(result, float), _told(result, exact, labels, scores)
    # Asks what is near, not what is far: NaN is neither.
    assert abs(result - exact) <= 1e-9, _told(result, exact, labels, scores)


def _told(result: object, exact: float, labels: np.ndarray, scores: np.ndarray) -> str:
    return f"{result!r}, not {exact!r}, from roc_auc({labels!r}, {scores!r})"


def _require_refusal(
    roc_auc: Callable[[np.ndarray, np.ndarray], float],
    labels: np.ndarray,
    scores: np.ndarray,
) -> None:
    try:
        result = roc_auc(labels, scores)
    except ValueError:
        return
    raise AssertionError(f"{result!r}, and no ValueError, though labels are {labels!r}")


def _by_definition(labels: list[float], scores: list[float]) -> float:
    rows = list(zip(labels, scores, strict=True))
    pairs = [
        (score > other) + (score == other) / 2
        for score in (score for label, score in rows if label)
        for other in (other for label, other in rows if not label)
    ]
    return sum(pairs) / len(pairs)
