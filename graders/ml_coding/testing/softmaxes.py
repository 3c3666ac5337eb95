"""Softmaxes, right ones and wrong ones, that the answer's check is given to judge.

Each takes logits and an axis. One that remembers its calls is a class, of which each
check gets a new object. A wrong one's name says where it goes wrong.
"""

import math

import numpy as np


def weights(logits, axis):
    """Return exp(logits), but for a factor that all of a slice have in common."""
    return np.exp(logits - logits.max(axis=axis, keepdims=True))


def shares(parts, axis):
    """Return parts over their sum."""
    return parts / parts.sum(axis=axis, keepdims=True)


def right(logits, axis):
    """Return the softmax as most would write it."""
    return shares(weights(logits, axis), axis)


def along(row):
    """Return the softmax that works on one slice at a time, in float64."""

    def softmax(logits, axis):
        result = np.apply_along_axis(row, axis, logits.astype(float))
        return result.astype(logits.dtype)

    return softmax


def on_logits(change):
    """Return the softmax of logits that are changed first."""
    return lambda logits, axis: right(change(logits), axis)


def on_result(change):
    """Return the softmax whose right result is changed last; change gets the axis."""

    def softmax(logits, axis):
        return change(right(logits, axis), axis).astype(logits.dtype)

    return softmax


def with_loops(row):
    """Return one slice's softmax by the definition."""
    parts = [math.exp(logit - max(row)) for logit in row]
    return [part / math.fsum(parts) for part in parts]


def by_differences(row):
    """Return one slice's softmax as 1 over what each of its logits is outweighed by."""
    kept = row > -math.inf
    result = np.zeros(row.shape)
    apart = row[kept][np.newaxis] - row[kept][:, np.newaxis]
    result[kept] = 1 / np.exp(apart).sum(axis=1)
    return result


def by_logarithms(logits, axis):
    """Return exp(log-softmax)."""
    shifted = logits - logits.max(axis=axis, keepdims=True)
    return np.exp(shifted - np.log(np.exp(shifted).sum(axis=axis, keepdims=True)))


def without_dust(logits, axis):
    """Return the softmax with 0 for entries that are of no account."""
    result = right(logits, axis)
    return np.where(result < 1e-12, 0, result).astype(logits.dtype)


RIGHT = {
    "shifted by the maximum": right,
    "in loops": along(with_loops),
    "by differences": along(by_differences),
    "by logarithms": by_logarithms,
    "tiny entries set to 0": without_dust,
    "normalised twice": on_result(shares),
    "summed in float64": lambda a, axis: right(a.astype(float), axis).astype(a.dtype),
    "summed backwards": lambda a, axis: np.flip(right(np.flip(a), axis)),
}


def log_of_sum(logits, axis):
    """Return log(sum(exp(logits))), which is nearly the largest logit."""
    total = weights(logits, axis).sum(axis=axis, keepdims=True)
    return logits.max(axis=axis, keepdims=True) + np.log(total)


def first_by_default(logits, axis=0):
    """Return the softmax along the first axis if none is given."""
    return right(logits, axis)


def first_masked(row):
    """Return one slice's softmax in one pass that does not expect -inf at the start."""
    top, total = -np.inf, 0.0
    for logit in row:
        higher = max(top, logit)
        total = total * np.exp(top - higher) + np.exp(logit - higher)
        top = higher
    return np.exp(row - top) / total


def unmasked_sum(logits, axis):
    """Return the softmax in which what is masked counts as a logit of 0 in the sum."""
    masked = np.isneginf(logits)
    result = right(np.where(masked, 0, logits), axis)
    return np.where(masked, 0, result).astype(logits.dtype)


def all_masked_too_soon(logits, axis):
    """Return the softmax that gives up a slice if one logit is left of several."""
    n_masked = np.isneginf(logits).sum(axis=axis, keepdims=True)
    is_lost = (n_masked > 0) & (n_masked >= logits.shape[axis] - 1)
    return np.where(is_lost, 0, right(logits, axis)).astype(logits.dtype)


def mask_of_any(logits, axis):
    """Return the softmax that masks for all what is masked in one slice."""
    masked = np.isneginf(logits)
    if logits.ndim > 1:
        masked = masked.any(axis=0 if axis % logits.ndim else 1, keepdims=True)
    return right(np.where(masked, -np.inf, logits), axis)


def untied(row):
    """Return one slice's softmax with tied logits counted once in the sum."""
    parts = np.exp(row - row.max())
    return parts / np.unique(parts).sum()


def all_to_one_of_ties(row):
    """Return one slice's softmax with the largest share given to one of the largest."""
    result = np.array(with_loops(row))
    top = np.flatnonzero(result == result.max())
    result[top[0]] *= top.size
    result[top[1:]] = 0
    return result


class KeepsResults:
    """Keeps each result, to be returned again for the same shape and axis."""

    def __init__(self):
        self.results = {}

    def __call__(self, logits, axis):
        """Return the softmax, or one."""
        key = logits.shape, logits.dtype, axis
        return self.results.setdefault(key, right(logits, axis))


class KeepsMaximum:
    """Shifts by the largest logit that it ever saw."""

    def __init__(self):
        self.top = -math.inf

    def __call__(self, logits, axis):
        """Return the softmax, which may underflow."""
        self.top = max(self.top, logits.max())
        return shares(np.exp(logits - logits.dtype.type(self.top)), axis)


class KeepsDtype:
    """Returns the dtype that it saw first."""

    def __init__(self):
        self.dtype = None

    def __call__(self, logits, axis):
        """Return the softmax."""
        self.dtype = self.dtype or logits.dtype
        return right(logits, axis).astype(self.dtype)


# By the line of the contract that is broken: where to look, and the softmax.
WRONG = {
    "values": {
        "where logits differ: it never takes exp": shares,
        "everywhere: it returns logarithms": on_result(lambda p, axis: np.log(p)),
        "where logits differ: all are alike to it": on_result(
            lambda p, axis: shares(np.ones_like(p), axis)
        ),
        "where logits are close: the largest takes all": on_result(
            lambda p, axis: shares(p == p.max(axis=axis, keepdims=True), axis)
        ),
        "where the largest logits are tied: one of them takes the others' part": along(
            all_to_one_of_ties
        ),
    },
    "shape": {
        "in shape, where an axis has length 1": on_result(
            lambda p, axis: p.squeeze() if p.size > 1 else p
        ),
        "in shape, where there is one row": on_result(
            lambda p, axis: p[0] if p.ndim > 1 and len(p) == 1 else p
        ),
        "in shape, in two dimensions or more": on_result(lambda p, axis: p.ravel()),
        "in shape, in one dimension": on_result(lambda p, axis: np.atleast_2d(p)),
        "in type: it returns lists": lambda a, axis: right(a, axis).tolist(),
        "in type: it returns nothing": lambda a, axis: None,
    },
    "dtype": {
        "in dtype, for float32": lambda a, axis: right(a.astype(float), axis),
        "in dtype, for float64": lambda a, axis: right(a.astype(np.float32), axis),
        "in dtype, where a slice has length 1: it returns booleans": lambda a, axis: (
            right(a, axis) if a.shape[axis] > 1 else a == a
        ),
        "in precision, for float32: it rounds to three digits": on_result(
            lambda p, axis: p.round(3) if p.dtype == np.float32 else p
        ),
        "in precision, for float64: it works in float32": lambda a, axis: right(
            a.astype(np.float32), axis
        ).astype(a.dtype),
        "in precision, for float32: it works in float16": lambda a, axis: right(
            a.astype(np.float16 if a.dtype == np.float32 else float), axis
        ).astype(a.dtype),
    },
    "sums": {
        "in the sum: it is n, not 1": on_result(
            lambda p, axis: p / p.mean(axis=axis, keepdims=True)
        ),
        "in the sum: 1e-6 is added to the denominator": lambda a, axis: (
            weights(a, axis)
            / (weights(a, axis).sum(axis, keepdims=True) + a.dtype.type(1e-6))
        ),
        "in the sum where logits are tied": along(untied),
        "in the fourth digit: it rounds": on_result(lambda p, axis: p.round(3)),
        "in the sum of 1 over a slice of length 1": on_result(
            lambda p, axis: p if p.shape[axis] > 1 else 0 * p
        ),
    },
    "places": {
        "in the order of the entries: they come sorted": on_result(
            lambda p, axis: np.sort(p, axis=axis)
        ),
        "in the order of the entries: they come from the last to the first": on_result(
            lambda p, axis: np.flip(p, axis=axis)
        ),
        "in the order of the slices": on_result(
            lambda p, axis: np.flip(p, axis=(axis + 1) % p.ndim) if p.ndim > 1 else p
        ),
    },
    "axis": {
        "for an axis that is not the last": lambda a, axis: right(a, -1),
        "in two dimensions or more: all entries together sum to 1": (
            lambda a, axis: right(a, tuple(range(a.ndim)))
        ),
        "for axis 1 of three": lambda a, axis: right(a, -1 if axis % a.ndim else 0),
        "where no axis is given": first_by_default,
        "in two dimensions or more: it divides by another slice's sum, or raises": (
            lambda a, axis: weights(a, axis) / weights(a, axis).sum(axis=axis)
        ),
    },
    "sizes": {
        "where a slice has more than 8 entries: the sum leaves the others out": along(
            lambda row: np.exp(row - row.max()) / np.exp(row[:8] - row.max()).sum()
        ),
        "where logits are large": lambda a, axis: shares(np.exp(a), axis),
        "where all logits lie far below 0": lambda a, axis: shares(
            np.exp(a - a.max(axis=axis, keepdims=True, initial=0)), axis
        ),
        "where logits lie far above the first of their slice": along(
            lambda row: shares(np.exp(row - row[np.isfinite(row)][0]), 0)
        ),
        "where one slice lies far below another": lambda a, axis: shares(
            np.exp(a - a.max()), axis
        ),
        "where two different logits are both above 500": on_logits(
            lambda a: np.where(np.isneginf(a), a, a.clip(-500, 500))
        ),
        "where tied logits are so large that the log of a sum is lost beside them": (
            lambda a, axis: np.exp(a - log_of_sum(a, axis))
        ),
    },
    "masks": {
        "where a logit is -inf: it returns NaN": on_logits(lambda a: a + 0 * a),
        "where the first logit is -inf": along(first_masked),
        "where a logit is -inf: it counts as 0": on_logits(
            lambda a: np.where(np.isneginf(a), 0, a).astype(a.dtype)
        ),
        "where a logit is -inf: it still counts in the sum": unmasked_sum,
        "where all logits but one are -inf: it returns 0": all_masked_too_soon,
        "where a logit is -inf and the others are below -1e9": on_logits(
            lambda a: np.where(np.isneginf(a), -1e9, a).astype(a.dtype)
        ),
        "where a logit is -inf: other slices are masked there too": mask_of_any,
    },
    "memory": {
        "at the second call with the same shape and axis": KeepsResults,
        "at small logits after a call with large ones": KeepsMaximum,
        "at a call with another dtype than the first": KeepsDtype,
    },
}
