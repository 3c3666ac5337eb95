"""High accuracy, useless model.

One customer in a hundred churns, and a model that says "nobody does" is right 99 times
in 100. Write the scores that tell such models apart, then build two models of which the
better one by accuracy is the worse one by F1.

Labels and predictions are 1 for the rare class and 0 for the common one.
"""

import numpy as np


def scores(labels: np.ndarray, predictions: np.ndarray) -> tuple[float, float, float]:
    """Return accuracy, balanced accuracy and F1.

    Accuracy is the share of rows that are right. Balanced accuracy is the mean of the
    share of right rows among the ones and among the zeros. F1 is of class 1: twice the
    true positives over twice the true positives plus all errors. Where nothing is
    found, it is 0.

    Args:
        labels: (n,) of 0 and 1, each at least once; integers.
        predictions: (n,) of 0 and 1; integers.

    Example:
        >>> scores(np.array([1, 0, 0, 0]), np.array([0, 0, 0, 0]))
        (0.75, 0.5, 0.0)

    Source: van Rijsbergen, Information Retrieval, 2nd edition (1979), chapter 7.
    """
    ones, alarms = labels.astype(bool), predictions.astype(bool)
    right = ones == alarms
    found, errors = int((ones & alarms).sum()), int((~right).sum())
    balanced = (right[ones].mean() + right[~ones].mean()) / 2
    f1 = 2 * found / (2 * found + errors) if found else 0.0
    return float(right.mean()), float(balanced), f1


def two_models(
    n_ones: int, n_zeros: int, accuracy_gap: int, f1_gap: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return labels, and two models' predictions, on which the scores disagree.

    The accuracy of the first model is at least accuracy_gap percentage points above the
    second one's; the F1 of the second is at least f1_gap percentage points above the
    first one's.

    Args:
        n_ones: How many labels are 1; at least 1.
        n_zeros: How many labels are 0; at least 1.
        accuracy_gap: Percentage points, 1 or more.
        f1_gap: Percentage points, 1 or more.

    Returns:
        Labels and both predictions, (n_ones + n_zeros,) each, integers 0 and 1, in any
        order of the rows.

    Raises:
        ValueError: If accuracy_gap or f1_gap is below 1, or there are fewer zeros than
            f = n_ones + accuracy_gap * (n_ones + n_zeros) / 100, rounded up (in whole
            numbers: 14 % of 100 rows are 14). You are asked only where f1_gap is also
            at most 80 % of 200 n_ones / (2 n_ones + f), and then there is an answer.
    """
    n = n_ones + n_zeros
    false_alarms = n_ones + -(-accuracy_gap * n // 100)
    if min(accuracy_gap, f1_gap) < 1 or false_alarms > n_zeros:
        raise ValueError(f"no such models: {n_ones=}, {n_zeros=}, {accuracy_gap=}")
    labels = np.zeros(n, int)
    labels[:n_ones] = 1
    # The first never raises an alarm; the second finds all, with more false alarms than
    # the first has misses.
    second = np.zeros(n, int)
    second[: n_ones + false_alarms] = 1
    return labels, np.zeros(n, int), second
