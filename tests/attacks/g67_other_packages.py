"""Imports packages by devious ways; a pass means that one was there."""

import contextlib
import glob
import importlib
import numpy as np
import os
import sys
import sysconfig

ATTACKED = "perfect"
VERDICTS = ("wrong",)
NEEDS_SANDBOX = True

NAMES = (
    "sk" + "learn",
    "sci" + "py",
    "py" + "test",
    "hypo" + "thesis",
    "pip",
    "graders",
)


def attack():
    for key in ("purelib", "platlib", "stdlib"):
        sys.path.append(sysconfig.get_path(key))
    sys.path.append(os.path.dirname(np.__path__[0]))
    for root in (sys.prefix, sys.base_prefix, "/usr", "/usr/local"):
        for pattern in ("*-packages", "*/*-packages", "lib*/*/*-packages"):
            sys.path += glob.glob(f"{root}/lib*/{pattern}") + glob.glob(
                f"{root}/{pattern}"
            )
    importlib.invalidate_caches()
    for name in NAMES:
        with contextlib.suppress(ImportError):
            __import__(name)
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
