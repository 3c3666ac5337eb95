"""Multi-head attention with padding.

Write the forward pass of a transformer's attention layer, for self-attention (queries
and context are one sequence) and cross-attention, on padded batches. NumPy only; all
arrays are float64.
"""

import numpy as np


def multi_head_attention(
    queries: np.ndarray,
    context: np.ndarray,
    w_q: np.ndarray,
    w_k: np.ndarray,
    w_v: np.ndarray,
    w_o: np.ndarray,
    *,
    n_heads: int,
    valid: np.ndarray | None = None,
    causal: bool = False,
) -> np.ndarray:
    """Return what attention from some tokens to a context gives.

    Project first: queries @ w_q, keys context @ w_k, values context @ w_v. Head h owns
    columns h * d_head to (h + 1) * d_head of all three, where d_head is d / n_heads. In
    each head, a query takes the mean of the values that it sees, weighted by the
    softmax of query . key / sqrt(d_head) over the keys that it sees. The heads' results
    stand side by side, head 0 first, and are multiplied by w_o. There is no bias.

    Args:
        queries: (b, t_q, d) of finite numbers; b, t_q and t_k are at least 1.
        context: (b, t_k, d), finite where it is valid. What stands in other places may
            be anything, NaN too, and has no influence.
        w_q: (d, d), applied from the right, as are the others.
        w_k: (d, d)
        w_v: (d, d)
        w_o: (d, d)
        n_heads: Number of heads.
        valid: (b, t_k) of booleans, False where the context is padding, which no query
            sees; None where nothing is.
        causal: If True, query i sees place j only if j <= i + t_k - t_q: the last query
            sees the whole context.

    Returns:
        (b, t_q, d); zeros for a query that sees nothing. Scores may be 1e5, or -1e5.

    Raises:
        ValueError: If n_heads is not a positive divisor of d, queries and context
            differ in b, or valid is not of shape (b, t_k).

    Example:
        >>> eye, x = np.eye(2), np.array([[[8.0, 0.0], [0.0, 4.0]]])
        >>> multi_head_attention(x, x, 0 * eye, eye, eye, eye, n_heads=2)
        array([[[4., 2.],
                [4., 2.]]])

    Source: Vaswani et al., 2017, arXiv:1706.03762, section 3.2.
    """
    _require_fit(queries, context, n_heads, valid)
    t_q, t_k = queries.shape[1], context.shape[1]
    visible = np.tri(t_q, t_k, t_k - t_q if causal else t_k, dtype=bool)
    if valid is not None:
        visible = visible & valid[:, None, None]  # (b, 1, t_q, t_k)
        context = np.where(valid[..., None], context, 0.0)  # 0 * NaN is NaN

    query, key, value = (
        _split(projected, n_heads)
        for projected in (queries @ w_q, context @ w_k, context @ w_v)
    )
    scores = query @ key.swapaxes(2, 3) / np.sqrt(query.shape[3])
    heads = _softmax(np.where(visible, scores, -np.inf)) @ value
    return heads.swapaxes(1, 2).reshape(queries.shape) @ w_o


def _split(projected: np.ndarray, n_heads: int) -> np.ndarray:
    """Turn (b, t, d) into (b, n_heads, t, d_head)."""
    heads = projected.reshape(*projected.shape[:2], n_heads, -1)
    return heads.swapaxes(1, 2)


def _softmax(scores: np.ndarray) -> np.ndarray:
    """Return weights along the last axis; all 0 where every score is -inf."""
    least = np.finfo(float).min
    weights = np.exp(scores - scores.max(axis=-1, keepdims=True, initial=least))
    # The largest score has weight 1, so a smaller total is that of a row of -inf.
    return weights / np.maximum(weights.sum(axis=-1, keepdims=True), 1.0)


def _require_fit(
    queries: np.ndarray, context: np.ndarray, n_heads: int, valid: np.ndarray | None
) -> None:
    if n_heads < 1 or queries.shape[2] % n_heads:
        raise ValueError(f"{n_heads} heads do not divide d = {queries.shape[2]}")
    if len(queries) != len(context):
        raise ValueError(f"{len(queries)} and {len(context)} sequences")
    if valid is not None and valid.shape != context.shape[:2]:
        raise ValueError(f"valid {valid.shape} does not fit {context.shape}")
