"""Pure Python on nested lists, one text, one token and one number at a time."""

import math

import numpy as np


def forward(tokens, parameters, *, n_heads):
    """Return the logits."""
    p = {name: array.tolist() for name, array in parameters.items()}
    if tokens.ndim != 2 or tokens.shape[1] not in range(1, len(p["position"]) + 1):
        raise ValueError("tokens")
    return np.array([_logits(text, p, n_heads) for text in tokens.tolist()])


def loss(tokens, parameters, *, n_heads):
    """Return the mean cross-entropy."""
    logits = forward(tokens, parameters, n_heads=n_heads).tolist()
    total, count = 0.0, 0
    for text, rows in zip(tokens.tolist(), logits, strict=True):
        for i in range(1, len(text)):
            top = max(rows[i - 1])
            shares = math.fsum(math.exp(a - top) for a in rows[i - 1])
            total += math.log(shares) + top - rows[i - 1][text[i]]
            count += 1
    return total / count


def _logits(text, p, n_heads):
    stream = []
    for place, token in enumerate(text):
        if token not in range(len(p["token"])):
            raise ValueError("token")
        both = zip(p["token"][token], p["position"][place], strict=True)
        stream.append([a + b for a, b in both])
    for k in range(len(p["query"])):
        normal = [_norm(x, p["norm_1"][k]) for x in stream]
        queries = [_times(y, p["query"][k]) for y in normal]
        keys = [_times(y, p["key"][k]) for y in normal]
        values = [_times(y, p["value"][k]) for y in normal]
        for i, x in enumerate(stream):
            found = _look_back(queries[i], keys[: i + 1], values[: i + 1], n_heads)
            x = _sum(x, _times(found, p["output"][k]))
            inner = _times(_norm(x, p["norm_2"][k]), p["up"][k])
            stream[i] = _sum(x, _times([_gelu(a) for a in inner], p["down"][k]))
    stream = [_norm(x, p["norm"]) for x in stream]
    return [[_dot(x, row) for row in p["token"]] for x in stream]


def _look_back(query, keys, values, n_heads):
    d_head = len(query) // n_heads
    found = []
    for start in range(0, len(query), d_head):
        own = slice(start, start + d_head)
        scores = [_dot(query[own], key[own]) / d_head**0.5 for key in keys]
        shares = [math.exp(score - max(scores)) for score in scores]
        for column in range(start, start + d_head):
            mix = sum(s * v[column] for s, v in zip(shares, values, strict=True))
            found.append(mix / sum(shares))
    return found


def _norm(x, gain_and_bias):
    mean = sum(x) / len(x)
    root = math.sqrt(sum((a - mean) ** 2 for a in x) / len(x) + 1e-5)
    return [
        (a - mean) / root * g + b for a, g, b in zip(x, *gain_and_bias, strict=True)
    ]


def _gelu(a):
    return a / 2 * (1 + math.tanh(math.sqrt(2 / math.pi) * (a + 0.044715 * a**3)))


def _sum(x, y):
    return [a + b for a, b in zip(x, y, strict=True)]


def _dot(x, y):
    return sum(a * b for a, b in zip(x, y, strict=True))


def _times(x, matrix):
    return [_dot(x, column) for column in zip(*matrix, strict=True)] if matrix else []
