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
    raise NotImplementedError
