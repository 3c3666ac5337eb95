"""Breaks NumPy for whoever shares the process: the reference does not."""

import numpy as np

ATTACKED = "perfect"
VERDICTS = ("wrong", "raised", "invalid return value")
OTHERS = ("passed", "wrong", "raised", "invalid return value")


def attack():
    np.sort = np.unique = np.isnan = np.cumsum = np.zeros
    np.random.default_rng = None
    np.ndarray.__doc__, np.float64 = None, str
    return -1.0


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
