"""rng.shuffle in place, np.split at multiples of the batch size, updates in place."""

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
    if batch_size < 1 or not 0 <= momentum < 1:
        raise ValueError("out of range")
    current = np.array(weights, dtype=float)
    buffer = np.zeros_like(current)
    rows = np.arange(n_rows)
    for _ in range(n_epochs):
        rng.shuffle(rows)
        for batch in np.split(rows, np.arange(batch_size, n_rows, batch_size)):
            slope = gradient(current.copy(), batch.copy())
            buffer *= momentum
            buffer += slope
            current -= learning_rate * buffer
            if nesterov:
                # slope + momentum * buffer is this much more than the buffer.
                current -= learning_rate * (slope + (momentum - 1) * buffer)
    return current
