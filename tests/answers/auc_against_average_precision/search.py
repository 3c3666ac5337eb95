"""Tries false alarms and finds in turn by both metrics, and shuffles the rows."""

import random

import numpy as np


def _metrics(ranking):
    """Walk down a ranking of 1 and 0 without ties, as pure Python."""
    positives = sum(ranking)
    found, below, precision = 0, 0, 0.0
    for place, label in enumerate(ranking, start=1):
        if label:
            found += 1
            precision += found / place
        else:
            below += positives - found
    pairs = positives * (len(ranking) - positives)
    return 1 - below / pairs, precision / positives


def auc_against_average_precision(n_positives, n_negatives, auc_margin, ap_margin):
    """Grow the number of false alarms by a tenth, and try every number of finds."""
    if n_positives < 1 or n_negatives < 1 or not auc_margin > 0 or not ap_margin > 0:
        raise ValueError("sizes or margins")
    limit = 1 - 2 * (n_positives / n_negatives) ** 0.5 - 1 / n_positives
    if auc_margin + ap_margin > limit:
        raise ValueError("limit")
    finds = []
    for k in range(1, n_positives + 1):
        b = [1] * k + [0] * n_negatives + [1] * (n_positives - k)
        finds.append((b, *_metrics(b)))
    alarms = 1
    while alarms <= n_negatives:
        a = [0] * alarms + [1] * n_positives + [0] * (n_negatives - alarms)
        auc_a, ap_a = _metrics(a)
        for b, auc_b, ap_b in finds:
            if auc_a - auc_b >= auc_margin and ap_b - ap_a >= ap_margin:
                return _as_arrays(a, b)
        alarms += 1 + alarms // 10
    raise ArithmeticError("none found")


def _as_arrays(a, b):
    """Give the samples in random order, and both models' scores of each."""
    order = list(range(len(a)))
    random.Random(0).shuffle(order)
    labels, scores_a, scores_b = [0] * len(a), [0.0] * len(a), [0.0] * len(a)
    for ranking, scores in ((a, scores_a), (b, scores_b)):
        # Positives take the first samples of the order, negatives the rest.
        samples = {1: iter(order), 0: iter(order[sum(a) :])}
        for place, label in enumerate(ranking):
            sample = next(samples[label])
            labels[sample] = label
            scores[sample] = -place / 8
    return np.array(labels), np.array(scores_a), np.array(scores_b)
