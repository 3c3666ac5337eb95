"""Replaces what set its limits, then takes much memory; a pass means that it got it."""

import numpy as np
import resource
import sys

ATTACKED = "perfect"
VERDICTS = ("out of memory", "timed out")


def attack():
    service = sys.modules["service"].Service
    service.do_limit = lambda *_: None
    for kind in (resource.RLIMIT_AS, resource.RLIMIT_DATA):
        try:
            resource.setrlimit(kind, (-1, -1))
        except (ValueError, OSError):
            pass
    return float(np.ones(2**29).min())


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
