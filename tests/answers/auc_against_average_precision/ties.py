"""Model A gives all its finds and its false alarms one score; B has three levels."""

from math import ceil, isfinite, sqrt

import numpy as np


def auc_against_average_precision(n_positives, n_negatives, auc_margin, ap_margin):
    """A tie costs half a pair by AUC, but all of the precision."""
    if min(n_positives, n_negatives) <= 0 or not isfinite(auc_margin + ap_margin):
        raise ValueError("sizes or margins")
    limit = 1 - 2 * sqrt(n_positives / n_negatives) - 1 / n_positives
    if min(auc_margin, ap_margin) <= 0 or auc_margin + ap_margin > limit:
        raise ValueError("margins")
    tied = round(sqrt(2 * n_positives * n_negatives))
    y = np.zeros(n_positives + n_negatives, dtype=bool)
    y[-n_positives:] = True
    a = np.zeros(len(y), dtype=np.float32)
    a[-n_positives - tied :] = 0.5
    top = ceil(n_positives * (n_positives / (n_positives + tied) + ap_margin))
    b = np.where(y, 0.0, 0.5)
    b[len(y) - top :] = 1.0
    return y, a, b
