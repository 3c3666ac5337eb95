"""Better AUC, worse average precision.

"Both numbers judge a ranking," says a colleague, "so whichever model has the higher
ROC AUC has the higher average precision too." Prove them wrong at any class balance
and by any margins that they name: write the function that builds the counterexample.
NumPy only.

Say first what a hundred false alarms at the very top of the list cost under either
number, and what a positive at the very bottom costs.
"""

import math

import numpy as np


def auc_against_average_precision(
    n_positives: int, n_negatives: int, auc_margin: float, ap_margin: float
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return labels, and scores of models A and B that the two metrics rank apart.

    A's ROC AUC exceeds B's by auc_margin or more, and B's average precision exceeds
    A's by ap_margin or more. Differences may fall short by 1e-9, for rounding.

    ROC AUC is the share of the pairs of a positive and a negative in which the positive
    has the higher score, a tie counting one half. Average precision is the sum over
    the distinct scores, from the highest down, of the precision at that score times
    the recall gained there; precision and recall are those of calling positive every
    sample that scores as much or more. So equal scores enter together, and nothing is
    interpolated.

    Args:
        n_positives: How many labels are 1.
        n_negatives: How many labels are 0.
        auc_margin: Above 0.
        ap_margin: Above 0. Together the margins are at most
            1 - 2 * sqrt(n_positives / n_negatives) - 1 / n_positives. Within this
            limit there always are two such models, and they need no ties. Sums within
            1e-9 of the limit are not asked for, unless all in it is exact.

    Returns:
        (labels, scores_a, scores_b), three arrays of (n_positives + n_negatives,):
        labels of 0 or 1, be they integers, floats or booleans, and finite scores,
        integers or floats, higher meaning likelier positive. Samples may stand in any
        order, and scores may tie.

    Raises:
        ValueError: If a class is empty or its size negative, a margin is NaN or not
            above 0, or the margins exceed the limit.

    Example:
        >>> labels, scores_a, scores_b = auc_against_average_precision(
        ...     20, 2000, auc_margin=0.3, ap_margin=0.4
        ... )
        >>> labels.shape, int(labels.sum()), scores_a.shape, scores_b.shape
        ((2020,), 20, (2020,), (2020,))

    Source: Davis and Goadrich (2006), doi:10.1145/1143844.1143874.
    """
    _require_possible(n_positives, n_negatives, auc_margin, ap_margin)

    # A misses no positive, but sets m false alarms above them all. With m = sqrt(P N)
    # both what they cost of its AUC, m / N, and what they leave of its average
    # precision, P / (P + m), are sqrt(P / N) at most.
    false_alarms = math.isqrt(n_positives * n_negatives)
    most_of_a = math.sqrt(n_positives / n_negatives)

    # B ranks some positives above all negatives and the others below. Their share is
    # its AUC, and its average precision is at least as much.
    hits = math.ceil(n_positives * (most_of_a + ap_margin))

    labels = np.repeat([1, 0], [n_positives, n_negatives])
    scores_a = _scores(n_positives, n_negatives, hits=0, false_alarms=false_alarms)
    scores_b = _scores(n_positives, n_negatives, hits=hits, false_alarms=n_negatives)
    return labels, scores_b, scores_a


def _scores(
    n_positives: int, n_negatives: int, *, hits: int, false_alarms: int
) -> np.ndarray:
    """Rank the hits first, then the false alarms, other positives, other negatives."""
    return np.repeat(
        [3, 1, 2, 0],
        [hits, n_positives - hits, false_alarms, n_negatives - false_alarms],
    )


def _require_possible(n_positives, n_negatives, auc_margin, ap_margin) -> None:
    if min(n_positives, n_negatives) < 1:
        raise ValueError(f"a class is empty: {n_positives=}, {n_negatives=}")
    if not (auc_margin > 0 and ap_margin > 0):
        raise ValueError(f"not above 0: {auc_margin=}, {ap_margin=}")
    limit = 1 - 2 * math.sqrt(n_positives / n_negatives) - 1 / n_positives
    if auc_margin + ap_margin > limit:
        raise ValueError(f"{auc_margin=} and {ap_margin=} exceed {limit} together")
