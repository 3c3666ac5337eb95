"""Written from the prompt alone: one row at a time, and the gradients add up."""

import math

import numpy as np


def mlp(
    features: np.ndarray,
    targets: np.ndarray,
    w1: np.ndarray,
    b1: np.ndarray,
    w2: np.ndarray,
    b2: np.ndarray,
    *,
    l2: float = 0.0,
) -> tuple[float, np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    n, d = features.shape
    h, c = w2.shape
    if targets.shape != (n,):
        raise ValueError(f"targets must be ({n},), not {targets.shape}")
    if w1.shape != (d, h):
        raise ValueError(f"w1 must be ({d}, {h}), not {w1.shape}")
    if b1.shape != (h,):
        raise ValueError(f"b1 must be ({h},), not {b1.shape}")
    for target in targets:
        if not 0 <= target < c:
            raise ValueError(f"a target is {target}, outside 0 to {c - 1}")

    loss = 0.0
    dw1, db1 = np.zeros((d, h)), np.zeros(h)
    dw2, db2 = np.zeros((h, c)), np.zeros(c)
    for row, target in zip(features, targets, strict=True):
        hidden = row @ w1 + b1
        is_on = hidden > 0
        hidden = np.where(is_on, hidden, 0.0)
        logits = hidden @ w2 + b2
        logits = logits - logits.max()
        log_total = math.log(np.exp(logits).sum())
        loss += (log_total - float(logits[target])) / n

        by_logits = np.exp(logits - log_total)
        by_logits[target] -= 1
        by_logits /= n
        by_hidden = np.where(is_on, w2 @ by_logits, 0.0)
        dw2 += np.outer(hidden, by_logits)
        db2 += by_logits
        dw1 += np.outer(row, by_hidden)
        db1 += by_hidden

    for weights, gradient in ((w1, dw1), (w2, dw2)):
        loss += l2 / 2 * float((weights * weights).sum())
        gradient += l2 * weights
    return float(loss), dw1, db1, dw2, db2
