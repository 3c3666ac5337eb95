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
        raise NotImplementedError

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
        raise NotImplementedError
