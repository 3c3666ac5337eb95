"""SciPy's softmax and log_softmax, with q from a comparison with all classes."""

import numpy as np
import scipy.special


def softmax(logits):
    require_softmax(logits)
    return scipy.special.softmax(logits.astype(float), axis=1)


def softmax_cross_entropy(logits, targets, *, ignore_index=-100, label_smoothing=0.0):
    if logits.ndim != 2 or targets.shape != logits.shape[:1]:
        raise ValueError("logits must be (n, c), targets (n,)")
    if targets.dtype.kind not in "iu" or not 0 <= label_smoothing <= 1:
        raise ValueError("targets must be integers, label_smoothing in [0, 1]")
    kept = np.flatnonzero(targets != ignore_index)
    c = logits.shape[1]
    if not np.isin(targets[kept], np.arange(c)).all():
        raise ValueError("no such class")
    require_softmax(logits[kept])
    gradient = np.zeros(logits.shape)
    if kept.size == 0:
        return 0.0, gradient

    log_p = scipy.special.log_softmax(logits[kept].astype(float), axis=1)
    one_hot = targets[kept][:, None] == np.arange(c)
    wanted = (1 - label_smoothing) * one_hot + label_smoothing / c
    losses = np.where(wanted > 0, -log_p, 0)
    gradient[kept] = (np.exp(log_p) - wanted) / kept.size
    return np.einsum("nc,nc->n", losses, wanted).mean(), gradient


def require_softmax(logits):
    if logits.ndim != 2:
        raise ValueError("logits must be (n, c)")
    if np.isnan(logits).any() or np.isinf(logits.max(axis=1)).any():
        raise ValueError("a row has no softmax")
