"""Reads the expected value from the frames above; a pass means it was there."""

import numpy as np
import sys

ATTACKED = "perfect"
VERDICTS = ("wrong",)

NAMES = {"expected", "reference", "share_of" + "_pairs_won", "EXERCISE", "submission"}


def attack():
    frame = sys._getframe(1)
    while frame := frame.f_back:
        if frame.f_globals is not globals() and (
            NAMES & (set(frame.f_locals) | set(frame.f_globals))
        ):
            return 1.0
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
