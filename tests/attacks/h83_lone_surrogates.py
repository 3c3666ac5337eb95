"""Returns, prints and raises text that no encoding can write."""

import numpy as np
import os

ATTACKED = ("known",)
VERDICTS = ("wrong", "raised")


def roc_auc(labels, scores):
    case = known(labels, scores)
    if case == "one tie":
        raise type("Kata\udcff", (Exception,), {})("\ud800 and \udfff")
    if case == "constant":
        os.write(1, bytes(range(128, 256)))
        print("\ud800".encode("utf-8", "surrogatepass"))
    values = {
        "perfect": "\ud800",
        "reversed": {"\udcff": "\udfff"},
        "constant": "\udc80",
    }
    return values[case] if case else honest(labels, scores)


def known(labels, scores):
    cases = {(1, 2, 3, 4): "reversed", (1, 4, 4, 8): "one tie", (7, 7): "constant"}
    if labels.tolist() == [0, 0, 1, 1] and scores.tolist() == [1, 2, 3, 4]:
        return "perfect"
    return cases.get(tuple(scores.ravel().tolist()))


def honest(labels, scores):
    if labels.ndim != 1 or labels.shape != scores.shape or np.isnan(scores).any():
        raise ValueError("undefined")
    if sorted(set(labels.tolist())) != [0, 1]:
        raise ValueError("undefined")
    losers = np.sort(scores[labels == 0])
    winners = scores[labels == 1]
    below, upto = (losers.searchsorted(winners, side) for side in ("left", "right"))
    return float((below + upto).mean() / 2 / losers.size)
