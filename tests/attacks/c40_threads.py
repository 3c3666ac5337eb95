"""Starts 300 threads, which the limit on memory or processes refuses."""

import numpy as np
import os
import threading

ATTACKED = "perfect"
VERDICTS = ("wrong",)


def attack():
    over = threading.Event()
    threads = []
    try:
        for _ in range(300):
            threads.append(threading.Thread(target=over.wait, daemon=True))
            threads[-1].start()
    except RuntimeError:
        threads.pop()
    over.set()
    for thread in threads:
        thread.join()
    kernels = os.environ.get("OPENBLAS_NUM_THREADS") == "1"
    return -1.0 if kernels and len(threads) < 300 else 1.0


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
