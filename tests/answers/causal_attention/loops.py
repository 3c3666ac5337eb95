"""Pure Python, one number at a time, on nested lists."""

import math
from dataclasses import dataclass

import numpy as np


@dataclass
class KVCache:
    """Keys and values, (batch, n_heads, s, d_head)."""

    keys: np.ndarray
    values: np.ndarray


class CausalAttention:
    """Attention to the past."""

    def __init__(self, query, key, value, output, *, n_heads):
        d_model = query.shape[0]
        for matrix in (query, key, value, output):
            if matrix.shape != (d_model, d_model):
                raise ValueError("the weights differ in shape")
        if n_heads <= 0 or d_model % n_heads != 0:
            raise ValueError("n_heads does not divide d_model")
        self.weights = [m.tolist() for m in (query, key, value, output)]
        self.d_model, self.n_heads = d_model, n_heads
        self.d_head = d_model // n_heads

    def __call__(self, x, cache=None):
        """Return the output and the cache."""
        if x.ndim != 3 or x.shape[2] != self.d_model:
            raise ValueError("x is not (batch, t, d_model)")
        if cache is not None and cache.keys.shape[0] != x.shape[0]:
            raise ValueError("the cache is of another batch")
        outputs, all_keys, all_values = [], [], []
        for b, tokens in enumerate(x.tolist()):
            keys = [[] for _ in range(self.n_heads)]
            values = [[] for _ in range(self.n_heads)]
            if cache is not None:
                keys, values = cache.keys[b].tolist(), cache.values[b].tolist()
            outputs.append([self._attend(token, keys, values) for token in tokens])
            all_keys.append(keys)
            all_values.append(values)
        shape = (x.shape[0], self.n_heads, -1, self.d_head)
        if x.size == 0 and (cache is None or cache.keys.size == 0):
            shape = (x.shape[0], self.n_heads, 0, self.d_head)
        new = KVCache(
            np.array(all_keys, float).reshape(shape),
            np.array(all_values, float).reshape(shape),
        )
        return np.array(outputs, float).reshape(x.shape), new

    def _attend(self, token, keys, values):
        query, key, value, output = self.weights
        q, k, v = (self._times(token, matrix) for matrix in (query, key, value))
        joined = []
        for h in range(self.n_heads):
            own = slice(h * self.d_head, (h + 1) * self.d_head)
            keys[h].append(k[own])
            values[h].append(v[own])
            scores = []
            for other in keys[h]:
                dot = 0.0
                for a, b in zip(q[own], other, strict=True):
                    dot += a * b
                scores.append(dot / math.sqrt(self.d_head))
            top = max(scores)
            shares = [math.exp(score - top) for score in scores]
            total = sum(shares)
            mix = [0.0] * self.d_head
            for share, other in zip(shares, values[h], strict=True):
                for c in range(self.d_head):
                    mix[c] += share * other[c]
            joined += [m / total for m in mix]
        return self._times(joined, output)

    @staticmethod
    def _times(vector, matrix):
        result = [0.0] * len(matrix)
        for a, row in zip(vector, matrix, strict=True):
            for j, b in enumerate(row):
                result[j] += a * b
        return result
