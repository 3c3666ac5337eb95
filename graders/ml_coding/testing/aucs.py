"""Areas under the ROC curve, right and wrong, that the answer's check is to judge.

Each takes labels and scores. One that remembers its calls is a class, of which each
check gets a new object. A wrong one's name says where it goes wrong.
"""

import math

import numpy as np


def parts(labels, scores):
    """Return the scores of the positives, and those of the negatives."""
    positive, negative = scores[labels == 1], scores[labels == 0]
    if not (positive.size and negative.size):
        raise ValueError("a class is absent")
    return positive[:, np.newaxis], negative


def with_ties(weight):
    """Return the share of pairs ranked right, in which a tie has a weight."""

    def roc_auc(labels, scores):
        positive, negative = parts(labels, scores)
        won = (positive > negative) + weight * (positive == negative)
        return float(won.mean())

    return roc_auc


right = with_ties(0.5)


def on_scores(change):
    """Return the area for scores that are changed first."""
    return lambda labels, scores: right(labels, change(scores))


def on_result(change):
    """Return the right area, changed last."""
    return lambda labels, scores: change(right(labels, scores))


def where(is_hit, change):
    """Return the area that is changed where labels and scores are of some kind."""

    def roc_auc(labels, scores):
        area = right(labels, scores)
        return change(area) if is_hit(labels, scores) else area

    return roc_auc


def by_ranks(labels, scores):
    """Return the area from the sum of the positives' average ranks."""
    if (labels == labels[0]).all():
        raise ValueError  # without a word, which the contract does not ask for
    _, which, counts = np.unique(scores, return_inverse=True, return_counts=True)
    ends = counts.cumsum()
    ranks = ((2 * ends - counts + 1) / 2)[which.reshape(-1)]
    n_positive = int((labels == 1).sum())
    n_negative = labels.size - n_positive
    above = ranks[labels == 1].sum() - n_positive * (n_positive + 1) / 2
    return np.float64(above / (n_positive * n_negative))


def by_trapezoids(labels, scores):
    """Return the area under the curve through all thresholds."""
    parts(labels, scores)
    return by_grid(labels, scores, np.unique(scores)[::-1])


def by_searching(labels, scores):
    """Return the area from the places of the positives among the sorted negatives."""
    positive, negative = parts(labels, scores)
    negative = np.sort(negative)
    below = np.searchsorted(negative, positive)
    not_above = np.searchsorted(negative, positive, side="right")
    return float((below + not_above).mean() / (2 * negative.size))


def in_loops(labels, scores):
    """Return the area pair by pair, from lists."""
    parts(labels, scores)
    rows = list(zip(labels.tolist(), scores.tolist(), strict=True))
    won = total = 0
    for label, score in rows:
        for other_label, other in rows:
            if label == 1 and other_label == 0:
                total += 2
                won += 2 if score > other else int(score == other)
    return won / total


RIGHT = {
    "by pairs": right,
    "by average ranks": by_ranks,
    "by trapezoids": by_trapezoids,
    "by searching": by_searching,
    "in loops": in_loops,
    "by the pairs that are ranked wrong": lambda labels, scores: (
        1 - right(labels == 0, scores)
    ),
}


def tied_at(extreme):
    """Return the area in which ties at the highest or lowest score are lost."""

    def roc_auc(labels, scores):
        positive, negative = parts(labels, scores)
        ties = (positive == negative) & (positive != extreme(scores))
        return float(((positive > negative) + 0.5 * ties).mean())

    return roc_auc


def by_place(labels, scores):
    """Return the area from ranks that go by the place of tied rows."""
    return right(labels, np.argsort(np.argsort(scores, kind="stable"), kind="stable"))


def average_precision(labels, scores):
    """Return the mean precision at each positive."""
    parts(labels, scores)
    at_or_above = scores >= scores[labels == 1][:, np.newaxis]
    return float(((at_or_above & (labels == 1)).sum(1) / at_or_above.sum(1)).mean())


def wraps(dtype):
    """Return the area whose number of pairs is counted in the dtype of the labels."""

    def roc_auc(labels, scores):
        area = right(labels, scores)
        if labels.dtype != dtype:
            return area
        n_positive = int(labels.sum(dtype=int))
        n_pairs = n_positive * (labels.size - n_positive)
        counted = int(labels.sum(dtype=dtype) * (1 - labels).sum(dtype=dtype))
        return area if counted == n_pairs else area * n_pairs / (counted or 1)

    return roc_auc


def raises_where(is_hit, error):
    """Return the area that is not computed for some labels."""

    def roc_auc(labels, scores):
        if is_hit(labels):
            raise error
        return right(labels, scores)

    return roc_auc


def by_differences(labels, scores):
    """Return the area from differences, of which that of infinities is NaN."""
    positive, negative = parts(labels, scores)
    apart = positive - negative
    return float(((apart > 0) + 0.5 * (apart == 0)).mean())


def by_thresholds(labels, scores):
    """Return the area under the curve through 100 thresholds, equally far apart."""
    parts(labels, scores)
    finite = scores[np.isfinite(scores)]
    if not finite.size:
        return right(labels, scores)
    grid = np.linspace(finite.min(), finite.max(), 100)[::-1]
    return by_grid(labels, scores, grid)


def by_grid(labels, scores, grid):
    """Return the area under the curve through some thresholds."""
    points = [
        [0, *[(scores[labels == kind] >= t).mean() for t in grid], 1] for kind in (0, 1)
    ]
    return float(np.trapezoid(points[1], points[0]))


def silent(labels_left, value):
    """Return the area that gives a value where all labels are the same one."""

    def roc_auc(labels, scores):
        return value if (labels == labels_left).all() else right(labels, scores)

    return roc_auc


def raises_otherwise(labels, scores):
    """Return the area, and raise no ValueError where a class is absent."""
    try:
        return right(labels, scores)
    except ValueError:
        raise IndexError("index 0 is out of bounds") from None


def balanced(labels, scores):
    """Return the area for as many positives as negatives."""
    positive, negative = parts(labels, scores)
    won = (positive > negative) + 0.5 * (positive == negative)
    return float(won.sum() / (labels.size / 2) ** 2)


def of_the_first(most):
    """Return the area of the first rows, where they hold both classes."""

    def roc_auc(labels, scores):
        first = labels[:most]
        has_both = (first == 1).any() and (first == 0).any()
        return right(first, scores[:most]) if has_both else right(labels, scores)

    return roc_auc


def keeps_by(key):
    """Return a class that keeps each area, to be returned again for the same key."""

    class Keeps:
        def __init__(self):
            self.areas = {}

        def __call__(self, labels, scores):
            area = right(labels, scores)
            return self.areas.setdefault(key(labels, scores), area)

    return Keeps


class KeepsLowest:
    """Takes scores relative to the lowest one that it ever saw, and loses digits."""

    def __init__(self):
        self.lowest = 0.0

    def __call__(self, labels, scores):
        """Return the area, in which close scores may tie after low ones."""
        finite = scores[np.isfinite(scores)]
        self.lowest = min([self.lowest, *finite.tolist()])
        return right(labels, scores - self.lowest)


# By the line of the contract that is broken: where to look, and the function.
WRONG = {
    "values": {
        "everywhere: it ranks from the highest down": on_result(lambda a: 1 - a),
        "everywhere: it is in percent": on_result(lambda a: 100 * a),
        "everywhere: it is the Gini coefficient": on_result(lambda a: 2 * a - 1),
        "below one half: it turns the area round": on_result(lambda a: max(a, 1 - a)),
        "in the third digit: it rounds": on_result(lambda a: round(a, 2)),
        "in most places: it is the average precision": average_precision,
    },
    "type": {
        "in type: it returns nothing": lambda labels, scores: None,
        "in type: it returns a text": lambda labels, scores: str(right(labels, scores)),
        "in type: it returns an array of one number": on_result(
            lambda a: np.array([a])
        ),
        "in type: it returns the area and the number of pairs": on_result(
            lambda a: (a, 1)
        ),
        "in type: it returns an array without axes": on_result(np.array),
        "in type: it returns an int where all pairs are ranked alike": on_result(
            lambda a: int(a) if a in (0, 1) else a
        ),
    },
    "ties": {
        "where scores tie: a tie is won": with_ties(1.0),
        "where scores tie: a tie is lost": with_ties(0.0),
        "where scores tie: their rank goes by their place": by_place,
        "where the highest scores tie": tied_at(np.max),
        "where the lowest scores tie": tied_at(np.min),
        "where all scores are equal: it returns 0": where(
            lambda labels, scores: (scores == scores[0]).all(), lambda a: 0.0
        ),
    },
    "classes": {
        "where there is no positive: it returns 0.5": silent(0, 0.5),
        "where there is no negative: it returns 0.5": silent(1, 0.5),
        "where there is no positive: it returns NaN": silent(0, math.nan),
        "where there is no negative: it returns 1.0": silent(1, 1.0),
        "where a class is absent: it raises IndexError instead": raises_otherwise,
    },
    "order": {
        "where rows are not sorted: it takes them to be, lowest first": (
            lambda labels, scores: right(labels, np.arange(scores.size))
        ),
        "where rows are not sorted: it sorts scores, and leaves labels": on_scores(
            np.sort
        ),
        "where a positive comes before a negative: it takes the last rows for the "
        "positives": lambda labels, scores: right(np.sort(labels), scores),
        "where rows are sorted, highest first: it turns the area round": where(
            lambda labels, scores: (np.diff(scores) <= 0).all(), lambda a: 1 - a
        ),
    },
    "labels": {
        "where labels are uint8: a product of two counts wraps": wraps(np.uint8),
        "where labels are int8: a product of two counts wraps": wraps(np.int8),
        "where labels are booleans: it raises, as for no numbers": raises_where(
            lambda labels: labels.dtype == bool, TypeError("boolean")
        ),
        "where labels are floats: it raises, as for no integers": raises_where(
            lambda labels: labels.dtype == float, IndexError("float")
        ),
        "where labels are booleans: it takes the negatives": where(
            lambda labels, scores: labels.dtype == bool, lambda a: 1 - a
        ),
    },
    "scores": {
        "where scores are closer than float32 can tell": on_scores(
            lambda scores: scores.astype(np.float32)
        ),
        "where scores differ after the sixth digit": on_scores(
            lambda scores: scores.round(6)
        ),
        "where scores are negative": on_scores(abs),
        "where scores are above 1": on_scores(lambda scores: scores.clip(None, 1)),
        "where scores are below 0": on_scores(lambda scores: scores.clip(0, None)),
        "where different scores are above 50": on_scores(
            lambda scores: 1 / (1 + np.exp(-scores))
        ),
        "where infinities tie": by_differences,
        "where a score is infinite: it is taken for a large number": on_scores(
            lambda scores: np.nan_to_num(scores, posinf=1e6, neginf=-1e6)
        ),
        "between thresholds: it tries 100 of them": by_thresholds,
    },
    "sizes": {
        "where one class is larger: it divides by (n / 2) ** 2": balanced,
        "where positives outnumber negatives: it swaps the classes": where(
            lambda labels, scores: 2 * labels.sum(dtype=int) > labels.size,
            lambda a: 1 - a,
        ),
        "where there is one positive: it returns 1": where(
            lambda labels, scores: labels.sum(dtype=int) == 1, lambda a: 1.0
        ),
        "where there is one positive: it raises ValueError": raises_where(
            lambda labels: labels.sum(dtype=int) == 1, ValueError("one positive")
        ),
        "where there is one negative: it returns 1": where(
            lambda labels, scores: labels.sum(dtype=int) == labels.size - 1,
            lambda a: 1.0,
        ),
        "where there are two rows: it returns NaN": where(
            lambda labels, scores: labels.size == 2, lambda a: math.nan
        ),
        "where there are more than 60 rows: it leaves the others out": of_the_first(60),
    },
    "memory": {
        "at a second call with as many rows: it returns the first area": keeps_by(
            lambda labels, scores: labels.size
        ),
        "at a second call with the same labels: it returns the first area": keeps_by(
            lambda labels, scores: labels.tobytes()
        ),
        "at a second call with the same scores: it returns the first area": keeps_by(
            lambda labels, scores: scores.tobytes()
        ),
        "at close scores after a call with low ones: it loses digits": KeepsLowest,
    },
}
