"""L1 gives zeros, L2 does not.

Lasso and ridge minimise sum((y - x @ w)**2) / (2 n) plus a penalty on the weights w,
penalty * sum(|w|) for lasso and penalty / 2 * sum(w**2) for ridge; neither has an
intercept. Solve one feature on paper, then build data that show how the two differ.
NumPy only.

Your data are x, (n, d), and y, (n,), of floats up to 1e6 in size; n is from 1 to 1000.
The squares in each column of x have a mean of 1, within 1e-6. Both "keep" a column if
its weight is 0.01 or more in size. Lasso's minimum is unique; it "drops" a column x_j
if its weight is 0 and |x_j . r| / n is at most 0.999 * penalty, where r = y - x @ w.
"""

import numpy as np


def one_weight(x: np.ndarray, y: np.ndarray, *, l1: float, l2: float) -> float:
    """Return the best weight of one feature, exactly 0.0 where that is zero.

    It minimises sum((y - w * x)**2) / (2 n) + l1 * |w| + l2 / 2 * w**2.

    Args:
        x: (n,) of finite numbers, not all of them 0.
        y: (n,) of finite numbers.
        l1: Strength of the first penalty, 0 or more.
        l2: Strength of the second, 0 or more.

    Example:
        >>> one_weight(np.array([1.0, 1.0]), np.array([3.0, 5.0]), l1=1.0, l2=0.5)
        2.0
    """
    raise NotImplementedError


def sparse(n_kept: int, n_zero: int, penalty: float) -> tuple[np.ndarray, np.ndarray]:
    """Return data on which lasso drops columns and ridge drops none.

    Lasso keeps the first n_kept columns, with weights above 0, and drops the last
    n_zero. Ridge with the same penalty keeps all columns.

    Args:
        n_kept: From 1 to 6.
        n_zero: From 1 to 6.
        penalty: From 0.2 to 2.
    """
    raise NotImplementedError


def grouped(copies: int, penalty: float) -> tuple[np.ndarray, np.ndarray]:
    """Return data whose columns are near copies: lasso takes one, ridge shares.

    For each pair of columns, x_i . x_j / n is at least 0.99. Lasso keeps the first one
    and drops all others, ridge with the same penalty keeps all, both with weights above
    0, and no weight of ridge is more than 1.25 times as large as another.

    Args:
        copies: How many columns, from 2 to 6.
        penalty: From 0.2 to 2.
    """
    raise NotImplementedError
