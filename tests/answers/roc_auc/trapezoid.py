"""Draws the ROC curve, one point for each distinct score, and measures under it."""

import numpy as np


def roc_auc(labels, scores):
    """Return the area under the ROC curve."""
    if labels.ndim != 1 or scores.ndim != 1 or len(labels) != len(scores):
        raise ValueError("two (n,) arrays are needed")
    if (scores != scores).any():
        raise ValueError("NaN cannot be ranked")
    hit = labels == 1
    if not (hit | (labels == 0)).all() or hit.all() or not hit.any():
        raise ValueError("0 and 1 are needed, and nothing else")
    order = np.argsort(scores)[::-1]
    scores, hit = scores[order], hit[order]
    last = np.append(scores[1:] != scores[:-1], True)  # of its tie group
    true_rate = np.append(0, np.cumsum(hit)[last]) / hit.sum()
    false_rate = np.append(0, np.cumsum(~hit)[last]) / (~hit).sum()
    heights = (true_rate[1:] + true_rate[:-1]) / 2
    return np.diff(false_rate) @ heights
