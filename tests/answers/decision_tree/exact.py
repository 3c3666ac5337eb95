"""Gains compared as whole numbers, so that no tolerance is needed; a stack of nodes.

Of a node with n rows, a split with l and r rows is better the larger sum(a**2) / l +
sum(b**2) / r is, a and b the counts of classes.
"""

from fractions import Fraction
from itertools import pairwise

import numpy as np


class _Node:
    def __init__(self, rows, depth):
        self.rows, self.depth, self.children = rows, depth, ()


class DecisionTree:
    def __init__(self, *, max_depth=None, min_samples_leaf=1):
        self._deepest = max_depth
        self._least = min_samples_leaf

    def fit(self, features, labels):
        if features.shape[0] < 1 or labels.ndim != 1 or len(labels) != len(features):
            raise ValueError("no rows, or labels of another length")
        if (features != features).any():
            raise ValueError("NaN is no number")
        self._top = _Node(np.arange(len(labels)), 0)
        stack, leaves = [self._top], []
        while stack:
            node = stack.pop()
            self._divide(node, features, labels)
            stack.extend(node.children)
            if not node.children:
                leaves.append(node)
        self.n_leaves = len(leaves)
        self.depth = max(leaf.depth for leaf in leaves)
        return self

    def _divide(self, node, features, labels):
        mine = labels[node.rows]
        names, codes = np.unique(mine, return_inverse=True)
        counts = np.bincount(codes)
        node.label = int(names[np.flatnonzero(counts == counts.max())[0]])
        if node.depth == self._deepest or len(names) == 1:
            return
        n = len(mine)
        best = Fraction(int((counts**2).sum()), n)
        for feature in range(features.shape[1]):
            column = features[node.rows, feature]
            order = column.argsort(kind="stable")
            left = np.zeros_like(counts)
            for size, (this, following) in enumerate(pairwise(order), 1):
                left[codes[this]] += 1
                if column[this] == column[following]:
                    continue
                if size < self._least or n - size < self._least:
                    continue
                right = counts - left
                score = Fraction(int(left @ left), size)
                score += Fraction(int(right @ right), n - size)
                if score > best:
                    best = score
                    node.feature = feature
                    node.threshold = float(column[this] + column[following]) / 2
                    node.children = (
                        _Node(node.rows[order[:size]], node.depth + 1),
                        _Node(node.rows[order[size:]], node.depth + 1),
                    )

    def predict(self, features):
        found = np.empty(len(features), dtype=np.int64)
        for i, row in enumerate(features):
            node = self._top
            while node.children:
                node = node.children[int(row[node.feature] > node.threshold)]
            found[i] = node.label
        return found
