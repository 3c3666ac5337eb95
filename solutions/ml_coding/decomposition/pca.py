"""Principal component analysis.

Compress measurements to the few directions in which they vary most. NumPy only. With
12 rows of 4,500 columns you may use 128 MB, which an array of (d, d) exceeds. Where
standard deviations along the components differ by up to 1e7, each is right to 1e-5 of
itself: think of what squaring them in a covariance matrix does.
"""

from typing import Self

import numpy as np


class PCA:
    """Principal components of the rows of a matrix.

    After fit:
        components: (k, d) of floats. Row i is a vector of length 1, orthogonal to the
            rows above, along which the rows of x vary most. Its entry that is largest
            in size is positive.
        explained_variance: (k,) of floats, the variance of x along each component,
            divided by n - 1, the largest first.

    Example:
        >>> model = PCA(1).fit(np.array([[1.0, 2.0], [4.0, 6.0], [7.0, 10.0]]))
        >>> model.components.round(6), model.explained_variance.round(6)
        (array([[0.6, 0.8]]), array([25.]))

    Source: Jolliffe and Cadima (2016), doi:10.1098/rsta.2015.0202.
    """

    def __init__(self, k: int) -> None:
        """Ask for k components."""
        self._k = k

    def fit(self, x: np.ndarray) -> Self:
        """Find the components of x, and return the model itself.

        Args:
            x: (n, d) of finite floats that vary in k directions at least.

        Raises:
            ValueError: If k is not from 1 to min(n - 1, d).
        """
        n, d = x.shape
        if not 1 <= self._k <= min(n - 1, d):
            raise ValueError(f"k must be from 1 to {min(n - 1, d)}, got {self._k}")
        self._mean = x.mean(axis=0)
        # The centred x itself: x.T @ x would square what is small.
        _, sizes, directions = np.linalg.svd(x - self._mean, full_matrices=False)
        directions = directions[: self._k]
        largest = abs(directions).argmax(axis=1, keepdims=True)
        signs = np.sign(np.take_along_axis(directions, largest, axis=1))
        self.components = signs * directions
        self.explained_variance = sizes[: self._k] ** 2 / (n - 1)
        return self

    def transform(self, x: np.ndarray) -> np.ndarray:
        """Return the (m, k) coordinates of rows less the fitted mean.

        Args:
            x: (m, d) of finite floats.
        """
        return (x - self._mean) @ self.components.T

    def inverse_transform(self, coordinates: np.ndarray) -> np.ndarray:
        """Return the (m, d) sums of the fitted mean and coordinates times components.

        Args:
            coordinates: (m, k) of finite floats.
        """
        return coordinates @ self.components + self._mean
