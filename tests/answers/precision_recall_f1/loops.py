"""A dictionary from class to position, and plain sums."""

import numpy as np


def confusion_matrix(labels, predictions, classes):
    position = {value: at for at, value in enumerate(classes.tolist())}
    if len(position) != len(classes):
        raise ValueError("a class is named twice")
    if labels.shape != predictions.shape or labels.ndim != 1:
        raise ValueError("labels and predictions differ in shape")
    counts = [[0] * len(position) for _ in position]
    try:
        for label, prediction in zip(
            labels.tolist(), predictions.tolist(), strict=True
        ):
            counts[position[label]][position[prediction]] += 1
    except KeyError as error:
        raise ValueError(f"{error} is not among the classes") from None
    return np.array(counts)


def precision_recall_f1(matrix, *, average="macro", zero_division=0.0):
    rows = matrix.tolist()
    k = len(rows)
    tp = [rows[i][i] for i in range(k)]
    fp = [sum(rows[j][i] for j in range(k)) - tp[i] for i in range(k)]
    fn = [sum(rows[i]) - tp[i] for i in range(k)]
    if average == "micro":
        tp, fp, fn = [sum(tp)], [sum(fp)], [sum(fn)]
    weights = [1] * len(tp)
    if average == "weighted":
        weights = [a + b for a, b in zip(tp, fn, strict=True)]

    def mean(fractions):
        values = [a / b if b else zero_division for a, b in fractions]
        weighted = zip(weights, values, strict=True)
        return sum(w * v for w, v in weighted) / sum(weights)

    counts = list(zip(tp, fp, fn, strict=True))
    return (
        mean((a, a + b) for a, b, _ in counts),
        mean((a, a + c) for a, _, c in counts),
        mean((2 * a, 2 * a + b + c) for a, b, c in counts),
    )
