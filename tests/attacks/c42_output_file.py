"""Seeks, cuts, locks and seals the file that takes what it prints."""

import contextlib
import fcntl
import numpy as np
import os

ATTACKED = "perfect"
VERDICTS = ("wrong", "crashed", "timed out")


def attack():
    tricks = (
        lambda: os.ftruncate(1, 2**22),
        lambda: os.lseek(1, 2**40, os.SEEK_SET),
        lambda: os.pwrite(1, b"passed", 100),
        lambda: fcntl.flock(1, fcntl.LOCK_EX),
        lambda: fcntl.fcntl(1, fcntl.F_SETFL, os.O_NONBLOCK | os.O_APPEND),
        lambda: fcntl.fcntl(1, fcntl.F_ADD_SEALS, fcntl.F_SEAL_SHRINK),
        lambda: fcntl.fcntl(1, fcntl.F_ADD_SEALS, fcntl.F_SEAL_WRITE),
    )
    for trick in tricks:
        with contextlib.suppress(OSError):
            trick()
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
