"""Written from the prompt alone: one pass with a running maximum and a running sum."""

import numpy as np


def running(x: np.ndarray, axis: int) -> tuple[np.ndarray, np.ndarray]:
    """Return the largest numbers along an axis, and the sums of exp(x - largest)."""
    slices = np.moveaxis(x, axis, 0)
    top = np.full(slices.shape[1:], -np.inf)
    total = np.zeros(slices.shape[1:])
    for part in slices:
        higher = np.maximum(top, part)
        shift = np.where(higher == -np.inf, 0.0, higher)
        total = total * np.exp(top - shift) + np.exp(part - shift)
        top = higher
    return top, total


def log_sum_exp(x: np.ndarray, *, axis: int = -1) -> np.ndarray:
    top, total = running(x, axis)
    return top + np.log(np.where(top == -np.inf, 1.0, total))


def log_softmax(x: np.ndarray, *, axis: int = -1) -> np.ndarray:
    top, total = running(x, axis)
    return (x - np.expand_dims(top, axis)) - np.expand_dims(np.log(total), axis)


def log1mexp(x: np.ndarray) -> np.ndarray:
    result = np.empty_like(x)
    zero = x == 0
    near = (x > -0.6931471805599453) & ~zero
    far = ~zero & ~near
    result[zero] = -np.inf
    result[near] = np.log(-np.expm1(x[near]))
    result[far] = np.log1p(-np.exp(x[far]))
    return result


def log_diff_exp(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    if a.shape != b.shape:
        raise ValueError("a and b differ in shape")
    if (b > a).any():
        raise ValueError("the difference would be negative")
    result = np.full(a.shape, -np.inf)
    apart = b < a
    result[apart] = a[apart] + log1mexp(b[apart] - a[apart])
    return result
