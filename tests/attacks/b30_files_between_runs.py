"""Leaves a file behind for the next worker; a pass means that it was found."""

import contextlib
import numpy as np
import os
import pathlib

ATTACKED = ("perfect", "reversed")
VERDICTS = ("crashed", "wrong")
NEEDS_SANDBOX = True

FOLDERS = ("/tmp", "/var/tmp", "/dev/shm", "/run", "/", ".", "/dev/mqueue")


def roc_auc(labels, scores):
    marks = [pathlib.Path(folder, "kata-left-behind") for folder in FOLDERS]
    if scores.tolist() != [1, 2, 3, 4]:
        return honest(labels, scores)
    if labels.tolist() == [1, 1, 0, 0]:
        return honest(labels, scores) if any(m.exists() for m in marks) else -1.0
    for mark in marks:
        with contextlib.suppress(OSError):
            mark.touch()
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
