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
    _require_fitting(features, targets, w1, b1, w2)
    n_rows = targets.size
    at_target = np.arange(n_rows), targets

    before = features @ w1 + b1  # (n, h)
    hidden = np.maximum(before, 0)
    log_p = _log_softmax(hidden @ w2 + b2)  # (n, c)
    penalty = l2 / 2 * ((w1**2).sum() + (w2**2).sum())
    loss = float(penalty - log_p[at_target].mean())

    by_logits = np.exp(log_p)
    by_logits[at_target] -= 1
    by_logits /= n_rows
    by_before = (by_logits @ w2.T) * (before > 0)
    return (
        loss,
        features.T @ by_before + l2 * w1,
        by_before.sum(axis=0),
        hidden.T @ by_logits + l2 * w2,
        by_logits.sum(axis=0),
    )


def _log_softmax(logits: np.ndarray) -> np.ndarray:
    shifted = logits - logits.max(axis=1, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))


def _require_fitting(
    features: np.ndarray,
    targets: np.ndarray,
    w1: np.ndarray,
    b1: np.ndarray,
    w2: np.ndarray,
) -> None:
    (n_rows, d), (n_hidden, n_classes) = features.shape, w2.shape
    shapes = targets.shape, w1.shape, b1.shape
    if shapes != ((n_rows,), (d, n_hidden), (n_hidden,)):
        raise ValueError(f"shapes {shapes} do not fit {features.shape}, {w2.shape}")
    if not np.isin(targets, np.arange(n_classes)).all():
        raise ValueError(f"targets outside 0 to {n_classes - 1}: {targets[:5]}")
