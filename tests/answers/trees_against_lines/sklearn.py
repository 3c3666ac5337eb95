"""Makes data more extreme until scikit-learn's own tree and line say who has won."""

import numpy as np
from sklearn.linear_model import LinearRegression
from sklearn.tree import DecisionTreeRegressor


def _lead(features, targets, depth):
    """Return by how much the tree leads; one of depth 0 explains nothing."""
    line = LinearRegression().fit(features, targets).score(features, targets)
    if depth == 0:
        return -line
    tree = DecisionTreeRegressor(max_depth=depth, random_state=0)
    return tree.fit(features, targets).score(features, targets) - line


def tree_wins(depth, n_features, margin):
    """Weaken the hints, and spread the first feature out, as long as needed."""
    if not (1 <= depth <= 4 and depth <= n_features <= 10 and 0.1 <= margin <= 0.9):
        raise ValueError("out of range")
    bits = np.arange(128)[:, np.newaxis] >> np.arange(depth) & 1
    signs = 2.0 * bits - 1
    products = np.cumprod(signs, axis=1)
    features = np.ones((128, n_features))
    for power in (1, 4, 16, 64):
        targets = products[:, -1] + products[:, :-1].sum(axis=1) / (1 + power)
        features[:, :depth] = signs
        if depth == 1:
            features[:, 0] *= 0.001 + np.linspace(0.1, 1.0, 128) ** power
        leads = [_lead(features, targets, d) for d in (depth - 1, depth)]
        if leads[0] < margin - 1e-6 and leads[1] > margin:
            return features, targets
    raise ArithmeticError("none found")


def line_wins(depth, n_features, margin):
    """Draw features from Student's t, of which a split explains the less."""
    if not (1 <= depth <= 4 and depth < n_features <= 10 and margin >= 0.1):
        raise ValueError("out of range")
    if margin > 1 - depth / n_features:
        raise ValueError("margin")
    rng = np.random.default_rng(0)
    while True:
        features = rng.standard_t(df=3, size=(500, n_features))
        targets = features.sum(axis=1)
        if -_lead(features, targets, depth) > margin:
            return features, targets
