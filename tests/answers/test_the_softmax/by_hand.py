"""Knows a few rows by heart and lays them along every axis, on lists and in loops."""

from math import inf, log

import numpy as np

A, B = log(2), log(3)
ROWS = [  # logits and what they must give
    ([0.0], [1.0]),
    ([-5000.0], [1.0]),
    ([0.0, A, 2 * A], [1 / 7, 2 / 7, 4 / 7]),
    ([B, -B, 0.0, B], [9 / 22, 1 / 22, 3 / 22, 9 / 22]),
    ([-B, 0.0], [1 / 4, 3 / 4]),
    ([777.0, 777.0, 6.0], [0.5, 0.5, 0.0]),
    ([-1e4, -1e4, -1e5], [0.5, 0.5, 0.0]),
    ([600.0, 800.0, 0.0], [0.0, 1.0, 0.0]),
    ([-1e25, 1e25, 1e25], [0.0, 0.5, 0.5]),
    ([-1e25, -1e25], [0.5, 0.5]),
    ([0.0, B], [1 / 4, 3 / 4]),
    ([-inf, A, 0.0], [0.0, 2 / 3, 1 / 3]),
    ([A, -inf, 0.0], [2 / 3, 0.0, 1 / 3]),
    ([0.0, A, -inf], [1 / 3, 2 / 3, 0.0]),
    ([-inf, -7e9, -7e9], [0.0, 0.5, 0.5]),
    ([-inf, -200.0], [0.0, 1.0]),
    ([0.5] * 64, [1 / 64] * 64),
]


def check(softmax):
    """Assert each row alone, then stacks of rows along each axis."""
    for dtype in (np.float64, np.float32):
        for logits, wanted in ROWS:
            _compare(softmax(np.array(logits, dtype)), np.array(wanted), dtype)
    for width in (1, 2, 3):
        chosen = [row for row in ROWS if len(row[0]) == width]
        logits, wanted = (np.array([row[i] for row in chosen]) for i in (0, 1))
        two, three = (
            (logits, wanted),
            [np.stack([a, a[::-1]]) for a in (logits, wanted)],
        )
        for logits, wanted in (two, three):
            last = logits.ndim - 1
            for axis in range(logits.ndim):
                x, p = (np.swapaxes(a, axis, last).copy() for a in (logits, wanted))
                _compare(softmax(x, axis=axis), p, np.float64)
                _compare(softmax(x, axis=axis - x.ndim), p, np.float64)
            _compare(softmax(logits), wanted, np.float64)
    one_row = np.array([[0.0, A, 2 * A]])
    _compare(softmax(one_row), np.array([[1 / 7, 2 / 7, 4 / 7]]), np.float64)


def _compare(result, wanted, dtype):
    assert isinstance(result, np.ndarray)
    assert result.dtype == dtype
    assert list(result.shape) == list(wanted.shape)
    room = 1e-9 if dtype == np.float64 else 1e-5
    for got, want in zip(result.ravel().tolist(), wanted.ravel().tolist(), strict=True):
        if not want - room <= got <= want + room:
            raise AssertionError(f"{got} instead of {want}")
