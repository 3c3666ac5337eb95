"""Is right once and wrong ever after."""

import numpy as np

ATTACKED = ("definition", "order", "mirrors")
VERDICTS = ("wrong",)

calls = []


def roc_auc(labels, scores):
    calls.append(labels.size)
    if len(calls) > 1 and labels.size < 100:
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
