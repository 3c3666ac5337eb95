"""Gradient descent with momentum.

You are handed the gradient of a loss as a function, and each call of it costs a
pass over the data. Walk downhill until the ground is flat. NumPy only. Arrays that
come in, from the caller or from the gradient, are read-only.

Say first when you would stop, and what the caller should hear of a walk that went
wrong; then write the loop.
"""

from collections.abc import Callable
from itertools import count

import numpy as np


def gradient_descent(
    gradient: Callable[[np.ndarray], np.ndarray],
    start: np.ndarray,
    *,
    learning_rate: float,
    momentum: float = 0.0,
    tolerance: float = 1e-6,
    max_steps: int = 1000,
) -> tuple[np.ndarray, int, bool]:
    """Return where a walk down the gradient ended, and whether it is flat there.

    The momentum is the classical one, Polyak's heavy ball. From velocity = 0, a step
    is

        velocity <- momentum * velocity + gradient(point)
        point <- point - learning_rate * velocity

    The walk ends at the first point, the start included, where the gradient's
    Euclidean norm is at or below the tolerance, and otherwise after max_steps steps.
    The gradient is called once at each point visited, the last one included.

    Args:
        gradient: Takes a point, (d,) floats, and returns the slope there, (d,) of
            integers or floats of any precision. A norm that is finite is 0 or from
            1e-150 to 1e150.
        start: (d,) of finite integers or floats of any precision, d at least 1; the
            walk and the norms are in 64-bit floats.
        learning_rate: Above 0.
        momentum: In [0, 1); 0 is plain gradient descent.
        tolerance: 0 or more.
        max_steps: 0 or more; at 0 the answer is about the start itself.

    Returns:
        (point, steps, converged): the last point as (d,) floats, the number of steps
        taken to it, and whether the norm there is at or below the tolerance, also if
        it was reached by the last step allowed.

    Raises:
        ValueError: If learning_rate is not above 0, max_steps is below 0, or the
            gradient returns another shape than (d,), also one that would broadcast.
        FloatingPointError: If the walk diverges: as soon as an entry of the gradient
            or of the next point is NaN or infinite. The gradient is not called again.

    Example:
        >>> gradient_descent(
        ...     lambda w: 2 * (w - 3), np.array([0]), learning_rate=0.25, tolerance=0.1
        ... )
        (array([2.953125]), 6, True)

    Source: Polyak (1964), doi:10.1016/0041-5553(64)90137-5.
    """
    if not learning_rate > 0:
        raise ValueError(f"learning_rate must be above 0, not {learning_rate}")
    if max_steps < 0:
        raise ValueError(f"max_steps must be 0 or more, not {max_steps}")
    point = start.astype(float)
    velocity = np.zeros_like(point)

    for steps in count():
        slope = gradient(point).astype(float)
        _require_usable(slope, point)
        converged = bool(np.linalg.norm(slope) <= tolerance)
        if converged or steps == max_steps:
            break
        velocity = momentum * velocity + slope
        point = point - learning_rate * velocity
        _require_finite(point, "next point")
    return point, steps, converged


def _require_usable(slope: np.ndarray, point: np.ndarray) -> None:
    if slope.shape != point.shape:
        raise ValueError(f"the gradient is {slope.shape}, the point {point.shape}")
    _require_finite(slope, "gradient")


def _require_finite(vector: np.ndarray, name: str) -> None:
    if not np.isfinite(vector).all():
        raise FloatingPointError(f"the walk diverged: the {name} is {vector}")
