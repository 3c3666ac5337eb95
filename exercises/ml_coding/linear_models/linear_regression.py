"""Linear regression by least squares.

Fit a line through data whose columns may depend on each other, or outnumber the rows.
NumPy only; np.linalg.svd, lstsq and pinv are allowed.
"""

import numpy as np


def linear_regression(
    features: np.ndarray, targets: np.ndarray, *, intercept: bool = True
) -> tuple[np.ndarray, float]:
    """Return the coefficients and the intercept with the least squared error.

    If several have the same least error, return those whose coefficients have the least
    Euclidean norm; the intercept does not count towards the norm.

    Args:
        features: (n, d) of finite numbers, n and d at least 1; float64. Unless n is 1,
            not all columns are constant.
        targets: (n,) of finite numbers.
        intercept: Whether there is an intercept. If not, it is 0.0.

    Returns:
        (d,) of coefficients, and the intercept as a float.

        A direction of the data (centred, if there is an intercept) counts as constant
        if its singular value is at most max(n, d) * 2.2e-16 times the largest, and not
        if it is 1e-8 times or more; in between, both are right. For columns that differ
        by one part in 1e7 coefficients are right to 1e-4. An (n, n) array does not fit
        into memory.

    Raises:
        ValueError: If targets is not of shape (n,), or n is 0.

    Example:
        >>> coefficients, intercept = linear_regression(
        ...     np.array([[0.0], [1.0], [2.0]]), np.array([1.0, 3.0, 5.0])
        ... )
        >>> coefficients.round(6), round(intercept, 6)
        (array([2.]), 1.0)

    Source: Hastie, Tibshirani and Friedman, 2nd edition (2009), section 3.2.
    """
    raise NotImplementedError
