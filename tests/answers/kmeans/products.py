"""Matrix products: expanded squares around one point, and a one-hot matrix."""

import numpy as np


def kmeans_plus_plus(points, k, rng):
    """Invert the cumulative sum of D squared."""
    if np.isnan(points).any() or np.isinf(points).any():
        raise ValueError("not finite")
    n = len(points)
    if not 0 < k <= n:
        raise ValueError(f"cannot draw {k} of {n}")
    chosen = np.zeros(k, dtype=int)
    chosen[0] = int(rng.random() * n)
    weight = np.full(n, np.inf)
    for i in range(1, k):
        gap = np.linalg.norm(points - points[chosen[i - 1]], axis=1)
        weight = np.where(gap**2 < weight, gap**2, weight)
        edges = weight.cumsum()
        draw = (1 - rng.random()) * edges[-1]  # in (0, total]
        chosen[i] = np.searchsorted(edges, draw)
    return points[chosen]


def lloyd(points, centres, *, max_iterations=100, tolerance=0.0):
    """Work in coordinates relative to the first point, where nothing cancels."""
    origin = points[0]
    x, c = points - origin, centres - origin
    square = (x**2).sum(1)
    k = len(c)

    def distances():
        d = x @ c.T
        d *= -2
        d += square[:, None]
        d += (c**2).sum(1)
        return d

    labels = distances().argmin(1)
    for _ in range(max_iterations):
        member = (labels[:, None] == np.arange(k)).astype(float)
        size = member.sum(0)
        c_new = c.copy()
        c_new[size > 0] = (member.T @ x)[size > 0] / size[size > 0, None]
        shift = np.sqrt(((c_new - c) ** 2).sum(1)).max()
        unchanged = labels
        c = c_new
        labels = distances().argmin(1)
        if shift <= tolerance or (labels == unchanged).all():
            break
    inertia = ((x - c[labels]) ** 2).sum()
    still = np.isin(np.arange(k), labels, invert=True) & (c == centres - origin).all(1)
    return (
        np.where(still[:, None], centres, c + origin),
        labels.astype(np.int32),
        inertia,
    )
