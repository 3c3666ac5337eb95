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
    so never between equal ones.

    Gains within 1e-9 of the largest one tie with it, whatever rounding says. Of tied
    splits the one with the lowest feature wins, then the one with the lowest
    threshold.

    Args:
        features: (n, d) of finite 64-bit floats, n and d at least 1. No midpoint
            overflows, or rounds to one of its two values.
        labels: (n,) of integers of any width, any number of classes. They are mere
            names: -3 and 10**12 may occur.
        criterion: The impurity of class shares p: "gini" for 1 - sum p**2, "entropy"
            for -sum p log2(p), to which a class without rows adds 0.
        min_samples_leaf: The fewest rows that a child may have, 1 or more.

    Returns:
        (feature, threshold, gain), or None if no allowed split gains more than 1e-9:
        one class, no distinct values, too few rows, or nothing to be learnt.

    Raises:
        ValueError: If labels is not (n,), a feature is NaN, the criterion is neither
            of the two, or min_samples_leaf is less than 1.

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

    largest = gains.max(initial=0.0)
    if largest <= _TIE:
        return None
    feature, cut = np.argwhere(gains >= largest - _TIE)[0]
    threshold = float(values[cut : cut + 2, feature].mean())
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
    return -(share * np.log2(np.where(share > 0, share, 1.0))).sum(axis=-1)


def _require_valid(features, labels, criterion, min_samples_leaf) -> None:
    if labels.shape != features.shape[:1]:
        raise ValueError(f"not (n, d) and (n,): {features.shape}, {labels.shape}")
    if np.isnan(features).any():
        raise ValueError("features contain NaN, which is on neither side")
    if criterion not in ("gini", "entropy"):
        raise ValueError(f"criterion is gini or entropy, not {criterion!r}")
    if min_samples_leaf < 1:
        raise ValueError(f"a child needs a row, got {min_samples_leaf=}")
