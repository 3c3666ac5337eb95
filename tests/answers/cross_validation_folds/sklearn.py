"""scikit-learn's own splitters; its StratifiedKFold wants k rows of some class."""

import numpy as np
from sklearn.model_selection import (
    GroupKFold,
    KFold,
    StratifiedKFold,
    TimeSeriesSplit,
)


def k_fold(n, k, rng, *, labels=None):
    if not 2 <= k <= n:
        raise ValueError(f"{k} folds of {n} rows")
    if labels is None:
        splitter = KFold(k, shuffle=True, random_state=int(rng.integers(2**32)))
        return list(splitter.split(np.zeros(n)))
    if np.unique(labels, return_counts=True)[1].max() < k:
        order = np.lexsort((rng.permutation(n), labels))
        tests = [np.sort(order[fold::k]) for fold in range(k)]
        return [(np.setdiff1d(order, test), test) for test in tests]
    splitter = StratifiedKFold(k, shuffle=True, random_state=int(rng.integers(2**32)))
    return list(splitter.split(labels, labels))


def grouped(groups, k):
    return list(GroupKFold(k).split(groups, groups=groups))


def forward_chaining(times, k, *, gap=0):
    distinct = np.unique(times)
    if k == 1:  # which TimeSeriesSplit refuses
        size = len(distinct) // 2
        tested = [np.arange(len(distinct) - size, len(distinct))]
    else:
        tested = [test for _, test in TimeSeriesSplit(k).split(distinct)]
    folds = []
    for places in tested:
        test = np.flatnonzero(np.isin(times, distinct[places]))
        train = np.flatnonzero(times < distinct[places[0]] - gap)
        folds.append((train, test))
    return folds
