"""Written from the prompt alone: sums by fsum, twins on a line, and cosines."""

import math

import numpy as np


def standardise(train: np.ndarray, test: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    n, d = train.shape
    if n == 0:
        raise ValueError("there is no training row")
    if test.shape[1] != d:
        raise ValueError("test has other columns than train")
    new_train, new_test = np.empty(train.shape), np.empty(test.shape)
    for j in range(d):
        column = train[:, j].tolist()
        if min(column) == max(column):
            mean, deviation = column[0], 1.0
        else:
            mean = math.fsum(column) / n
            deviation = math.sqrt(math.fsum((v - mean) ** 2 for v in column) / n)
        new_train[:, j] = (train[:, j] - mean) / deviation
        new_test[:, j] = (test[:, j] - mean) / deviation
    return new_train, new_test


def neighbours_data(n: int, better: str) -> tuple[np.ndarray, np.ndarray]:
    rows, labels = [], []
    for i in range(n):
        if better == "standardised":
            # The large column alternates between labels; the small one is the label.
            rows.append((1000.0 * i, float(i % 2)))
            labels.append(i % 2)
        else:
            # Twins of one label share a place in the large column, and the places
            # alternate. The small column tells twins apart, once it is scaled up.
            place, twin = divmod(i, 2)
            rows.append((1000.0 * place, 0.001 * twin))
            labels.append(place % 2)
    return np.array(rows), np.array(labels)


def descent_data(n: int, d: int, condition: float) -> np.ndarray:
    data = np.empty((n, d))
    for i in range(n):
        for j in range(d):
            # Whole and half waves are orthogonal to each other, and of mean 0.
            data[i, j] = math.cos(math.pi * (j + 1) * (i + 0.5) / n)
    data[:, 0] *= 2 * math.sqrt(condition)
    return data
