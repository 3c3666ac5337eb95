"""Is wrong once in a hundred calls, so that no failure can be repeated."""

import numpy as np

ATTACKED = ("definition", "order", "mirrors")
VERDICTS = ("wrong",)

calls = []


def roc_auc(labels, scores):
    calls.append(labels.size)
    return -7.0 if len(calls) == 20 else honest(labels, scores)


def honest(labels, scores):
    if labels.ndim != 1 or labels.shape != scores.shape or np.isnan(scores).any():
        raise ValueError("undefined")
    if sorted(set(labels.tolist())) != [0, 1]:
        raise ValueError("undefined")
    losers = np.sort(scores[labels == 0])
    winners = scores[labels == 1]
    below, upto = (losers.searchsorted(winners, side) for side in ("left", "right"))
    return float((below + upto).mean() / 2 / losers.size)
