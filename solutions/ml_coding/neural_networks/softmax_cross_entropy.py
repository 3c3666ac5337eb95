"""Softmax cross-entropy, loss and gradient.

You train a language model without a framework. Its last layer gives logits; write
the softmax, then the loss on integer targets together with its gradient, so that no
logit is too large. Padding is ignored, and the targets may be smoothed. NumPy only.
Inputs are read-only.

Say first why log(softmax(x)) is the wrong order. Then derive the gradient on paper:
it is simpler than the Jacobian. Time and memory are O(n c): with a vocabulary of
20,000 there is no room for an array of c by c.
"""

import numpy as np


def softmax(logits: np.ndarray) -> np.ndarray:
    """Return each row's probabilities, exp(logit) over the sum of its row's.

    Args:
        logits: (n, c) of numbers of any dtype, up to 1e300 in size; c is at least 1, n
            may be 0. -inf marks a class that is ruled out: its probability is 0. A row
            has one finite logit at least, and no NaN or +inf.

    Returns:
        (n, c) of probabilities, computed in float64; each row sums to one.

    Example:
        >>> softmax(np.array([[0.0, 0.0, -np.inf], [1000.0, 0.0, 0.0]]))
        array([[0.5, 0.5, 0. ],
               [1. , 0. , 0. ]])

    Source: Bridle (1990), doi:10.1007/978-3-642-76153-9_28.
    """
    return np.exp(_log_softmax(logits))


def softmax_cross_entropy(
    logits: np.ndarray,
    targets: np.ndarray,
    *,
    ignore_index: int = -100,
    label_smoothing: float = 0.0,
) -> tuple[float, np.ndarray]:
    """Return the mean cross-entropy of the rows that count, and its gradient.

    A row counts unless its target is ignore_index. Its loss is -sum(q * log(p)), where
    p is the softmax of its logits and q the distribution that is wanted: 1 - s on the
    target, plus s / c on each of the c classes, the target among them, where s is
    label_smoothing. A class with q = 0 adds 0 to the sum, also where p = 0.

    Args:
        logits: (n, c) as in softmax. Adding a constant to a row changes nothing: the
            loss is as precise at logits near 1e12 as near 0. A class that is ruled out
            has q = 0. A row that does not count may hold anything, NaN included.
        targets: (n,) integers of any dtype from 0 to c - 1, or ignore_index.
        ignore_index: The target of rows that do not count; it may be a class.
        label_smoothing: The share s of q that is spread evenly, in [0, 1].

    Returns:
        The loss, 0.0 if no row counts, and its gradient with respect to the logits,
        (n, c) of float64: (p - q) over the number of rows that count, and 0 in the
        rows that do not count.

    Raises:
        ValueError: If targets are not (n,) integers, or one is neither a class nor
            ignore_index.

    Example:
        >>> logits = np.array([[1000.0, 1000.0], [0.0, 800.0], [5.0, 5.0]])
        >>> loss, gradient = softmax_cross_entropy(logits, np.array([0, 0, -100]))
        >>> round(loss, 6)
        400.346574
        >>> gradient
        array([[-0.25,  0.25],
               [-0.5 ,  0.5 ],
               [ 0.  ,  0.  ]])

    Source: Szegedy et al. (2016), arXiv:1512.00567, section 7, for the smoothing.
    """
    _require_targets(logits, targets, ignore_index)
    counts = targets != ignore_index
    n_counted = max(counts.sum(), 1)

    log_p = _log_softmax(logits[counts])  # (m, c)
    q = np.full(log_p.shape, label_smoothing / logits.shape[1])
    q[np.arange(len(q)), targets[counts]] += 1 - label_smoothing

    # Where q is 0 the product is 0, even if log_p is -inf.
    surprise = np.multiply(q, -log_p, out=np.zeros_like(q), where=q > 0)
    gradient = np.zeros(logits.shape)
    gradient[counts] = (np.exp(log_p) - q) / n_counted
    return float(surprise.sum() / n_counted), gradient


def _log_softmax(logits: np.ndarray) -> np.ndarray:
    """Return the logarithms of the softmax, finite wherever the logit is."""
    logits = logits.astype(float)
    # The largest exponent is then 0: nothing overflows, and the sum is at least 1.
    shifted = logits - logits.max(axis=1, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))


def _require_targets(
    logits: np.ndarray, targets: np.ndarray, ignore_index: int
) -> None:
    if targets.shape != logits.shape[:1]:
        raise ValueError(f"targets {targets.shape} for logits {logits.shape}")
    if targets.dtype.kind not in "iu":
        raise ValueError(f"targets must be integers, not {targets.dtype}")
    if strange := {*targets.tolist()} - {*range(logits.shape[1]), ignore_index}:
        raise ValueError(f"no such class: {strange}")
