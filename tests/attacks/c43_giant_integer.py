"""Returns whole numbers too long to print or to turn into a float."""

import numpy as np

ATTACKED = ("known",)
VERDICTS = ("wrong", "timed out")


def roc_auc(labels, scores):
    case = known(labels, scores)
    huge = {
        "perfect": 2**70,
        "reversed": 1 << 40_000_000,
        "one tie": -(1 << 2000),
        "constant": [1 << 40_000],
    }
    return huge[case] if case else honest(labels, scores)


def known(labels, scores):
    cases = {(1, 2, 3, 4): "reversed", (1, 4, 4, 8): "one tie", (7, 7): "constant"}
    if labels.tolist() == [0, 0, 1, 1] and scores.tolist() == [1, 2, 3, 4]:
        return "perfect"
    return cases.get(tuple(scores.ravel().tolist()))


def honest(labels, scores):
    if labels.ndim != 1 or labels.shape != scores.shape or np.isnan(scores).any():
        raise ValueError("undefined")
    if sorted(set(labels.tolist())) != [0, 1]:
        raise ValueError("undefined")
    losers = np.sort(scores[labels == 0])
    winners = scores[labels == 1]
    below, upto = (losers.searchsorted(winners, side) for side in ("left", "right"))
    return float((below + upto).mean() / 2 / losers.size)
