"""One number at a time, with the math module."""

import math

import numpy as np


def _log_total(row):
    top = max(row)
    if top == -math.inf:
        return top
    return top + math.log(math.fsum(math.exp(value - top) for value in row))


def _complement(value):
    if value == 0:
        return -math.inf
    if value > -0.7:
        return math.log(-math.expm1(value))
    return math.log1p(-math.exp(value))


def log_sum_exp(x, *, axis=-1):
    moved = np.moveaxis(x, axis, -1)
    rows = moved.reshape(-1, moved.shape[-1]).tolist()
    return np.array([_log_total(row) for row in rows]).reshape(moved.shape[:-1])


def log_softmax(x, *, axis=-1):
    moved = np.moveaxis(x, axis, -1)
    out = []
    for row in moved.reshape(-1, moved.shape[-1]).tolist():
        top = max(row)
        total = _log_total([value - top for value in row])
        out.append([value - top - total for value in row])
    return np.moveaxis(np.array(out).reshape(moved.shape), -1, axis)


def log1mexp(x):
    return np.array([_complement(v) for v in x.ravel().tolist()]).reshape(x.shape)


def log_diff_exp(a, b):
    if a.shape != b.shape:
        raise ValueError("shapes")
    out = []
    for one, other in zip(a.ravel().tolist(), b.ravel().tolist(), strict=True):
        if other > one:
            raise ValueError(f"{other} is above {one}")
        out.append(-math.inf if one == other else one + _complement(other - one))
    return np.array(out).reshape(a.shape)
