"""Random keys in place of a shuffle, a heap of tests, and ranks of times."""

import heapq

import numpy as np


def _from_numbers(numbers, k):
    everything = np.arange(len(numbers))
    return [
        (everything[numbers != fold], everything[numbers == fold]) for fold in range(k)
    ]


def k_fold(n, k, rng, *, labels=None):
    if k > n or k < 2:
        raise ValueError(f"cannot make {k} folds of {n} rows")
    keys = rng.random(n)
    if labels is None:
        return _from_numbers(keys.argsort().argsort() * k // n, k)
    order = np.lexsort((keys, -labels))
    numbers = np.zeros(n, int)
    for fold in range(k):
        numbers[order[fold::k]] = k - 1 - fold
    return _from_numbers(numbers, k)


def grouped(groups, k):
    names, counts = np.unique(groups, return_counts=True)
    heap = [(0, fold) for fold in range(k)]
    numbers = np.zeros(len(groups), int)
    for size, name in sorted(zip(-counts, names, strict=True)):
        rows, fold = heapq.heappop(heap)
        numbers[groups == name] = fold
        heapq.heappush(heap, (rows - size, fold))
    return _from_numbers(numbers, k)


def forward_chaining(times, k, *, gap=0):
    distinct, ranks = np.unique(times, return_inverse=True)
    size = len(distinct) // (k + 1)
    fold_of = (ranks - (len(distinct) - k * size)) // size
    folds = []
    for fold in range(k):
        test = np.where(fold_of == fold)[0]
        folds.append((np.where(times + gap < times[test].min())[0], test))
    return folds
