"""Polyak's own form: no velocity, but the point before; returns NumPy scalars."""

import numpy as np


def gradient_descent(
    gradient, start, *, learning_rate, momentum=0.0, tolerance=1e-6, max_steps=1000
):
    """Return where a walk down the gradient ended, and whether it is flat there."""
    if not (learning_rate > 0 and max_steps >= 0):
        raise ValueError("out of range")
    before = point = np.array(start, dtype=np.float64)
    slope = _slope(gradient, point)
    for step in range(max_steps):
        if np.linalg.norm(slope) <= tolerance:
            return point, np.int64(step), np.True_
        after = point - learning_rate * slope + momentum * (point - before)
        if not np.all(np.isfinite(after)):
            raise FloatingPointError("point")
        before, point = point, after
        slope = _slope(gradient, point)
    return point, np.int64(max_steps), np.linalg.norm(slope) <= tolerance


def _slope(gradient, point):
    slope = gradient(point)
    if np.shape(slope) != point.shape:
        raise ValueError("the gradient's shape")
    if not np.all(np.isfinite(slope)):
        raise FloatingPointError("gradient")
    return np.asarray(slope, dtype=np.float64)
