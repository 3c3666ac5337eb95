"""Logistic regression, fitted to its optimum.

A lender wants the chance that a loan goes bad. One column is a rate near 0.05, the
next an income near 50,000. Write the classifier with an L2 penalty, and fit it to
the optimum, however the columns are scaled. NumPy only. Inputs are read-only.

Say first what you minimise, and why it has a minimum even when a line separates the
classes. Then choose an optimiser, and say when it may stop. Memory is O(n d).
"""

from typing import Self

import numpy as np


class LogisticRegression:
    """A linear model of the log-odds of class 1: z = features @ w + b.

    `fit` minimises the mean log-loss plus a penalty that spares the intercept:

        F(w, b) = mean of -log(chance of the label)  +  l2 / 2 * sum of w ** 2

    where the chance of a 1 is 1 / (1 + exp(-z)). The penalty is neither multiplied
    nor divided by n.

    Attributes:
        coefficients: (d,) the w of the last fit.
        intercept: The b of the last fit, a float.

    Example:
        >>> model = LogisticRegression(l2=0.1)
        >>> model = model.fit(np.array([[1.0], [2.0], [4.0]]), np.array([0, 0, 1]))
        >>> model.predict(np.array([[1.5], [3.5]]))
        array([0, 1])

    Source: Hastie, Tibshirani and Friedman (2009), The Elements of Statistical
        Learning, section 4.4, doi:10.1007/978-0-387-84858-7.
    """

    coefficients: np.ndarray
    intercept: float

    def __init__(self, *, l2: float = 1.0) -> None:
        """Make a model that is yet to be fitted; l2 is at least 1e-4."""
        self.l2 = l2

    def fit(self, features: np.ndarray, labels: np.ndarray) -> Self:
        """Set the w and b that bring F within 1e-8 of its minimum.

        A second fit forgets the first.

        Args:
            features: (n, d) of finite floats or integers, up to 1e5 in size; d is at
                least 1. A column may be constant, or a copy of another.
            labels: (n,) integers, 0 or 1.

        Returns:
            The model itself.

        Raises:
            ValueError: If the numbers of rows differ, a feature is NaN, a label is
                neither 0 nor 1, or a class is absent (the intercept then has no
                optimum).
        """
        _require_valid(features, labels)
        n_samples, n_features = features.shape
        design = np.column_stack([features, np.ones(n_samples)])  # (n, d + 1)
        penalty = np.append(np.full(n_features, self.l2), 0.0)
        *coefficients, intercept = _minimise(design, labels, penalty)
        self.coefficients = np.array(coefficients)
        self.intercept = float(intercept)
        return self

    def predict_proba(self, features: np.ndarray) -> np.ndarray:
        """Return the chance of each class, (m, 2): that of a 0, then that of a 1.

        Features are (m, d), m may be 0. Chances keep their relative precision down to
        1e-300. Smaller ones may round to 0, with a warning or without, but none is NaN
        and nothing raises, however large z is.
        """
        z = self._log_odds(features)
        return np.column_stack([_sigmoid(-z), _sigmoid(z)])

    def predict(self, features: np.ndarray) -> np.ndarray:
        """Return (m,) integers: 1 where the chance of a 1 is at least 0.5, else 0."""
        return (self.predict_proba(features)[:, 1] >= 0.5).astype(int)

    def log_loss(self, features: np.ndarray, labels: np.ndarray) -> float:
        """Return the mean of -log(chance of the label), without the penalty.

        It is finite however wrong the model is: about |z| for a row that lies deep
        on the wrong side. There is at least one row; one class may be absent.
        """
        return _log_loss(self._log_odds(features), labels)

    def _log_odds(self, features: np.ndarray) -> np.ndarray:
        return features @ self.coefficients + self.intercept


def _minimise(
    design: np.ndarray, labels: np.ndarray, penalty: np.ndarray
) -> np.ndarray:
    """Return the (d + 1,) parameters at which F is least, by damped Newton steps."""

    def objective(at: np.ndarray) -> float:
        return _log_loss(design @ at, labels) + penalty @ at**2 / 2

    parameters = np.zeros(penalty.size)
    for _ in range(100):  # on the hardest tables tried, 32 were enough
        step, decrement = _newton_step(design, labels, penalty, parameters)
        # Half of the decrement is what the step gains, were F its parabola here.
        if decrement <= 1e-10:
            break
        # Far from the optimum the parabola misleads: halve until F gains enough.
        size, start = 1.0, objective(parameters)
        while objective(parameters - size * step) > start - size * decrement / 4:
            size /= 2
        parameters = parameters - size * step
    return parameters


def _newton_step(
    design: np.ndarray, labels: np.ndarray, penalty: np.ndarray, parameters: np.ndarray
) -> tuple[np.ndarray, float]:
    """Return the step to the minimum of F's parabola, and the slope of F along it."""
    z = design @ parameters  # (n,)
    residual = _sigmoid(z) - labels
    gradient = design.T @ residual / len(z) + penalty * parameters
    curvature = _sigmoid(z) * _sigmoid(-z)
    hessian = (design.T * curvature) @ design / len(z) + np.diag(penalty)
    step = np.linalg.solve(hessian, gradient)
    return step, float(gradient @ step)


def _sigmoid(z: np.ndarray) -> np.ndarray:
    """Return 1 / (1 + exp(-z)) without overflow, precise in either tail."""
    return np.exp(-np.logaddexp(0, -z))


def _log_loss(z: np.ndarray, labels: np.ndarray) -> float:
    """Return the mean of log(1 + exp(-z)) over ones and log(1 + exp(z)) over zeros."""
    return float(np.logaddexp(0, np.where(labels == 1, -z, z)).mean())


def _require_valid(features: np.ndarray, labels: np.ndarray) -> None:
    if labels.shape != features.shape[:1]:
        raise ValueError(f"not (n, d) and (n,): {features.shape}, {labels.shape}")
    if np.isnan(features).any():
        raise ValueError("features contain NaN")
    if not np.array_equal(np.unique(labels), [0, 1]):
        raise ValueError("labels must be 0 or 1, with both present")
