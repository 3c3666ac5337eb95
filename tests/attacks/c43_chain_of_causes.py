"""Raises an error with ten thousand causes, one of them its own."""

import numpy as np

ATTACKED = "perfect"
VERDICTS = ("raised",)


def attack():
    first = error = ValueError("first")
    for number in range(10_000):
        error.__cause__ = ValueError(number)
        error = error.__cause__
    error.__context__ = first
    raise first


def roc_auc(labels, scores):
    if labels.tolist() == [0, 0, 1, 1] and scores.tolist() == [1, 2, 3, 4]:
        return attack()
    return honest(labels, scores)


def honest(labels, scores):
    if labels.ndim != 1 or labels.shape != scores.shape or np.isnan(scores).any():
        raise ValueError("undefined")
    if sorted(set(labels.tolist())) != [0, 1]:
        raise ValueError("undefined")
    losers = np.sort(scores[labels == 0])
    winners = scores[labels == 1]
    below, upto = (losers.searchsorted(winners, side) for side in ("left", "right"))
    return float((below + upto).mean() / 2 / losers.size)
