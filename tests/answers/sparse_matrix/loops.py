"""Dictionaries of rows, and plain loops over the entries."""

from itertools import pairwise

import numpy as np


def to_csr(rows, columns, values, shape):
    if len(rows) != len(columns) or len(rows) != len(values):
        raise ValueError("triplets differ in length")
    n, d = shape
    table = [{} for _ in range(n)]
    triplets = zip(rows.tolist(), columns.tolist(), values.tolist(), strict=True)
    for row, column, value in triplets:
        if not (0 <= row < n and 0 <= column < d):
            raise ValueError(f"({row}, {column}) is outside of {shape}")
        table[row][column] = table[row].get(column, 0.0) + value
    indptr, indices, data = [0], [], []
    for entries in table:
        for column in sorted(entries):
            indices.append(column)
            data.append(entries[column])
        indptr.append(len(indices))
    return np.array(indptr), np.array(indices, dtype=int), np.array(data, dtype=float)


def multiply(csr, dense):
    indptr, indices, data = (part.tolist() for part in csr)
    table = dense.tolist()
    k = dense.shape[1]
    product = []
    for start, end in pairwise(indptr):
        sums = [0.0] * k
        for at in range(start, end):
            for c, value in enumerate(table[indices[at]]):
                sums[c] += data[at] * value
        product.append(sums)
    return np.array(product, dtype=float).reshape(len(product), k)


def transpose(csr, n_columns):
    indptr, indices, data = (part.tolist() for part in csr)
    table = [[] for _ in range(n_columns)]
    for row in range(len(indptr) - 1):
        for at in range(indptr[row], indptr[row + 1]):
            table[indices[at]].append((row, data[at]))
    flat = [pair for entries in table for pair in entries]
    ends = np.cumsum([0] + [len(entries) for entries in table])
    rows = np.array([row for row, _ in flat], dtype=int)
    return ends, rows, np.array([value for _, value in flat], dtype=float)
