"""One query and one rank at a time, in plain Python."""

import math

import numpy as np


def ranking_metrics(relevance, scores, k, *, gain):
    if relevance.shape != scores.shape or k <= 0 or relevance.min() < 0:
        raise ValueError("bad arguments")
    if gain == "linear":
        gain_of = float
    elif gain == "exponential":

        def gain_of(grade):
            return 2.0**grade - 1.0

    else:
        raise ValueError(gain)
    columns = {
        "ndcg": [],
        "reciprocal_rank": [],
        "average_precision": [],
        "recall": [],
    }
    for grades, values in zip(relevance.tolist(), scores.tolist(), strict=True):
        pairs = list(zip(values, grades, strict=True))
        pairs.sort(key=lambda pair: pair[0], reverse=True)  # stable, reversed or not
        total = len([grade for grade in grades if grade > 0])
        gained = first = precisions = found = 0
        for rank in range(1, min(k, len(pairs)) + 1):
            grade = pairs[rank - 1][1]
            gained += gain_of(grade) / math.log2(1 + rank)
            if grade > 0:
                found += 1
                first = first or 1 / rank
                precisions += found / rank
        best = 0
        for at, grade in enumerate(sorted(grades)[::-1][:k]):
            best += gain_of(grade) / math.log2(at + 2)
        nothing = total == 0
        columns["ndcg"].append(math.nan if nothing else gained / best)
        columns["reciprocal_rank"].append(math.nan if nothing else float(first))
        columns["average_precision"].append(
            math.nan if nothing else precisions / min(total, k)
        )
        columns["recall"].append(math.nan if nothing else found / total)
    return {name: np.array(column) for name, column in columns.items()}
