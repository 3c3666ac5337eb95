"""Written from the prompt alone: one number at a time, with the functions of math."""

import math

import numpy as np


def each(function, x):
    values, slopes = np.empty(x.shape), np.empty(x.shape)
    for place, number in np.ndenumerate(x):
        values[place], slopes[place] = function(float(number))
    return values, slopes


def parts(x: float) -> tuple[float, float]:
    """Return sigmoid(x) and sigmoid(-x), both right to their last digits."""
    small = math.exp(-abs(x))
    low, high = small / (1 + small), 1 / (1 + small)
    return (high, low) if x >= 0 else (low, high)


def relu(x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    return each(lambda number: (number, 1.0) if number > 0 else (0.0, 0.0), x)


def sigmoid(x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    def one(number):
        here, mirrored = parts(number)
        return here, here * mirrored

    return each(one, x)


def silu(x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    def one(number):
        here, mirrored = parts(number)
        return number * here, here + number * here * mirrored

    return each(one, x)


def gelu(x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    def one(number):
        share = math.erfc(-number / math.sqrt(2)) / 2
        density = math.exp(-number * number / 2) / math.sqrt(2 * math.pi)
        return number * share, share + number * density

    return each(one, x)
