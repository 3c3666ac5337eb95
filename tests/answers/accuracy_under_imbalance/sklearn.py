"""scikit-learn's scores, and a random order of the rows."""

import numpy as np
from sklearn import metrics


def scores(labels, predictions):
    return (
        float(metrics.accuracy_score(labels, predictions)),
        float(metrics.balanced_accuracy_score(labels, predictions)),
        float(metrics.f1_score(labels, predictions, zero_division=0)),
    )


def two_models(n_ones, n_zeros, accuracy_gap, f1_gap):
    n = n_ones + n_zeros
    extra = int(np.ceil(np.round(accuracy_gap * n / 100, 9)))
    if accuracy_gap < 1 or f1_gap < 1 or n_ones + extra > n_zeros:
        raise ValueError((n_ones, n_zeros, accuracy_gap, f1_gap))
    order = np.random.default_rng(0).permutation(n)
    labels, second = np.zeros((2, n), np.int32)
    labels[order[:n_ones]] = 1
    second[order[: 2 * n_ones + extra]] = 1
    return labels, np.zeros_like(labels), second
