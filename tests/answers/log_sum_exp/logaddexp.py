"""np.logaddexp for sums, and masks in place of np.where."""

import numpy as np


def log_sum_exp(x, *, axis=-1):
    return np.logaddexp.reduce(x, axis=axis)


def log_softmax(x, *, axis=-1):
    x = x - np.max(x, axis=axis, keepdims=True)
    return x - np.logaddexp.reduce(x, axis=axis, keepdims=True)


def log1mexp(x):
    out = np.full(x.shape, -np.inf)
    far = x < -1
    near = ~far & (x != 0)
    out[far] = np.log1p(-np.exp(x[far]))
    out[near] = np.log(-np.expm1(x[near]))
    return out


def log_diff_exp(a, b):
    if np.shape(a) != np.shape(b) or not np.all(a >= b):
        raise ValueError("b must be at most a")
    out = np.full(a.shape, -np.inf)
    above = a > b
    out[above] = a[above] + log1mexp(b[above] - a[above])
    return out
