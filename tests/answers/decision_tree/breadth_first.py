"""A queue of nodes in flat arrays, thresholds tried by masks; rows descend together."""

from collections import deque

import numpy as np


class DecisionTree:
    def __init__(self, *, max_depth=None, min_samples_leaf=1):
        self.max_depth, self.min_samples_leaf = max_depth, min_samples_leaf

    def fit(self, features, labels):
        if not len(features) or labels.shape != (len(features),):
            raise ValueError(f"{features.shape} {labels.shape}")
        if not np.isfinite(features).all():
            raise ValueError("not finite")
        classes, y = np.unique(labels, return_inverse=True)
        one_hot = np.eye(len(classes))[y]
        self.nodes = []
        self.depth = 0
        queue = deque([(np.arange(len(y)), 0, None)])
        while queue:
            rows, depth, parent = queue.popleft()
            me = len(self.nodes)
            if parent is not None:
                self.nodes[parent[0]][parent[1]] = me
            label = classes[one_hot[rows].sum(axis=0).argmax()]
            self.nodes.append([label, -1, 0.0, me, me])
            self.depth = max(self.depth, depth)
            if self.max_depth is not None and depth >= self.max_depth:
                continue
            split = self._best(features[rows], one_hot[rows])
            if split is not None:
                feature, threshold = split
                self.nodes[me][1:3] = feature, threshold
                left = features[rows, feature] <= threshold
                queue.append((rows[left], depth + 1, (me, 3)))
                queue.append((rows[~left], depth + 1, (me, 4)))
        self.n_leaves = sum(node[1] < 0 for node in self.nodes)
        return self

    def _best(self, x, one_hot):
        node = one_hot.mean(axis=0)
        best, found = 1e-9, None
        for feature in range(x.shape[1]):
            values = np.unique(x[:, feature])
            for threshold in (values[:-1] + values[1:]) / 2:
                left = x[:, feature] <= threshold
                share = left.mean()
                if min(left.sum(), (~left).sum()) < self.min_samples_leaf:
                    continue
                a, b = one_hot[left].mean(axis=0), one_hot[~left].mean(axis=0)
                # What the impurity falls by is the spread of the shares.
                gain = share * (a @ a) + (1 - share) * (b @ b) - node @ node
                if gain > best + (1e-9 if found else 0):
                    best, found = gain, (feature, threshold)
        return found

    def predict(self, features):
        labels, feature, threshold, left, right = (
            np.array(part) for part in zip(*self.nodes, strict=True)
        )
        at = np.zeros(len(features), int)
        rows = np.arange(len(features))
        for _ in range(self.depth):
            goes_left = features[rows, feature[at]] <= threshold[at]
            at = np.where(goes_left, left[at], right[at])
        return labels[at]
