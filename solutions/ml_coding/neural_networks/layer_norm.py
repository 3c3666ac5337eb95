"""LayerNorm and RMSNorm.

Normalise activations over their last axis, forward and backward, as the layers of a
transformer do. NumPy only.

`x` is float32 or float64, of any shape (..., d), d at least 1, no number above 1e100 in
size; the other arrays have its dtype. Compute in float64, and return x's dtype. Only
`layer_norm` validates.
"""

import numpy as np


def layer_norm(
    x: np.ndarray, gain: np.ndarray, bias: np.ndarray, *, epsilon: float = 1e-5
) -> np.ndarray:
    """Return gain * (x - mean) / sqrt(variance + epsilon) + bias.

    Mean and variance are those of each vector along the last axis; the variance is the
    mean of the squared deviations.

    Args:
        x: (..., d) of finite numbers.
        gain: (d,) of factors.
        bias: (d,) of summands.
        epsilon: Added to the variance, under the root; above 0.

    Returns:
        (..., d), right to 1e-6 also where the mean is 1e8 times the deviations.

    Raises:
        ValueError: If gain or bias is not of shape (d,).

    Example:
        >>> layer_norm(np.array([[1.0, 3.0]]), np.ones(2), np.zeros(2), epsilon=3.0)
        array([[-0.5,  0.5]])

    Source: Ba, Kiros and Hinton, 2016, arXiv:1607.06450.
    """
    shape = x.shape[-1:]
    if {gain.shape, bias.shape} != {shape}:
        raise ValueError(f"gain {gain.shape} and bias {bias.shape} must be {shape}")
    normalised, _ = _normalised(x, epsilon)
    return (gain * normalised + bias).astype(x.dtype)


def layer_norm_backward(
    gradient: np.ndarray, x: np.ndarray, gain: np.ndarray, *, epsilon: float = 1e-5
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the gradient of a loss by x, by gain and by bias.

    Args:
        gradient: (..., d), the gradient of the loss by what layer_norm returned.
        x: (..., d), as layer_norm took it.
        gain: (d,), as layer_norm took it.
        epsilon: As layer_norm took it.

    Returns:
        Arrays of the shapes (..., d), (d,) and (d,).
    """
    normalised, deviation = _normalised(x, epsilon)
    gradient = gradient.astype(float)
    by_normalised = gradient * gain
    across = by_normalised.mean(axis=-1, keepdims=True)
    along = (by_normalised * normalised).mean(axis=-1, keepdims=True)
    by_x = (by_normalised - across - normalised * along) / deviation

    leading = tuple(range(x.ndim - 1))
    by_gain = (gradient * normalised).sum(axis=leading)
    by_bias = gradient.sum(axis=leading)
    return by_x.astype(x.dtype), by_gain.astype(x.dtype), by_bias.astype(x.dtype)


def rms_norm(x: np.ndarray, gain: np.ndarray, *, epsilon: float = 1e-6) -> np.ndarray:
    """Return gain * x / sqrt(mean of x**2 + epsilon), the mean along the last axis.

    Args:
        x: (..., d) of finite numbers.
        gain: (d,) of factors.
        epsilon: Added to the mean of squares, under the root; above 0.

    Returns:
        (..., d)

    Source: Zhang and Sennrich, 2019, arXiv:1910.07467.
    """
    wide = x.astype(float)
    size = np.sqrt((wide**2).mean(axis=-1, keepdims=True) + epsilon)
    return (gain * (wide / size)).astype(x.dtype)


def _normalised(x: np.ndarray, epsilon: float) -> tuple[np.ndarray, np.ndarray]:
    """Return x without mean and scale, and the scale."""
    wide = x.astype(float)
    centred = wide - wide.mean(axis=-1, keepdims=True)
    deviation = np.sqrt((centred**2).mean(axis=-1, keepdims=True) + epsilon)
    return centred / deviation, deviation
