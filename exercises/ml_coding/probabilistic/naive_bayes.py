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
    raise NotImplementedError


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
    raise NotImplementedError
