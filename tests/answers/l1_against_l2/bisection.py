"""Bisection on the slope of the loss; waves as columns; copies out of phase."""

import numpy as np


def one_weight(x, y, *, l1, l2):
    def slope(w, side):
        return np.mean((w * x - y) * x) + l1 * side + l2 * w

    if slope(0.0, -1) <= 0 <= slope(0.0, 1):
        return 0.0
    side = 1 if slope(0.0, 1) < 0 else -1
    near, far = 0.0, float(side)
    while slope(far, side) * side < 0:
        far *= 2
    for _ in range(200):
        middle = (near + far) / 2
        if slope(middle, side) * side < 0:
            near = middle
        else:
            far = middle
    return (near + far) / 2


def _waves(n, d):
    at = (np.arange(n)[:, None] + 0.5) / n
    return np.sqrt(2) * np.cos(np.pi * at * np.arange(1, d + 1))


def sparse(n_kept, n_zero, penalty):
    x = _waves(100, n_kept + n_zero)
    truth = np.where(np.arange(n_kept + n_zero) < n_kept, penalty + 1, 0.8 * penalty)
    return x, x @ truth


def grouped(copies, penalty):
    waves = _waves(200, copies + 1)
    x = np.sqrt(0.998) * waves[:, -1:] + np.sqrt(0.002) * waves[:, :-1]
    return x, x[:, 0] * 10.0
