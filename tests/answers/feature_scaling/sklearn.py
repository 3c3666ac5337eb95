"""scikit-learn's scaler; labels that alternate along the column that is too long."""

import numpy as np
from sklearn.preprocessing import StandardScaler


def standardise(train, test):
    if train.ndim != test.ndim or train.shape[1] != test.shape[1] or not len(train):
        raise ValueError("shapes")
    scaler = StandardScaler().fit(train)
    scaled = scaler.transform(test) if len(test) else test.astype(float)
    return scaler.transform(train), scaled


def neighbours_data(n, better):
    half = np.arange(n // 2, dtype=float)
    y = np.arange(n) % 2
    long = np.repeat(half, 2)
    if better == "standardised":
        return np.stack([y * 0.5, 1e4 * long + y * 10.0], axis=1), y
    labels = (np.arange(n) // 2) % 2
    return np.stack([y / 512.0, 100 * long], axis=1), labels


def descent_data(n, d, condition):
    x = np.zeros((n, d))
    for j in range(d):
        # One block of plus and minus ones for each column: they never overlap.
        at = np.arange(j, n - n % (2 * d), d)
        at = at[: len(at) // 2 * 2]
        x[at, j] = np.where(np.arange(len(at)) % 2, 1.0, -1.0)
    x[:, 0] *= np.sqrt(2 * condition)
    return x
