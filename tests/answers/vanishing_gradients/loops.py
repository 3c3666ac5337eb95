"""Plain Python, one weight at a time; shifted units, with signs."""

import math

import numpy as np


def gradients(weights, x, *, residual=False):
    units = range(len(x))
    states, before = [x.tolist()], []
    for layer in weights.tolist():
        h = states[-1]
        a = [sum(layer[i][j] * h[j] for j in units) for i in units]
        before.append(a)
        out = [math.tanh(value) for value in a]
        states.append([h[i] + out[i] for i in units] if residual else out)
    rows = [[1.0 for _ in units]]
    for layer, a in zip(reversed(weights.tolist()), reversed(before), strict=True):
        above = rows[0]
        row = []
        for j in units:
            total = above[j] if residual else 0.0
            for i in units:
                total += above[i] * layer[i][j] * (1 - math.tanh(a[i]) ** 2)
            row.append(total)
        rows.insert(0, row)
    return np.array(rows)


def vanishing(depth, width):
    # Each unit gets the next one's number, and turns its sign.
    weights = np.zeros((depth, width, width))
    for layer in range(depth):
        for unit in range(width):
            weights[layer, unit, (unit + 1) % width] = -400.0
    return weights


def kept(depth, width):
    weights = np.zeros((depth, width, width))
    for layer in range(depth):
        for unit in range(width):
            sign = -1.0 if (layer + unit) % 3 == 0 else 1.0
            weights[layer, unit, (unit + layer) % width] = 1.004 * sign
    return weights
