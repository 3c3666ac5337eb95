"""Rates around one half, in plain lists; the effect in exact fractions."""

from fractions import Fraction

import numpy as np


def simpsons_paradox(n_groups, within, overall):
    if n_groups < 2:
        raise ValueError("two groups at least")
    if within <= 0 or overall <= 0:
        raise ValueError("differences must be positive")
    if 2 * within + overall > 90:
        raise ValueError("too much")
    top, bottom = 100, 0
    groups = []
    for number in range(n_groups):
        if number < n_groups // 2:
            control, treated, many = bottom, bottom + within, 1
        else:
            control, treated, many = top - within, top, 0
        sizes = [200, 200]
        sizes[many] = 20_000
        groups.append(
            [
                [sizes[0] * (100 - control) // 100, sizes[0] * control // 100],
                [sizes[1] * (100 - treated) // 100, sizes[1] * treated // 100],
            ]
        )
    return np.array(groups)


def adjusted_difference(counts):
    table = counts.tolist()
    total = sum(n for group in table for arm in group for n in arm)
    effect = Fraction(0)
    for (f0, s0), (f1, s1) in table:
        weight = Fraction(f0 + s0 + f1 + s1, total)
        effect += weight * (Fraction(s1, f1 + s1) - Fraction(s0, f0 + s0))
    return float(effect)
