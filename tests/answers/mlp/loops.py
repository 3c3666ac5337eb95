"""One row and one unit at a time, in Python floats."""

import math

import numpy as np


def mlp(features, targets, w1, b1, w2, b2, *, l2=0.0):
    d, h, c = len(features[0]), len(b1), w2.shape[1]
    if len(targets) != len(features) or w1.shape != (d, h) or w2.shape[0] != h:
        raise ValueError("shapes")
    if any(not 0 <= t < c for t in targets.tolist()):
        raise ValueError("target")
    first, second = w1.tolist(), w2.tolist()
    dw1 = [[l2 * first[i][j] for j in range(h)] for i in range(d)]
    dw2 = [[l2 * second[j][k] for k in range(c)] for j in range(h)]
    db1, db2 = [0.0] * h, [0.0] * c
    losses = []
    for x, target in zip(features.tolist(), targets.tolist(), strict=True):
        hidden = []
        for j in range(h):
            total = float(b1[j])
            for i in range(d):
                total += x[i] * first[i][j]
            hidden.append(max(total, 0.0))
        logits = [
            float(b2[k]) + math.fsum(hidden[j] * second[j][k] for j in range(h))
            for k in range(c)
        ]
        top = max(logits)
        odds = [math.exp(z - top) for z in logits]
        total = math.fsum(odds)
        losses.append(top + math.log(total) - logits[target])
        for k in range(c):
            slope = (odds[k] / total - (k == target)) / len(targets)
            db2[k] += slope
            for j in range(h):
                dw2[j][k] += hidden[j] * slope
                if hidden[j] > 0:
                    db1[j] += second[j][k] * slope
                    for i in range(d):
                        dw1[i][j] += x[i] * second[j][k] * slope
    squares = [w * w for row in first + second for w in row]
    loss = math.fsum(losses) / len(losses) + l2 / 2 * math.fsum(squares)
    return loss, np.array(dw1), np.array(db1), np.array(dw2), np.array(db2)
