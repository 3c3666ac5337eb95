"""Written from the prompt alone: a dict of cells; transposes by counting sort."""

import numpy as np

Csr = tuple[np.ndarray, np.ndarray, np.ndarray]  # indptr, indices, data


def to_csr(
    rows: np.ndarray, columns: np.ndarray, values: np.ndarray, shape: tuple[int, int]
) -> Csr:
    n, d = shape
    if not len(rows) == len(columns) == len(values):
        raise ValueError("rows, columns and values differ in length")
    cells = {}
    for row, column, value in zip(
        rows.tolist(), columns.tolist(), values.tolist(), strict=True
    ):
        if not 0 <= row < n or not 0 <= column < d:
            raise ValueError("a cell lies outside the matrix")
        cells[row, column] = cells.get((row, column), 0.0) + value
    indptr = [0] * (n + 1)
    indices, data = [], []
    for row, column in sorted(cells):
        indptr[row + 1] += 1
        indices.append(column)
        data.append(cells[row, column])
    for row in range(n):
        indptr[row + 1] += indptr[row]
    return (
        np.array(indptr, dtype=np.int64),
        np.array(indices, dtype=np.int64),
        np.array(data, dtype=float),
    )


def multiply(csr: Csr, dense: np.ndarray) -> np.ndarray:
    indptr, indices, data = csr
    n = len(indptr) - 1
    result = np.zeros((n, dense.shape[1]))
    bounds = indptr.tolist()
    for row in range(n):
        start, stop = bounds[row], bounds[row + 1]
        if start < stop:
            result[row] = data[start:stop] @ dense[indices[start:stop]]
    return result


def transpose(csr: Csr, n_columns: int) -> Csr:
    indptr, indices, data = csr
    bounds, columns, values = indptr.tolist(), indices.tolist(), data.tolist()
    starts = [0] * (n_columns + 1)
    for column in columns:
        starts[column + 1] += 1
    for column in range(n_columns):
        starts[column + 1] += starts[column]
    free = starts[:-1]
    new_indices, new_data = [0] * len(columns), [0.0] * len(columns)
    for row in range(len(bounds) - 1):
        for entry in range(bounds[row], bounds[row + 1]):
            place = free[columns[entry]]
            free[columns[entry]] += 1
            new_indices[place] = row
            new_data[place] = values[entry]
    return (
        np.array(starts, dtype=np.int64),
        np.array(new_indices, dtype=np.int64),
        np.array(new_data, dtype=float),
    )
