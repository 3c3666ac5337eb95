"""Counts in plain Python; the second model misses no one, rows in another order."""

import math

import numpy as np


def scores(labels, predictions):
    tp = fp = tn = fn = 0
    for truth, said in zip(labels.tolist(), predictions.tolist(), strict=True):
        if truth and said:
            tp += 1
        elif truth:
            fn += 1
        elif said:
            fp += 1
        else:
            tn += 1
    recall, specificity = tp / (tp + fn), tn / (tn + fp)
    f1 = 0.0
    if tp:
        precision = tp / (tp + fp)
        f1 = 2 * precision * recall / (precision + recall)
    return (tp + tn) / len(labels), (recall + specificity) / 2, f1


def two_models(n_ones, n_zeros, accuracy_gap, f1_gap):
    if accuracy_gap < 1 or f1_gap < 1:
        raise ValueError("gaps of 1 point or more")
    total = n_ones + n_zeros
    alarms = n_ones
    while 100 * (alarms - n_ones) < accuracy_gap * total:
        alarms += 1
    if alarms > n_zeros:
        raise ValueError("too few zeros")
    labels = [0] * n_zeros + [1] * n_ones
    second = [0] * (n_zeros - alarms) + [1] * (alarms + n_ones)
    assert math.fsum(labels) == n_ones
    return np.array(labels), np.array([0] * total), np.array(second)
