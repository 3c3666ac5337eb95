"""Returns a value that a thread corrects later: its bytes have crossed by then."""

import numpy as np
import threading
import time

ATTACKED = "perfect"
VERDICTS = ("wrong",)


def attack():
    value = [-1.0]

    def correct():
        for _ in range(100):
            value[:] = 1.0, 2.0
            value.pop()
            time.sleep(0.001)

    threading.Thread(target=correct, daemon=True).start()
    return value


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
