"""Written from the prompt alone: loops over queries and ranks, with plain floats."""

import math

import numpy as np


def ranking_metrics(
    relevance: np.ndarray, scores: np.ndarray, k: int, *, gain: str
) -> dict[str, np.ndarray]:
    if relevance.shape != scores.shape:
        raise ValueError("relevance and scores differ in shape")
    if k < 1:
        raise ValueError("k must be 1 or more")
    if gain not in ("linear", "exponential"):
        raise ValueError("gain must be linear or exponential")
    if (relevance < 0).any():
        raise ValueError("a relevance is negative")
    names = ("ndcg", "reciprocal_rank", "average_precision", "recall")
    found = {name: np.full(len(relevance), np.nan) for name in names}
    for query, (grades, row) in enumerate(
        zip(relevance.tolist(), scores.tolist(), strict=True)
    ):
        relevant = sum(grade > 0 for grade in grades)
        if relevant == 0:
            continue
        if gain == "exponential":
            # NDCG is a ratio, so 2**-top may be taken out of all the gains.
            top = max(grades)
            gains = [2.0 ** (grade - top) - 2.0**-top for grade in grades]
        else:
            gains = grades
        order = sorted(range(len(row)), key=lambda item: -row[item])[:k]
        dcg = hits = precisions = reciprocal = 0.0
        for rank, item in enumerate(order, start=1):
            dcg += gains[item] / math.log2(rank + 1)
            if grades[item] > 0:
                hits += 1
                precisions += hits / rank
                reciprocal = reciprocal or 1 / rank
        best = 0.0
        for rank, value in enumerate(sorted(gains, reverse=True)[:k], start=1):
            best += value / math.log2(rank + 1)
        found["ndcg"][query] = dcg / best
        found["reciprocal_rank"][query] = reciprocal
        found["average_precision"][query] = precisions / min(relevant, k)
        found["recall"][query] = hits / relevant
    return found
