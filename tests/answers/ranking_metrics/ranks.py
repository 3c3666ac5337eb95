"""The rank of each item by counting what stands above it, without a sort."""

import numpy as np


def _ranks(values):
    n = values.shape[1]
    above = values[:, None, :] > values[:, :, None]
    tied = values[:, None, :] == values[:, :, None]
    return 1 + (above | (tied & np.tri(n, k=-1, dtype=bool))).sum(axis=2)


def ranking_metrics(relevance, scores, k, *, gain):
    if relevance.shape != scores.shape:
        raise ValueError("shapes")
    if k < 1 or np.any(relevance < 0) or gain not in {"linear", "exponential"}:
        raise ValueError("k, relevance or gain")
    ranks, best = _ranks(scores), _ranks(relevance.astype(float))
    gains = relevance if gain == "linear" else np.exp2(relevance) - 1
    relevant = relevance > 0
    total = relevant.sum(axis=1).astype(float)
    total[total == 0] = np.nan

    def dcg(ranks):
        return np.where(ranks <= k, gains / np.log2(1 + ranks), 0).sum(axis=1)

    hit = relevant & (ranks <= k)
    earlier = (hit[:, None, :] & (ranks[:, None, :] <= ranks[:, :, None])).sum(axis=2)
    with np.errstate(invalid="ignore"):
        ndcg = dcg(ranks) / dcg(best)
    return {
        "recall": hit.sum(axis=1) / total,
        "average_precision": (hit * earlier / ranks).sum(axis=1) / np.fmin(total, k)
        + 0 * total,
        "reciprocal_rank": np.where(hit, 1 / ranks, 0).max(axis=1) + 0 * total,
        "ndcg": ndcg,
    }
