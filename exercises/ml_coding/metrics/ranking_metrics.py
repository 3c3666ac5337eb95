"""NDCG, MRR, MAP and recall at k.

Judge a recommender by the first k items that it shows. NumPy only.
"""

import numpy as np


def ranking_metrics(
    relevance: np.ndarray, scores: np.ndarray, k: int, *, gain: str
) -> dict[str, np.ndarray]:
    """Return four metrics of the first k items of each query.

    A query's items are ranked by descending score, equal scores in the order in which
    the items stand; the first rank is 1. An item is relevant if its relevance is above
    0, and R is how many items of the query are, shown or not.

    - "ndcg": the DCG of the ranking over that of the best ranking of all the query's
      items. A DCG is the sum over the first k ranks of gain / log2(rank + 1).
    - "reciprocal_rank": 1 / rank of the first relevant item among the first k, else 0.
    - "average_precision": the sum over the relevant items among the first k of the
      precision at their rank, over min(R, k). The precision at a rank is the share of
      relevant items up to and including it.
    - "recall": the relevant items among the first k, over R.

    The means over queries are what papers call MRR and MAP. Return no mean here: a
    query without a relevant item is NaN in all four, and the caller decides.

    Args:
        relevance: (q, n) of int64, from 0 to 30; q and n at least 1.
        scores: (q, n) of finite floats, in which ties are common. Scores that differ by
            as little as 1e-12 are no tie.
        k: 1 or more; where it is above n, all items are shown.
        gain: "linear" for the relevance itself, "exponential" for 2**relevance - 1.

    Returns:
        A dict of the four names, each with (q,) floats.

    Raises:
        ValueError: If relevance and scores differ in shape, a relevance is negative, k
            is below 1, or gain is neither of the two.

    Example:
        >>> relevance, scores = np.array([[0, 1, 1, 0]]), np.array([[9.0, 8, 2, 5]])
        >>> found = ranking_metrics(relevance, scores, 2, gain="linear")
        >>> found["reciprocal_rank"], found["average_precision"], found["recall"]
        (array([0.5]), array([0.25]), array([0.5]))

    Source: Järvelin and Kekäläinen (2002), doi:10.1145/582415.582418; Burges et al.
        (2005), doi:10.1145/1102351.1102363, for the exponential gain.
    """
    raise NotImplementedError
