"""Naive Bayes, multinomial and Gaussian.

Classify texts by their words and flowers by their measurements, taking features for
independent within a class. NumPy only.

Both functions learn from train and return (m, k) floats: at [i, j] the natural
logarithm of the probability that query i is of class j. Classes are the k different
labels in ascending order, their priors their shares of the rows. The probabilities of
a query sum to 1, also where it has 10,000 words. Only `multinomial` validates.
"""

import numpy as np


def multinomial(
    train: np.ndarray,
    labels: np.ndarray,
    queries: np.ndarray,
    *,
    smoothing: float = 1.0,
) -> np.ndarray:
    """Return log-probabilities of classes from how often each word occurs.

    In a class, a word's probability is (count + smoothing) / (total + smoothing * v):
    count is of this word, total of all words, in all rows of the class together.

    Args:
        train: (n, v) of counts, integers of 0 or more.
        labels: (n,) of integers, n at least 1.
        queries: (m, v) of counts.
        smoothing: Above 0.

    Raises:
        ValueError: If a count of train is negative, or smoothing is not above 0.

    Example:
        >>> train = np.array([[3, 0], [0, 1]])
        >>> np.exp(multinomial(train, np.array([5, 8]), np.array([[1, 0]]))).round(3)
        array([[0.706, 0.294]])
    """
    if (train < 0).any() or smoothing <= 0:
        raise ValueError(f"counts must not be negative, {smoothing=} must be positive")
    of_class = np.unique(labels)[:, np.newaxis] == labels  # (k, n)
    smoothed = of_class @ train + smoothing  # (k, v)
    shares = smoothed / smoothed.sum(axis=1, keepdims=True)
    return _normalised(of_class.mean(axis=1), queries @ np.log(shares).T)


def gaussian(
    train: np.ndarray, labels: np.ndarray, queries: np.ndarray, *, floor: float = 1e-9
) -> np.ndarray:
    """Return log-probabilities of classes from a normal density for each feature.

    In a class, a feature has the mean of the rows of the class, and as variance their
    mean squared deviation plus floor times the largest variance (likewise divided by n)
    that a feature has over all rows of train. A variance must be right to 1e-6 where
    the mean is 1e6 and the deviation about 1.

    Args:
        train: (n, d) of finite floats, not all rows equal.
        labels: (n,) of integers.
        queries: (m, d) of finite floats.
        floor: Above 0.

    Source: Murphy (2012), Machine Learning: A Probabilistic Perspective, section 3.5.
    """
    of_class = np.unique(labels)[:, np.newaxis] == labels  # (k, n)
    least = floor * train.var(axis=0).max()
    means = np.stack([train[rows].mean(axis=0) for rows in of_class])  # (k, d)
    variances = np.stack([train[rows].var(axis=0) for rows in of_class]) + least
    squared = np.square(queries[:, np.newaxis] - means)  # (m, k, d)
    # Without the factor 2 pi, which all classes have.
    log_densities = -0.5 * (squared / variances + np.log(variances))
    return _normalised(of_class.mean(axis=1), log_densities.sum(axis=2))


def _normalised(priors: np.ndarray, log_likelihoods: np.ndarray) -> np.ndarray:
    """Return the (m, k) log-posteriors."""
    joint = np.log(priors) + log_likelihoods
    # The largest becomes exp(0) = 1, so that no sum is 0.
    joint = joint - joint.max(axis=1, keepdims=True)
    return joint - np.log(np.exp(joint).sum(axis=1, keepdims=True))
