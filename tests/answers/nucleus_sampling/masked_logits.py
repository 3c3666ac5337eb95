"""Sets the logits of dropped tokens to -inf; the draw by Gumbel noise."""

import numpy as np


def _softmax(values):
    shifted = np.exp(values - np.max(values))
    return shifted / np.sum(shifted)


def _masked(logits, keep):
    out = np.full(logits.shape, -np.inf)
    out[keep] = logits[keep]
    return out


def filtered(logits, *, temperature=1.0, top_k=None, top_p=1.0):
    if not (
        0 <= temperature < np.inf and 0 < top_p <= 1 and (top_k is None or top_k >= 1)
    ):
        raise ValueError("an option is out of range")
    if temperature == 0:
        logits, temperature = _masked(logits, [np.argmax(logits)]), 1.0
    logits = logits / temperature
    order = np.lexsort((np.arange(logits.size), -logits))
    if top_k is not None:
        logits = _masked(logits, order[:top_k])
    if top_p < 1:
        sums = np.cumsum(_softmax(logits)[order])
        logits = _masked(logits, order[: np.searchsorted(sums, top_p) + 1])
    return _softmax(logits)


def sample(logits, rng, **options):
    with np.errstate(divide="ignore"):
        scores = np.log(filtered(logits, **options))
    return int(np.argmax(scores + rng.gumbel(size=scores.size)))
