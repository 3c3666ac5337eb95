"""Written from the prompt alone: QR, then one-sided Jacobi rotations, no SVD."""

from typing import Self

import numpy as np


def orthogonal_rows(rows: np.ndarray) -> np.ndarray:
    """Rotate pairs of rows until all are orthogonal to each other."""
    rows = rows.copy()
    for _ in range(60):
        turned = False
        for i in range(len(rows)):
            for j in range(i + 1, len(rows)):
                a, b = rows[i] @ rows[i], rows[j] @ rows[j]
                c = rows[i] @ rows[j]
                if abs(c) <= 1e-15 * np.sqrt(a * b):
                    continue
                turned = True
                zeta = (b - a) / (2 * c)
                tangent = 1 / (abs(zeta) + np.hypot(1, zeta))
                if zeta < 0:
                    tangent = -tangent
                cosine = 1 / np.hypot(1, tangent)
                sine = cosine * tangent
                first = cosine * rows[i] - sine * rows[j]
                rows[j] = sine * rows[i] + cosine * rows[j]
                rows[i] = first
        if not turned:
            break
    return rows


class PCA:
    def __init__(self, k: int) -> None:
        self.k = k

    def fit(self, x: np.ndarray) -> Self:
        n, d = x.shape
        if not 1 <= self.k <= min(n - 1, d):
            raise ValueError("k must be from 1 to min(n - 1, d)")
        self.mean = x.mean(axis=0)
        centred = x - self.mean
        # Rows that span the same directions with the same variances, few of them.
        if n > d:
            rows = orthogonal_rows(np.linalg.qr(centred, mode="r"))
        else:
            rows = orthogonal_rows(centred)
        sizes = np.array([np.linalg.norm(row) for row in rows])
        order = np.argsort(-sizes, kind="stable")[: self.k]
        self.explained_variance = sizes[order] ** 2 / (n - 1)
        self.components = np.empty((self.k, d))
        for i, place in enumerate(order):
            unit = rows[place] / sizes[place]
            if unit[np.argmax(np.abs(unit))] < 0:
                unit = -unit
            self.components[i] = unit
        return self

    def transform(self, x: np.ndarray) -> np.ndarray:
        return (x - self.mean) @ self.components.T

    def inverse_transform(self, coordinates: np.ndarray) -> np.ndarray:
        return self.mean + coordinates @ self.components
