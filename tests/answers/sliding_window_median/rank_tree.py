"""Counts by rank in a Fenwick tree, through which one walks down to the middle."""

import numpy as np


class Counts:
    """How many of each rank are in the window."""

    def __init__(self, size):
        self.size = 1
        while self.size <= size:
            self.size *= 2
        self.sums = [0] * (self.size + 1)

    def add(self, rank, change):
        """Count a rank once more, or once less."""
        at = rank + 1
        while at <= self.size:
            self.sums[at] += change
            at += at & -at

    def find(self, order):
        """Return the rank of which the one at that place in sorted order is."""
        at, step = 0, self.size
        while step:
            if at + step <= self.size and self.sums[at + step] <= order:
                at += step
                order -= self.sums[at]
            step //= 2
        return at


def sliding_window_median(values, k):
    """Return the median of each k values in a row."""
    if values.ndim != 1 or k < 1:
        raise ValueError("no windows")
    if k > len(values):
        return np.empty(0)
    # NaN sorts last, and gets ranks that are never the middle's.
    distinct, ranks = np.unique(np.float64(values), return_inverse=True)
    distinct, ranks = distinct.tolist(), ranks.tolist()
    counts, n_missing = Counts(len(distinct)), 0
    medians = np.full(len(values) - k + 1, np.nan)
    missing = np.isnan(values).tolist()
    for place, rank in enumerate(ranks):
        counts.add(rank, 1)
        n_missing += missing[place]
        if place >= k:
            counts.add(ranks[place - k], -1)
            n_missing -= missing[place - k]
        if place >= k - 1 and not n_missing:
            below = distinct[counts.find((k - 1) // 2)]
            above = below if k % 2 else distinct[counts.find(k // 2)]
            middle = below if below == above else below * 0.5 + above * 0.5
            medians[place - k + 1] = middle
    return medians
