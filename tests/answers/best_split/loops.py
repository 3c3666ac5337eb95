"""Pure Python: moves one row at a time from a right Counter to a left one."""

import math
from collections import Counter


def _gini(counts, total):
    return 1 - sum((count / total) ** 2 for count in counts.values())


def _entropy(counts, total):
    return -sum(c / total * math.log2(c / total) for c in counts.values() if c)


def best_split(features, labels, *, criterion="gini", min_samples_leaf=1):
    """Sweep each feature, keeping the first split that is better than the best."""
    if len(features) != len(labels) or min_samples_leaf < 1:
        raise ValueError("wrong length or leaf")
    impurities = {"gini": _gini, "entropy": _entropy}
    if criterion not in impurities:
        raise ValueError(criterion)
    impurity = impurities[criterion]
    labels = labels.tolist()
    n = len(labels)
    node = impurity(Counter(labels), n)
    best, best_gain = None, 0.0
    for feature, column in enumerate(features.T.tolist()):
        if not all(map(math.isfinite, column)):
            raise ValueError("not finite")
        pairs = sorted(zip(column, labels, strict=True))
        left, right = Counter(), Counter(labels)
        for i in range(1, n):
            low, label = pairs[i - 1]
            high = pairs[i][0]
            left[label] += 1
            right[label] -= 1
            if low == high or i < min_samples_leaf or n - i < min_samples_leaf:
                continue
            children = i * impurity(left, i) + (n - i) * impurity(right, n - i)
            gain = node - children / n
            if gain > best_gain + 1e-9:
                best, best_gain = (feature, (low + high) / 2, gain), gain
    return best
