"""Draws rows of every kind, and compares with average ranks."""

import random

import numpy as np

DTYPES = [np.int64, np.uint8, np.int8, np.float64, np.bool_]


def check(roc_auc):
    """Compare with the sum of the positives' ranks on 170 drawn inputs."""
    draw = random.Random(3)
    try:
        for case in range(170):
            assert _agrees(roc_auc, draw, case)
    except AssertionError:
        raise
    except Exception as error:
        raise AssertionError("it raises, or returns what is no number") from error
    for label in (False, True):
        result = None
        try:
            result = roc_auc(np.array([label, label]), np.array([0.0, 1.0]))
        except ValueError:
            continue
        assert result is NotImplemented, "no ValueError"


def _agrees(roc_auc, draw, case):
    n = draw.choice([2, 3, 5, 20, 70, 99])
    share = draw.choice([0.02, 0.3, 0.7, 0.98])
    labels = [int(draw.random() < share) for _ in range(n)]
    labels[0], labels[-1] = 0, 1
    pool = draw.choice(
        [
            [0.25],
            [-2e250, -1e250, 1e250, 2e250, 3e-9],
            [1 + i * 2.0**-51 for i in range(60)],
            [float(i - 30) * 10 for i in range(90)],
            [float("inf"), float("-inf"), 8.0, 900.0, 1e7],
        ]
    )
    scores = [draw.choice(pool) for _ in range(n)]
    if case % 3:
        order = draw.sample(range(n), n)
    else:
        order = sorted(range(n), key=scores.__getitem__, reverse=bool(case % 2))
    labels, scores = ([column[i] for i in order] for column in (labels, scores))
    result = roc_auc(np.array(labels).astype(DTYPES[case % 5]), np.array(scores))
    return (
        type(result) in (float, np.float64)
        and abs(result - _area(labels, scores)) < 4e-9
    )


def _area(labels, scores):
    ordered = sorted(scores)
    total = positives = 0
    for label, score in zip(labels, scores, strict=True):
        if label:
            below = sum(other < score for other in ordered)
            total += below + (ordered.count(score) + 1) / 2
            positives += 1
    negatives = len(labels) - positives
    return (total - positives * (positives + 1) / 2) / (positives * negatives)
