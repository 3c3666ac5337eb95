"""Repair the cross-validation.

A colleague's model scores superbly in cross-validation and fails in production. What is
tested has leaked into what is learned. Find and repair the five leaks. NumPy only.

The docstrings and signatures are right, the code is not. All else may be written anew.
A sound validation obeys laws:

- The labels of the rows that are tested, however they change, do not move their scores.
- What one tested row holds does not move the score of another one of its fold.
- A row and its copy, being of one group, are never on both sides.
- Where every row has a category of its own, the categories tell nothing.
- The order of the rows does not matter.

Say first how you would try each law on code that you have not read; then read.
"""

import numpy as np

SMOOTHING = 2.0
PENALTY = 1.0


def out_of_fold_scores(
    numbers: np.ndarray,
    categories: np.ndarray,
    labels: np.ndarray,
    groups: np.ndarray,
    *,
    n_folds: int,
    n_columns: int,
) -> np.ndarray:
    """Return the score of each row by a model that saw no row of its fold.

    The distinct groups, in ascending order, are dealt out to the folds: the first to
    fold 0, the next to fold 1, and so on, and after the last fold to fold 0 again. For
    each fold the steps below learn from the rows of all other folds ("training rows"),
    and from nothing else; then they are applied to the rows of the fold.

    1. Impute: a NaN becomes the median of the column's numbers in training rows.
    2. Encode: a category becomes one more column, the last: (sum of labels + SMOOTHING
       * mean) / (count + SMOOTHING), where sum and count are over the training rows of
       that category, and mean is of the labels of all training rows. For a training row
       its own label is left out of sum and count, not of the mean.
    3. Select: the n_columns columns whose correlation with the label in training rows
       is largest in size; that of a constant column is 0. Ties are not tried, but
       between columns that are constant in the training rows.
    4. Scale: subtract the mean of training rows, divide by their standard deviation
       (of the population), and by 1 where that is below 1e-9.
    5. Fit: least squares on the labels with an intercept, and PENALTY times the sum of
       the squared weights without the intercept's.

    Args:
        numbers: (n, d) of floats. NaN means that a number is missing; in the training
            rows of any fold each column has a number.
        categories: (n,) of integers.
        labels: (n,) of 0 and 1.
        groups: (n,) of integers.
        n_folds: 2 or more, and at most as many as there are groups.
        n_columns: From 1 to d + 1.

    Returns:
        (n,) of scores, in the order of the rows.

    Raises:
        ValueError: If categories, labels and groups are not all (n,), or there are
            fewer groups than folds.

    Example:
        >>> out_of_fold_scores(
        ...     np.array([[1.0], [2.0], [3.0], [4.0]]), np.array([5, 6, 7, 8]),
        ...     np.array([0, 0, 1, 1]), np.array([1, 2, 3, 4]), n_folds=2, n_columns=1,
        ... ).round(6)
        array([-0.166667,  0.5     ,  0.5     ,  1.166667])

    Source: Kaufman, Rosset, Perlich and Stitelman (2012), doi:10.1145/2382577.2382579.
    """
    n = numbers.shape[0]
    shapes = {categories.shape, labels.shape, groups.shape}
    if shapes != {(n,)}:
        raise ValueError(f"numbers has {n} rows, the others have shapes {shapes}")
    if np.unique(groups).size < n_folds:
        raise ValueError(f"{n_folds} folds need as many groups")
    fold = np.unique(groups, return_inverse=True)[1] % n_folds
    scores = np.empty(n)
    for tested in (fold == f for f in range(n_folds)):
        known = ~tested
        medians = np.nanmedian(numbers[known], axis=0)
        filled = np.where(np.isnan(numbers), medians, numbers)
        encoded = _encode(categories, labels, known)
        columns = np.column_stack([filled, encoded])
        chosen = _best_columns(columns[known], labels[known], n_columns)
        columns = columns[:, chosen]
        centre, spread = _centre_and_spread(columns[known])
        columns = (columns - centre) / spread
        weights, intercept = _ridge(columns[known], labels[known])
        scores[tested] = columns[tested] @ weights + intercept
    return scores


def _encode(
    categories: np.ndarray, labels: np.ndarray, known: np.ndarray
) -> np.ndarray:
    """Return (n,) of mean labels by category, smoothed, without a row's own label."""
    which = np.unique(categories, return_inverse=True)[1]
    sums = np.bincount(which[known], labels[known], which.max() + 1)
    counts = np.bincount(which[known], minlength=which.max() + 1)
    mean = labels[known].mean()
    own_sum = np.where(known, labels, 0)
    own_count = np.where(known, 1, 0)
    total = sums[which] - own_sum + SMOOTHING * mean
    return total / (counts[which] - own_count + SMOOTHING)


def _best_columns(columns: np.ndarray, labels: np.ndarray, k: int) -> np.ndarray:
    """Return the k columns that correlate most with the labels."""
    centre, spread = _centre_and_spread(columns)
    correlations = (columns - centre).T @ labels / spread
    return np.argsort(-np.abs(correlations))[:k]


def _centre_and_spread(columns: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return mean and standard deviation by column; 1 for a constant one."""
    spread = columns.std(axis=0)
    return columns.mean(axis=0), np.where(spread < 1e-9, 1, spread)


def _ridge(columns: np.ndarray, labels: np.ndarray) -> tuple[np.ndarray, float]:
    """Return weights and intercept; the columns have mean 0."""
    curvature = columns.T @ columns + PENALTY * np.eye(columns.shape[1])
    return np.linalg.solve(curvature, columns.T @ labels), labels.mean()
