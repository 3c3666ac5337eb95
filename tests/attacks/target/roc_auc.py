"""ROC AUC from scratch.

Your spam filter scores every email, higher meaning likelier spam. Report how
well it ranks, as one number. NumPy only.

Say first what the number means in words; then aim for O(n log n).
"""

import numpy as np


def roc_auc(labels: np.ndarray, scores: np.ndarray) -> float:
    """Return the chance that a random positive outscores a random negative.

    A tie counts one half, so a constant score gives 0.5. The arrays are read-only.

    Args:
        labels: (n,) of 0 or 1, be they integers, floats or booleans; 1 marks a
            positive.
        scores: (n,) of integers or floats, infinite ones too; only their exact order
            matters.

    Returns:
        The area under the ROC curve, in [0, 1].

    Raises:
        ValueError: If the shapes differ or are not (n,), a score is NaN, a label
            is neither 0 nor 1, or a class is absent (the area is then undefined).

    Example:
        >>> roc_auc(np.array([0, 1, 0, 1]), np.array([0.1, 0.4, 0.4, 0.8]))
        0.875

    Source: Hanley and McNeil (1982), doi:10.1148/radiology.143.1.7063747.
    """
    _require_defined(labels, scores)

    # Ranks count from 1; tied scores share the mean of the ranks they span.
    _, group, size = np.unique(scores, return_inverse=True, return_counts=True)
    rank = (np.cumsum(size) - (size - 1) / 2)[group]  # (n,)

    # A positive's rank is its place among the positives plus the negatives it
    # beats. Take away the places, 1 + 2 + ... + P, and the pairs won remain.
    positives = int(labels.sum())
    negatives = labels.size - positives
    pairs_won = rank[labels == 1].sum() - positives * (positives + 1) / 2
    return float(pairs_won / (positives * negatives))


def _require_defined(labels: np.ndarray, scores: np.ndarray) -> None:
    if labels.ndim != 1 or labels.shape != scores.shape:
        raise ValueError(f"not two (n,) arrays: {labels.shape}, {scores.shape}")
    if np.isnan(scores).any():
        raise ValueError("scores contain NaN, which has no rank")
    if not np.array_equal(np.unique(labels), [0, 1]):
        raise ValueError("labels must be 0 or 1, with both present")
