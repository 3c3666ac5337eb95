"""Kills whatever it can see, inside its own namespace; nobody else is there."""

import contextlib
import numpy as np
import os
import signal

ATTACKED = "perfect"
VERDICTS = ("wrong", "crashed")
NEEDS_SANDBOX = True


def attack():
    if os.getpid() < 10:  # never outside a namespace of its own
        for pid in (-1, 1, os.getppid(), *range(2, 10)):
            if pid not in (0, os.getpid()):
                with contextlib.suppress(OSError):
                    os.kill(pid, signal.SIGKILL)
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
