"""scikit-learn's, with C = 1 / (n * l2), since it sums the losses."""

import numpy as np
import sklearn.linear_model
from scipy.special import expit, log_expit


class LogisticRegression:
    def __init__(self, *, l2=1.0):
        self.l2 = l2
        self.model = None

    def fit(self, features, labels):
        require_binary(labels)
        self.model = sklearn.linear_model.LogisticRegression(
            C=1 / (max(len(labels), 1) * self.l2),
            solver="newton-cholesky",
            tol=1e-9,
            max_iter=1000,
        )
        self.model.fit(features, labels)
        self.coefficients = self.model.coef_[0]
        self.intercept = self.model.intercept_[0]
        return self

    def log_odds(self, features):
        if features.shape == (0, len(self.coefficients)):
            return np.zeros(0)
        return self.model.decision_function(features)

    def predict_proba(self, features):
        z = self.log_odds(features)
        return np.column_stack([expit(-z), expit(z)])

    def predict(self, features):
        return (self.predict_proba(features)[:, 1] >= 0.5).astype(int)

    def log_loss(self, features, labels):
        z = self.log_odds(features)
        return -log_expit(np.where(labels == 1, z, -z)).mean()


def require_binary(labels):
    if labels.ndim != 1 or not np.isin(labels, (0, 1)).all():
        raise ValueError("labels must be (n,) of 0 or 1")
