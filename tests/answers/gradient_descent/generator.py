"""A generator of points whose velocity holds the learning rate, updated in place."""

import numpy as np


def gradient_descent(
    gradient, start, *, learning_rate, momentum=0.0, tolerance=1e-6, max_steps=1000
):
    """Return where a walk down the gradient ended, and whether it is flat there."""
    if not learning_rate > 0 or max_steps < 0:
        raise ValueError("learning_rate or max_steps")
    walk = _walk(gradient, start, learning_rate, momentum)
    steps = 0
    point, slope = next(walk)
    while not (flat := bool(np.sqrt(slope @ slope) <= tolerance)) and steps < max_steps:
        point, slope = next(walk)
        steps += 1
    return point, steps, flat


def _walk(gradient, start, learning_rate, momentum):
    """Yield each point and the slope there."""
    point = start + np.zeros(len(start))
    step = np.zeros(len(start))
    while True:
        if not np.isfinite(point).all():
            raise FloatingPointError("point")
        slope = gradient(point.copy())
        if slope.shape != point.shape:
            raise ValueError("the gradient's shape")
        if not np.isfinite(slope).all():
            raise FloatingPointError("gradient")
        slope = slope.astype(np.float64)
        yield point.copy(), slope
        step *= momentum
        step -= learning_rate * slope
        point += step
