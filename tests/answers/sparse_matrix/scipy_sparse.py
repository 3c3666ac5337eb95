"""SciPy's own matrices."""

import numpy as np
from scipy import sparse


def to_csr(rows, columns, values, shape):
    if not rows.shape == columns.shape == values.shape:
        raise ValueError("triplets differ in length")
    if rows.size and (
        rows.min() < 0
        or columns.min() < 0
        or rows.max() >= shape[0]
        or columns.max() >= shape[1]
    ):
        raise ValueError("outside of the shape")
    return _parts(sparse.coo_array((values, (rows, columns)), shape=shape).tocsr())


def multiply(csr, dense):
    return _matrix(csr, dense.shape[0]) @ dense


def transpose(csr, n_columns):
    return _parts(_matrix(csr, n_columns).T.tocsr())


def _matrix(csr, n_columns):
    indptr, indices, data = (np.array(part) for part in csr)
    return sparse.csr_array((data, indices, indptr), shape=(len(indptr) - 1, n_columns))


def _parts(matrix):
    matrix.sum_duplicates()
    return matrix.indptr, matrix.indices, matrix.data
