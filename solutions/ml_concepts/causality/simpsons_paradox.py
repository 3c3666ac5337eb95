"""Simpson's paradox.

A treatment helps in every group of patients, and over all patients it seems to harm.
Build such data, then compute the number that answers the causal question.

Data are counts of shape (n_groups, 2, 2): group, arm (0 control, 1 treatment), outcome
(0 failure, 1 success). The success rate of an arm is its successes over its rows.
"""

import numpy as np


def simpsons_paradox(n_groups: int, within: int, overall: int) -> np.ndarray:
    """Return data in which every group and the whole disagree.

    In each group the success rate of arm 1 is at least `within` percentage points above
    that of arm 0. Over all groups together it is at least `overall` percentage points
    below. No arm is empty in any group, each group has at least 1 % of all rows, and
    there are at most 1,000,000 rows.

    Args:
        n_groups: From 2 to 20.
        within: Percentage points, 1 or more.
        overall: Percentage points, 1 or more.

    Returns:
        (n_groups, 2, 2) of counts, integers of 0 or more.

    Raises:
        ValueError: If n_groups is below 2, within or overall below 1, or
            2 * within + overall above 90. Otherwise such data exist, up to 20 groups.
    """
    if n_groups < 2 or min(within, overall) < 1 or 2 * within + overall > 90:
        raise ValueError(f"no such data: {n_groups}, {within}, {overall}")
    counts = np.zeros((n_groups, 2, 2), int)
    for group in range(n_groups):
        # Hardly a patient of an easy group is treated, nearly all of a hard one are.
        is_easy = group % 2 == 0
        rows = (10_000, 100) if is_easy else (100, 10_000)
        rates = (100 - within, 100) if is_easy else (0, within)
        for arm in (0, 1):
            successes = rows[arm] * rates[arm] // 100
            counts[group, arm] = rows[arm] - successes, successes
    return counts


def adjusted_difference(counts: np.ndarray) -> float:
    """Return the effect of treatment, where the group decides who is treated.

    That is the mean over groups of the success rate of arm 1 less that of arm 0, each
    group weighted by its share of all rows: what would change if everybody were treated
    instead of nobody.

    Args:
        counts: (n_groups, 2, 2) of counts, no arm empty in any group.

    Returns:
        A difference of rates, from -1 to 1.

    Example:
        >>> adjusted_difference(np.array([[[2, 2], [1, 3]], [[4, 0], [1, 1]]]))
        0.35714285714285715

    Source: Pearl, Causality, 2nd edition (2009), section 3.3.
    """
    rows = counts.sum(axis=2)
    rates = counts[:, :, 1] / rows
    return float(np.average(rates[:, 1] - rates[:, 0], weights=rows.sum(axis=1)))
