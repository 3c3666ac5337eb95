"""Mini-batch SGD with momentum and Nesterov.

Write the training loop: shuffle, cut into batches, step. NumPy only. Arrays that come
in, from the caller or from the gradient, are read-only.
"""

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
    """Return the weights after some epochs of stochastic gradient descent.

    An epoch draws a new order of all rows, each order equally likely, and cuts it into
    consecutive batches of batch_size rows; the last one has what is left. The gradient
    is called once for each batch, at the weights as they are. From velocity = 0 before
    the first epoch, a step is

        velocity <- momentum * velocity + slope
        weights <- weights - learning_rate * velocity

    With nesterov, as in PyTorch, the second line has slope + momentum * velocity in
    place of velocity.

    Args:
        gradient: Takes weights, (d,) floats, and the rows of a batch, (b,) integers
            from 0 to n_rows - 1. Returns their mean slope, (d,) floats.
        weights: (d,) of finite floats, the start.
        n_rows: 1 or more.
        rng: Draws all orders; the same state gives the same batches.
        batch_size: 1 or more; above n_rows every batch has all rows.
        learning_rate: Above 0.
        n_epochs: 0 or more.
        momentum: From 0 to below 1.
        nesterov: Which of the two steps is taken.

    Returns:
        (d,) of floats.

    Raises:
        ValueError: If batch_size or momentum is out of range.

    Example:
        >>> rng = np.random.default_rng(0)
        >>> options = {"batch_size": 2, "learning_rate": 0.5, "n_epochs": 1}
        >>> minibatch_sgd(lambda w, rows: w - 4.0, np.zeros(1), 3, rng, **options)
        array([3.])

    Source: Sutskever, Martens, Dahl and Hinton (2013), ICML, PMLR 28(3), 1139 to 1147.
    """
    if batch_size < 1 or not 0 <= momentum < 1:
        raise ValueError(f"out of range: {batch_size=}, {momentum=}")
    velocity = np.zeros(weights.shape)
    for _ in range(n_epochs):
        order = rng.permutation(n_rows)
        for start in range(0, n_rows, batch_size):
            slope = gradient(weights, order[start : start + batch_size])
            velocity = momentum * velocity + slope
            step = slope + momentum * velocity if nesterov else velocity
            weights = weights - learning_rate * step
    return weights
