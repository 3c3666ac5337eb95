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
        raise NotImplementedError

    def fit(self, x: np.ndarray) -> Self:
        """Find the components of x, and return the model itself.

        Args:
            x: (n, d) of finite floats that vary in k directions at least.

        Raises:
            ValueError: If k is not from 1 to min(n - 1, d).
        """
        raise NotImplementedError

    def transform(self, x: np.ndarray) -> np.ndarray:
        """Return the (m, k) coordinates of rows less the fitted mean.

        Args:
            x: (m, d) of finite floats.
        """
        raise NotImplementedError

    def inverse_transform(self, coordinates: np.ndarray) -> np.ndarray:
        """Return the (m, d) sums of the fitted mean and coordinates times components.

        Args:
            coordinates: (m, k) of finite floats.
        """
        raise NotImplementedError
