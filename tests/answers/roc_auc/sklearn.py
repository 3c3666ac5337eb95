"""scikit-learn's, on ranks, since it refuses infinite scores."""

import numpy as np
from sklearn.metrics import roc_auc_score


def roc_auc(labels, scores):
    """Return the area under the ROC curve."""
    if labels.ndim != 1 or scores.ndim != 1:
        raise ValueError("two (n,) arrays are needed")
    if np.isnan(scores).any():
        raise ValueError("a score is NaN")
    if set(labels.tolist()) != {0, 1}:
        raise ValueError("0 and 1 are needed, and nothing else")
    return roc_auc_score(labels, np.unique(scores, return_inverse=True)[1])
