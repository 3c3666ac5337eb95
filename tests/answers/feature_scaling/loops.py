"""Columns in plain Python; data from clusters and from plus and minus ones."""

import math

import numpy as np


def standardise(train, test):
    if len(train) == 0:
        raise ValueError("no rows")
    if train.shape[1] != test.shape[1]:
        raise ValueError("columns differ")
    out = np.empty(train.shape), np.empty(test.shape)
    for j in range(train.shape[1]):
        column = [float(v) for v in train[:, j]]
        if min(column) == max(column):
            mean, spread = column[0], 1.0
        else:
            mean = math.fsum(column) / len(column)
            spread = math.sqrt(math.fsum((v - mean) ** 2 for v in column) / len(column))
        for table, result in zip((train, test), out, strict=True):
            for i in range(len(table)):
                result[i, j] = (table[i, j] - mean) / spread
    return out


def neighbours_data(n, better):
    x, y = [], []
    for i in range(n):
        pair, side = divmod(i, 2)
        if better == "raw":
            x.append([500.0 * pair, 0.25 * side])
            y.append(pair % 2)
        else:
            # Pairs of unlike rows lie close together in the large column.
            x.append([7.0 * side, 9_000.0 * pair + side])
            y.append(side)
    return np.array(x), np.array(y)


def descent_data(n, d, condition):
    rng = np.random.default_rng(n)
    table = rng.normal(size=(n, d))
    table = table - table.mean(axis=0)
    table = np.linalg.qr(table)[0] * math.sqrt(n)
    table[:, -1] *= math.sqrt(condition) * 1.2
    return table
