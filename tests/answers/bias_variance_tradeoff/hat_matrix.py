"""The hat matrix by pinv, its trace; the truth is what is left of a power of x."""

import numpy as np


def hat(n, degree):
    powers = np.vander(np.linspace(-1, 1, n), degree + 1)
    return powers @ np.linalg.pinv(powers)


def expected_error(truth, degree, noise):
    projection = hat(len(truth), degree)
    bias = np.mean((projection @ truth - truth) ** 2)
    variance = noise**2 * np.trace(projection @ projection.T) / len(truth)
    return bias + variance


def truth_for(low, high, n, quiet, noisy, margin):
    if high <= low or n <= high or noisy <= quiet:
        raise ValueError("no truth")
    rest = np.linspace(-1, 1, n) ** (low + 1)
    rest = rest - hat(n, low) @ rest
    least = quiet**2 * (high - low) / n + margin
    most = noisy**2 * (high - low) / n - margin
    return rest * np.sqrt((0.3 * least + 0.7 * most) / np.mean(rest**2))
