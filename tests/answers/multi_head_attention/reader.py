"""Written from the prompt alone: loops over texts, heads and queries."""

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
    b, t_q, d = queries.shape
    t_k = context.shape[1]
    if n_heads < 1 or d % n_heads:
        raise ValueError("n_heads must divide d")
    if len(context) != b:
        raise ValueError("queries and context differ in b")
    if valid is None:
        valid = np.ones((b, t_k), dtype=bool)
    if valid.shape != (b, t_k):
        raise ValueError("valid must be of shape (b, t_k)")
    d_head = d // n_heads
    result = np.zeros((b, t_q, d))
    for text in range(b):
        places = np.flatnonzero(valid[text])
        known = context[text][places]  # padding never takes part in a sum
        q, k, v = queries[text] @ w_q, known @ w_k, known @ w_v
        for i in range(t_q):
            seen = len(places)
            if causal:
                seen = int(np.sum(places <= i + t_k - t_q))
            if seen == 0:
                continue
            joined = np.zeros(d)
            for head in range(n_heads):
                own = slice(head * d_head, (head + 1) * d_head)
                scores = k[:seen, own] @ q[i, own] / np.sqrt(d_head)
                weights = np.exp(scores - scores.max())
                joined[own] = weights @ v[:seen, own] / weights.sum()
            result[text, i] = joined @ w_o
    return result
