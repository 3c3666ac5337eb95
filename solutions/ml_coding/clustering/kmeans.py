"""k-means with k-means++ seeding.

Group a shop's customers so that each is close to the middle of its group: draw the
first centres, then let Lloyd's algorithm move them. NumPy only. Inputs are read-only.

Say first what k-means minimises, and why neither of Lloyd's steps can raise it. For
20,000 customers, 50 groups and 32 features you may use 128 MB: arrays of (n, k) and
(n, d) fit, one of (n, k, d) does not. Where the points lie 1e8 from the origin and
about 1 apart, draw them by the same law, and get the inertia right to 1e-5.
"""

import numpy as np


def kmeans_plus_plus(
    points: np.ndarray, k: int, rng: np.random.Generator
) -> np.ndarray:
    """Return k of the points, drawn so that they are spread out.

    The first is drawn uniformly. Each further one is drawn with a chance proportional
    to the squared Euclidean distance of a point to the nearest centre drawn so far.
    Once every point coincides with a centre, the rest may be any of the points.

    Args:
        points: (n, d) of floats up to 1e9 in size, n at least 1; rows may repeat.
        k: How many centres to draw.
        rng: The only source of randomness; the same state gives the same centres.

    Returns:
        (k, d) of floats, each row one of the points, in the order drawn.

    Raises:
        ValueError: If points holds NaN or infinity, or k is not from 1 to n.

    Example:
        >>> points = np.array([[3.0], [3.0], [7.0]])
        >>> sorted(kmeans_plus_plus(points, 2, np.random.default_rng(0)).tolist())
        [[3.0], [7.0]]

    Source: Arthur and Vassilvitskii (2007), k-means++, SODA, pages 1027 to 1035.
    """
    _require_points(points, k)
    centres = points[[rng.integers(len(points))]]  # (1, d)
    nearest = _squared_distances(points, centres[0])  # (n,)
    while len(centres) < k:
        total = nearest.sum()
        chances = nearest / total if total > 0 else None  # None: uniform
        drawn = rng.choice(points, p=chances)
        centres = np.vstack([centres, drawn])
        nearest = np.minimum(nearest, _squared_distances(points, drawn))
    return centres


def lloyd(
    points: np.ndarray,
    centres: np.ndarray,
    *,
    max_iterations: int = 100,
    tolerance: float = 0.0,
) -> tuple[np.ndarray, np.ndarray, float]:
    """Return the centres after Lloyd's iterations, with the clustering they give.

    An iteration assigns every point to its nearest centre (of equally near ones, to the
    one with the lowest index), then moves every centre to the mean of its points. A
    centre without points stays where it is. The first iteration in which no centre
    moves farther than tolerance is the last, and its moves count.

    Args:
        points: (n, d) of floats up to 1e9 in size, n at least 1; rows may repeat.
        centres: (k, d) of such floats, k from 1 to n, the start; rows may repeat.
        max_iterations: The most iterations, 0 or more; 0 only assigns the points.
        tolerance: A Euclidean distance, 0 or more.

    Returns:
        The (k, d) centres in the order given; (n,) integers, the index of each point's
        nearest centre; and the inertia, the sum of the squared distances to it. Both
        are for the centres returned, so assign once more at the end.

    Example:
        >>> lloyd(np.array([[0.0], [1.0], [8.0]]), np.array([[0.0], [1.0]]))
        (array([[0.5],
               [8. ]]), array([0, 0, 1]), 0.5)

    Source: Lloyd (1982), doi:10.1109/TIT.1982.1056489.
    """
    for _ in range(max_iterations):
        labels, _ = _assign(points, centres)
        before, centres = centres, _means(points, labels, centres)
        if np.linalg.norm(centres - before, axis=1).max() <= tolerance:
            break
    labels, squared = _assign(points, centres)
    return centres, labels, float(squared.sum())


def _squared_distances(points: np.ndarray, centre: np.ndarray) -> np.ndarray:
    """Return the (n,) squared distances, by differences, which do not cancel."""
    difference = points - centre  # (n, d)
    return np.einsum("nd,nd->n", difference, difference)


def _assign(points: np.ndarray, centres: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return each point's nearest centre and its squared distance to that."""
    squared = np.stack([_squared_distances(points, c) for c in centres])  # (k, n)
    return squared.argmin(axis=0), squared.min(axis=0)  # the first of equals


def _means(points: np.ndarray, labels: np.ndarray, centres: np.ndarray) -> np.ndarray:
    """Return the mean of each centre's points, or the centre if it has none."""
    means = centres.copy()
    for j in np.unique(labels):
        means[j] = points[labels == j].mean(axis=0)
    return means


def _require_points(points: np.ndarray, k: int) -> None:
    if not np.isfinite(points).all():
        raise ValueError(f"points must be finite, got {points}")
    if not 1 <= k <= len(points):
        raise ValueError(f"k must be from 1 to {len(points)}, got {k}")
