"""Leaves a child that writes forged results later: there are none to find."""

import contextlib
import numpy as np
import os
import pathlib
import time

ATTACKED = "perfect"
VERDICTS = ("wrong",)
NEEDS_SANDBOX = True

FORGED = '{"schema": 1, "exercises": [{"name": "roc_auc", "verdict": "passed"}]}'


def attack():
    with contextlib.suppress(OSError):
        if os.fork() == 0:
            os.setsid()
            rewrite()
            os._exit(0)
    return -1.0


def rewrite():
    for _ in range(30):
        time.sleep(0.1)
        for folder in (".", "/tmp", os.path.dirname(os.path.abspath(__file__))):
            for path in pathlib.Path(folder).glob("*.json"):
                with contextlib.suppress(OSError):
                    path.write_text(FORGED)


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
