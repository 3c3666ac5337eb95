"""Plain lists, cards dealt one by one."""

import numpy as np


def _folds(tests, n):
    folds = []
    for test in tests:
        inside = set(test)
        train = [row for row in range(n) if row not in inside]
        folds.append((np.array(train, int), np.array(sorted(test), int)))
    return folds


def k_fold(n, k, rng, *, labels=None):
    if k < 2 or k > n:
        raise ValueError("k is out of range")
    rows_of = {}
    for row in range(n):
        label = 0 if labels is None else int(labels[row])
        rows_of.setdefault(label, []).append(row)
    tests = [[] for _ in range(k)]
    turn = 0
    for rows in rows_of.values():
        for i in range(len(rows) - 1, 0, -1):
            j = int(rng.integers(i + 1))
            rows[i], rows[j] = rows[j], rows[i]
        for row in rows:
            tests[turn % k].append(row)
            turn += 1
    return _folds(tests, n)


def grouped(groups, k):
    rows_of = {}
    for row, group in enumerate(groups.tolist()):
        rows_of.setdefault(group, []).append(row)
    tests = [[] for _ in range(k)]
    for rows in sorted(rows_of.values(), key=len, reverse=True):
        min(tests, key=len).extend(rows)
    return _folds(tests, len(groups))


def forward_chaining(times, k, *, gap=0):
    moments = times.tolist()
    distinct = sorted(set(moments))
    size = len(distinct) // (k + 1)
    folds = []
    for back in range(k, 0, -1):
        first = distinct[len(distinct) - back * size]
        tested = set(distinct[len(distinct) - back * size :][:size])
        train = [i for i, moment in enumerate(moments) if moment + gap < first]
        test = [i for i, moment in enumerate(moments) if moment in tested]
        folds.append((np.array(train, int), np.array(test, int)))
    return folds
