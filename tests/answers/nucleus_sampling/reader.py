"""Written from the stub alone, by a reader who had seen nothing else."""

import numpy as np


def filtered(
    logits: np.ndarray,
    *,
    temperature: float = 1.0,
    top_k: int | None = None,
    top_p: float = 1.0,
) -> np.ndarray:
    if not (
        0 <= temperature < np.inf and 0 < top_p <= 1 and (top_k is None or top_k >= 1)
    ):
        raise ValueError("out of range")
    if temperature == 0:
        return np.eye(len(logits))[np.argmax(logits)]
    z = np.array(logits, dtype=np.float64)
    z -= z.max()
    z /= temperature
    order = np.argsort(-z, kind="stable")
    if top_k is not None:
        z[order[top_k:]] = -np.inf
    if top_p < 1:
        p = _softmax(z)[order]
        before = np.cumsum(p) - p
        z[order[before >= top_p]] = -np.inf
    return _softmax(z)


def sample(
    logits: np.ndarray,
    rng: np.random.Generator,
    *,
    temperature: float = 1.0,
    top_k: int | None = None,
    top_p: float = 1.0,
) -> int:
    p = filtered(logits, temperature=temperature, top_k=top_k, top_p=top_p)
    with np.errstate(divide="ignore"):
        return int(np.argmax(np.log(p) + rng.gumbel(size=len(p))))


def _softmax(z: np.ndarray) -> np.ndarray:
    e = np.exp(z - z.max())
    return e / e.sum()
