"""Classification tree, fit and predict.

Grow a tree that tells whether a loan is repaid, and predict with it. NumPy only.
Recursion will do: trees have a few hundred levels at most.
"""

from typing import Self

import numpy as np


class DecisionTree:
    """Binary tree of questions: a row goes left if a feature is at most a threshold.

    A split gains the Gini impurity of its node, 1 - sum p**2 over the shares p of the
    classes, less the mean impurity of the children, weighted by their rows. Thresholds
    lie midway between neighbouring distinct values of the node's rows. A node takes the
    split that gains most. Gains within 1e-9 of that tie: the lowest feature wins, then
    the lowest threshold.

    After fit, `depth` is how many splits lie on the longest way from the root to a
    leaf, and `n_leaves` how many leaves there are, both integers.

    Example:
        >>> rows, labels = np.array([[1.0], [2.0], [4.0]]), np.array([5, 5, 3])
        >>> DecisionTree().fit(rows, labels).predict(np.array([[3.0], [3.1]]))
        array([5, 3])

    Source: Breiman, Friedman, Olshen and Stone (1984), doi:10.1201/9781315139470.
    """

    def __init__(self, *, max_depth: int | None = None, min_samples_leaf: int = 1):
        """Bound the tree.

        Args:
            max_depth: The most splits from the root to a leaf, 0 or more, or None.
            min_samples_leaf: The fewest rows that a child may have.
        """
        raise NotImplementedError

    def fit(self, features: np.ndarray, labels: np.ndarray) -> Self:
        """Grow the tree, and return it.

        A node is a leaf where no split that the bounds allow gains more than 1e-9.

        Args:
            features: (n, d) of finite floats, d at least 1. No midpoint between two
                of a column overflows, or is rounded to one of the two.
            labels: (n,) of integers, which are mere names: -3 may occur.

        Raises:
            ValueError: If there is no row, labels is not (n,), or a feature is NaN.
        """
        raise NotImplementedError

    def predict(self, features: np.ndarray) -> np.ndarray:
        """Return (m,) labels, the most frequent ones in the leaves that rows fall into.

        Of equally frequent labels in a leaf the smallest wins.

        Args:
            features: (m, d) of finite floats, m at least 1.
        """
        raise NotImplementedError
