"""k-means with k-means++ seeding.

Group a shop's customers so that each one is close to the middle of its group. Write
the two halves, `centres = kmeans_plus_plus(points, k, rng)` and then
`lloyd(points, centres)`. NumPy only. Inputs are read-only.

Say first what k-means minimises and why neither of Lloyd's steps can raise it. There
are 20,000 customers, 50 groups and 32 features: arrays of (n, k) and (n, d) fit in the
128 MB that you may take, one of (n, k, d) does not. When the points lie 1e8 from the
origin and about 1 apart, the inertia must still be right to 1e-5.
"""

import numpy as np


def kmeans_plus_plus(
    points: np.ndarray, k: int, rng: np.random.Generator
) -> np.ndarray
    """Return k of the points, drawn so that they are spread out.

    The first is drawn uniformly. Each further one is drawn with a chance proportional
    to D**2, the squared Euclidean distance of a point to the nearest of the centres
    drawn so far. So no position is drawn twice, until every point coincides with a
    centre; the centres still missing may then be any of the points.

    Args:
        points: (n, d) of finite floats, n and d at least 1; rows may repeat.
        k: How many centres to draw, from 1 to n.
        rng: The only source of randomness; the same state gives the same centres.

    Returns:
        (k, d) of floats, each row one of the points, in the order drawn.

    Raises:
        ValueError: If points is not (n, d) with n, d >= 1, a coordinate is NaN or
            infinite, or k is not from 1 to n.

    Example:
        >>> points = np.array([[0.0, 0.0], [0.0, 0.0], [3.0, 4.0]])
        >>> centres = kmeans_plus_plus(points, 2, np.random.default_rng(0))
        >>> sorted(centres.tolist())
        [[0.0, 0.0], [3.0, 4.0]]

    Source: Arthur and Vassilvitskii (2007), k-means++: The Advantages of Careful
        Seeding, SODA, pages 1027 to 1035.
    """
    _require_rows("points", points)
    n = len(points)
    if not 1 <= k <= n:
        raise ValueError(f"k must be from 1 to {n}, got {k}")

    centres = points[[rng.integers(n)]]  # (1, d)
    nearest = _squared_distances(points, centres[0])  # (n,)
    while len(centres) < k:
        total = nearest.sum()
        chance = nearest / total if total > 0 else None  # None: uniform
        drawn = points[rng.choice(n, p=chance)]
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

    One iteration assigns every point to its nearest centre in Euclidean distance, of
    equally near ones to that with the lowest index; then it moves every centre to the
    mean of its points. A centre without points stays where it is. Rounding must not
    break a tie between centres with whole coordinates.

    Iterations end after max_iterations, or earlier after the first in which no centre
    moved farther than tolerance (a Euclidean distance; moving just as far ends them
    too). That iteration's move still counts.

    Args:
        points: (n, d) of finite floats, n and d at least 1; rows may repeat.
        centres: (k, d) of finite floats, the start; rows may repeat, k may exceed n.
        max_iterations: The most iterations, 0 or more; 0 only assigns the points.
        tolerance: 0 or more.

    Returns:
        (centres, labels, inertia). The centres, (k, d), are in the order given. Labels,
        (n,) of integers, and inertia, the sum over all points of the squared distance
        to the own centre, belong to the centres returned: points are assigned once
        more after the last move.

    Raises:
        ValueError: If points or centres is not two-dimensional or has no rows or no
            columns, their numbers of columns differ, a coordinate is NaN or infinite,
            max_iterations is negative, or tolerance is negative or NaN.

    Example:
        >>> points = np.array([[0.0], [1.0], [9.0], [11.0]])
        >>> centres, labels, inertia = lloyd(points, points[:2])
        >>> centres.tolist(), labels.tolist(), inertia
        ([[0.5], [10.0]], [0, 0, 1, 1], 2.5)

    Source: Lloyd (1982), doi:10.1109/TIT.1982.1056489.
    """
    _require_rows("points", points)
    _require_rows("centres", centres)
    if points.shape[1] != centres.shape[1]:
        raise ValueError(f"columns differ: {points.shape}, {centres.shape}")
    if max_iterations < 0 or not tolerance >= 0:
        raise ValueError(f"negative or NaN: {max_iterations=}, {tolerance=}")

    for _ in range(max_iterations):
        labels, _ = _assign(points, centres)
        moved = _means(points, labels, centres)
        farthest = np.linalg.norm(moved - centres, axis=1).max()
        centres = moved
        if farthest <= tolerance:
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
    labels = squared.argmin(axis=0)  # the first of equals
    return labels, squared.min(axis=0)


def _means(points: np.ndarray, labels: np.ndarray, centres: np.ndarray) -> np.ndarray:
    """Return the mean of each centre's points, or the centre if it has none."""
    totals = np.zeros(centres.shape)
    np.add.at(totals, labels, points)
    sizes = np.bincount(labels, minlength=len(centres))[:, np.newaxis]  # (k, 1)
    return np.where(sizes > 0, totals / np.maximum(sizes, 1), centres)


def _require_rows(name: str, rows: np.ndarray) -> None:
    if rows.ndim != 2 or rows.size == 0:
        raise ValueError(f"{name} must be two-dimensional, not empty, got {rows.shape}")
    if not np.isfinite(rows).all():
        raise ValueError(f"{name} contain NaN or infinity")
