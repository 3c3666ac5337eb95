"""Vanishing gradients, and how to keep them.

A deep network of tanh layers without biases turns h_0 = x into h_l = tanh(W_l h_(l-1)),
layer by layer. Its loss is the sum of the numbers in the last h. Compute the gradients
for any x; then, for x of 0.1 in each unit, choose weights with which they vanish, and
weights with which they do not. A gradient's size is its Euclidean norm. NumPy only.
"""

import numpy as np


def gradients(
    weights: np.ndarray, x: np.ndarray, *, residual: bool = False
) -> np.ndarray:
    """Return the gradient of the loss by h_0, by h_1, and so on to the last h.

    Args:
        weights: (depth, width, width), W_1 first; depth and width are at least 1.
        x: (width,) of inputs.
        residual: With skip connections: h_l = h_(l-1) + tanh(W_l h_(l-1)).

    Returns:
        (depth + 1, width), by h_l in row l; so the last row is all ones.

    Example:
        >>> gradients(np.array([[[2.0]], [[3.0]]]), np.array([0.0])).ravel()
        array([6., 3., 1.])
    """
    h, slopes = x, []
    for layer in weights:
        activation = np.tanh(layer @ h)
        slopes.append(1 - activation**2)
        h = h + activation if residual else activation

    gradient = np.ones(x.size)
    rows = [gradient]
    for layer, slope in zip(weights[::-1], slopes[::-1], strict=True):
        back = layer.T @ (slope * gradient)
        gradient = gradient + back if residual else back
        rows.append(gradient)
    return np.array(rows[::-1])


def vanishing(depth: int, width: int) -> np.ndarray:
    """Return weights whose gradient vanishes, though the activations do not.

    - The gradient by x has at most 1e-9 of the size of that by the last h.
    - The root of the mean square of each h_l is at least 0.05.
    - With skip connections, the same weights keep it: the gradient by each h_l has from
      0.5 to 2 times the size of that by the last h.

    Args:
        depth: From 5 to 100.
        width: From 2 to 16.

    Returns:
        (depth, width, width) of floats from -1000 to 1000.
    """
    # Saturated: tanh is near 1, its slope near 0. Weights that are merely small shrink
    # the activations along with the gradient.
    return np.tile(100 * np.eye(width), (depth, 1, 1))


def kept(depth: int, width: int) -> np.ndarray:
    """Return weights, as `vanishing` does, that keep the gradient without any skips.

    - The gradient by each h_l has from 0.5 to 2 times the size of that by the last h.
    - The root of the mean square of each h_l is at least 0.05.
    - All numbers in each h_l lie from -0.9 to 0.9.

    Source: Saxe, McClelland and Ganguli, 2014, arXiv:1312.6120.
    """
    # Orthogonal layers keep all sizes; a gain above 1 makes up for the slopes of tanh,
    # which are a little below 1.
    return np.tile(1.005 * np.eye(width), (depth, 1, 1))
