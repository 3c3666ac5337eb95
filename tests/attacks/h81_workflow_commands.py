"""Prints commands of CI systems: what it prints is never shown raw."""

import numpy as np
import os
import sys

ATTACKED = "perfect"
VERDICTS = ("raised",)

LINES = (
    "::error::kata-injected",
    "::set-output name=verdict::kata-injected",
    "   ::add-mask::kata-injected",
    "##[error]kata-injected",
    "##vso[task.complete result=Succeeded]kata-injected",
    "\r::warning::kata-injected",
)


def attack():
    for text in LINES:
        print(text)
        print(text, file=sys.stderr)
    os.write(1, "\n".join(LINES).encode())
    raise type("Kata\n::error::kata-injected", (Exception,), {})(
        "\n".join(("", *LINES))
    )


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
