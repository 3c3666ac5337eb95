"""Fails slowly, so that the search for a smaller input takes minutes."""

import numpy as np
import time

ATTACKED = ("definition", "order", "mirrors")
VERDICTS = ("wrong",)


def roc_auc(labels, scores):
    if 3 < labels.size < 100 and abs(scores).max() <= 3 and len(set(scores)) > 2:
        time.sleep(0.3)
        return 2.0 + float(scores.sum())
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
