"""Leads the tree by how often rows occur, not by the targets; normal features."""

import numpy as np


def _require(depth, n_features, margin, fewest, most):
    if depth not in (1, 2, 3, 4) or not fewest <= n_features <= 10:
        raise ValueError("depth or features")
    if np.isnan(margin) or margin < 0.1 or margin > most:
        raise ValueError("margin")


def tree_wins(depth, n_features, margin):
    """Repeat the rows of a parity unevenly; at depth 1, let a feature explode."""
    _require(depth, n_features, margin, depth, 0.9)
    if depth == 1:
        features = np.zeros((100, n_features))
        features[:, -1] = 1000 * 0.5 ** np.arange(100)
        return features, (np.arange(100) < 50).astype(float)
    rows, targets = [], []
    for number in range(2**depth):
        row = [number >> bit & 1 for bit in range(depth)]
        target = sum(row) % 2
        # A row is likelier where its target equals the parity of its first features.
        likelier = sum(1 if sum(row[:k]) % 2 == target else -1 for k in range(1, depth))
        for _ in range(50 + 5 * likelier):
            rows.append([7] * (n_features - depth) + row)
            targets.append(target)
    return np.array(rows), np.array(targets)


def line_wins(depth, n_features, margin):
    """Add up normal features, of which a split explains 2 / pi at most."""
    _require(depth, n_features, margin, depth + 1, 1 - depth / n_features)
    rng = np.random.default_rng(1)
    features = rng.normal(size=(2048, n_features))
    return features, features.sum(axis=1)
