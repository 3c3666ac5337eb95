"""Takes all memory, swallows the error and keeps it: the check is lost, no other."""

import numpy as np

ATTACKED = "perfect"
VERDICTS = ("wrong", "out of memory", "crashed", "raised", "timed out")

KEPT = []


def attack():
    for size in (2**24, 2**20, 2**16):
        try:
            while True:
                KEPT.append(np.zeros(size))
        except MemoryError:
            continue
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
