"""Activation functions and their derivatives.

Write four activations of neural networks, each with its derivative, for a backward pass
by hand. NumPy and the standard library only.

Each function takes x, an array of float64 of any shape with one axis or more, not
empty, and returns two arrays of floats of its shape: the values, and the derivatives at
x. The numbers of x are finite and up to 1e100 in size; what comes back is finite too,
right to 1e-9 of the larger of 1 and its size.
"""

import numpy as np


def relu(x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return max(x, 0) and its derivative, which we take to be 0 at 0.

    Args:
        x: (...) as above.

    Example:
        >>> relu(np.array([-2.0, 0.0, 3.0]))
        (array([0., 0., 3.]), array([0., 0., 1.]))
    """
    raise NotImplementedError


def sigmoid(x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return 1 / (1 + exp(-x)) and its derivative.

    Here, values of 1e-300 and more are right to 1e-9 of their own size.

    Args:
        x: (...) as above.
    """
    raise NotImplementedError


def silu(x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return x * sigmoid(x), also known as swish, and its derivative.

    Args:
        x: (...) as above.

    Source: Elfwing, Uchibe and Doya, 2018, arXiv:1702.03118.
    """
    raise NotImplementedError


def gelu(x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return x * P(Z <= x) for a standard normal Z, and its derivative.

    This is the exact form, not the approximation by tanh.

    Args:
        x: (...) as above.

    Source: Hendrycks and Gimpel, 2016, arXiv:1606.08415.
    """
    raise NotImplementedError
