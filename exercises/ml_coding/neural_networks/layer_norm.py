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
    raise NotImplementedError


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
    raise NotImplementedError


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
    raise NotImplementedError
