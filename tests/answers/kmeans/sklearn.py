"""Seeding and distances by scikit-learn, whose KMeans moves empty clusters."""

import numpy as np
from sklearn.cluster import kmeans_plusplus
from sklearn.metrics.pairwise import euclidean_distances
from sklearn.utils import check_array


def kmeans_plus_plus(points, k, rng):
    """Turn the generator into a seed, and off the choice among several draws."""
    points = check_array(points, dtype=float)
    if not 1 <= k <= len(points):
        raise ValueError("k")
    seed = int(rng.integers(2**32))
    shifted = points - points[0]
    _, chosen = kmeans_plusplus(shifted, k, random_state=seed, n_local_trials=1)
    return points[chosen]


def lloyd(points, centres, *, max_iterations=100, tolerance=0.0):
    """Leave the distances to scikit-learn; KMeans itself breaks ties by rounding."""
    origin = points[0].copy()
    points, centres = points - origin, centres - origin
    for _ in range(max_iterations):
        labels = euclidean_distances(points, centres).argmin(axis=1)
        before = centres.copy()
        for j in np.unique(labels):
            centres[j] = points[labels == j].mean(axis=0)
        if np.linalg.norm(centres - before, axis=1).max() <= tolerance:
            break
    distances = euclidean_distances(points, centres, squared=True)
    return centres + origin, distances.argmin(axis=1), distances.min(axis=1).sum()
