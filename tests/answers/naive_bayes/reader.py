"""Written from the prompt alone: one class after another, sums by logaddexp."""

import math

import numpy as np


def multinomial(
    train: np.ndarray,
    labels: np.ndarray,
    queries: np.ndarray,
    *,
    smoothing: float = 1.0,
) -> np.ndarray:
    """Add up the logarithms of the words, class by class."""
    if not smoothing > 0:
        raise ValueError(f"smoothing is {smoothing}")
    if (train < 0).any():
        raise ValueError("a count is negative")
    asked = queries.astype(float)
    columns = []
    for name in sorted(set(labels.tolist())):
        rows = train[labels == name].astype(float)
        counts = rows.sum(axis=0)
        total = counts.sum() + smoothing * train.shape[1]
        words = np.log(counts + smoothing) - math.log(total)
        columns.append(asked @ words + math.log(len(rows) / len(train)))
    return _normalised(columns)


def gaussian(
    train: np.ndarray, labels: np.ndarray, queries: np.ndarray, *, floor: float = 1e-9
) -> np.ndarray:
    """Add up the log-densities of the features, class by class."""
    least = floor * max(_variances(train))
    columns = []
    for name in sorted(set(labels.tolist())):
        rows = train[labels == name]
        column = np.full(len(queries), math.log(len(rows) / len(train)))
        means = rows.mean(axis=0)
        for j, variance in enumerate(_variances(rows)):
            spread = variance + least
            column -= (queries[:, j] - means[j]) ** 2 / (2 * spread)
            column -= math.log(2 * math.pi * spread) / 2
        columns.append(column)
    return _normalised(columns)


def _variances(rows: np.ndarray) -> list[float]:
    """Return the mean squared deviation from the mean, of each feature."""
    return ((rows - rows.mean(axis=0)) ** 2).mean(axis=0).tolist()


def _normalised(columns: list[np.ndarray]) -> np.ndarray:
    """Return the columns side by side, less the logarithm of their sum."""
    joint = np.column_stack(columns)
    joint = joint - joint.max(axis=1, keepdims=True)
    return joint - np.logaddexp.reduce(joint, axis=1)[:, None]
