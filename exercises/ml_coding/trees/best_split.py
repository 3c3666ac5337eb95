"""Best split of a decision-tree node.

A decision tree that predicts whether a loan is repaid grows by asking, at every
node, whether one feature is at most some threshold. Find the question that sorts
the classes best. NumPy only. Inputs are read-only.

Say first what makes one question better than another; then aim for O(n log n) per
feature for a handful of classes: sort a feature once and never rescan it.
"""

import numpy as np


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
    raise NotImplementedError
