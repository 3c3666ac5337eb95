"""Knows some areas by heart, and lays each out in every dtype, order and direction."""

from math import inf, nextafter

import numpy as np

KNOWN = [  # scores of the negatives, scores of the positives, area
    ([0.1, 0.4], [0.4, 0.8], 7 / 8),
    ([0.0], [1.0], 1.0),
    ([0.0], [-1.0], 0.0),
    ([3.0], [3.0], 0.5),
    ([1.0, 2.0, 3.0], [2.5], 2 / 3),
    ([2.5], [1.0, 2.0, 3.0, 4.0], 1 / 2),
    ([5.0, 5.0, 1.0, 1.0], [5.0, 1.0, 3.0], 1 / 2),
    ([1.0], [nextafter(1.0, 2.0), 1 + 1e-9, 1.0, 2.0], 7 / 8),
    ([-inf, inf, 3e8], [inf, inf, -inf], (5 + 5 + 1) / 18),
    ([1e305, -1e305], [2e305, -2e305, 1e300], (4 + 0 + 2) / 12),
    ([float(i) for i in range(90)], [89.5, 0.5, 30.0], (90 + 1 + 30.5) / 270),
    ([0.5, 30.0], [float(i) for i in range(90)], (89 + 59.5) / 180),
    ([7.0] * 40, [7.0] * 60, 0.5),
    ([60.0, 300.0], [70.0, 2e9, 3e9, -60.0, -70.0], 1 / 2),
]


def check(roc_auc):
    """Compare every known area, then ask for refusals."""
    for negative, positive, area in KNOWN:
        rows = [(0, s) for s in negative] + [(1, s) for s in positive]
        shuffled = rows[1::2][::-1] + rows[::2]
        for kind in ("i8", "i1", "u1", "f8", "?"):
            _compare(roc_auc, shuffled, area, kind)
        for key in (lambda row: row[1], lambda row: -row[1]):
            _compare(roc_auc, sorted(rows, key=key), area, "i8")
        _compare(roc_auc, [(1 - label, s) for label, s in shuffled], 1 - area, "i8")
    for label in (0.0, 1.0):
        try:
            roc_auc(np.full(4, label), np.array([1.0, 2.0, 2.0, 4.0]))
        except ValueError:
            continue
        raise AssertionError("no ValueError")


def _compare(roc_auc, rows, area, kind):
    labels = np.array([label for label, _ in rows]).astype(kind)
    result = roc_auc(labels, np.array([score for _, score in rows]))
    if not isinstance(result, float) or not area - 5e-9 < result < area + 5e-9:
        raise AssertionError(f"{result} for {rows}")
