"""Plain loops over dictionaries of classes."""

import math

import numpy as np


def _by_class(train, labels):
    rows = {}
    for row, label in zip(train.tolist(), labels.tolist(), strict=True):
        rows.setdefault(label, []).append(row)
    return [rows[label] for label in sorted(rows)]


def _normalise(scores):
    highest = max(scores)
    total = 0.0
    for score in scores:
        total += math.exp(score - highest)
    return [score - highest - math.log(total) for score in scores]


def multinomial(train, labels, queries, *, smoothing=1.0):
    if len(labels) != len(train) or train.shape[1] != queries.shape[1]:
        raise ValueError("shapes differ")
    if smoothing <= 0 or train.min() < 0:
        raise ValueError("negative")
    classes = []
    for rows in _by_class(train, labels):
        totals = [sum(column) for column in zip(*rows, strict=True)]
        every = sum(totals) + smoothing * len(totals)
        words = [math.log((total + smoothing) / every) for total in totals]
        classes.append((math.log(len(rows) / len(train)), words))
    result = []
    for query in queries.tolist():
        scores = []
        for prior, words in classes:
            score = prior
            for count, word in zip(query, words, strict=True):
                score += count * word
            scores.append(score)
        result.append(_normalise(scores))
    return np.array(result)


def _mean_and_variance(values):
    mean = sum(values) / len(values)
    return mean, sum((value - mean) ** 2 for value in values) / len(values)


def gaussian(train, labels, queries, *, floor=1e-9):
    least = floor * max(_mean_and_variance(column)[1] for column in train.T.tolist())
    result = []
    for query in queries.tolist():
        scores = []
        for rows in _by_class(train, labels):
            score = math.log(len(rows) / len(train))
            for x, column in zip(query, zip(*rows, strict=True), strict=True):
                mean, variance = _mean_and_variance(column)
                variance += least
                score -= math.log(math.sqrt(2 * math.pi * variance))
                score -= (x - mean) ** 2 / (2 * variance)
            scores.append(score)
        result.append(_normalise(scores))
    return np.array(result)
