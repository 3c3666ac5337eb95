"""The better model depends on the noise.

A polynomial of low degree and one of high degree are fitted to the same noisy values.
Work out the expected error of a fit, then find a truth for which the high degree wins
when it is quiet and the low degree wins when it is noisy.

Values lie at x = np.linspace(-1, 1, n). What is observed is the truth plus noise, drawn
for each of the n points from a normal distribution of mean 0 and the same deviation.
"""

import numpy as np


def expected_error(truth: np.ndarray, degree: int, noise: float) -> float:
    """Return the expected squared error of a fit by least squares, against the truth.

    That is the mean over the n points of the expectation of (fit - truth)^2, where the
    fit is the polynomial of that degree which is closest to the observed values. It is
    the squared bias plus the variance of the fit, and does not count the noise of a new
    observation.

    Args:
        truth: (n,) of values at x, finite.
        degree: From 0 to 10, and below n.
        noise: Its standard deviation, 0 or more.

    Example:
        >>> round(expected_error(np.array([1.0, 0.0, 1.0]), degree=0, noise=0.0), 6)
        0.222222

    Source: Hastie, Tibshirani and Friedman, 2nd edition (2009), section 7.3.
    """
    raise NotImplementedError


def truth_for(
    low: int, high: int, n: int, quiet: float, noisy: float, margin: float
) -> np.ndarray:
    """Return a truth for which the better degree depends on the noise.

    With noise of deviation `quiet` the expected error of degree high is lower than that
    of degree low by margin or more; with `noisy` it is higher by margin or more.

    Args:
        low: A degree, 0 or more.
        high: A degree above low, at most 10.
        n: Points, more than high and at most 500.
        quiet: A standard deviation, 0 or more.
        noisy: Another, above quiet; at most 10.
        margin: Of squared errors, above 0.

    Returns:
        (n,) of values at x, none above 1,000 in size. Many truths are right.

    Raises:
        ValueError: If high is not above low, or noisy is not above quiet. You are asked
            only where a truth exists: where (noisy^2 - quiet^2) (high - low) / n is at
            least 2.2 margin.
    """
    raise NotImplementedError
