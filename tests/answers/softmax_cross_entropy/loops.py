"""Plain Python, one row at a time, every sum by math.fsum."""

import math

import numpy as np


def softmax(logits):
    if logits.ndim != 2:
        raise ValueError("logits must be (n, c)")
    rows = [[math.exp(x) for x in log_softmax(row)] for row in logits.tolist()]
    return np.array(rows, dtype=float).reshape(logits.shape)


def softmax_cross_entropy(logits, targets, *, ignore_index=-100, label_smoothing=0.0):
    if logits.ndim != 2 or targets.ndim != 1 or len(logits) != len(targets):
        raise ValueError("logits must be (n, c), targets (n,)")
    if not np.issubdtype(targets.dtype, np.integer):
        raise ValueError("targets must be integers")
    if not 0 <= label_smoothing <= 1:
        raise ValueError("label_smoothing must be in [0, 1]")
    n, c = logits.shape
    for target in targets.tolist():
        if target != ignore_index and target not in range(c):
            raise ValueError("no such class")

    losses, gradient = [], [[0.0] * c for _ in range(n)]
    counted = sum(target != ignore_index for target in targets.tolist())
    for i, target in enumerate(targets.tolist()):
        if target == ignore_index:
            continue
        terms = []
        for k, log_p in enumerate(log_softmax(logits[i].tolist())):
            wanted = label_smoothing / c + (1 - label_smoothing) * (k == target)
            if wanted > 0:
                terms.append(-wanted * log_p)
            gradient[i][k] = (math.exp(log_p) - wanted) / counted
        losses.append(math.fsum(terms))
    loss = math.fsum(losses) / counted if counted else 0.0
    return loss, np.array(gradient, dtype=float).reshape(n, c)


def log_softmax(row):
    highest = max(row)
    if any(map(math.isnan, row)) or math.isinf(highest):
        raise ValueError("this row has no softmax")
    shifted = [float(x) - float(highest) for x in row]
    log_sum = math.log(math.fsum(math.exp(x) for x in shifted))
    return [x - log_sum for x in shifted]
