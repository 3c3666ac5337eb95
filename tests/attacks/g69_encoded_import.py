"""Hides an import in code that is decoded and executed; a pass means it worked."""

import codecs
import marshal
import numpy as np

ATTACKED = "perfect"
VERDICTS = ("raised",)
NEEDS_SANDBOX = True

SOURCE = codecs.decode("sebz fxyrnea.zrgevpf vzcbeg ebp_nhp_fpber", "rot13")


def attack():
    names = {}
    exec(marshal.loads(marshal.dumps(compile(SOURCE, "<hidden>", "exec"))), names)
    return float(names["roc_auc_score"]([0, 0, 1, 1], [1, 2, 3, 4]))


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
