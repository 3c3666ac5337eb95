"""Appends in place to a buffer that doubles, and copies only where a text branches."""

from dataclasses import dataclass, field

import numpy as np


class Buffer:
    """Room for keys and values, of which the first `size` are in use."""

    def __init__(self, keys, values, room):
        self.size = keys.shape[2]
        self.arrays = np.zeros((2, *keys.shape[:2], room, keys.shape[3]))
        self.arrays[:, :, :, : self.size] = keys, values


@dataclass
class KVCache:
    """Keys and values, (batch, n_heads, s, d_head)."""

    keys: np.ndarray
    values: np.ndarray
    buffer: Buffer | None = field(default=None, repr=False)


class CausalAttention:
    """Attention to the past."""

    def __init__(self, query, key, value, output, *, n_heads):
        if any(w.ndim != 2 for w in (query, key, value, output)):
            raise ValueError("not matrices")
        d_model = query.shape[0]
        if len({*query.shape, *key.shape, *value.shape, *output.shape}) != 1:
            raise ValueError("not of one size")
        if n_heads < 1 or n_heads * (d_model // n_heads) != d_model:
            raise ValueError(f"{n_heads} heads")
        self.weights, self.n_heads, self.d_head = (
            (query, key, value),
            n_heads,
            d_model // n_heads,
        )
        # (n_heads, d_head, d_model): a head's part of the output projection.
        self.output = output.reshape(n_heads, self.d_head, d_model)

    def _heads(self, x, weights):
        split = weights.reshape(len(weights), self.n_heads, self.d_head)
        return np.einsum("btm,mhd->bhtd", x, split)

    def __call__(self, x, cache=None):
        """Return the output and the cache."""
        if x.ndim != 3 or x.shape[-1] != len(self.weights[0]):
            raise ValueError("x")
        query, keys, values = (self._heads(x, w) for w in self.weights)
        cache = self._append(cache, keys, values)
        output = np.zeros(x.shape)
        past = cache.keys.shape[2] - x.shape[1]
        for i in range(x.shape[1]):  # each token at its place: no mask
            keys, values = (a[:, :, : past + i + 1] for a in (cache.keys, cache.values))
            scores = np.einsum("bhd,bhsd->bhs", query[:, :, i], keys)
            scores /= np.sqrt(self.d_head)
            logs = scores - np.logaddexp.reduce(scores, axis=2, keepdims=True)
            mix = np.einsum("bhs,bhsd->bhd", np.exp(logs), values)
            output[:, i] = np.einsum("bhd,hdm->bm", mix, self.output)
        return output, cache

    def _append(self, cache, keys, values):
        t = keys.shape[2]
        if cache is None:
            buffer = Buffer(keys, values, 2 * t)
            return self._view(buffer)
        if len(cache.keys) != len(keys):
            raise ValueError("batch")
        past, buffer = cache.keys.shape[2], cache.buffer
        full = buffer is None or buffer.arrays.shape[3] < past + t
        if full or buffer.size != past:
            buffer = Buffer(cache.keys, cache.values, 2 * (past + t))
        buffer.arrays[:, :, :, past : past + t] = keys, values
        buffer.size = past + t
        return self._view(buffer)

    def _view(self, buffer):
        return KVCache(*buffer.arrays[:, :, :, : buffer.size], buffer)
