"""Classification tree, fit and predict.

Grow a tree that tells whether a loan is repaid, and predict with it. NumPy only.
Recursion will do: trees have a few hundred levels at most.
"""

from typing import Self

import numpy as np

_TIE = 1e-9  # gains as close as this are equal but for rounding


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
        self._max_depth = max_depth
        self._min_samples_leaf = min_samples_leaf

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
        if labels.shape != features.shape[:1] or not labels.size:
            raise ValueError(f"rows do not fit: {features.shape}, {labels.shape}")
        if np.isnan(features).any():
            raise ValueError("features contain NaN, which is on neither side")
        self.depth = self.n_leaves = 0
        self._root = self._grow(features, labels, 0)
        return self

    def predict(self, features: np.ndarray) -> np.ndarray:
        """Return (m,) labels, the most frequent ones in the leaves that rows fall into.

        Of equally frequent labels in a leaf the smallest wins.

        Args:
            features: (m, d) of finite floats, m at least 1.
        """
        return np.array([self._label_of(row) for row in features])

    def _grow(self, features: np.ndarray, labels: np.ndarray, depth: int):
        """Return a label, or a tuple of feature, threshold and two children."""
        split = None
        if depth != self._max_depth:
            split = _best_split(features, labels, self._min_samples_leaf)
        if split is None:
            self.n_leaves += 1
            self.depth = max(self.depth, depth)
            names, counts = np.unique(labels, return_counts=True)
            return names[counts.argmax()]
        feature, threshold = split
        left = features[:, feature] <= threshold
        children = (
            self._grow(features[side], labels[side], depth + 1)
            for side in (left, ~left)
        )
        return feature, threshold, *children

    def _label_of(self, row: np.ndarray):
        node = self._root
        while isinstance(node, tuple):
            feature, threshold, left, right = node
            node = left if row[feature] <= threshold else right
        return node


def _best_split(features: np.ndarray, labels: np.ndarray, min_samples_leaf: int):
    """Return the feature and threshold of the best split, or None."""
    order = np.argsort(features, axis=0)  # (n, d)
    values = np.take_along_axis(features, order, axis=0)
    one_hot = labels[:, np.newaxis] == np.unique(labels)  # (n, k)
    counts = one_hot[order].cumsum(axis=0)  # (n, d, k), as far as each row
    left, right = counts[:-1], counts[-1] - counts[:-1]
    children = _impurity_of_rows(left) + _impurity_of_rows(right)
    gains = (_impurity_of_rows(counts[-1]) - children) / len(labels)  # (n - 1, d)

    size = np.arange(1, len(labels))[:, np.newaxis]
    is_large = np.minimum(size, len(labels) - size) >= min_samples_leaf
    gains[~(is_large & (values[:-1] < values[1:]))] = 0.0
    largest = gains.max(initial=0.0)
    if largest <= _TIE:
        return None
    feature, cut = np.argwhere(largest - gains.T <= _TIE)[0]
    return feature, values[cut : cut + 2, feature].mean()


def _impurity_of_rows(counts: np.ndarray) -> np.ndarray:
    """Return the number of rows times their Gini impurity."""
    size = counts.sum(axis=-1)
    return size - np.square(counts).sum(axis=-1) / size
