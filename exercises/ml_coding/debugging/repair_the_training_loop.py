"""Repair the training loop.

A colleague's loop runs and its loss falls, but the model it returns is worse than the
losses it reports. Find and repair its five mistakes. NumPy only.

The docstrings and signatures are right, the code is not. All else may be written anew.
A right loop obeys laws:

- With a learning rate of 0, each validation loss is that of the given parameters,
  whatever the dropout, and however the rows are cut into batches.
- The parameters that come back have the lowest loss of the history.
- The first epoch does not depend on the decay.
- Without decay and dropout, and with all rows in one batch, two epochs are one epoch
  and another one from where that ended.

Say first how you would try each law on code that you have not read; then read.
"""

import numpy as np


def train(
    parameters: dict[str, np.ndarray],
    training: tuple[np.ndarray, np.ndarray],
    validation: tuple[np.ndarray, np.ndarray],
    rng: np.random.Generator,
    *,
    batch_size: int,
    n_epochs: int,
    learning_rate: float,
    decay: float,
    max_norm: float,
    dropout: float,
) -> tuple[dict[str, np.ndarray], list[float]]:
    """Return the best parameters, and the validation loss after each epoch.

    The network predicts tanh(features @ w1) @ w2; its loss is the mean over rows of the
    squared error. In training, dropout makes each hidden unit of each row 0 with that
    probability, and divides the others by 1 - dropout.

    An epoch draws rng.permutation(n), and cuts it into batches of batch_size rows, the
    last of which may be short. Each batch draws rng.random((rows, h)), and drops where
    that is below dropout. Nothing else is drawn. The batch's gradient, both arrays as
    one vector, is scaled down to a length of max_norm if it is longer. Then both arrays
    step by -learning_rate * decay**e * gradient, in epoch e = 0, 1, ...

    Args:
        parameters: w1 (d, h) and w2 (h,) of floats, the start.
        training: features (n, d) and targets (n,) of floats.
        validation: features (m, d) and targets (m,) of floats.
        rng: The source of all draws.
        batch_size: 1 or more.
        n_epochs: 1 or more.
        learning_rate: 0 or more.
        decay: Above 0.
        max_norm: Above 0.
        dropout: From 0 to below 1.

    Returns:
        w1 and w2 as they were after the epoch with the lowest validation loss, the
        first of equal ones; and the mean loss over all validation rows after each
        epoch, without dropout. The losses of a right loop are finite.

    Example:
        >>> start = {"w1": np.zeros((1, 3)), "w2": np.zeros(3)}
        >>> rows = np.ones((2, 1)), np.array([1.0, 2.0])
        >>> train(start, rows, rows, np.random.default_rng(0), batch_size=2, n_epochs=2,
        ...     learning_rate=0.5, decay=0.9, max_norm=1.0, dropout=0.5)[1]
        [2.5, 2.5]

    Source: Goodfellow, Bengio and Courville, Deep Learning, 2016, chapters 7 and 8.
    """
    features, targets = training
    network = _Network(parameters, dropout, rng)
    rate, best = learning_rate, {}
    history: list[float] = []
    for _ in range(n_epochs):
        rate *= decay
        network.is_training = True
        for rows in _batches(rng.permutation(targets.size), batch_size):
            network.loss(features[rows], targets[rows])
            network.backward()
            _clip(network.gradients, max_norm)
            for name, gradient in network.gradients.items():
                network.parameters[name] -= rate * gradient

        history.append(_evaluate(network, *validation, batch_size))
        if history[-1] < min(history[:-1], default=np.inf):
            best = dict(network.parameters)
    return best, history


class _Network:
    """One hidden layer, with dropout."""

    def __init__(
        self,
        parameters: dict[str, np.ndarray],
        dropout: float,
        rng: np.random.Generator,
    ) -> None:
        self.parameters = {name: array.copy() for name, array in parameters.items()}
        self.gradients = self.zeros()
        self._dropout = dropout
        self._rng = rng

    def zeros(self) -> dict[str, np.ndarray]:
        """Return a zero for each parameter."""
        return {name: np.zeros(array.shape) for name, array in self.parameters.items()}

    def loss(self, features: np.ndarray, targets: np.ndarray) -> float:
        """Return the mean squared error, and keep what backward needs."""
        hidden = np.tanh(features @ self.parameters["w1"])  # (rows, h)
        mask = np.ones(hidden.shape)
        if self.is_training:
            mask = self._rng.random(hidden.shape) >= self._dropout
            mask = mask / (1 - self._dropout)
        errors = (mask * hidden) @ self.parameters["w2"] - targets
        self._kept = features, hidden, mask, errors
        return float((errors**2).mean())

    def backward(self) -> None:
        """Add the gradients of the last loss to those that are there."""
        features, hidden, mask, errors = self._kept
        by_output = 2 * errors / errors.size
        by_hidden = np.outer(by_output, self.parameters["w2"]) * mask
        self.gradients["w1"] += features.T @ (by_hidden * (1 - hidden**2))
        self.gradients["w2"] += (mask * hidden).T @ by_output


def _batches(order: np.ndarray, batch_size: int) -> list[np.ndarray]:
    return [order[at : at + batch_size] for at in range(0, order.size, batch_size)]


def _clip(gradients: dict[str, np.ndarray], max_norm: float) -> None:
    """Scale all gradients down by one factor, in place."""
    norm = np.sqrt(sum((gradient**2).sum() for gradient in gradients.values()))
    if norm > max_norm:
        for gradient in gradients.values():
            gradient *= max_norm / norm


def _evaluate(
    network: _Network, features: np.ndarray, targets: np.ndarray, batch_size: int
) -> float:
    """Return the mean loss over all rows, batch by batch to save memory."""
    losses = []
    for rows in _batches(np.arange(targets.size), batch_size):
        losses.append(network.loss(features[rows], targets[rows]))
    return sum(losses) / len(losses)
