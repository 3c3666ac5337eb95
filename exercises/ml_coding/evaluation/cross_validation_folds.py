"""Folds for cross-validation.

Split rows at random, by class, by group and by time. NumPy only. Each function returns
a list of k tuples (train, test), arrays of ascending row indices. But by time, each row
is in exactly one test, and train is all that its test leaves.
"""

import numpy as np

Folds = list[tuple[np.ndarray, np.ndarray]]


def k_fold(
    n: int, k: int, rng: np.random.Generator, *, labels: np.ndarray | None = None
) -> Folds:
    """Return folds of random rows, whose tests differ by at most one row in size.

    With labels, so do the tests' parts of each class, however rare. Any two rows are
    equally likely to share a test; with labels, any two of one given class, and any row
    of one given class with any row of another.

    Args:
        n: How many rows there are.
        k: How many folds.
        rng: The same state gives the same folds.
        labels: (n,) of integers, the class of each row.

    Raises:
        ValueError: If k is not from 2 to n.

    Example:
        >>> k_fold(2, 2, np.random.default_rng(2))
        [(array([1]), array([0])), (array([0]), array([1]))]
    """
    raise NotImplementedError


def grouped(groups: np.ndarray, k: int) -> Folds:
    """Return folds that keep the rows of a group together.

    The largest group is placed first, then the next one, each in a test with the fewest
    rows so far. Ties, and the order of the folds, are free.

    Args:
        groups: (n,) of integers, the group of each row.
        k: How many folds, from 2 to the number of groups.
    """
    raise NotImplementedError


def forward_chaining(times: np.ndarray, k: int, *, gap: int = 0) -> Folds:
    """Return folds, the earliest first, that train on the past of their test alone.

    Of t distinct times the last k * s are tested, s = t // (k + 1) in each fold. Train
    is all rows whose time is below the first of the test less gap, maybe none.

    Args:
        times: (n,) of integers in any order, with more than k distinct ones.
        k: How many folds, 1 or more.
        gap: 0 or more, in the unit of times.

    Source: Bergmeir and Benítez (2012), doi:10.1016/j.ins.2011.12.028.
    """
    raise NotImplementedError
