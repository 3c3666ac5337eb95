"""No class counts: each row adds f(c + 1) - f(c), c its class's count so far."""

import numpy as np


def best_split(features, labels, *, criterion="gini", min_samples_leaf=1):
    """Write the impurity of m rows as a sum over classes, and update the sum."""
    labels = np.asarray(labels)
    if labels.shape != (len(features),):
        raise ValueError("shapes")
    if not np.all(np.abs(features) < np.inf) or min_samples_leaf < 1:
        raise ValueError("values")
    if criterion == "gini":
        # m * impurity = m - sum(c**2) / m
        def f(c):
            return np.square(c, dtype=float)

        def total_impurity(sums, m):
            return m - sums / m
    elif criterion == "entropy":
        # m * impurity = m log m - sum(c log c)
        def f(c):
            return c * np.log2(np.maximum(c, 1))

        def total_impurity(sums, m):
            return f(m) - sums
    else:
        raise ValueError(criterion)

    n, d = features.shape
    size = np.arange(1, n + 1)
    best = None
    for j in range(d):
        order = np.argsort(features[:, j], kind="stable")
        x, y = features[order, j], labels[order]
        before, after = _occurrence(y), _occurrence(y[::-1])[::-1]
        left = np.cumsum(f(before + 1) - f(before))
        right = np.cumsum((f(after + 1) - f(after))[::-1])[::-1]
        node = total_impurity(left[-1], n)
        children = total_impurity(left[:-1], size[:-1])
        children = children + total_impurity(right[1:], n - size[:-1])
        gain = (node - children) / n
        allowed = x[1:] > x[:-1]
        allowed &= (size[:-1] >= min_samples_leaf) & (n - size[:-1] >= min_samples_leaf)
        gain = np.where(allowed, gain, -np.inf)
        if not len(gain) or gain.max() <= 1e-9:
            continue
        i = int(np.flatnonzero(gain > gain.max() - 1e-9)[0])
        if best is None or gain[i] > best[2] + 1e-9:
            middle = (x[i] + x[i + 1]) / 2
            best = (j, middle, gain[i])
    return best


def _occurrence(y):
    """Return for each row how many earlier rows have its label."""
    order = np.argsort(y, kind="stable")
    ranked = y[order]
    start = np.flatnonzero(np.r_[True, ranked[1:] != ranked[:-1]])
    lengths = np.diff(np.r_[start, len(y)])
    place = np.empty(len(y), dtype=np.int64)
    place[order] = np.arange(len(y)) - np.repeat(start, lengths)
    return place
