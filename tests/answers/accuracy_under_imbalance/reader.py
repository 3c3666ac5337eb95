"""Written from the prompt alone: counts label and prediction in a dictionary."""

from collections import Counter

import numpy as np


def scores(labels: np.ndarray, predictions: np.ndarray) -> tuple[float, float, float]:
    """Read all three from the four counts."""
    counts = Counter(zip(labels.tolist(), predictions.tolist(), strict=True))
    found, missed = counts[1, 1], counts[1, 0]
    spared, alarms = counts[0, 0], counts[0, 1]
    accuracy = (found + spared) / (found + missed + spared + alarms)
    balanced = (found / (found + missed) + spared / (spared + alarms)) / 2
    f1 = 2 * found / (2 * found + missed + alarms) if found else 0.0
    return accuracy, balanced, f1


def two_models(
    n_ones: int, n_zeros: int, accuracy_gap: int, f1_gap: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Let the first model find nobody, and the second everybody and some more."""
    if accuracy_gap < 1 or f1_gap < 1:
        raise ValueError("both gaps are 1 or more")
    n = n_ones + n_zeros
    alarms = n_ones + (accuracy_gap * n + 99) // 100
    if alarms > n_zeros:
        raise ValueError(f"{n_zeros} zeros are too few for {alarms} false alarms")
    labels = [1] * n_ones + [0] * n_zeros
    nobody = [0] * n
    everybody = [1] * (n_ones + alarms) + [0] * (n_zeros - alarms)
    return np.array(labels), np.array(nobody), np.array(everybody)
