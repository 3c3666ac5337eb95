"""Never forms q: picks the target's entries, and works on the whole batch at once."""

import numpy as np


def softmax(logits):
    require_softmax(logits)
    weights = np.exp(differences(logits))
    weights /= np.sum(weights, axis=-1)[:, np.newaxis]
    return weights


def softmax_cross_entropy(logits, targets, *, ignore_index=-100, label_smoothing=0.0):
    n, c = require_batch(logits, targets)
    if not (label_smoothing >= 0 and label_smoothing <= 1):
        raise ValueError("label_smoothing must be in [0, 1]")
    ignored = targets == ignore_index
    if np.any(~ignored & ((targets < 0) | (targets >= c))):
        raise ValueError("no such class")
    require_softmax(logits[~ignored])
    if ignored.all():
        return 0.0, np.zeros((n, c))

    shifted = differences(np.where(ignored[:, None], 0.0, logits))
    weights = np.exp(shifted)
    totals = weights.sum(axis=1)
    rows, classes = np.arange(n), np.where(ignored, 0, targets)
    losses = np.zeros(n)
    if label_smoothing < 1:
        picked = np.log(totals) - shifted[rows, classes]
        losses += (1 - label_smoothing) * picked
    if label_smoothing > 0:
        losses += label_smoothing * (np.log(totals) - shifted.mean(axis=1))
    gradient = weights / totals[:, None] - label_smoothing / c
    gradient[rows, classes] -= 1 - label_smoothing
    gradient[ignored] = 0.0
    counted = n - np.count_nonzero(ignored)
    return np.sum(losses, where=~ignored) / counted, gradient / counted


def differences(logits):
    logits = np.array(logits, dtype=np.float64)
    if len(logits):
        logits -= np.max(logits, axis=-1)[:, np.newaxis]
    return logits


def require_batch(logits, targets):
    if logits.ndim != 2 or targets.shape != (logits.shape[0],):
        raise ValueError("logits must be (n, c), targets (n,)")
    if targets.dtype.kind not in ("i", "u"):
        raise ValueError("targets must be integers")
    return logits.shape


def require_softmax(logits):
    if logits.ndim != 2:
        raise ValueError("logits must be (n, c)")
    if np.isnan(logits).any() or np.isposinf(logits).any():
        raise ValueError("logits must be neither NaN nor +inf")
    if np.isneginf(logits).all(axis=1).any():
        raise ValueError("a row is ruled out altogether")
