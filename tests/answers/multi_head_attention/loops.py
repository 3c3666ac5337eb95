"""One sequence, head and query at a time, in plain Python floats."""

import math

import numpy as np


def _product(rows, matrix):
    columns = list(zip(*matrix, strict=True))
    return [
        [sum(a * b for a, b in zip(row, column, strict=True)) for column in columns]
        for row in rows
    ]


def _attend(query, keys, values, scale):
    if not keys:
        return [0.0] * len(query)
    scores = [sum(a * b for a, b in zip(query, k, strict=True)) * scale for k in keys]
    top = max(scores)
    weights = [math.exp(score - top) for score in scores]
    total = sum(weights)
    columns = zip(*values, strict=True)
    return [
        sum(w * v for w, v in zip(weights, column, strict=True)) / total
        for column in columns
    ]


def multi_head_attention(
    queries, context, w_q, w_k, w_v, w_o, *, n_heads, valid=None, causal=False
):
    b, t_q, d = queries.shape
    t_k = context.shape[1]
    if n_heads <= 0 or d % n_heads != 0:
        raise ValueError("n_heads must divide d")
    if context.shape[0] != b or (valid is not None and valid.shape != (b, t_k)):
        raise ValueError("shapes do not fit")
    width = d // n_heads
    w_q, w_k, w_v, w_o = (w.tolist() for w in (w_q, w_k, w_v, w_o))
    found = []
    for s in range(b):
        places = [j for j in range(t_k) if valid is None or valid[s, j]]
        rows = [context[s, j].tolist() for j in places]
        asked = _product(queries[s].tolist(), w_q)
        keys, values = _product(rows, w_k), _product(rows, w_v)
        joined = []
        for i, query in enumerate(asked):
            n = sum(not causal or t_k - 1 - j >= t_q - 1 - i for j in places)
            row = []
            for start in range(0, d, width):
                part = slice(start, start + width)
                row += _attend(
                    query[part],
                    [k[part] for k in keys[:n]],
                    [v[part] for v in values[:n]],
                    1 / math.sqrt(width),
                )
            joined.append(row)
        found.append(_product(joined, w_o))
    return np.array(found)
