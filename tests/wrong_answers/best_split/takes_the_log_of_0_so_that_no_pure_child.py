"""Best split of a decision-tree node.

A decision tree that predicts whether a loan is repaid grows by asking, at every
node, whether one feature is at most some threshold. Find the question that sorts
the classes best. NumPy only. Inputs are read-only.

Say first what makes one question better than another; then aim for O(n log n) per
feature for a handful of classes: sort a feature once and never rescan it.
"""

import numpy as np

_TIE = 1e-9  # gains as close as this are equal but for rounding


def best_split(
    features: np.ndarray,
    labels: np.ndarray,
    *,
    criterion: str = "gini",
    min_samples_leaf: int = 1,
) -> tuple[int, float, float] | None:
    """Return the split of a node that lowers the impurity of its labels most.

    A split sends the rows with `features[:, feature] <= threshold` to the left child
    and the others to the right one. Its gain is the node's impurity less the mean
    impurity of the children, each weighted by its number of rows.

    A threshold lies midway between two neighbouring distinct values of its feature,
    so never between equal ones. It must part those two: where their midpoint rounds
    to the larger value, the threshold is the smaller one, and the midpoint of huge
    values does not overflow.

    Gains within 1e-9 of the largest one tie with it, whatever rounding says. Of tied
    splits the one with the lowest feature wins, then the one with the lowest
    threshold.

    Args:
        features: (n, d) of finite floats, n and d at least 1.
        labels: (n,) of integers, any number of classes. They are mere names: -3 and
            10**12 may occur.
        criterion: The impurity of class shares p: "gini" for 1 - sum p**2, "entropy"
            for -sum p log2(p), to which a class without rows adds 0.
        min_samples_leaf: The fewest rows that a child may have, 1 or more.

    Returns:
        (feature, threshold, gain), or None if no allowed split gains more than 1e-9:
        one class, no distinct values, too few rows, or nothing to be learnt.

    Raises:
        ValueError: If features is not (n, d) with n, d >= 1, labels is not (n,), a
            feature is NaN or infinite, the criterion is neither of the two, or
            min_samples_leaf is less than 1.

    Example:
        >>> best_split(np.array([[1.0], [2.0], [3.0], [6.0]]), np.array([5, 5, 5, 8]))
        (0, 4.5, 0.375)

    Source: Breiman, Friedman, Olshen and Stone (1984), Classification and Regression
        Trees, chapter 4, doi:10.1201/9781315139470.
    """
    _require_valid(features, labels, criterion, min_samples_leaf)

    order = np.argsort(features, axis=0)  # (n, d)
    values = np.take_along_axis(features, order, axis=0)
    one_hot = labels[:, np.newaxis] == np.unique(labels)  # (n, k)
    impurity = {"gini": _gini, "entropy": _entropy}[criterion]
    gains = np.stack([_gains(one_hot[rows], impurity) for rows in order.T])  # (d, n-1)

    left_size = np.arange(1, len(labels))
    smaller_size = np.minimum(left_size, len(labels) - left_size)
    distinct = (values[:-1] < values[1:]).T  # (d, n-1)
    gains[~(distinct & (smaller_size >= min_samples_leaf))] = 0.0

    largest = np.nanmax(gains, initial=0.0)
    if largest <= _TIE:
        return None
    feature, cut = np.argwhere(gains >= largest - _TIE)[0]
    threshold = _midpoint(*values[cut : cut + 2, feature])
    return int(feature), threshold, float(gains[feature, cut])


def _gains(one_hot: np.ndarray, impurity) -> np.ndarray:
    """Return the gain of a cut after each row but the last, rows in ascending order."""
    left = np.cumsum(one_hot, axis=0)  # (n, k) counts of classes so far
    node = left[-1]
    left = left[:-1]
    right = node - left
    children = sum(side.sum(axis=1) * impurity(side) for side in (left, right))
    return impurity(node) - children / node.sum()


def _gini(counts: np.ndarray) -> np.ndarray:
    share = counts / counts.sum(axis=-1, keepdims=True)
    return 1.0 - np.square(share).sum(axis=-1)


def _entropy(counts: np.ndarray) -> np.ndarray:
    share = counts / counts.sum(axis=-1, keepdims=True)
    # The log of 0 is never taken: an absent class counts as 0 log2(1).
    return -(share * np.log2(share)).sum(axis=-1)


def _midpoint(low: float, high: float) -> float:
    """Return a threshold in [low, high), as near to the middle as floats can be."""
    middle = low / 2 + high / 2  # low + high may overflow
    return float(middle if middle < high else low)


def _require_valid(features, labels, criterion, min_samples_leaf) -> None:
    if features.ndim != 2 or features.size == 0 or labels.shape != features.shape[:1]:
        raise ValueError(f"not (n, d) and (n,): {features.shape}, {labels.shape}")
    if not np.isfinite(features).all():
        raise ValueError("features contain NaN or infinity, which have no midpoint")
    if criterion not in ("gini", "entropy"):
        raise ValueError(f"criterion is gini or entropy, not {criterion!r}")
    if min_samples_leaf < 1:
        raise ValueError(f"a child needs a row, got {min_samples_leaf=}")
