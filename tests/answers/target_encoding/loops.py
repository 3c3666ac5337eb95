"""Dictionaries of sums and counts, filled row by row in plain Python."""

import math
from collections import defaultdict

import numpy as np


def encode_new(levels, targets, new_levels, *, smoothing):
    """Encode new rows from all known ones."""
    pairs = _pairs(levels, targets, smoothing)
    return np.array(_encode(pairs, new_levels.tolist(), smoothing), dtype=float)


def encode_train(levels, targets, folds, *, smoothing):
    """Encode each fold from the others."""
    if folds.shape != levels.shape:
        raise ValueError("folds must be as many as levels")
    pairs = _pairs(levels, targets, smoothing)
    folds = folds.tolist()
    result = [0.0] * len(pairs)
    for fold in set(folds):
        outside = [pair for pair, f in zip(pairs, folds, strict=True) if f != fold]
        rows = [i for i, f in enumerate(folds) if f == fold]
        encoded = _encode(outside, [pairs[i][0] for i in rows], smoothing)
        for i, value in zip(rows, encoded, strict=True):
            result[i] = value
    return np.array(result)


def _pairs(levels, targets, smoothing):
    if levels.ndim != 1 or levels.shape != targets.shape:
        raise ValueError("levels and targets must be (n,)")
    if smoothing < 0 or not math.isfinite(smoothing):
        raise ValueError("smoothing must be finite and not negative")
    pairs = list(zip(levels.tolist(), targets.tolist(), strict=True))
    if not all(math.isfinite(target) for _, target in pairs):
        raise ValueError("targets must be finite")
    return pairs


def _encode(pairs, new_levels, smoothing):
    if not pairs:
        raise ValueError("no other fold to encode from")
    prior = math.fsum(target for _, target in pairs) / len(pairs)
    total, count = defaultdict(float), defaultdict(int)
    for level, target in pairs:
        total[level] += target
        count[level] += 1
    return [
        (total[level] + smoothing * prior) / (count[level] + smoothing)
        if level in count
        else prior
        for level in new_levels
    ]
