"""Tables of comparisons: every number against every edge, and against every number."""

import numpy as np


def psi(reference, current, n_bins):
    if min(len(reference), len(current)) < 1 or n_bins <= 1:
        raise ValueError("samples or bins")
    known = np.sort(reference[np.isfinite(reference)])
    cuts = np.interp(
        np.arange(1, n_bins) * (known.size - 1) / n_bins, np.arange(known.size), known
    )
    r, c = (
        np.concatenate([_above(sample, cuts), [np.isnan(sample).mean()]])
        for sample in (reference, current)
    )
    r[r < 1e-4], c[c < 1e-4] = 1e-4, 1e-4
    return float(np.dot(c - r, np.log(c) - np.log(r)))


def _above(sample, cuts):
    at_least = (sample[:, None] >= cuts).sum(axis=0)
    present = np.count_nonzero(~np.isnan(sample))
    return -np.diff([present, *at_least, 0]) / len(sample)


def ks(reference, current):
    gaps = [
        np.mean(reference <= x) - np.mean(current <= x)
        for x in np.union1d(reference, current)
    ]
    largest = float(np.max(np.abs(gaps)))
    effective = len(reference) * len(current) / (len(reference) + len(current))
    t = np.sqrt(effective) * largest
    if t < 0.2:
        return largest, 1.0
    k = np.arange(1, 60)
    powers = np.exp(-2 * k**2 * t**2)
    return largest, float(2 * (powers[::2].sum() - powers[1::2].sum()))


def drifted(reference, batch, *, false_alarms, least):
    alarms = []
    for j in range(batch.shape[1]):
        largest, p = ks(reference[:, j], batch[:, j])
        if not (largest < least or p > false_alarms / batch.shape[1]):
            alarms.append(j)
    return alarms
