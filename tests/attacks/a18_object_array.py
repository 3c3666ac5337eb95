"""Returns an array of objects that equal everything: no object dtype crosses."""

import numpy as np

ATTACKED = "perfect"
VERDICTS = ("invalid return value",)


class AlwaysEqual:
    __hash__ = object.__hash__

    def __getattr__(self, name):
        return AlwaysEqual()

    def yes(self, *args):
        return True

    def same(self, *args):
        return self

    __eq__ = __ne__ = __lt__ = __le__ = __gt__ = __ge__ = __bool__ = yes
    __sub__ = __rsub__ = __add__ = __radd__ = __mul__ = __rmul__ = __abs__ = same


def attack():
    array = np.empty((), dtype=object)
    array[()] = AlwaysEqual()
    return array


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
