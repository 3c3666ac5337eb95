"""Sends errors whose parts are not what a grader may print or count on."""

import numpy as np
import sys

ATTACKED = ("known",)
VERDICTS = ("raised", "wrong", "invalid return value")


def roc_auc(labels, scores):
    case = known(labels, scores)
    replies = {
        "perfect": ("raise", 0, (1 << 100_000,), "", False, ""),
        "reversed": ("raise", 2**70, (None, ()), "\x1b[2J", False, "\n::error::x"),
        "one tie": ("raise", -1, (), "", True, "x" * 10**6),
        "constant": ("raise", 0, ("ExceptionGroup", "Exception"), "", False, ""),
    }
    if case:
        forge(replies[case])
        raise RuntimeError
    return honest(labels, scores)


def forge(reply):
    frame = sys._getframe()
    while frame := frame.f_back:
        if hasattr(service := frame.f_locals.get("self"), "describe"):

            def describe(error, service=service):
                vars(service).pop("describe", None)
                return reply

            service.describe = describe


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
