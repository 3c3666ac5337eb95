"""scikit-learn's functions, with each cell of a matrix as one weighted sample."""

import numpy as np
from sklearn import metrics


def confusion_matrix(labels, predictions, classes):
    if labels.shape != predictions.shape:
        raise ValueError("labels and predictions differ in shape")
    known = set(classes.tolist())
    strange = (set(labels.tolist()) | set(predictions.tolist())) - known
    if strange or len(known) != classes.size:
        raise ValueError("samples and classes do not fit together")
    if labels.size == 0:
        return np.zeros((classes.size, classes.size), int)
    return metrics.confusion_matrix(labels, predictions, labels=classes)


def precision_recall_f1(matrix, *, average="macro", zero_division=0.0):
    k = len(matrix)
    rows, columns = np.indices((k, k))
    *scores, support = metrics.precision_recall_fscore_support(
        rows.ravel(),
        columns.ravel(),
        labels=np.arange(k),
        sample_weight=matrix.ravel(),
        average="micro" if average == "micro" else None,
        zero_division=np.nan,
    )
    filled = [np.nan_to_num(score, nan=zero_division) for score in scores]
    weights = support if average == "weighted" else None
    return tuple(float(np.average(score, weights=weights)) for score in filled)
