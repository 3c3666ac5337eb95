"""Written from the prompt alone: bisects sorted lists, walks two at once."""

import math
from bisect import bisect_left

import numpy as np


def _shares(sample: np.ndarray, edges: list[float]) -> list[float]:
    numbers = sorted(sample[~np.isnan(sample)].tolist())
    shares = []
    before = 0
    for edge in edges:
        below = bisect_left(numbers, edge)
        shares.append((below - before) / sample.size)
        before = below
    shares.append((len(numbers) - before) / sample.size)
    shares.append((sample.size - len(numbers)) / sample.size)
    return [max(share, 1e-4) for share in shares]


def psi(reference: np.ndarray, current: np.ndarray, n_bins: int) -> float:
    if n_bins < 2:
        raise ValueError("n_bins must be 2 or more")
    if reference.size == 0 or current.size == 0:
        raise ValueError("a sample is empty")
    numbers = reference[~np.isnan(reference)]
    edges = np.quantile(numbers, [i / n_bins for i in range(1, n_bins)]).tolist()
    return sum(
        (c - r) * math.log(c / r)
        for r, c in zip(_shares(reference, edges), _shares(current, edges), strict=True)
    )


def ks(reference: np.ndarray, current: np.ndarray) -> tuple[float, float]:
    a, b = sorted(reference.tolist()), sorted(current.tolist())
    n, m = len(a), len(b)
    i = j = largest = 0
    while i < n and j < m:
        x = min(a[i], b[j])
        while i < n and a[i] == x:
            i += 1
        while j < m and b[j] == x:
            j += 1
        largest = max(largest, abs(i * m - j * n))
    statistic = largest / (n * m)

    t = statistic * math.sqrt(n * m / (n + m))
    if t < 0.2:
        return statistic, 1.0
    p, sign = 0.0, 1
    for k in range(1, 100):
        p += 2 * sign * math.exp(-2 * k * k * t * t)
        sign = -sign
    return statistic, min(max(p, 0.0), 1.0)


def drifted(
    reference: np.ndarray, batch: np.ndarray, *, false_alarms: float, least: float
) -> list[int]:
    d = reference.shape[1]
    found = []
    for column in range(d):
        statistic, p = ks(reference[:, column], batch[:, column])
        if p <= false_alarms / d and statistic >= least:
            found.append(column)
    return found
