"""Written from the stub alone, by a reader who had seen nothing else."""

import numpy as np


def linear_regression(
    features: np.ndarray, targets: np.ndarray, *, intercept: bool = True
) -> tuple[np.ndarray, float]:
    n, d = features.shape
    if n < 1 or np.shape(targets) != (n,):
        raise ValueError("targets must be (n,)")
    x = np.array(features, dtype=float)
    y = np.array(targets, dtype=float)
    if intercept:
        x -= features[0]
        h = np.ones(n)
        h[0] += np.sqrt(n)
        h /= np.linalg.norm(h)
        x = (x - 2 * np.outer(h, h @ x))[1:]
        y = (y - 2 * h * (h @ y))[1:]
    if len(x) == 0:
        coefficients = np.zeros(d)
    else:
        tolerance = max(n, d) * 2.2e-16
        if len(x) > d:
            q, r = np.linalg.qr(x)
            coefficients = np.linalg.pinv(r, rcond=tolerance) @ (q.T @ y)
        else:
            coefficients = np.linalg.pinv(x, rcond=tolerance) @ y
    if not intercept:
        return (coefficients, 0.0)
    return (coefficients, float(np.mean(targets - features @ coefficients)))
