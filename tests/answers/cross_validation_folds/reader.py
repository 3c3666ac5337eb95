"""Written from the prompt alone: deals rows out like cards, one by one."""

import numpy as np

Folds = list[tuple[np.ndarray, np.ndarray]]


def k_fold(
    n: int, k: int, rng: np.random.Generator, *, labels: np.ndarray | None = None
) -> Folds:
    """Shuffle, lay the classes one behind another, and deal out in turn."""
    if not 2 <= k <= n:
        raise ValueError(f"{k} folds of {n} rows")
    deck = rng.permutation(n).tolist()
    if labels is not None:
        piles: dict[int, list[int]] = {}
        for row in deck:
            piles.setdefault(int(labels[row]), []).append(row)
        names = sorted(piles)
        rng.shuffle(names)
        deck = [row for name in names for row in piles[name]]
    fold_of = [0] * n
    for turn, row in enumerate(deck):
        fold_of[row] = turn % k
    return _folds(fold_of, k)


def grouped(groups: np.ndarray, k: int) -> Folds:
    """Place the groups by falling size, each in the emptiest test."""
    members: dict[int, list[int]] = {}
    for row, group in enumerate(groups.tolist()):
        members.setdefault(group, []).append(row)
    fold_of = [0] * len(groups)
    filled = [0] * k
    for rows in sorted(members.values(), key=len, reverse=True):
        emptiest = filled.index(min(filled))
        filled[emptiest] += len(rows)
        for row in rows:
            fold_of[row] = emptiest
    return _folds(fold_of, k)


def forward_chaining(times: np.ndarray, k: int, *, gap: int = 0) -> Folds:
    """Walk over the last distinct times, and compare each row's time."""
    moments = times.tolist()
    distinct = sorted(set(moments))
    step = len(distinct) // (k + 1)
    folds = []
    for start in range(len(distinct) - k * step, len(distinct), step):
        tested = set(distinct[start : start + step])
        before = distinct[start] - gap
        train = [row for row, moment in enumerate(moments) if moment < before]
        test = [row for row, moment in enumerate(moments) if moment in tested]
        folds.append((np.array(train, dtype=int), np.array(test, dtype=int)))
    return folds


def _folds(fold_of: list[int], k: int) -> Folds:
    """Return train and test of each fold."""
    which = np.array(fold_of)
    return [(np.flatnonzero(which != f), np.flatnonzero(which == f)) for f in range(k)]
