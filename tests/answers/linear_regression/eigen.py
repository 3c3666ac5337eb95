"""QR of what has full rank; eigenvectors of the rows or columns where it has not."""

import numpy as np


def linear_regression(features, targets, *, intercept=True):
    n, d = features.shape
    if n == 0 or targets.shape != (n,):
        raise ValueError("shapes")
    centre = features.mean(axis=0) if intercept else np.zeros(d)
    level = targets.mean() if intercept else 0.0
    rest, y = features - centre, targets - level
    if n >= d:
        q, r = np.linalg.qr(rest)
        diagonal = np.abs(np.diag(r))
        if diagonal.min() > 1e-12 * diagonal.max() > 0:
            weights = np.linalg.solve(r, q.T @ y)
            return weights, float(level - centre @ weights)
    values, vectors = np.linalg.eigh(rest.T @ rest)
    weights = np.zeros(d)
    for value, vector in zip(values, vectors.T, strict=True):
        if value > 1e-12 * max(values[-1], 1e-300):
            weights += vector * (vector @ (rest.T @ y)) / value
    return weights, float(level - centre @ weights)
