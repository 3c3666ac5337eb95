"""Pure Python: hints of several sizes, and some columns of a Hadamard matrix."""

import math

import numpy as np


def _ranges(depth, n_features, margin, fewest, most):
    if not (1 <= depth <= 4 and fewest <= n_features <= 10):
        raise ValueError("depth or features")
    if math.isnan(margin) or not 0.1 <= margin <= most:
        raise ValueError("margin")


def tree_wins(depth, n_features, margin):
    """Turn the sign at each 0, and count the last sign most."""
    _ranges(depth, n_features, margin, depth, 0.9)
    if depth == 1:
        features = [[0.0] * (n_features - 1) + [x] for x in [-3.0] * 30 + [-2.0] * 29]
        features.append([0.0] * (n_features - 1) + [900.0])
        return np.array(features), np.array([5.0] * 30 + [6.0] * 30)
    features, targets = [], []
    for number in range(2**depth):
        row = [number // 2**k % 2 for k in range(depth)]
        target, sign = 0.0, 1
        for k, digit in enumerate(row, start=1):
            sign = sign if digit else -sign
            target += sign * (40.0 if k == depth else 2.0 + k / 4)
        features.append([float(x) for x in row] + [1.0] * (n_features - depth))
        targets.append(target)
    return np.array(features), np.array(targets)


def line_wins(depth, n_features, margin):
    """Take columns of a Hadamard matrix of 512 rows, any few of which are balanced."""
    _ranges(depth, n_features, margin, depth + 1, 1 - depth / n_features)
    # Column c of row r is the parity of the bits that c and r share; these columns
    # were chosen so that no few of them multiply to another.
    columns = [1, 2, 4, 8, 16, 32, 64, 128, 256, 511]
    rows = [
        [1.0 - 2 * ((r & c).bit_count() % 2) for c in columns[-n_features:]]
        for r in range(512)
    ]
    return np.array(rows), np.array([3 - 2 * sum(row) for row in rows])
