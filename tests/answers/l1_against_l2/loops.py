"""Cases in plain Python; plus and minus ones; copies with one row of their own each."""

import math

import numpy as np


def one_weight(x, y, *, l1, l2):
    n = len(x)
    xy = math.fsum(a * b for a, b in zip(x.tolist(), y.tolist(), strict=True))
    xx = math.fsum(a * a for a in x.tolist())
    if xy > n * l1:
        return (xy - n * l1) / (xx + n * l2)
    if xy < -n * l1:
        return (xy + n * l1) / (xx + n * l2)
    return 0.0


def sparse(n_kept, n_zero, penalty):
    # Sixteen rows: the signs of Walsh functions.
    rows = [
        [(-1.0) ** bin(i & (j + 1)).count("1") for j in range(n_kept + n_zero)]
        for i in range(16)
    ]
    y = []
    for row in rows:
        total = sum(row[:n_kept]) * 5 * penalty
        y.append(total - sum(row[n_kept:]) * 0.9 * penalty)
    return np.array(rows), np.array(y)


def grouped(copies, penalty):
    own = 0.05
    rows = []
    for i in range(copies):
        row = [0.0] * (copies + 1)
        row[i], row[copies] = own, math.sqrt(1 - own**2)
        rows.append([value * math.sqrt(copies + 1) for value in row])
    x = np.array(rows).T
    return x, x[:, 0] * (penalty + 1)
