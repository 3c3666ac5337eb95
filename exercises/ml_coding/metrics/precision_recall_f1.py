"""Confusion matrix, precision, recall and F1.

A classifier has several classes, some of them rare. Count its mistakes in a confusion
matrix, then sum them up in one precision, one recall and one F1. NumPy only. Think of
classes that never occur or are never predicted: they divide 0 by 0.
"""

import numpy as np


def confusion_matrix(
    labels: np.ndarray, predictions: np.ndarray, classes: np.ndarray
) -> np.ndarray:
    """Return how often each class was predicted as each class.

    Takes one pass over the samples, not one for every pair of classes.

    Args:
        labels: (n,) of true classes; n may be 0.
        predictions: (n,) of predicted classes.
        classes: (k,) of different integers, in any order, k at least 1; some may occur
            nowhere.

    Returns:
        (k, k) of integers: at [i, j] the samples of class classes[i] that were
        predicted as classes[j].

    Raises:
        ValueError: If labels and predictions differ in length, a label or a prediction
            is not among the classes, or a class is named twice.

    Example:
        >>> confusion_matrix(np.array([7, 7]), np.array([7, -1]), np.array([7, -1]))
        array([[1, 1],
               [0, 0]])
    """
    raise NotImplementedError


def precision_recall_f1(
    matrix: np.ndarray, *, average: str = "macro", zero_division: float = 0.0
) -> tuple[float, float, float]:
    """Return precision, recall and F1, averaged over the classes.

    Of one class, with TP its samples that were predicted right, FP the other samples
    predicted as it and FN its samples predicted as others, precision is TP / (TP + FP),
    recall TP / (TP + FN) and F1 2 TP / (2 TP + FP + FN).

    Args:
        matrix: (k, k) of counts, rows the true classes; at least one sample in all.
        average: "macro" is the plain mean over all k classes, also those that never
            occur; "weighted" the mean weighted by the samples of each class; "micro"
            sums TP, FP and FN over the classes and divides once. The averaged F1 is
            the mean of the F1 of the classes.
        zero_division: What a class has where its fraction is 0 / 0.

    Returns:
        Precision, recall and F1, each a float.

    Example:
        >>> precision_recall_f1(np.array([[1, 1], [0, 2]]), average="micro")
        (0.75, 0.75, 0.75)
    """
    raise NotImplementedError
