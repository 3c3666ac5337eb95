"""One table of sums, levels by folds; a product with 1 - eye adds up other folds."""

import numpy as np


def encode_new(levels, targets, new_levels, *, smoothing):
    """Encode new rows by a search among the sorted known levels."""
    targets = targets.astype(np.float64)
    order = np.argsort(levels, kind="stable")
    ordered = levels[order]
    first = np.flatnonzero(np.append(True, ordered[1:] != ordered[:-1]))
    total = np.add.reduceat(targets[order], first)
    count = np.diff(np.append(first, len(levels)))
    prior = np.mean(targets)
    values = (total + smoothing * prior) / (count + smoothing)
    place = np.searchsorted(ordered[first], new_levels)
    place = np.minimum(place, len(first) - 1)
    return np.where(ordered[first][place] == new_levels, values[place], prior)


def encode_train(levels, targets, folds, *, smoothing):
    """Encode all folds at once."""
    _check(levels, targets, smoothing)
    if folds.shape != levels.shape:
        raise ValueError("one fold for each row")
    names, row = np.unique(levels, return_inverse=True)
    numbers, column = np.unique(folds, return_inverse=True)
    if len(numbers) < 2:
        raise ValueError("at least two folds")
    total = np.zeros((len(names), len(numbers)))
    count = np.zeros_like(total)
    np.add.at(total, (row, column), targets)
    np.add.at(count, (row, column), 1.0)
    others = 1 - np.eye(len(numbers))
    total, count = total @ others, count @ others  # (levels, folds)
    # The sum over folds once more, and not over the levels of these products: each
    # fold's mean is then as exact as its parts.
    sums = np.bincount(column, weights=targets) @ others
    prior = sums / (np.bincount(column) @ others)
    weight = np.where(count > 0, count + smoothing, 1)
    values = np.where(count > 0, (total + smoothing * prior) / weight, prior)
    return values[row, column]


def _check(levels, targets, smoothing):
    if levels.ndim != 1 or targets.shape != levels.shape:
        raise ValueError("levels and targets must be (n,)")
    if not np.all(np.isfinite(targets)):
        raise ValueError("targets must be finite")
    if not 0 <= smoothing < np.inf:
        raise ValueError("smoothing must be finite and at least 0")
