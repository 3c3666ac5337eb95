"""Sliding-window median.

A sensor spikes now and then, and sometimes drops out. Smooth its readings: replace
them by the median of each k that follow one another. NumPy and the standard library.

Say first which few numbers of a window you must see, and what leaves when the window
moves on. A window has thousands of readings, so it cannot be searched or sorted anew
each time: aim for O(n log k) time and O(n) memory.
"""

from heapq import heappop, heappush

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
    if values.ndim != 1 or k < 1:
        raise ValueError(f"no windows of {k} values in an array of {values.shape}")
    numbers = values.astype(float)
    missing = np.isnan(numbers)
    numbers[missing] = 0.0  # any number that has an order
    medians = np.array(_medians(numbers.tolist(), k))

    # Up to each place, so many are missing; a window's share is a difference.
    so_far = np.append(0, np.cumsum(missing))
    medians[so_far[k:] > so_far[:-k]] = np.nan
    return medians


def _medians(numbers: list[float], k: int) -> list[float]:
    """Return the median of each window of numbers, none of which is NaN.

    Two heaps hold the lower half, largest first, and the upper half, smallest first.
    Whatever has left the window stays in its heap until it comes to the top.
    """
    low: list[tuple[float, int]] = []  # (-number, place)
    high: list[tuple[float, int]] = []  # (number, place)
    is_low: list[bool] = []  # for each place so far
    n_low = 0  # of the window, those that have left it not counted
    medians = []
    for place, number in enumerate(numbers):
        start = place - k + 1
        if start > 0:
            n_low -= is_low[start - 1]

        # Through the lower half into the upper, so that no larger number stays below.
        heappush(low, (-number, place))
        is_low.append(True)
        is_low[_move(low, high, start)] = False
        if n_low < (k + 1) // 2:
            is_low[_move(high, low, start)] = True
            n_low += 1

        if start >= 0:
            middle = -_top(low, start)[0]
            other = middle if k % 2 else _top(high, start)[0]
            medians.append((middle + other) / 2)
    return medians


def _top(heap: list[tuple[float, int]], start: int) -> tuple[float, int]:
    """Return the top of a heap, once all above it that left the window are gone."""
    while heap[0][1] < start:
        heappop(heap)
    return heap[0]


def _move(
    source: list[tuple[float, int]], target: list[tuple[float, int]], start: int
) -> int:
    """Move the top of one half to the other, and return its place."""
    number, place = _top(source, start)
    heappop(source)
    heappush(target, (-number, place))
    return place
