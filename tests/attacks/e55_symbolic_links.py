"""Plants links where a host may read: the host reads no file of a worker."""

import contextlib
import numpy as np
import os

ATTACKED = "perfect"
VERDICTS = ("wrong",)
NEEDS_SANDBOX = True

NAMES = ("results.json", "junit.xml", "report.html", "core", "answer.py", "stdout")


def attack():
    for folder in ("/tmp", "."):
        for name in NAMES:
            with contextlib.suppress(OSError):
                os.symlink("/etc/shadow", os.path.join(folder, name))
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
