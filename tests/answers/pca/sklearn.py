"""scikit-learn's own, by its full SVD, with the signs of the prompt."""

import numpy as np
from sklearn import decomposition


class PCA:
    def __init__(self, k):
        self.k = k

    def fit(self, x):
        if not 1 <= self.k <= min(len(x) - 1, x.shape[1]):
            raise ValueError("k is out of range")
        self.model = decomposition.PCA(self.k, svd_solver="full").fit(x)
        axes = self.model.components_
        largest = np.argmax(np.abs(axes), axis=1)
        self.signs = np.sign(axes[np.arange(self.k), largest])
        self.components = axes * self.signs[:, None]
        self.explained_variance = self.model.explained_variance_
        return self

    def transform(self, x):
        return self.model.transform(x) * self.signs

    def inverse_transform(self, coordinates):
        return self.model.inverse_transform(coordinates * self.signs)
