"""One token at a time; the draw by inverse transform."""

import math

import numpy as np


def filtered(logits, *, temperature=1.0, top_k=None, top_p=1.0):
    if not 0 <= temperature < math.inf:
        raise ValueError("temperature")
    if top_k is not None and top_k < 1:
        raise ValueError("top_k")
    if top_p <= 0 or top_p > 1:
        raise ValueError("top_p")
    values = logits.tolist()
    out = [0.0] * len(values)
    largest = max(values)
    if temperature == 0:
        out[values.index(largest)] = 1.0
        return np.array(out)
    ranking = sorted(range(len(values)), key=lambda i: values[i], reverse=True)
    ranking = ranking if top_k is None else ranking[:top_k]
    weights = [math.exp((values[i] - largest) / temperature) for i in ranking]
    total = sum(weights)
    so_far, count = 0.0, 0
    for weight in weights:
        so_far += weight / total
        count += 1
        if top_p < 1 and so_far >= top_p:
            break
    kept = sum(weights[:count])
    for i, weight in zip(ranking[:count], weights[:count], strict=True):
        out[i] = weight / kept
    return np.array(out)


def sample(logits, rng, *, temperature=1.0, top_k=None, top_p=1.0):
    chances = filtered(logits, temperature=temperature, top_k=top_k, top_p=top_p)
    number, last = rng.random(), 0
    for token, chance in enumerate(chances.tolist()):
        if chance > 0:
            last = token
            if number < chance:
                return token
            number -= chance
    return last
