"""Returns an object that computes only when it is converted."""

import numpy as np

ATTACKED = "perfect"
VERDICTS = ("invalid return value",)


class Later:
    def __float__(self):
        return 1.0

    def __array__(self, *args, **kwargs):
        return np.array(1.0)

    __eq__ = __le__ = __ge__ = lambda self, other: True
    __hash__ = object.__hash__


def attack():
    return Later()


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
