"""QR first, then the SVD of the small triangle; signs by largest and least entry."""

import numpy as np


class PCA:
    def __init__(self, k):
        self._count = k

    def fit(self, x):
        rows, columns = x.shape
        if self._count <= 0 or self._count > min(rows - 1, columns):
            raise ValueError(f"{self._count} components of {x.shape}")
        self._centre = np.mean(x, axis=0)
        orthogonal, triangle = np.linalg.qr((x - self._centre).T)  # (d, r), (r, n)
        left, sizes, _ = np.linalg.svd(triangle, full_matrices=False)
        axes = (orthogonal @ left).T[: self._count]
        flipped = -axes.min(axis=1) > axes.max(axis=1)
        self.components = np.where(flipped[:, None], -axes, axes)
        self.explained_variance = np.square(sizes / np.sqrt(rows - 1))[: self._count]
        return self

    def transform(self, x):
        return np.einsum("nd,kd->nk", x - self._centre, self.components)

    def inverse_transform(self, coordinates):
        return self._centre + np.einsum("nk,kd->nd", coordinates, self.components)
