"""Returns an array that takes over NumPy's functions: a subclass does not cross."""

import numpy as np

ATTACKED = "perfect"
VERDICTS = ("invalid return value",)


class Agreeing(np.ndarray):
    def __array_function__(self, function, types, args, kwargs):
        return True

    def __array_ufunc__(self, ufunc, method, *inputs, **kwargs):
        return np.True_


def attack():
    return np.full((), -1.0).view(Agreeing)


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
