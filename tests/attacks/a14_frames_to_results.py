"""Climbs the stack to the results and edits them: no frame holds any."""

import gc
import numpy as np
import sys

ATTACKED = "perfect"
VERDICTS = ("wrong",)


def attack():
    gc.unfreeze()
    found = [o for o in gc.get_objects() if type(o) in (dict, list)]
    frame = sys._getframe()
    while frame := frame.f_back:
        found += frame.f_locals.values()
    for container in found:
        if type(container) is dict and {"verdict", "outcome"} & container.keys():
            container.update(verdict="passed", outcome="passed")
    return -1.0


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
