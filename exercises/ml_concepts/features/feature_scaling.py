"""What scaling changes.

Standardise columns as one does for a model, then build data that show what it changes:
which rows are near each other, for better or worse, and how long gradient descent
takes. (A tree splits the same rows off either way.) NumPy only.
"""

import numpy as np


def standardise(train: np.ndarray, test: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return both arrays with the training rows' mean and standard deviation taken out.

    From each column the mean of the training rows is subtracted, then it is divided by
    their standard deviation (of the population). A column that is the same number in
    all training rows is divided by 1 instead; no other is, however little it varies.

    Args:
        train: (n, d) of finite numbers, floats or integers; n at least 1.
        test: (m, d) of finite numbers, floats or integers; m may be 0.

    Raises:
        ValueError: If test has other columns than train, or there is no training row.

    Example:
        >>> standardise(np.array([[1.0], [3.0]]), np.array([[5.0]]))
        (array([[-1.],
               [ 1.]]), array([[3.]]))
    """
    raise NotImplementedError


def neighbours_data(n: int, better: str) -> tuple[np.ndarray, np.ndarray]:
    """Return data on which nearest neighbours do well raw or standardised, not both.

    A row is right if all rows nearest to it (by Euclidean distance, itself left out,
    and ties within one part in 1e9 counted as equally near) have its label. The share
    of right rows is to be at least 0.9 on the data as they are if better is "raw", or
    with the columns standardised over all rows if better is "standardised", and at most
    0.5 the other way.

    Args:
        n: How many rows, an even number from 12 to 200.
        better: "raw" or "standardised".

    Returns:
        (n, 2) of finite floats, and (n,) of integers 0 and 1, half of them 1 but for
        one more or less. No number is above 1e6 in size.
    """
    raise NotImplementedError


def descent_data(n: int, d: int, condition: float) -> np.ndarray:
    """Return data on which gradient descent crawls until the columns are standardised.

    The condition number of the columns' covariance is the largest eigenvalue over the
    smallest; descent takes about as many steps. It is to be at least condition on the
    data as they are, and at most 1.5 when the columns are standardised over all rows.

    Args:
        n: How many rows, from 4 d to 200.
        d: How many columns, from 2 to 6.
        condition: From 10 to 1e6.

    Returns:
        (n, d) of finite floats, none above 1e6 in size.

    Source: Hastie, Tibshirani and Friedman, 2nd edition (2009), section 3.4.
    """
    raise NotImplementedError
