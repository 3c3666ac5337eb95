"""Plain Python floats: each coordinate of point and velocity in a list."""

import math

import numpy as np


def gradient_descent(
    gradient, start, *, learning_rate, momentum=0.0, tolerance=1e-6, max_steps=1000
):
    """Return where a walk down the gradient ended, and whether it is flat there."""
    if not learning_rate > 0:
        raise ValueError("learning_rate")
    if max_steps < 0:
        raise ValueError("max_steps")

    point = [float(x) for x in start]
    velocity = [0.0] * len(point)
    steps = 0
    while True:
        slope = gradient(np.array(point))
        if slope.shape != (len(point),):
            raise ValueError("the gradient's shape")
        slope = [float(s) for s in slope]
        if not all(map(math.isfinite, slope)):
            raise FloatingPointError("gradient")
        squares = 0.0
        for s in slope:
            squares += s * s
        converged = math.sqrt(squares) <= tolerance
        if converged or steps >= max_steps:
            return np.array(point), steps, converged
        for i, s in enumerate(slope):
            velocity[i] = momentum * velocity[i] + s
            point[i] -= learning_rate * velocity[i]
        if not all(map(math.isfinite, point)):
            raise FloatingPointError("point")
        steps += 1
