"""Written from the prompt alone: shuffles by hand, as Fisher and Yates do."""

from collections.abc import Callable

import numpy as np


def minibatch_sgd(
    gradient: Callable[[np.ndarray, np.ndarray], np.ndarray],
    weights: np.ndarray,
    n_rows: int,
    rng: np.random.Generator,
    *,
    batch_size: int,
    learning_rate: float,
    n_epochs: int,
    momentum: float = 0.0,
    nesterov: bool = False,
) -> np.ndarray:
    if batch_size < 1:
        raise ValueError("batch_size must be 1 or more")
    if not 0 <= momentum < 1:
        raise ValueError("momentum must be from 0 to below 1")
    current = np.array(weights, dtype=float)
    velocity = np.zeros_like(current)
    for _ in range(n_epochs):
        order = list(range(n_rows))
        for i in range(n_rows - 1, 0, -1):
            j = int(rng.integers(i + 1))
            order[i], order[j] = order[j], order[i]
        while order:
            batch, order = order[:batch_size], order[batch_size:]
            slope = gradient(current, np.array(batch))
            velocity = momentum * velocity + slope
            direction = slope + momentum * velocity if nesterov else velocity
            current = current - learning_rate * direction
    return current
