"""Orthogonal polynomials on the points by their recurrence, in loops of Python."""

import math

import numpy as np


def polynomials(n, degree):
    xs = [2 * i / (n - 1) - 1 if n > 1 else -1.0 for i in range(n)]
    found = []
    for k in range(degree + 1):
        column = (
            [1.0] * n if k == 0 else [x * v for x, v in zip(xs, found[-1], strict=True)]
        )
        for _ in range(2):
            for other in found:
                part = sum(a * b for a, b in zip(column, other, strict=True))
                column = [a - part * b for a, b in zip(column, other, strict=True)]
        size = math.sqrt(sum(a * a for a in column))
        found.append([a / size for a in column])
    return found


def expected_error(truth, degree, noise):
    rest = [float(value) for value in truth]
    n = len(rest)
    for column in polynomials(n, degree):
        part = sum(a * b for a, b in zip(rest, column, strict=True))
        rest = [a - part * b for a, b in zip(rest, column, strict=True)]
    return sum(a * a for a in rest) / n + noise * noise * (degree + 1) / n


def truth_for(low, high, n, quiet, noisy, margin):
    if low >= high:
        raise ValueError("high must be above low")
    if n <= high:
        raise ValueError("too few points")
    if noisy <= quiet:
        raise ValueError("noisy must be above quiet")
    total = quiet**2 * (high - low) + n * margin * 1.05
    share = total / (high - low)
    chosen = polynomials(n, high)[low + 1 :]
    values = [math.sqrt(share) * sum(row) for row in zip(*chosen, strict=True)]
    return np.array(values)
