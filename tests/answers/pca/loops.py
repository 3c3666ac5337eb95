"""One-sided Jacobi rotations in plain Python, on rows or columns, what is fewer."""

import math

import numpy as np


def _dot(a, b):
    return sum(x * y for x, y in zip(a, b, strict=True))


def _orthogonalise(vectors):
    """Rotate pairs of vectors until all are orthogonal; return the rotation too."""
    size = len(vectors)
    turns = [[float(i == j) for j in range(size)] for i in range(size)]
    for _ in range(60):
        quiet = True
        for i in range(size):
            for j in range(i + 1, size):
                a = _dot(vectors[i], vectors[i])
                b = _dot(vectors[j], vectors[j])
                c = _dot(vectors[i], vectors[j])
                if abs(c) <= 1e-15 * math.sqrt(a * b):
                    continue
                quiet = False
                zeta = (b - a) / (2 * c)
                t = math.copysign(1, zeta) / (abs(zeta) + math.hypot(1, zeta))
                cos = 1 / math.hypot(1, t)
                sin = cos * t
                for table in (vectors, turns):
                    old, other = table[i], table[j]
                    table[i] = [
                        cos * x - sin * y for x, y in zip(old, other, strict=True)
                    ]
                    table[j] = [
                        sin * x + cos * y for x, y in zip(old, other, strict=True)
                    ]
        if quiet:
            break
    return turns


class PCA:
    def __init__(self, k):
        self.k = k

    def fit(self, x):
        n, d = x.shape
        if self.k < 1 or self.k > n - 1 or self.k > d:
            raise ValueError("k")
        rows = x.tolist()
        self.mean = [math.fsum(column) / n for column in zip(*rows, strict=True)]
        centred = [[a - b for a, b in zip(row, self.mean, strict=True)] for row in rows]
        if d <= n:
            vectors = [list(column) for column in zip(*centred, strict=True)]
            axes = _orthogonalise(vectors)
            norms = [math.sqrt(_dot(vector, vector)) for vector in vectors]
        else:
            _orthogonalise(centred)
            norms = [math.sqrt(_dot(vector, vector)) for vector in centred]
            axes = centred
        order = sorted(range(len(norms)), key=norms.__getitem__, reverse=True)
        found = []
        for at in order[: self.k]:
            length = math.sqrt(_dot(axes[at], axes[at]))
            if max(axes[at], key=abs) < 0:
                length = -length
            found.append([value / length for value in axes[at]])
        self.components = np.array(found)
        self.explained_variance = np.array(
            [norms[at] ** 2 / (n - 1) for at in order[: self.k]]
        )
        return self

    def transform(self, x):
        axes = self.components.tolist()
        result = []
        for row in x.tolist():
            centred = [a - b for a, b in zip(row, self.mean, strict=True)]
            result.append([_dot(centred, axis) for axis in axes])
        return np.array(result)

    def inverse_transform(self, coordinates):
        result = []
        for row in coordinates.tolist():
            point = list(self.mean)
            for weight, axis in zip(row, self.components.tolist(), strict=True):
                point = [p + weight * a for p, a in zip(point, axis, strict=True)]
            result.append(point)
        return np.array(result)
