"""Sliding-window median.

A sensor spikes now and then, and sometimes drops out. Smooth its readings: replace
them by the median of each k that follow one another. NumPy and the standard library.

Say first which few numbers of a window you must see, and what leaves when the window
moves on. A window has thousands of readings, so it cannot be searched or sorted anew
each time: aim for O(n log k) time and O(n) memory.
"""

import numpy as np


def sliding_window_median(values: np.ndarray, k: int) -> np.ndarray:
    """Return the median of each k values in a row.

    The median of an even number of values is the mean of the two in the middle,
    computed in double precision whatever the dtype.

    Args:
        values: (n,) of integers or floats up to 1e300 in size, or NaN where a reading
            is missing; read-only. The median of a window with NaN is NaN; once the NaN
            has left, medians are right again.
        k: How many values a window has, 1 or more.

    Returns:
        (n - k + 1,) of float64: the medians, first window first. Empty if k is
        more than n, since there is no whole window then.

    Raises:
        ValueError: If k is less than 1, or values is not of shape (n,).

    Example:
        >>> sliding_window_median(np.array([1, 5, 2, 80, 3, 4]), 3)
        array([2., 5., 3., 4.])

    Source: Härdle and Steiger (1995), doi:10.2307/2986349.
    """
    raise NotImplementedError
