"""Sorts by a merge sort in pure Python, then walks one group of ties at a time."""

import math
from itertools import groupby


def roc_auc(labels, scores):
    """Return the area under the ROC curve."""
    if len(labels.shape) != 1 or labels.shape != scores.shape:
        raise ValueError("not two (n,) arrays")
    labels, scores = labels.tolist(), scores.tolist()
    if any(label not in (0, 1) for label in labels):
        raise ValueError("a label is neither 0 nor 1")
    if any(math.isnan(score) for score in scores):
        raise ValueError("a score is NaN")
    if 0 not in labels or 1 not in labels:
        raise ValueError("a class is absent")
    twice_won = passed = 0  # halves of pairs, negatives below
    pairs = merge_sorted(list(zip(scores, labels, strict=True)))
    for _, tied in groupby(pairs, key=lambda pair: pair[0]):
        group = [label for _, label in tied]
        positives = sum(group)
        negatives = len(group) - positives
        twice_won += positives * (2 * passed + negatives)
        passed += negatives
    return twice_won / (2 * passed * (len(labels) - passed))


def merge_sorted(pairs):
    """Return the pairs in ascending order of their scores."""
    if len(pairs) < 2:
        return pairs
    middle = len(pairs) // 2
    left, right = merge_sorted(pairs[:middle]), merge_sorted(pairs[middle:])
    merged = []
    i = j = 0
    while i < len(left) and j < len(right):
        if left[i][0] <= right[j][0]:
            merged.append(left[i])
            i += 1
        else:
            merged.append(right[j])
            j += 1
    return merged + left[i:] + right[j:]
