"""Takes almost all the time of each check: the exercise has a limit of its own."""

import numpy as np
import time

ATTACKED = "some check"
VERDICTS = ("timed out", "wrong")
SLOW = True

slept = []


def roc_auc(labels, scores):
    if not slept:
        slept.append(True)
        time.sleep(9)
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
