"""Pure Python on lists: no array until the answer is returned."""

import math

import numpy as np


def kmeans_plus_plus(points, k, rng):
    """Walk along the running sum of D squared until it passes a random number."""
    rows = points.tolist()
    if not all(math.isfinite(x) for row in rows for x in row):
        raise ValueError("not finite")
    if k < 1 or k > len(rows):
        raise ValueError("k")
    chosen = [rows[int(rng.integers(len(rows)))]]
    weight = [math.inf] * len(rows)
    while len(chosen) < k:
        weight = [
            min(w, math.dist(row, chosen[-1]) ** 2)
            for w, row in zip(weight, rows, strict=True)
        ]
        left = rng.random() * sum(weight)
        pick = chosen[0]
        for w, row in zip(weight, rows, strict=True):
            if w > 0:
                pick = row
                left -= w
                if left < 0:
                    break
        chosen.append(pick)
    return np.array(chosen)


def _assign(rows, centres):
    labels, inertia = [], 0.0
    for row in rows:
        best, label = math.inf, -1
        for j, centre in enumerate(centres):
            distance = 0.0
            for x, c in zip(row, centre, strict=True):
                distance += (x - c) * (x - c)
            if distance < best:
                best, label = distance, j
        labels.append(label)
        inertia += best
    return labels, inertia


def lloyd(points, centres, *, max_iterations=100, tolerance=0.0):
    """Assign and move with running means."""
    rows, centres = points.tolist(), centres.tolist()
    labels, inertia = _assign(rows, centres)
    for _ in range(max_iterations):
        sizes = [0] * len(centres)
        moved = [list(centre) for centre in centres]
        for label, row in zip(labels, rows, strict=True):
            sizes[label] += 1
            mean = moved[label]
            if sizes[label] == 1:
                mean[:] = row
            for i, x in enumerate(row):
                mean[i] += (x - mean[i]) / sizes[label]
        farthest = max(map(math.dist, moved, centres))
        centres = moved
        labels, inertia = _assign(rows, centres)
        if farthest <= tolerance:
            break
    return np.array(centres), np.array(labels), inertia
