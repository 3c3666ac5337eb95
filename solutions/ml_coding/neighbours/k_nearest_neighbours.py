"""Nearest-neighbour classifier.

Classify a customer by the k most similar ones that we know. NumPy only. For 200
queries, 2,000 rows and 100 features you may use 128 MB: an array of (m, n) fits, one of
(m, n, d) does not. Get the distances right to an absolute 1e-6, also where all rows, or
some, lie 1e8 from the origin and about 1 apart.
"""

from collections import Counter

import numpy as np


def neighbours(
    train: np.ndarray, queries: np.ndarray, k: int
) -> tuple[np.ndarray, np.ndarray]:
    """Return the k rows nearest to each query, the nearest first.

    Of equally distant rows the one with the lower index comes first.

    Args:
        train: (n, d) of finite floats; rows may repeat.
        queries: (m, d) of finite floats, m at least 1.
        k: How many neighbours, from 1 to n.

    Returns:
        (m, k) integers, indices of rows; (m, k) floats, their Euclidean distances.

    Raises:
        ValueError: If k is not from 1 to n, or queries has other columns than train.

    Example:
        >>> neighbours(np.array([[0.0], [5.0], [4.0]]), np.array([[3.0]]), 2)
        (array([[2, 1]]), array([[1., 2.]]))
    """
    _require_valid(train, queries, k)
    nearest = np.empty((len(queries), k), int)
    distances = np.empty((len(queries), k))
    for i, query in enumerate(queries):
        # Differences do not cancel, as |a|^2 - 2ab + |b|^2 does.
        difference = train - query  # (n, d)
        squared = np.einsum("nd,nd->n", difference, difference)
        nearest[i] = np.argsort(squared, kind="stable")[:k]
        distances[i] = np.sqrt(squared[nearest[i]])
    return nearest, distances


def classify(
    train: np.ndarray, labels: np.ndarray, queries: np.ndarray, k: int
) -> np.ndarray:
    """Return the most frequent label among the k nearest rows of each query.

    Of tied labels the one with the nearest row wins, in the order of `neighbours`.

    Args:
        train: (n, d) of finite floats.
        labels: (n,) of integers, mere names: -1 and 10**12 may occur.
        queries: (m, d) of finite floats, m at least 1.
        k: How many neighbours vote, from 1 to n.

    Returns:
        (m,) of integers.

    Example:
        >>> train = np.array([[0.0], [1.0], [5.0]])
        >>> classify(train, np.array([7, -1, -1]), np.array([[0.2]]), 3)
        array([-1])

    Source: Cover and Hart (1967), doi:10.1109/TIT.1967.1053964.
    """
    nearest, _ = neighbours(train, queries, k)
    # A Counter lists equal counts in the order in which it met them: nearest first.
    votes = [Counter(row.tolist()).most_common(1) for row in labels[nearest]]
    return np.array([label for [(label, _)] in votes])


def _require_valid(train: np.ndarray, queries: np.ndarray, k: int) -> None:
    if train.shape[1] != queries.shape[1]:
        raise ValueError(f"columns differ: {train.shape} and {queries.shape}")
    if not 1 <= k <= len(train):
        raise ValueError(f"k must be from 1 to {len(train)}, got {k}")
