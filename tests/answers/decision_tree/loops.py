"""Recursion over plain lists, with running counts along one sorted feature."""

import math

import numpy as np


def _gini(counts, size):
    return 1 - sum((count / size) ** 2 for count in counts.values())


def _count(labels):
    counts = {}
    for label in labels:
        counts[label] = counts.get(label, 0) + 1
    return counts


def _splits(rows, labels, least):
    n, node = len(rows), _count(labels)
    for feature in range(len(rows[0])):
        order = sorted(range(n), key=lambda i: rows[i][feature])
        left, right = {}, dict(node)
        for at in range(n - 1):
            label = labels[order[at]]
            left[label] = left.get(label, 0) + 1
            right[label] -= 1
            low, high = rows[order[at]][feature], rows[order[at + 1]][feature]
            if low == high or at + 1 < least or n - at - 1 < least:
                continue
            children = (at + 1) * _gini(left, at + 1)
            children += (n - at - 1) * _gini(right, n - at - 1)
            yield _gini(node, n) - children / n, feature, (low + high) / 2


class DecisionTree:
    def __init__(self, *, max_depth=None, min_samples_leaf=1):
        self.max_depth = math.inf if max_depth is None else max_depth
        self.least = min_samples_leaf

    def fit(self, features, labels):
        if len(features) == 0 or labels.shape != features.shape[:1]:
            raise ValueError("rows and labels differ")
        rows = features.tolist()
        if any(math.isnan(value) for row in rows for value in row):
            raise ValueError("NaN")
        self.root = self._node(rows, labels.tolist(), 0)
        self.depth, self.n_leaves = self._measure(self.root)
        return self

    def _node(self, rows, labels, depth):
        best = None
        if depth < self.max_depth:
            for split in _splits(rows, labels, self.least):
                if split[0] > 1e-9 and (best is None or split[0] > best[0] + 1e-9):
                    best = split
        if best is None:
            counts = _count(labels)
            most = max(counts.values())
            return {"label": min(y for y in counts if counts[y] == most)}
        _, feature, threshold = best
        sides = {True: ([], []), False: ([], [])}
        for row, label in zip(rows, labels, strict=True):
            side = sides[row[feature] <= threshold]
            side[0].append(row)
            side[1].append(label)
        return {
            "feature": feature,
            "threshold": threshold,
            True: self._node(*sides[True], depth + 1),
            False: self._node(*sides[False], depth + 1),
        }

    def _measure(self, node):
        if "label" in node:
            return 0, 1
        left, right = self._measure(node[True]), self._measure(node[False])
        return 1 + max(left[0], right[0]), left[1] + right[1]

    def predict(self, features):
        labels = []
        for row in features.tolist():
            node = self.root
            while "label" not in node:
                node = node[row[node["feature"]] <= node["threshold"]]
            labels.append(node["label"])
        return np.array(labels)
