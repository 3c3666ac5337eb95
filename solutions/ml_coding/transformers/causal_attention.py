"""Causal self-attention with a KV cache.

Your language model writes one token at a time. Give it multi-head attention that
takes a prompt at once or in chunks, then token by token, and returns just what one
pass over the whole text would. NumPy only. Inputs are read-only.

Say first which numbers of earlier tokens the next one needs; keep those and no more.
With s tokens in the cache, the next one takes O(s) memory, not O(s^2).
"""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class KVCache:
    """The keys and values of all tokens seen so far, oldest first.

    It is all that attention remembers: whoever has these two arrays can build one. It
    never changes, so that several continuations can start from the same one.

    Args:
        keys: (batch, n_heads, s, d_head) of float64, for s tokens.
        values: (batch, n_heads, s, d_head), likewise.
    """

    keys: np.ndarray
    values: np.ndarray


class CausalAttention:
    """Multi-head self-attention in which a token sees itself and the past.

    A head gives each token the mean of the values that it sees, weighted by the softmax
    of their keys' scores. There are no biases and no positions.

    Example:
        >>> eye = np.eye(2)  # no query tells keys apart, so each token gets a mean
        >>> attend = CausalAttention(0 * eye, eye, eye, eye, n_heads=1)
        >>> output, cache = attend(np.array([[[8.0, 0.0], [0.0, 4.0]]]))
        >>> output
        array([[[8., 0.],
                [4., 2.]]])
        >>> attend(np.array([[[1.0, 2.0]]]), cache=cache)[0]
        array([[[3., 2.]]])

    Source: Vaswani et al. (2017), arXiv:1706.03762; Pope et al. (2022),
        arXiv:2211.05102, for the cache.
    """

    def __init__(
        self,
        query: np.ndarray,
        key: np.ndarray,
        value: np.ndarray,
        output: np.ndarray,
        *,
        n_heads: int,
    ) -> None:
        """Take the weights, four matrices (d_model, d_model) of finite float64.

        Args:
            query: Applied from the right: queries are x @ query. Head h owns the
                columns h * d_head to (h + 1) * d_head, where d_head is d_model /
                n_heads; a score is a dot product over sqrt(d_head).
            key: Likewise.
            value: Likewise.
            output: Applied to the heads' results side by side, head 0 first.
            n_heads: Number of heads.

        Raises:
            ValueError: If the four shapes are not one (d_model, d_model), or n_heads is
                not a positive divisor of d_model.
        """
        _require_weights(query, key, value, output, n_heads=n_heads)
        self._query, self._key, self._value, self._output = query, key, value, output
        self._n_heads = n_heads

    def __call__(
        self, x: np.ndarray, *, cache: KVCache | None = None
    ) -> tuple[np.ndarray, KVCache]:
        """Return what attention makes of some tokens, and the cache after them.

        Args:
            x: (batch, t, d_model) of finite float64, t at least 1: the next tokens of
                each sequence. Scores may be of any size up to 1e12, of either sign.
            cache: What the call on the tokens before returned; None at the start.

        Returns:
            The output, (batch, t, d_model), and a cache of the earlier and the new
            tokens. Sequences of a batch never mix.
        """
        query, keys, values = map(
            self._split, (x @ self._query, x @ self._key, x @ self._value)
        )
        if cache is not None:
            keys = np.concatenate([cache.keys, keys], axis=2)
            values = np.concatenate([cache.values, values], axis=2)

        scores = query @ keys.swapaxes(2, 3) / np.sqrt(query.shape[3])
        t, seen = scores.shape[2:]
        visible = np.tri(t, seen, seen - t)  # the last row sees all
        weights = _softmax(np.where(visible, scores, -np.inf))  # (batch, n_heads, t, s)

        heads = (weights @ values).swapaxes(1, 2)  # (batch, t, n_heads, d_head)
        return heads.reshape(x.shape) @ self._output, KVCache(keys, values)

    def _split(self, projected: np.ndarray) -> np.ndarray:
        """Turn (batch, t, d_model) into (batch, n_heads, t, d_head)."""
        heads = projected.reshape(*projected.shape[:2], self._n_heads, -1)
        return heads.swapaxes(1, 2)


def _softmax(scores: np.ndarray) -> np.ndarray:
    """Return weights along the last axis, of which each row has a visible score."""
    weights = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return weights / weights.sum(axis=-1, keepdims=True)


def _require_weights(*weights: np.ndarray, n_heads: int) -> None:
    d_model = len(weights[0])
    if any(w.shape != (d_model, d_model) for w in weights):
        raise ValueError(f"not one (d_model, d_model): {[w.shape for w in weights]}")
    if n_heads < 1 or d_model % n_heads:
        raise ValueError(f"{n_heads} heads do not divide d_model = {d_model}")
