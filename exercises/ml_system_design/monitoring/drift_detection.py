"""Drift, and an alarm that means it.

A model is in production, and labels come late. Compare the inputs of the last batch
with those of training: by the population stability index, which dashboards show, and by
the Kolmogorov-Smirnov test, on which you raise an alarm. NumPy only.
"""

import numpy as np


def psi(reference: np.ndarray, current: np.ndarray, n_bins: int) -> float:
    """Return the population stability index, the sum of (c - r) * log(c / r) over bins.

    r and c are the shares of a bin in the two samples; a share below 1e-4 counts as
    1e-4, and the others stay as they are. The bins meet at the quantiles i / n_bins of
    the reference's numbers, i from 1 to n_bins - 1, as np.quantile interpolates them. A
    number that equals a quantile is in the bin above; the outer bins are open. NaN is a
    bin of its own, so that a column that breaks is seen.

    Args:
        reference: (n,) of floats, NaN among them, but not all; none is infinite.
        current: (m,) of floats, NaN among them; none is infinite.
        n_bins: How many bins of numbers, 2 or more; it may exceed n.

    Raises:
        ValueError: If n_bins is below 2, or one of the samples is empty.

    Example:
        >>> calm = np.arange(10.0)
        >>> round(psi(calm, calm, 4), 3), round(psi(calm, calm + 4, 4), 3)
        (0.0, 2.809)

    Source: Yurdakul (2018), Statistical properties of the population stability index.
    """
    raise NotImplementedError


def ks(reference: np.ndarray, current: np.ndarray) -> tuple[float, float]:
    """Return the two-sample Kolmogorov-Smirnov statistic and its asymptotic p-value.

    The statistic D is the largest distance between the two distribution functions: the
    shares of each sample that are at most x, for any x. With
    t = D * sqrt(n * m / (n + m)), p is 2 * sum((-1)**(k - 1) * exp(-2 * k**2 * t**2))
    over k = 1, 2, and so on, right to 1e-9. Below t = 0.2 take 1, which is as precise.

    Args:
        reference: (n,) of finite floats, n at least 1; many may be equal.
        current: (m,) of finite floats, m at least 1.

    Example:
        >>> ks(np.array([1.0, 2.0, 3.0, 4.0]), np.array([3.0, 4.0, 5.0, 6.0]))[0]
        0.5

    Source: Smirnov (1948), doi:10.1214/aoms/1177730256.
    """
    raise NotImplementedError


def drifted(
    reference: np.ndarray, batch: np.ndarray, *, false_alarms: float, least: float
) -> list[int]:
    """Return the columns that have drifted, in ascending order.

    A column has drifted if its p-value by `ks` is at most false_alarms / d, so that a
    batch without drift hardly ever raises an alarm (Bonferroni), and its statistic is
    at least `least`, since with many rows any difference is significant.

    Args:
        reference: (n, d) of finite floats.
        batch: (m, d) of finite floats.
        false_alarms: The chance for one batch, above 0 and below 1.
        least: The least statistic that matters, from 0 to 1.
    """
    raise NotImplementedError
