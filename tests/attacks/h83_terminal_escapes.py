"""Prints escapes that paint a pass: control characters are not shown."""

import numpy as np
import os

ATTACKED = "perfect"
VERDICTS = ("raised",)

SHOW = (
    "\x1b[2J\x1b[H\x1b[32mPASSED\x1b[0m",
    "\x1b]0;kata-injected\x07",
    "\x9b32mPASSED",
    "\b" * 80 + "passed",
    "\rpassed       roc_auc                  15 of 15 checks",
    "\x1bP+q544e\x1b\\",
    "\u202edessap\u202c \u2066passed\u2069",
)


def attack():
    print(*SHOW, sep="\n")
    os.write(2, "\n".join(SHOW).encode() + b"\xff\xfe\x00\x1b[1m")
    raise ValueError("\n".join(SHOW))


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
