"""Sums of probabilities on the log scale.

Probabilities of long sequences are too small for floats, so you keep their logarithms.
Write the operations that sums and differences of probabilities become. NumPy only.

Inputs are arrays of float64 with two axes or more, not empty, of numbers up to 1e300 in
size, or -inf, the logarithm of 0. Results are arrays, and hold no NaN.
"""

import numpy as np


def log_sum_exp(x: np.ndarray, *, axis: int = -1) -> np.ndarray:
    """Return log(sum(exp(x))) along an axis; -inf where all of that is -inf.

    Args:
        x: (..., n, ...) of logarithms.
        axis: The axis that is summed, and that the result does not have.

    Example:
        >>> log_sum_exp(np.array([[-1000.0, -1000.0], [-np.inf, 3.0]]))
        array([-999.30685282,    3.        ])
    """
    largest = x.max(axis=axis, keepdims=True)
    with np.errstate(divide="ignore"):
        summed = np.log(_scaled(x, largest).sum(axis=axis))
    return summed + largest.squeeze(axis)


def log_softmax(x: np.ndarray, *, axis: int = -1) -> np.ndarray:
    """Return x - log_sum_exp(x): the logarithms of probabilities that sum to 1.

    It is right to 1e-6 also for numbers near 1e12: to add the same to all of them
    changes nothing.

    Args:
        x: (..., n, ...); along the axis at least one number is finite.
        axis: As in log_sum_exp.
    """
    largest = x.max(axis=axis, keepdims=True)
    return x - largest - np.log(_scaled(x, largest).sum(axis=axis, keepdims=True))


def log1mexp(x: np.ndarray) -> np.ndarray:
    """Return log(1 - exp(x)): of a probability's logarithm, that of its complement.

    It is right to 1e-9 of its own size for any x from -690 to -1e-300.

    Args:
        x: (...) of numbers of 0 or less; 0 gives -inf, and -inf gives 0.

    Source: Mächler, 2012, "Accurately computing log(1 - exp(-|a|))".
    """
    # Each form is exact where the other one cancels; they meet where exp(x) is 1 / 2.
    near = x > -np.log(2)
    with np.errstate(divide="ignore"):
        return np.where(near, np.log(-np.expm1(x)), np.log1p(-np.exp(x)))


def log_diff_exp(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Return log(exp(a) - exp(b)), number by number; -inf where a and b are equal.

    Args:
        a: (...) of logarithms.
        b: (...) of logarithms, of a's shape, each at most that of a.

    Raises:
        ValueError: If a number of b is above that of a, or the shapes differ.
    """
    if a.shape != b.shape or (b > a).any():
        raise ValueError(f"not at most a: {b} with {a}")
    with np.errstate(invalid="ignore"):  # -inf less -inf
        gap = np.where(a == b, 0.0, b - a)
    return a + log1mexp(gap)


def _scaled(x: np.ndarray, largest: np.ndarray) -> np.ndarray:
    """Return exp(x - largest), and 0 where all is -inf."""
    return np.exp(x - np.where(largest == -np.inf, 0.0, largest))
