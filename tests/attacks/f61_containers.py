"""Returns the right number in a container, or not at all."""

import numpy as np

ATTACKED = ("known",)
VERDICTS = ("wrong",)


def roc_auc(labels, scores):
    case = known(labels, scores)
    values = {
        "perfect": np.array(1.0),
        "reversed": [0.0],
        "one tie": np.array([0.875], ">f2"),
        "constant": None,
    }
    return values[case] if case else honest(labels, scores)


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
