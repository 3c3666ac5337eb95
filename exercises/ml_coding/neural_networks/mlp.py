"""Two-layer network, forward and backward by hand.

A classifier has one hidden layer of ReLU units and a softmax on top. Without a
framework, compute its loss on a batch and the gradient of the loss by every parameter.
NumPy only. Say the chain rule aloud first, with the shape of each factor.
"""

import numpy as np


def mlp(
    features: np.ndarray,
    targets: np.ndarray,
    w1: np.ndarray,
    b1: np.ndarray,
    w2: np.ndarray,
    b2: np.ndarray,
    *,
    l2: float = 0.0,
) -> tuple[float, np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Return the loss of a two-layer network, and its gradients.

    The logits are relu(features @ w1 + b1) @ w2 + b2. The loss is the mean over the
    rows of -log(p), where p is the softmax probability of the row's target, plus
    l2 / 2 times the sum of all squares in w1 and w2; biases are not penalised.

    Args:
        features: (n, d) of finite floats; n, d, h and c are at least 1.
        targets: (n,) of integers from 0 to c - 1.
        w1: (d, h) of finite floats.
        b1: (h,) of finite floats.
        w2: (h, c) of finite floats. Logits may be 1e4 in size: nothing overflows, and
            no loss is infinite.
        b2: (c,) of finite floats.
        l2: Strength of the penalty, 0 or more.

    Returns:
        The loss, and its gradients by w1, b1, w2 and b2, of the shapes of these. The
        slope of relu at 0 is taken to be 0.

    Raises:
        ValueError: If targets, w1 or b1 has another shape, or a target is outside
            0 to c - 1.

    Example:
        >>> loss, dw1, db1, dw2, db2 = mlp(
        ...     np.array([[1.0], [3.0]]), np.array([0, 1]), np.array([[2.0]]),
        ...     np.array([-2.0]), np.zeros((1, 2)), np.zeros(2),
        ... )
        >>> round(loss, 6)
        0.693147
        >>> dw2
        array([[ 1., -1.]])

    Source: Rumelhart, Hinton and Williams, 1986, doi:10.1038/323533a0.
    """
    raise NotImplementedError
