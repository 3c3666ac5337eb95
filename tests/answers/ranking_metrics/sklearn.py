"""scikit-learn's functions on places as scores, since it breaks ties otherwise."""

import numpy as np
from sklearn.metrics import average_precision_score, ndcg_score, recall_score


def _one(relevance, scores, k, gain):
    if not relevance.any():
        return [np.nan] * 4
    n = len(scores)
    places = np.empty(n)
    places[np.argsort(-scores, kind="stable")] = np.arange(n, 0, -1)
    relevant, shown = relevance > 0, places > n - k
    gains = relevance if gain == "linear" else 2**relevance - 1
    ndcg = 1.0 if n == 1 else ndcg_score([gains], [places], k=k)
    hits = relevant & shown
    if not hits.any():
        return [ndcg, 0.0, 0.0, 0.0]
    # Of the items shown alone, it divides by the hits.
    precision = average_precision_score(hits[shown], places[shown])
    return [
        ndcg,
        1 / (n + 1 - places[hits].max()),
        precision * hits.sum() / min(relevant.sum(), k),
        recall_score(relevant, shown),
    ]


def ranking_metrics(relevance, scores, k, *, gain):
    if relevance.shape != scores.shape:
        raise ValueError("shapes differ")
    if k < 1 or relevance.min() < 0 or gain not in ("linear", "exponential"):
        raise ValueError("k, relevance or gain")
    pairs = zip(relevance, scores, strict=True)
    columns = np.array([_one(*pair, k, gain) for pair in pairs]).T
    names = ["ndcg", "reciprocal_rank", "average_precision", "recall"]
    return dict(zip(names, columns, strict=True))
