"""Written from the prompt alone: orthonormal polynomials by a loop of Gram-Schmidt."""

import numpy as np


def expected_error(truth: np.ndarray, degree: int, noise: float) -> float:
    """Take from the truth what the fit reaches; each weight adds its own variance."""
    n = len(truth)
    missed = np.array(truth, dtype=float)
    for direction in _directions(n, degree):
        missed = missed - (direction @ missed) * direction
    squared_bias = float(missed @ missed) / n
    return squared_bias + (degree + 1) * float(noise) ** 2 / n


def truth_for(
    low: int, high: int, n: int, quiet: float, noisy: float, margin: float
) -> np.ndarray:
    """Return a multiple of the direction that degree high has and high - 1 has not."""
    if high <= low:
        raise ValueError(f"high is {high}, low is {low}")
    if noisy <= quiet:
        raise ValueError(f"noisy is {noisy}, quiet is {quiet}")
    each = (high - low) / n
    least = quiet**2 * each + margin
    most = noisy**2 * each - margin
    direction = _directions(n, high)[-1]
    size = np.sqrt(n * (least + most) / 2)
    if size * np.abs(direction).max() > 1000:
        size = np.sqrt(n * (least + (most - least) / 20))
    return size * direction


def _directions(n: int, degree: int) -> list[np.ndarray]:
    """Return orthonormal vectors that span the polynomials up to that degree."""
    x = np.linspace(-1, 1, n)
    found: list[np.ndarray] = []
    candidate = np.ones(n)
    for _ in range(degree + 1):
        for _ in range(2):  # once is not enough for orthogonality in floats
            for earlier in found:
                candidate = candidate - (earlier @ candidate) * earlier
        candidate = candidate / np.sqrt(candidate @ candidate)
        found.append(candidate)
        candidate = candidate * x
    return found
