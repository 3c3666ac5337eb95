"""Lets forty children spin while the reference is timed; a pass means that it may."""

import numpy as np
import os
import time

ATTACKED = "perfect"
VERDICTS = ("raised",)
NEEDS_SANDBOX = True


def attack():
    for _ in range(40):
        if os.fork() == 0:
            end = time.monotonic() + 3
            while time.monotonic() < end:
                pass
            os._exit(0)
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
