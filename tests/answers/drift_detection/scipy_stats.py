"""SciPy's statistic and Kolmogorov distribution, NumPy's histogram with open ends."""

import numpy as np
from scipy import special, stats


def psi(reference, current, n_bins):
    if reference.size * current.size == 0 or n_bins < 2:
        raise ValueError("empty, or one bin")
    inner = np.unique(np.nanquantile(reference, np.linspace(0, 1, n_bins + 1)[1:-1]))
    edges = [-np.inf, *inner, np.inf]
    shares = []
    for sample in (reference, current):
        counts, _ = np.histogram(sample[~np.isnan(sample)], bins=edges)
        shares.append(
            np.clip([*(counts / sample.size), np.isnan(sample).mean()], 1e-4, None)
        )
    return np.sum((shares[1] - shares[0]) * np.log(shares[1] / shares[0]))


def ks(reference, current):
    statistic = float(stats.ks_2samp(reference, current, method="asymp").statistic)
    n, m = reference.size, current.size
    return statistic, float(special.kolmogorov(statistic * np.sqrt(n * m / (n + m))))


def drifted(reference, batch, *, false_alarms, least):
    columns = zip(reference.T, batch.T, strict=True)
    tests = np.array([ks(r, c) for r, c in columns])
    alarm = (tests[:, 0] >= least) & (tests[:, 1] <= false_alarms / len(tests))
    return np.flatnonzero(alarm).tolist()
