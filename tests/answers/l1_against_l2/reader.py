"""Written from the prompt alone: case by case, cosines, and columns that lean over."""

import math

import numpy as np


def one_weight(x: np.ndarray, y: np.ndarray, *, l1: float, l2: float) -> float:
    n = len(x)
    covariance = sum(float(a) * float(b) for a, b in zip(x, y, strict=True)) / n
    curvature = sum(float(a) ** 2 for a in x) / n + l2
    if covariance > l1:  # the slope just right of 0 is negative
        return (covariance - l1) / curvature
    if covariance < -l1:
        return (covariance + l1) / curvature
    return 0.0


def sparse(n_kept: int, n_zero: int, penalty: float) -> tuple[np.ndarray, np.ndarray]:
    # Cosines of different whole frequencies are orthogonal, so each column is solved
    # like one feature: lasso subtracts the penalty, ridge divides by 1 + penalty.
    n = 32
    columns = []
    y = np.zeros(n)
    for j in range(n_kept + n_zero):
        turns = 2 * math.pi * (j + 1) * np.arange(n) / n
        columns.append(math.sqrt(2) * np.cos(turns))
        y += (penalty + 1 if j < n_kept else penalty / 2) * columns[-1]
    return np.column_stack(columns), y


def grouped(copies: int, penalty: float) -> tuple[np.ndarray, np.ndarray]:
    # Column j leans from the first a little towards an axis of its own. The residual
    # of lasso is penalty times the first column.
    cosine = 0.996
    x = np.zeros((copies, copies))
    for j in range(copies):
        if j == 0:
            x[0, j] = 1
        else:
            x[0, j], x[j, j] = cosine, math.sqrt(1 - cosine**2)
    x *= math.sqrt(copies)
    return x, (penalty + 1) * x[:, 0]
