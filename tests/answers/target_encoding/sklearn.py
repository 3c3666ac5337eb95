"""scikit-learn's TargetEncoder, fitted anew on what is known to each fold."""

import numpy as np
from sklearn.preprocessing import TargetEncoder


def encode_new(levels, targets, new_levels, *, smoothing):
    """Encode new rows by an encoder fitted to the known ones."""
    encoder = TargetEncoder(target_type="continuous", smooth=float(smoothing))
    encoder.fit(levels[:, None], targets.astype(float))
    if new_levels.size == 0:
        return np.empty(0)
    return encoder.transform(new_levels[:, None])[:, 0]


def encode_train(levels, targets, folds, *, smoothing):
    """Encode each fold by an encoder fitted to the others."""
    if levels.ndim != 1 or folds.shape != levels.shape or np.unique(folds).size < 2:
        raise ValueError("one fold for each row, two at least")
    if targets.shape != levels.shape or np.isnan(targets).any():
        raise ValueError("one finite target for each row")
    encodings = np.empty(levels.shape)
    for fold in np.unique(folds):
        inside = folds == fold
        encodings[inside] = encode_new(
            levels[~inside], targets[~inside], levels[inside], smoothing=smoothing
        )
    return encodings
