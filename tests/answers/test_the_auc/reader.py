"""Written from the prompt alone: nasty scores, drawn labels, two readings."""

from bisect import bisect_left, bisect_right
from collections.abc import Callable

import numpy as np

DTYPES = (np.int64, np.int8, np.uint8, np.float64, np.bool_)


def _share(labels: list[int], scores: list[float]) -> float:
    negatives = sorted(s for y, s in zip(labels, scores, strict=True) if y == 0)
    positives = [s for y, s in zip(labels, scores, strict=True) if y == 1]
    doubled = sum(
        bisect_left(negatives, s) + bisect_right(negatives, s) for s in positives
    )
    return doubled / (2 * len(positives) * len(negatives))


def _arrays(labels: list[int], scores: list[float], dtype: type) -> list[np.ndarray]:
    arrays = [np.array(labels, dtype=dtype), np.array(scores, dtype=np.float64)]
    for array in arrays:
        array.flags.writeable = False
    return arrays


def _same(roc_auc: Callable, labels: list[int], scores: list[float], dtype: type):
    expected = _share(labels, scores)
    got = roc_auc(*_arrays(labels, scores, dtype))
    if type(got) not in (float, np.float64):
        raise AssertionError(f"returned a {type(got).__name__}, not a float")
    if not abs(float(got) - expected) <= 1e-9:
        raise AssertionError(f"{labels}, {scores}: {float(got)}, not {expected}")


def _raises(roc_auc: Callable, labels: list[int], scores: list[float], dtype: type):
    try:
        roc_auc(*_arrays(labels, scores, dtype))
    except ValueError:
        return
    raise AssertionError(f"no ValueError for {labels}")


def check(roc_auc: Callable[[np.ndarray, np.ndarray], float]) -> None:
    rng = np.random.default_rng(2013)
    inf, most, least = np.inf, np.finfo(float).max, 5e-324

    # All there is with two rows, and one class alone, short and long: 6 + 20 calls.
    for labels in ([0, 1], [1, 0]):
        for scores in ([0.2, 0.7], [0.7, 0.2], [0.4, 0.4]):
            _same(roc_auc, labels, scores, np.int64)
    for dtype in DTYPES:
        for label in (0, 1):
            _raises(roc_auc, [label] * 2, [0.3, 0.6], dtype)
            _raises(roc_auc, [label] * 40, rng.random(40).tolist(), dtype)

    levels = [
        [0.0, 1.0],
        [0.0, -0.0, least, -least],
        [1.0, np.nextafter(1.0, 2), np.nextafter(1.0, 0)],
        [1e300, np.nextafter(1e300, inf), -1e300],
        [inf, most, 1.0, -most, -inf],
        [inf, -inf],
        [inf, 0.5],
        [-inf, 0.5],
        [1e9, 1e9 + 1e-6, 1e9 - 1e-6],
        [-3.0, -2.0, -1.0, 0.0, 1.0, 2.0, 3.0],
        [7.0],
        (np.arange(5) * 1e-12).tolist(),
        (0.5 + np.arange(5) * 1e-8).tolist(),
    ]
    # 13 levels by 3 sizes by 3 dtypes: 117 calls.
    turn = 0
    for values in levels:
        for size in (5, 31, 100):
            for _ in range(3):
                labels = rng.integers(0, 2, size)
                labels[rng.permutation(size)[:2]] = 0, 1
                scores = rng.choice(values, size)
                _same(roc_auc, labels.tolist(), scores.tolist(), DTYPES[turn % 5])
                turn += 1

    # No ties, in order or not, one positive or one negative; each twice: 50 calls.
    for dtype in DTYPES:
        scores = rng.normal(0, 100, 100)
        rows = [
            (rng.permutation(100) < 50, scores),
            (rng.permutation(100) < 1, np.sort(scores)),
            (rng.permutation(100) < 99, np.sort(scores)[::-1]),
            (np.arange(100) < 50, np.sort(scores)),
            (np.arange(100) < 50, np.sort(scores)[::-1]),
        ]
        for _ in range(2):
            for labels, values in rows:
                _same(roc_auc, labels.astype(int).tolist(), values.tolist(), dtype)
