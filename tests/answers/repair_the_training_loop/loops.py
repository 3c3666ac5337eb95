"""One row, one unit and one weight at a time, in Python floats."""

import math

import numpy as np


def forward(w1, w2, x, mask):
    hidden = []
    for j in range(len(w2)):
        hidden.append(math.tanh(sum(x[i] * w1[i][j] for i in range(len(x)))))
    return hidden, sum(mask[j] * hidden[j] * w2[j] for j in range(len(w2)))


def train(
    parameters,
    training,
    validation,
    rng,
    *,
    batch_size,
    n_epochs,
    learning_rate,
    decay,
    max_norm,
    dropout,
):
    w1, w2 = parameters["w1"].tolist(), parameters["w2"].tolist()
    h = len(w2)
    xs, ys = (part.tolist() for part in training)
    lowest, best, losses = None, None, []
    for epoch in range(n_epochs):
        order = rng.permutation(len(ys)).tolist()
        while order:
            rows, order = order[:batch_size], order[batch_size:]
            draws = rng.random((len(rows), h)).tolist()
            g1, g2 = [[0.0] * h for _ in w1], [0.0] * h
            for row, draw in zip(rows, draws, strict=True):
                mask = [0.0 if u < dropout else 1 / (1 - dropout) for u in draw]
                hidden, out = forward(w1, w2, xs[row], mask)
                slope = 2 * (out - ys[row]) / len(rows)
                for j in range(h):
                    g2[j] += slope * mask[j] * hidden[j]
                    inner = slope * mask[j] * w2[j] * (1 - hidden[j] ** 2)
                    for i in range(len(w1)):
                        g1[i][j] += inner * xs[row][i]
            norm = math.hypot(*g2, *(g for line in g1 for g in line))
            factor = max_norm / norm if norm > max_norm else 1.0
            step = learning_rate * decay**epoch * factor
            for j in range(h):
                w2[j] -= step * g2[j]
                for i in range(len(w1)):
                    w1[i][j] -= step * g1[i][j]
        total = 0.0
        for x, y in zip(validation[0].tolist(), validation[1].tolist(), strict=True):
            total += (forward(w1, w2, x, [1.0] * h)[1] - y) ** 2
        losses.append(total / len(validation[1]))
        if lowest is None or losses[-1] < lowest:
            lowest = losses[-1]
            best = {"w1": np.array(w1), "w2": np.array(w2)}
    return best, losses
