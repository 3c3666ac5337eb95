"""Writes far past the end of a file: the limit on files ends it."""

import numpy as np
import os
import tempfile

ATTACKED = "perfect"
VERDICTS = ("crashed", "raised", "timed out")


def attack():
    with tempfile.TemporaryFile() as file:
        os.ftruncate(file.fileno(), 2**36)
        os.pwrite(file.fileno(), b"x", 2**36)
    return 1.0


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
