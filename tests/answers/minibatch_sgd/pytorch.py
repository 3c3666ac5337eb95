"""A translation of torch.optim.SGD, with a loader that sorts random keys.

PyTorch has no buffer before the first step, and then takes the slope itself for it.
"""

import numpy as np


class _SGD:
    def __init__(self, lr, momentum, nesterov):
        self.lr, self.momentum, self.nesterov = lr, momentum, nesterov
        self.buffer = None

    def step(self, parameter, grad):
        if self.momentum != 0:
            if self.buffer is None:
                self.buffer = grad.copy()
            else:
                self.buffer = self.buffer * self.momentum + grad
            ahead = grad + self.momentum * self.buffer
            grad = ahead if self.nesterov else self.buffer
        return parameter - self.lr * grad


def _batches(n_rows, batch_size, rng):
    order = np.argsort(rng.random(n_rows))
    while len(order):
        yield order[:batch_size]
        order = order[batch_size:]


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
    if momentum < 0.0 or momentum >= 1.0:
        raise ValueError("invalid momentum")
    if batch_size <= 0:
        raise ValueError("invalid batch size")
    optimizer = _SGD(learning_rate, momentum, nesterov)
    for _ in range(n_epochs):
        for rows in _batches(n_rows, batch_size, rng):
            weights = optimizer.step(weights, gradient(weights, rows))
    return weights
