"""Only the last group is hard; the effect by inverse propensity weights."""

import numpy as np


def simpsons_paradox(n_groups, within, overall):
    if n_groups < 2 or within < 1 or overall < 1 or 2 * within + overall > 90:
        raise ValueError("cannot be built")
    easy = [[within * 20, (100 - within) * 20], [0, 40 // n_groups + 1]]
    hard = [[40, 0], [(100 - within) * 60, within * 60]]
    return np.array([easy] * (n_groups - 1) + [hard])


def adjusted_difference(counts):
    total = counts.sum()
    by_group = counts.sum(axis=(1, 2))
    means = []
    for arm in (0, 1):
        propensity = counts[:, arm].sum(axis=1) / by_group
        means.append((counts[:, arm, 1] / propensity).sum() / total)
    return float(means[1] - means[0])
