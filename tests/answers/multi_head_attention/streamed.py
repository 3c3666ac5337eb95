"""Weights split by head, einsum, and a softmax that runs over one key at a time."""

import numpy as np


def multi_head_attention(
    queries, context, w_q, w_k, w_v, w_o, *, n_heads, valid=None, causal=False
):
    b, t_q, d = queries.shape
    b_k, t_k, _ = context.shape
    if n_heads < 1 or d % n_heads:
        raise ValueError("n_heads")
    if valid is None:
        valid = np.full((b, t_k), True)
    if b != b_k or valid.shape != (b, t_k):
        raise ValueError("shapes")
    by_head = (d, n_heads, d // n_heads)
    context = context.copy()
    context[~valid] = 0
    q = np.einsum("btd,dhe->bhte", queries, w_q.reshape(by_head)) * by_head[2] ** -0.5
    k = np.einsum("btd,dhe->bhte", context, w_k.reshape(by_head))
    v = np.einsum("btd,dhe->bhte", context, w_v.reshape(by_head))

    top = np.full(q.shape[:3], -np.inf)
    total, summed = np.zeros(q.shape[:3]), np.zeros(q.shape)
    places = np.arange(t_q) + t_k - t_q
    for j in range(t_k):
        seen = valid[:, j, None, None] & ((places >= j) | (not causal))
        score = np.where(seen, np.einsum("bhte,bhe->bht", q, k[:, :, j]), -np.inf)
        new = np.maximum(top, score)
        safe = np.where(new == -np.inf, 0.0, new)
        kept, added = np.exp(top - safe), np.exp(score - safe)
        total = kept * total + added
        summed = kept[..., None] * summed + added[..., None] * v[:, :, None, j]
        top = new
    heads = summed / np.maximum(total, 1e-300)[..., None]
    return np.einsum("bhte,hed->btd", heads, w_o.reshape(n_heads, -1, d))
