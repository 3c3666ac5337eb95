"""Written from the prompt alone: easy and hard groups in turn, and exact fractions."""

from fractions import Fraction

import numpy as np


def simpsons_paradox(n_groups: int, within: int, overall: int) -> np.ndarray:
    if n_groups < 2 or within < 1 or overall < 1 or 2 * within + overall > 90:
        raise ValueError("there are no such data")
    many, few = 10_000, 100
    gap = within * many // 100 + 1
    counts = []
    for group in range(n_groups):
        if (
            group % 2 == 0
        ):  # Easy: nearly all are controls, and the treated all succeed.
            counts.append([[gap, many - gap], [0, few]])
        else:  # Hard: nearly all are treated, and the controls all fail.
            counts.append([[few, 0], [many - gap, gap]])
    return np.array(counts)


def adjusted_difference(counts: np.ndarray) -> float:
    total = Fraction(0)
    rows = 0
    for (fail0, win0), (fail1, win1) in counts.tolist():
        size = fail0 + win0 + fail1 + win1
        effect = Fraction(win1, fail1 + win1) - Fraction(win0, fail0 + win0)
        total += size * effect
        rows += size
    return float(total / rows)
