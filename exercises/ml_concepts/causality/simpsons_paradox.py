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
    raise NotImplementedError


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
    raise NotImplementedError
