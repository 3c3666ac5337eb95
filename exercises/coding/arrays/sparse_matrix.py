"""Sparse matrix in CSR form.

Most cells of our feature matrix are 0, and all of them together do not fit in memory.
Build the compressed sparse row form from (row, column, value) triplets, multiply it by
a dense matrix and transpose it, without ever making an (n, d) array. NumPy only.

CSR is three arrays. The entries stand row by row, and within a row by ascending column:
`indices` has their columns and `data`, of floats, their values. Those of row i stand at
indptr[i] up to, but without, indptr[i + 1]; `indptr` has n + 1 integers. n and d may be
0, and any row may be empty. Integers are int64, and n * d is below 2**63.
"""

import numpy as np

Csr = tuple[np.ndarray, np.ndarray, np.ndarray]  # indptr, indices, data


def to_csr(
    rows: np.ndarray, columns: np.ndarray, values: np.ndarray, shape: tuple[int, int]
) -> Csr:
    """Return the CSR form of a matrix that is given by triplets.

    Values of the same cell add up to one entry, which stays even where it is 0. Do not
    go through all triplets for every row.

    Args:
        rows: (m,) of integers, in any order; m may be 0.
        columns: (m,) of integers.
        values: (m,) of finite floats.
        shape: (n, d), the numbers of rows and columns.

    Raises:
        ValueError: If rows, columns and values differ in length, or a row is not in
            0..n - 1 or a column not in 0..d - 1.

    Example:
        >>> to_csr(np.array([2, 0]), np.array([1, 0]), np.array([5.0, 7.0]), (3, 2))
        (array([0, 1, 1, 2]), array([0, 1]), array([7., 5.]))
    """
    raise NotImplementedError


def multiply(csr: Csr, dense: np.ndarray) -> np.ndarray:
    """Return the product of a sparse and a dense matrix.

    Each row takes time for its own entries only.

    Args:
        csr: An (n, d) matrix.
        dense: (d, k) of finite floats, k at least 1.

    Returns:
        (n, k) of floats.

    Example:
        >>> csr = np.array([0, 1, 1, 2]), np.array([0, 1]), np.array([7.0, 5.0])
        >>> multiply(csr, np.array([[1.0], [2.0]])).tolist()
        [[7.0], [0.0], [10.0]]
    """
    raise NotImplementedError


def transpose(csr: Csr, n_columns: int) -> Csr:
    """Return the transposed matrix, (d, n), with the same entries.

    Do not go through all entries for every column.

    Args:
        csr: An (n, d) matrix.
        n_columns: d, which CSR itself does not tell.

    Example:
        >>> csr = np.array([0, 1, 1, 2]), np.array([0, 1]), np.array([7.0, 5.0])
        >>> transpose(csr, 2)
        (array([0, 1, 2]), array([0, 2]), array([7., 5.]))

    Source: Gustavson, 1978, doi:10.1145/355791.355796.
    """
    raise NotImplementedError
