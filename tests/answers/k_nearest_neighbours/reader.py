"""Written from the prompt alone: a loop over queries, votes in a dictionary."""

import numpy as np


def neighbours(
    train: np.ndarray, queries: np.ndarray, k: int
) -> tuple[np.ndarray, np.ndarray]:
    """Take differences first, one query at a time, and sort stably."""
    n, d = train.shape
    if not 1 <= k <= n:
        raise ValueError(f"k is {k}, of {n} rows")
    if queries.shape[1] != d:
        raise ValueError(f"queries has {queries.shape[1]} columns, train has {d}")
    rows = np.empty((len(queries), k), dtype=np.int64)
    distances = np.empty((len(queries), k))
    for i, query in enumerate(queries):
        away = np.sqrt(((train - query) ** 2).sum(axis=1))
        nearest = np.argsort(away, kind="stable")[:k]
        rows[i] = nearest
        distances[i] = away[nearest]
    return rows, distances


def classify(
    train: np.ndarray, labels: np.ndarray, queries: np.ndarray, k: int
) -> np.ndarray:
    """Count votes in a dictionary, which remembers who came first."""
    rows, _ = neighbours(train, queries, k)
    winners = []
    for nearest in rows.tolist():
        votes: dict[int, int] = {}
        for row in nearest:
            label = int(labels[row])
            votes[label] = votes.get(label, 0) + 1
        winners.append(max(votes, key=lambda label: votes[label]))
    return np.array(winners, dtype=labels.dtype)
