"""Plain loops, a sorted list of pairs, and votes in a dictionary."""

import math

import numpy as np


def neighbours(train, queries, k):
    rows, points = train.tolist(), queries.tolist()
    if k < 1 or k > len(rows):
        raise ValueError("k is out of range")
    if len(rows[0]) != len(points[0]):
        raise ValueError("columns differ")
    indices, distances = [], []
    for point in points:
        pairs = sorted((math.dist(row, point), at) for at, row in enumerate(rows))
        indices.append([at for _, at in pairs[:k]])
        distances.append([distance for distance, _ in pairs[:k]])
    return np.array(indices), np.array(distances)


def classify(train, labels, queries, k):
    indices, _ = neighbours(train, queries, k)
    winners = []
    for row in indices:
        votes = {}
        for at in row:
            votes[int(labels[at])] = votes.get(int(labels[at]), 0) + 1
        winners.append(max(votes, key=votes.get))  # the first of the largest
    return np.array(winners)
