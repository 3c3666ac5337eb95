"""Uses one known area and laws: pairs add up, and steps of the scores do not matter."""

import itertools

import numpy as np


def check(roc_auc):
    """Assert that areas of many rows are means of areas of two, and those are known."""
    for low, high in itertools.pairwise(
        [-np.inf, -1e200, -3.0, 0.0, 1.0, 1.0 + 2.0**-52, 7.0, 700.0, 1e201, np.inf]
    ):
        _expect(roc_auc, [0, 1], [low, high], 1.0)
        _expect(roc_auc, [0, 1], [high, low], 0.0)
        _expect(roc_auc, [1, 0], [high, high], 0.5)
    values = [-np.inf, -1e200, -3, 0, 1, 1 + 2.0**-52, 7, 700, 1e201, np.inf]
    for copies, positives in [(1, [3]), (1, [0, 9]), (9, [0, 3, 8]), (9, [1] * 7)]:
        for flip in (False, True):
            labels, scores = [], []
            for i in range(copies * len(values)):
                labels.append(int(i < len(positives)) ^ flip)
                scores.append(float(values[(i * 7 + 3) % 10]))
            for i, at in enumerate(positives):
                scores[i] = float(values[at])
            area = _mean_of_pairs(labels, scores)
            for dtype in ("int64", "int8", "uint8", "bool", "float64"):
                _expect(roc_auc, labels, scores, area, dtype)
            order = np.argsort(scores)
            for sign in (1, -1):
                rows = order[::sign]
                _expect(roc_auc, np.array(labels)[rows], np.array(scores)[rows], area)
    half = [1, 0] * 50
    _expect(roc_auc, half, [0.0] * 100, 0.5, "int8")
    _expect(roc_auc, half, [0.0] * 100, 0.5, "uint8")
    for labels in ([0, 0], [1, 1, 1]):
        try:
            roc_auc(np.array(labels), np.linspace(0, 1, len(labels)))
        except ValueError:
            pass
        else:
            raise AssertionError("a class is absent, and it does not say so")


def _mean_of_pairs(labels, scores):
    labels, scores = np.array(labels), np.array(scores)
    wins = [np.mean((s > scores[labels == 0]) + (s == scores[labels == 0]) / 2)
            for s in scores[labels == 1]]  # fmt: skip
    return float(np.mean(wins))


def _expect(roc_auc, labels, scores, area, dtype="int64"):
    result = roc_auc(np.asarray(labels).astype(dtype), np.asarray(scores, float))
    assert type(result) is float or isinstance(result, np.float64), "type"
    assert abs(result - area) < 2e-9, (result, area)
