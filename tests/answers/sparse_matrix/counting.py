"""np.lexsort and counts; np.add.at for the product; one stable sort to transpose."""

import numpy as np


def to_csr(rows, columns, values, shape):
    n, d = shape
    if not len(rows) == len(columns) == len(values):
        raise ValueError("lengths differ")
    if len(rows) and (min(rows.min(), columns.min()) < 0 or rows.max() >= n):
        raise ValueError("a row or column is out of range")
    if len(columns) and columns.max() >= d:
        raise ValueError("a column is out of range")
    order = np.lexsort((columns, rows))
    rows, columns, values = rows[order], columns[order], values[order]
    new = np.ones(len(rows), bool)
    new[1:] = (rows[1:] != rows[:-1]) | (columns[1:] != columns[:-1])
    data = np.zeros(new.sum())
    np.add.at(data, np.cumsum(new) - 1, values)
    indptr = np.zeros(n + 1, np.int32)
    np.cumsum(np.bincount(rows[new], minlength=n), out=indptr[1:])
    return indptr, columns[new], data


def multiply(csr, dense):
    indptr, indices, data = csr
    n = len(indptr) - 1
    product = np.zeros((n, dense.shape[1]))
    rows = np.arange(n).repeat(indptr[1:] - indptr[:-1])
    np.add.at(product, rows, dense[indices] * data.reshape(-1, 1))
    return product


def transpose(csr, n_columns):
    indptr, indices, data = csr
    order = np.argsort(indices, kind="stable")
    rows = np.arange(len(indptr) - 1).repeat(np.diff(indptr))[order]
    counts = np.bincount(indices, minlength=n_columns)
    return np.concatenate([[0], np.cumsum(counts)]), rows, data[order]
