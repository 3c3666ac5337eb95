"""One pair at a time, in Python floats."""

import math

import numpy as np


def rotate(x, positions, *, interleaved, base=10000.0):
    t, d = x.shape[-2:]
    if d % 2 == 1 or positions.shape != (t,):
        raise ValueError("shapes")
    rows = x.reshape(-1, t, d).tolist()
    for block in rows:
        for position, row in zip(positions.tolist(), block, strict=True):
            step = base ** (-2 / d)
            angle = float(position)
            for i in range(d // 2):
                j = 2 * i if interleaved else i
                k = j + 1 if interleaved else i + d // 2
                cos, sin = math.cos(angle), math.sin(angle)
                row[j], row[k] = (
                    row[j] * cos - row[k] * sin,
                    row[j] * sin + row[k] * cos,
                )
                angle = position * step ** (i + 1)
    return np.array(rows, x.dtype).reshape(x.shape)


def to_half_split(weight, n_heads):
    width = weight.shape[1] // n_heads
    order = []
    for start in range(0, weight.shape[1], width):
        order += range(start, start + width, 2)
        order += range(start + 1, start + width, 2)
    return np.array([[row[j] for j in order] for row in weight.tolist()])
