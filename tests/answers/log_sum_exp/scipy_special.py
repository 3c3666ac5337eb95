"""SciPy's logsumexp with signs for differences, and its log_softmax."""

import numpy as np
from scipy import special


def log_sum_exp(x, *, axis=-1):
    return special.logsumexp(x, axis=axis)


def log_softmax(x, *, axis=-1):
    return special.log_softmax(x, axis=axis)


def log1mexp(x):
    # Mächler's cut; xlog1py and exprel are special's forms of log1p and expm1.
    with np.errstate(divide="ignore"):
        near = np.log(-x) + np.log(special.exprel(x))
        far = special.xlog1py(1.0, -np.exp(x))
    return np.where(x > -0.6931, near, far)


def log_diff_exp(a, b):
    if a.shape != b.shape or np.any(a < b):
        raise ValueError("a must be at least b")
    gap = np.subtract(b, a, out=np.zeros(a.shape), where=a != b)
    return a + log1mexp(gap)
