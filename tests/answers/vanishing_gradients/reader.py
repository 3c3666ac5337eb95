"""Written from the prompt alone: saturates to vanish, and keeps units near 0 to keep.

The slope of tanh comes from exponentials, not from 1 - tanh**2.
"""

import math

import numpy as np


def _slope(z: float) -> float:
    small = math.exp(-2 * abs(z))
    return 4 * small / (1 + small) ** 2


def gradients(
    weights: np.ndarray, x: np.ndarray, *, residual: bool = False
) -> np.ndarray:
    h = [float(number) for number in x]
    width = len(h)
    slopes = []
    for matrix in weights:
        inputs = [float(np.dot(row, h)) for row in matrix]
        slopes.append([_slope(z) for z in inputs])
        outputs = [math.tanh(z) for z in inputs]
        h = [a + b for a, b in zip(h, outputs, strict=True)] if residual else outputs

    rows = [np.ones(width)]
    for matrix, slope in zip(reversed(weights), reversed(slopes), strict=True):
        above = rows[-1]
        below = above.copy() if residual else np.zeros(width)
        for unit in range(width):
            below += above[unit] * slope[unit] * matrix[unit]
        rows.append(below)
    return np.array(rows[::-1])


def vanishing(depth: int, width: int) -> np.ndarray:
    # Every unit flips from -1 to 1 and back, where tanh is flat.
    weights = np.zeros((depth, width, width))
    for layer in range(depth):
        for unit in range(width):
            weights[layer, unit, unit] = -500.0
    return weights


def kept(depth: int, width: int) -> np.ndarray:
    # A reflection moves all of x into unit 0. The other units are 0 from then on, where
    # the slope is 1; unit 0 alone keeps the activation alive.
    target = np.zeros(width)
    target[0] = 1.0
    normal = np.ones(width) / math.sqrt(width) - target
    normal /= math.sqrt(normal @ normal)
    weights = np.zeros((depth, width, width))
    weights[0] = np.eye(width) - 2 * np.outer(normal, normal)
    h = math.tanh(0.1 * math.sqrt(width))
    for layer in range(1, depth):
        weights[layer] = np.eye(width)
        weights[layer, 0, 0] = math.atanh(h) / h
    return weights
