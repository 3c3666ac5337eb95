"""Where trees beat lines, and where lines beat trees.

"A tree can bend, so it never does worse than a line," says one colleague; another says
the reverse. Show both that it depends on the data: write two functions, each of which
builds data on which one of the two wins, by any margin that they name. NumPy only.

Both are judged by R**2 = 1 - SSE / SST on the very rows that they were fitted to: the
question is what they can express, not how well they generalise.

The line is least squares on all features, with an intercept; numpy.linalg.lstsq.

The tree is greedy. Down to the depth given (the root's is 0), a node takes the split
features[:, j] <= t that lowers the SSE most, t being any value of feature j in that
node but the largest; a leaf predicts the mean of its rows. Gains are shares of SST: one
of 1e-9 or less is none, and of those within 1e-9 of the largest the lowest j wins, then
the lowest t.

Say first what a greedy split cannot see, and what a line cannot. Then: which target
needs a tree of just this depth? And which one costs a tree a split per feature?
"""

from itertools import product

import numpy as np


def tree_wins(
    depth: int, n_features: int, margin: float
) -> tuple[np.ndarray, np.ndarray]:
    """Return data on which a tree of that depth beats the line, and no shallower one.

    The tree's R**2 exceeds the line's by margin or more (or 1e-6 less, for rounding);
    that of the tree of depth - 1 (of depth 0: one leaf) does so by less than margin.

    Args:
        depth: From 1 to 4.
        n_features: From depth to 10.
        margin: From 0.1 to 0.9. Such data always exist.

    Returns:
        (features, targets): (n, n_features) and (n,) of integers or floats from -1000
        to 1000, n from 2 to 2048. The variance of the targets, SST / n, is at least
        0.01. Rows may repeat, features may be constant.

    Example:
        >>> features, targets = tree_wins(2, 3, 0.5)
        >>> features.shape[1], targets.ndim
        (3, 1)

    Source: Breiman, Friedman, Olshen and Stone (1984), Classification and Regression
        Trees, chapter 8, doi:10.1201/9781315139470.
    """
    if depth == 1:
        features, targets = _step_with_outlier()
    else:
        # A product of k features shows nothing to a line, nor to a greedy split before
        # the last of the k. A little of every shorter product leads the tree there.
        features = _corners(depth)  # (2**depth, depth)
        products = np.cumprod(features, axis=1)
        targets = products[:, -1] + 0.1 * products[:, :-1].sum(axis=1)
    idle = n_features - features.shape[1]
    return np.pad(features, ((0, 0), (0, idle))), targets


def line_wins(
    depth: int, n_features: int, margin: float
) -> tuple[np.ndarray, np.ndarray]:
    """Return data on which the line beats a tree of that depth.

    The line's R**2 exceeds the tree's by margin or more (or 1e-6 less, for rounding),
    and so that of any shallower tree, which explains no more.

    Args:
        depth: From 1 to 4.
        n_features: From depth + 1 to 10.
        margin: From 0.1 to 1 - depth / n_features. Such data always exist.

    Returns:
        (features, targets), as for tree_wins.

    Example:
        >>> features, targets = line_wins(2, 8, 0.75)
        >>> features.shape[1], targets.ndim
        (8, 1)
    """
    # All features matter alike and none tells of another, so that each split on a path
    # explains a share of 1 / n_features and no more.
    features = _corners(n_features)  # (2**n_features, n_features)
    return features, features.sum(axis=1)


def _corners(n: int) -> np.ndarray:
    """Return the corners of a cube, (2**n, n) of -1 and 1."""
    return np.array(list(product([-1.0, 1.0], repeat=n)))


def _step_with_outlier() -> tuple[np.ndarray, np.ndarray]:
    """Return a step, which one split finds, and a point so far out that no line does.

    A tree sees no more than the order of a feature. The line's R**2 is the squared
    correlation, here little more than that of the targets with one of 20 points: 1/19.
    """
    targets = np.repeat([0.0, 1.0], 10)
    feature = targets.copy()
    feature[-1] = 1000.0
    return feature[:, np.newaxis], targets
