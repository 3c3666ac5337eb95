"""Plain lists, with a shuffle by swaps, and the learning rate inside the velocity."""

import numpy as np


def minibatch_sgd(
    gradient,
    weights,
    n_rows,
    rng,
    *,
    batch_size,
    learning_rate,
    n_epochs,
    momentum=0.0,
    nesterov=False,
):
    if batch_size <= 0:
        raise ValueError("must be positive")
    if momentum < 0 or momentum >= 1:
        raise ValueError("momentum")
    point = [float(weight) for weight in weights]
    velocity = [0.0] * len(point)
    rows = list(range(n_rows))
    for _ in range(n_epochs):
        for i in range(n_rows - 1, 0, -1):
            j = int(rng.integers(i + 1))
            rows[i], rows[j] = rows[j], rows[i]
        batch = []
        for count, row in enumerate(rows, 1):
            batch.append(row)
            if len(batch) < batch_size and count < n_rows:
                continue
            slope = gradient(np.array(point), np.array(batch)).tolist()
            for i, s in enumerate(slope):
                velocity[i] = momentum * velocity[i] - learning_rate * s
                if nesterov:
                    point[i] += momentum * velocity[i] - learning_rate * s
                else:
                    point[i] += velocity[i]
            batch = []
    return np.array(point)
