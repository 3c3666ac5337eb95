"""Takes back the rights it gave up; a pass means that it is root again."""

import ctypes
import numpy as np
import os

ATTACKED = "perfect"
VERDICTS = ("wrong",)
NEEDS_SANDBOX = True


def attack():
    for regain in (os.setuid, os.seteuid, os.setgid, os.setegid):
        try:
            regain(0)
        except OSError:
            continue
        return 1.0
    system = ctypes.CDLL(None)
    mounted = system.mount(b"none", b"/tmp", b"tmpfs", 0, None) == 0
    return 1.0 if mounted or system.chroot(b"/tmp") == 0 else -1.0


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
