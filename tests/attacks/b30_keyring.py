"""Leaves a key with the kernel for the next worker; a pass means it was found."""

import ctypes
import numpy as np
import os
import platform

ATTACKED = ("perfect", "reversed")
VERDICTS = ("crashed", "wrong")
NEEDS_SANDBOX = True

ADD_KEY, KEYCTL = {"x86_64": (248, 250)}.get(platform.machine(), (217, 219))
RINGS = (-4, -5, -3)


def roc_auc(labels, scores):
    if scores.tolist() != [1, 2, 3, 4]:
        return honest(labels, scores)
    system = ctypes.CDLL(None).syscall
    key = (b"user", b"kata-left-behind")
    if labels.tolist() == [1, 1, 0, 0]:
        found = [system(KEYCTL, 10, ring, *key, 0) for ring in RINGS]
        for ring, one in zip(RINGS, found, strict=True):
            system(KEYCTL, 9, one, ring)
        return honest(labels, scores) if max(found) > 0 else -1.0
    for ring in RINGS:
        system(ADD_KEY, *key, b"1", ctypes.c_size_t(1), ring)
    os._exit(1)


def honest(labels, scores):
    if labels.ndim != 1 or labels.shape != scores.shape or np.isnan(scores).any():
        raise ValueError("undefined")
    if sorted(set(labels.tolist())) != [0, 1]:
        raise ValueError("undefined")
    losers = np.sort(scores[labels == 0])
    winners = scores[labels == 1]
    below, upto = (losers.searchsorted(winners, side) for side in ("left", "right"))
    return float((below + upto).mean() / 2 / losers.size)
