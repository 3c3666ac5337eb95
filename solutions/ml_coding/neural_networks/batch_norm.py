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
        self._gain, self._bias = gain, bias
        self._momentum, self._epsilon = momentum, epsilon
        self.running_mean = np.zeros(gain.shape)
        self.running_variance = np.ones(gain.shape)

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
        self._require_fit(x, training)
        if training:
            mean, variance = self._statistics(x)
        else:
            mean, variance = self.running_mean, self.running_variance
        deviation = np.sqrt(_along_channels(variance, x) + self._epsilon)
        normalised = (x - _along_channels(mean, x)) / deviation
        if training:
            self._saved = normalised, deviation
        gain, bias = _along_channels(self._gain, x), _along_channels(self._bias, x)
        return gain * normalised + bias

    def backward(
        self, gradient: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Return the gradients by x, gain and bias, of their shapes.

        Args:
            gradient: The gradient of a loss by what the last call in training returned,
                whatever was evaluated after it.
        """
        normalised, deviation = self._saved
        axes = _all_but_channels(gradient)
        by_bias = gradient.sum(axis=axes)
        by_gain = (gradient * normalised).sum(axis=axes)

        # Mean and variance depend on x too, and each takes its part away.
        m = gradient.size / by_bias.size
        across = _along_channels(by_bias, gradient)
        along = normalised * _along_channels(by_gain, gradient)
        gain = _along_channels(self._gain, gradient)
        by_x = gain / deviation * (gradient - (across + along) / m)
        return by_x, by_gain, by_bias

    def _statistics(self, x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return mean and variance of the batch, and update the running ones."""
        axes = _all_but_channels(x)
        mean, variance = x.mean(axis=axes), x.var(axis=axes)
        keep, m = 1 - self._momentum, x.size / mean.size
        unbiased = variance * m / (m - 1)
        self.running_mean = keep * self.running_mean + self._momentum * mean
        self.running_variance = keep * self.running_variance + self._momentum * unbiased
        return mean, variance

    def _require_fit(self, x: np.ndarray, training: bool) -> None:
        n_channels = self._gain.size
        if x.shape[1] != n_channels:
            raise ValueError(f"x of shape {x.shape} has not {n_channels} channels")
        if training and x.size == n_channels:
            raise ValueError(f"one value a channel has no variance: {x.shape}")


def _all_but_channels(x: np.ndarray) -> tuple[int, ...]:
    return (0, *range(2, x.ndim))


def _along_channels(values: np.ndarray, x: np.ndarray) -> np.ndarray:
    """Return one value a channel in a shape that broadcasts against x."""
    return values.reshape(-1, *[1] * (x.ndim - 2))
