"""np.add.at at positions by binary search, harmonic means where they are defined."""

import numpy as np


def confusion_matrix(labels, predictions, classes):
    if np.unique(classes).size != classes.size:
        raise ValueError("classes must be different")
    if labels.shape != predictions.shape:
        raise ValueError("labels and predictions must have one shape")
    if not (np.isin(labels, classes).all() and np.isin(predictions, classes).all()):
        raise ValueError("an unknown class")
    in_order, place = np.unique(classes, return_index=True)
    rows = place[np.searchsorted(in_order, labels)]
    columns = place[np.searchsorted(in_order, predictions)]
    matrix = np.zeros((classes.size, classes.size), int)
    np.add.at(matrix, (rows, columns), 1)
    return matrix


def precision_recall_f1(matrix, *, average="macro", zero_division=0.0):
    hits = np.diag(matrix).astype(float)
    columns, rows = matrix.sum(0), matrix.sum(1)
    if average == "micro":
        share = hits.sum() / matrix.sum()
        return share, share, share
    with np.errstate(invalid="ignore"):
        precision = np.where(columns == 0, zero_division, hits / columns)
        recall = np.where(rows == 0, zero_division, hits / rows)
        f1 = (
            2 / (columns / hits + rows / hits)
            if hits.all()
            else _f1(hits, columns + rows, zero_division)
        )
    weights = rows / rows.sum() if average == "weighted" else 1 / len(rows)
    return tuple(float((part * weights).sum()) for part in (precision, recall, f1))


def _f1(hits, both, zero_division):
    f1 = np.full(hits.shape, float(zero_division))
    np.divide(2 * hits, both, out=f1, where=both > 0)
    return f1
