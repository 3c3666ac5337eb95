"""Written from the prompt alone: lists of tokens, and a draw by adding shares up."""

import math

import numpy as np


def filtered(
    logits: np.ndarray,
    *,
    temperature: float = 1.0,
    top_k: int | None = None,
    top_p: float = 1.0,
) -> np.ndarray:
    if not 0 <= temperature < math.inf:
        raise ValueError("temperature must be 0 or more, and finite")
    if top_k is not None and top_k < 1:
        raise ValueError("top_k must be 1 or more")
    if not 0 < top_p <= 1:
        raise ValueError("top_p must be above 0 and at most 1")
    numbers = logits.tolist()
    largest = max(numbers)
    result = np.zeros(len(numbers))
    if temperature == 0:
        result[numbers.index(largest)] = 1.0
        return result
    shares = [math.exp((number - largest) / temperature) for number in numbers]
    kept = sorted(range(len(shares)), key=lambda token: -shares[token])
    if top_k is not None:
        kept = kept[:top_k]
    if top_p < 1:
        total = math.fsum(shares[token] for token in kept)
        reached, count = 0.0, 0
        while count < len(kept) and reached < top_p:
            reached += shares[kept[count]] / total
            count += 1
        kept = kept[:count]
    total = math.fsum(shares[token] for token in kept)
    for token in kept:
        result[token] = shares[token] / total
    return result


def sample(
    logits: np.ndarray,
    rng: np.random.Generator,
    *,
    temperature: float = 1.0,
    top_k: int | None = None,
    top_p: float = 1.0,
) -> int:
    shares = filtered(logits, temperature=temperature, top_k=top_k, top_p=top_p)
    left = rng.random()
    chosen = 0
    for token, share in enumerate(shares.tolist()):
        if share > 0:
            chosen = token
            left -= share
            if left < 0:
                break
    return chosen
