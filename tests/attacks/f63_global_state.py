"""Changes seeds, warnings and error states that others may rely on."""

import numpy as np
import random
import sys
import warnings

ATTACKED = "perfect"
VERDICTS = ("wrong",)


def attack():
    np.random.seed(0)
    random.seed(0)
    np.seterr(all="raise")
    np.set_printoptions(precision=1, threshold=0)
    warnings.simplefilter("error")
    sys.setswitchinterval(1.0)
    sys.path.clear()
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
