"""Moves positives of B to the top, one by one, until scikit-learn's metrics agree."""

import numpy as np
from sklearn.metrics import average_precision_score, roc_auc_score


def auc_against_average_precision(n_positives, n_negatives, auc_margin, ap_margin):
    """Start with two models alike, and give way where the margin is missing."""
    if min(n_positives, n_negatives) < 1 or not min(auc_margin, ap_margin) > 0:
        raise ValueError("sizes or margins")
    limit = 1 - 2 * np.sqrt(n_positives / n_negatives) - 1 / n_positives
    if not auc_margin + ap_margin <= limit:
        raise ValueError("limit")
    y = np.r_[np.ones(n_positives), np.zeros(n_negatives)]
    alarms = int(np.ceil(np.sqrt(n_positives * n_negatives / 2)))
    ramp = np.linspace(0.0, 0.5, y.size)
    a = ramp.copy()
    a[:n_positives] += 1
    a[-alarms:] += 2
    b = ramp.copy()
    b[:n_positives] -= 1
    for best in range(n_positives):
        b[best] += 2
        lead = average_precision_score(y, b) - average_precision_score(y, a)
        if lead >= ap_margin:
            break
    assert roc_auc_score(y, a) - roc_auc_score(y, b) >= auc_margin
    return y, a, b
