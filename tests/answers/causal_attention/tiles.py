"""Reads the keys in tiles with a running maximum, and never holds all the scores."""

import dataclasses

import numpy as np

TILE = 4


@dataclasses.dataclass
class KVCache:
    """Keys and values, (batch, n_heads, s, d_head)."""

    keys: np.ndarray
    values: np.ndarray


class CausalAttention:
    """Attention to the past."""

    def __init__(self, query, key, value, output, n_heads):
        if {w.shape for w in (query, key, value, output)} != {(len(query),) * 2}:
            raise ValueError("shapes")
        if n_heads not in range(1, len(query) + 1) or len(query) % n_heads:
            raise ValueError("heads")
        self.inward = np.hstack([query, key, value])  # (d_model, 3 d_model)
        self.output = output
        self.n_heads = n_heads

    def __call__(self, x, cache=None):
        """Return the output and the cache."""
        batch, t, d_model = x.shape
        if d_model != len(self.output):
            raise ValueError("d_model")
        inward = (x @ self.inward).reshape(
            batch, t, 3, self.n_heads, -1 if x.size else d_model // self.n_heads
        )
        query, keys, values = np.moveaxis(inward, 2, 0).swapaxes(2, 3)
        if cache:
            if len(cache.keys) != batch:
                raise ValueError("batch")
            keys = np.append(cache.keys, keys, axis=2)
            values = np.append(cache.values, values, axis=2)
        mix = self._mix(query, keys, values)
        joined = np.einsum("bhtd->bthd", mix).reshape(batch, t, d_model)
        return np.einsum("btd,de->bte", joined, self.output), KVCache(keys, values)

    def _mix(self, query, keys, values):
        t, seen = query.shape[2], keys.shape[2]
        place = np.arange(seen - t, seen)[:, None]
        top = np.full((*query.shape[:3], 1), -np.inf)
        total, mix = np.zeros(top.shape), np.zeros(query.shape)
        for first in range(0, seen, TILE):
            tile = slice(first, first + TILE)
            scores = np.einsum("bhtd,bhsd->bhts", query, keys[:, :, tile])
            scores = scores * query.shape[3] ** -0.5
            scores[..., np.arange(seen)[tile] > place] = -np.inf
            higher = np.maximum(top, scores.max(axis=3, keepdims=True, initial=-np.inf))
            shares = np.exp(scores - higher)
            fade = np.exp(top - higher)
            total = fade * total + shares.sum(axis=3, keepdims=True)
            mix = fade * mix + shares @ values[:, :, tile]
            top = higher
        return mix / total
