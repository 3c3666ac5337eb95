"""The pseudo-inverse of the centred columns."""

import numpy as np


def linear_regression(features, targets, *, intercept=True):
    if features.shape[0] == 0 or targets.shape != features.shape[:1]:
        raise ValueError("one target for each row, and a row at least")
    if not intercept:
        return np.linalg.lstsq(features, targets)[0], 0.0
    means = features.mean(axis=0)
    cut = max(features.shape) * np.finfo(float).eps
    weights = np.linalg.pinv(features - means, rcond=cut) @ (targets - targets.mean())
    return weights, float(np.mean(targets - features @ weights))
