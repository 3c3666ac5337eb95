"""Where trees beat lines, and where lines beat trees.

"A tree can bend, so it never does worse than a line," says one colleague; another says
the reverse. Show both that it depends on the data: write two functions, each of which
builds data on which one of the two wins, by any margin that they name. NumPy only.

Either is judged by R**2 = 1 - SSE / SST on the very rows that it was fitted to: the
question is what it can express, not how well it generalises. SST is the sum of the
squared distances of the targets to their mean.

The line is least squares on all features, with an intercept; numpy.linalg.lstsq.

The tree is greedy, and a leaf predicts the mean of its rows. A split sends the rows
with features[:, j] <= t to the left, where t is any value of feature j in that node but
the largest. Its gain is the fall in SSE that it brings, over the SST of all rows. A
node takes its split of the largest gain, unless that is 1e-9 or less or the node lies
at the depth given (the root's is 0): then it is a leaf. Gains within 1e-9 of the
largest tie; of those the lowest j wins, then the lowest t.

Say first what a greedy split cannot see, and what a line cannot. Then: which target
needs a tree of just this depth? And which one costs a tree a split per feature?
"""

import numpy as np


def tree_wins(
    depth: int, n_features: int, margin: float
) -> tuple[np.ndarray, np.ndarray]:
    """Return data on which a tree of that depth beats the line, and no shallower one.

    The tree's R**2 exceeds the line's by margin or more; it may fall short by 1e-6.
    That of the tree of depth - 1 (of depth 0: one leaf) exceeds the line's by less
    than margin, if at all.

    Args:
        depth: From 1 to 4.
        n_features: From depth to 10.
        margin: From 0.1 to 0.9. Such data always exist.

    Returns:
        (features, targets): (n, n_features) and (n,) of integers or floats from -1000
        to 1000, n from 2 to 2048. The variance of the targets, SST / n, is at least
        0.01. Rows may repeat, and a feature may be constant.

    Raises:
        ValueError: If an argument is out of its range, or margin is NaN.

    Example:
        >>> features, targets = tree_wins(2, 3, 0.5)
        >>> features.shape[1], targets.ndim
        (3, 1)

    Source: Breiman, Friedman, Olshen and Stone (1984), Classification and Regression
        Trees, chapter 8, doi:10.1201/9781315139470.
    """
    return None


def line_wins(
    depth: int, n_features: int, margin: float
) -> tuple[np.ndarray, np.ndarray]:
    """Return data on which the line beats a tree of that depth.

    The line's R**2 exceeds the tree's by margin or more; it may fall short by 1e-6.

    Args:
        depth: From 1 to 4.
        n_features: From depth + 1 to 10.
        margin: From 0.1 to 1 - depth / n_features, and never within 1e-9 beyond that.
            Such data always exist.

    Returns:
        (features, targets), as for tree_wins.

    Raises:
        ValueError: If an argument is out of its range, or margin is NaN.

    Example:
        >>> features, targets = line_wins(2, 8, 0.75)
        >>> features.shape[1], targets.ndim
        (8, 1)

    Source: James, Witten, Hastie and Tibshirani (2013), An Introduction to Statistical
        Learning, section 8.1.3, doi:10.1007/978-1-4614-7138-7.
    """
    return None
