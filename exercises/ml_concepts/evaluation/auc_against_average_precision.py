"""Better AUC, worse average precision.

"Both numbers judge a ranking," says a colleague, "so whichever model has the higher
ROC AUC has the higher average precision too." Prove them wrong at any class balance
and by any margins that they name: write the function that builds the counterexample.
NumPy only.

Say first what a hundred false alarms at the very top of the list cost under either
number, and what a positive at the very bottom costs.
"""

import numpy as np


def auc_against_average_precision(
    n_positives: int, n_negatives: int, auc_margin: float, ap_margin: float
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return labels, and scores of models A and B that the two metrics rank apart.

    A's ROC AUC exceeds B's by auc_margin or more, and B's average precision exceeds
    A's by ap_margin or more. Differences may fall short by 1e-9, for rounding.

    ROC AUC is the share of positive-negative pairs in which the positive has the higher
    score, a tie counting one half. Average precision is, as in scikit-learn, the sum
    over the distinct scores t, from the highest down, of precision times the recall
    gained, where all samples that score t or more are called positive.

    Args:
        n_positives: How many labels are 1.
        n_negatives: How many labels are 0.
        auc_margin: Above 0.
        ap_margin: Above 0. Together the margins are at most
            1 - 2 * sqrt(n_positives / n_negatives) - 1 / n_positives. Within this
            limit there always are two such models, and nothing else is asked for.

    Returns:
        (labels, scores_a, scores_b), three arrays of (n_positives + n_negatives,):
        labels of 0 or 1, which may be booleans, and finite scores, higher meaning
        likelier positive. Samples may stand in any order, and scores may tie.

    Example:
        >>> labels, scores_a, scores_b = auc_against_average_precision(
        ...     20, 2000, auc_margin=0.3, ap_margin=0.4
        ... )
        >>> labels.shape, int(labels.sum()), scores_a.shape, scores_b.shape
        ((2020,), 20, (2020,), (2020,))

    Source: Davis and Goadrich (2006), doi:10.1145/1143844.1143874.
    """
    raise NotImplementedError
