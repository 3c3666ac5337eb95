"""BatchNorm in training and evaluation.

Write the layer as PyTorch has it: forward in both modes, the running statistics, and
the backward pass of training. NumPy only; all arrays are float64.
"""

import numpy as np


class BatchNorm:
    """Normalises each channel over the batch.

    Channels stand along axis 1 of x, (n, c, ...); a channel's values are all that x
    holds for it: n for x of shape (n, c), n * h * w for (n, c, h, w). The attributes
    running_mean and running_variance, (c,) each, start at 0 and 1.

    Example:
        >>> layer = BatchNorm(np.ones(1), np.zeros(1))
        >>> _ = layer(np.array([[2.0], [4.0]]), training=True)
        >>> layer.running_mean, layer.running_variance
        (array([0.3]), array([1.1]))

    Source: Ioffe and Szegedy, 2015, arXiv:1502.03167.
    """

    def __init__(
        self,
        gain: np.ndarray,
        bias: np.ndarray,
        *,
        momentum: float = 0.1,
        epsilon: float = 1e-5,
    ) -> None:
        """Take gain and bias, (c,) each.

        Args:
            gain: Factors of the channels.
            bias: Summands of the channels.
            momentum: The share of the new value in a running one, in (0, 1].
            epsilon: Added to a variance, under the root; above 0.
        """
        raise NotImplementedError

    def __call__(self, x: np.ndarray, *, training: bool) -> np.ndarray:
        """Return gain * (x - mean) / sqrt(variance + epsilon) + bias.

        In training, mean and variance are those of the channel's m values, and the
        variance divides by m. Each running statistic becomes (1 - momentum) times
        itself plus momentum times the new one, where the variance divides by m - 1.
        In evaluation, mean and variance are the running ones, and nothing changes.

        Args:
            x: (n, c, ...) of finite numbers, not empty.
            training: Whether this is training.

        Returns:
            x's shape, right to 1e-6 also where a mean is 1e6 times the deviations.

        Raises:
            ValueError: If x has not c channels, or m is 1 in training.
        """
        raise NotImplementedError

    def backward(
        self, gradient: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Return the gradients by x, gain and bias, of their shapes.

        Args:
            gradient: The gradient of a loss by what the last call in training returned,
                whatever was evaluated after it.
        """
        raise NotImplementedError
