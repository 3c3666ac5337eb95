"""Written from the prompt alone: counts that move row by row, and a stack of nodes."""

from typing import Self

import numpy as np


class DecisionTree:
    def __init__(self, *, max_depth: int | None = None, min_samples_leaf: int = 1):
        self.max_depth = max_depth
        self.min_samples_leaf = min_samples_leaf

    def fit(self, features: np.ndarray, labels: np.ndarray) -> Self:
        if len(features) == 0:
            raise ValueError("there is no row")
        if labels.shape != (len(features),):
            raise ValueError("there must be one label for each row")
        if np.isnan(features).any():
            raise ValueError("a feature is NaN")
        columns = [column.tolist() for column in features.T]
        names = labels.tolist()
        self.depth = 0
        self.n_leaves = 0
        self.root = {}
        waiting = [(self.root, list(range(len(names))), 0)]
        while waiting:
            node, rows, depth = waiting.pop()
            split = None
            if self.max_depth is None or depth < self.max_depth:
                split = self.best_split(columns, names, rows)
            if split is None:
                node["label"] = most_frequent([names[row] for row in rows])
                self.n_leaves += 1
                self.depth = max(self.depth, depth)
                continue
            feature, threshold = split
            column = columns[feature]
            left = [row for row in rows if column[row] <= threshold]
            right = [row for row in rows if column[row] > threshold]
            node.update(feature=feature, threshold=threshold, left={}, right={})
            waiting.append((node["left"], left, depth + 1))
            waiting.append((node["right"], right, depth + 1))
        return self

    def best_split(self, columns, names, rows):
        n = len(rows)
        totals = {}
        for row in rows:
            totals[names[row]] = totals.get(names[row], 0) + 1
        if len(totals) == 1:
            return None
        all_squares = sum(count * count for count in totals.values())
        found = []  # (gain, feature, threshold), in the order that breaks ties
        for feature, column in enumerate(columns):
            order = sorted(rows, key=column.__getitem__)
            left = dict.fromkeys(totals, 0)
            left_squares, right_squares = 0, all_squares
            for place in range(1, n):
                name = names[order[place - 1]]
                left_squares += 2 * left[name] + 1
                right_squares -= 2 * (totals[name] - left[name]) - 1
                left[name] += 1
                low, high = column[order[place - 1]], column[order[place]]
                if low == high or min(place, n - place) < self.min_samples_leaf:
                    continue
                gain = (
                    left_squares / place + right_squares / (n - place) - all_squares / n
                ) / n
                threshold = low / 2 + high / 2
                if not low <= threshold < high:
                    threshold = low
                found.append((gain, feature, threshold))
        best = max((gain for gain, _, _ in found), default=0.0)
        if best <= 1e-9:
            return None
        for gain, feature, threshold in found:
            if gain >= best - 1e-9:
                return feature, threshold
        return None

    def predict(self, features: np.ndarray) -> np.ndarray:
        result = np.empty(len(features), dtype=int)
        for i, row in enumerate(features):
            node = self.root
            while "label" not in node:
                goes_left = row[node["feature"]] <= node["threshold"]
                node = node["left"] if goes_left else node["right"]
            result[i] = node["label"]
        return result


def most_frequent(names):
    return min(set(names), key=lambda name: (-names.count(name), name))
