"""One sorted list, found by bisection; what is NaN stays out of it."""

from bisect import bisect_left, insort

import numpy as np


def sliding_window_median(values, k):
    """Return the median of each k values in a row."""
    if values.ndim != 1:
        raise ValueError("values")
    if k < 1:
        raise ValueError("k")
    numbers = [float(value) for value in values]
    window, medians = [], []
    for i, number in enumerate(numbers):
        if number == number:
            insort(window, number)
        if i >= k:
            old = numbers[i - k]
            if old == old:
                del window[bisect_left(window, old)]
        if i < k - 1:
            continue
        if len(window) < k:
            medians.append(float("nan"))
        elif k % 2:
            medians.append(window[k // 2])
        else:
            below, above = window[k // 2 - 1], window[k // 2]
            total = below + above
            if total in (float("inf"), float("-inf")):
                total = 2 * (below / 2 + above / 2)
                medians.append(below / 2 + above / 2)
            else:
                medians.append(total / 2)
    return np.array(medians, dtype=np.float64)
