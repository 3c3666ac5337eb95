"""A translation of PyTorch's: time first, heads beside the batch, one additive mask.

After torch.nn.functional.multi_head_attention_forward, with the safe softmax of
scaled_dot_product_attention, which gives 0 where all is masked.
"""

import numpy as np
from scipy import special


def multi_head_attention(
    queries, context, w_q, w_k, w_v, w_o, *, n_heads, valid=None, causal=False
):
    bsz, tgt_len, embed_dim = queries.shape
    src_len = context.shape[1]
    if n_heads < 1 or embed_dim // n_heads * n_heads != embed_dim:
        raise ValueError("embed_dim must be divisible by num_heads")
    if context.shape[0] != bsz:
        raise ValueError("batch")
    if valid is not None and valid.shape != (bsz, src_len):
        raise ValueError("key_padding_mask")
    padding = np.zeros((bsz, src_len), bool) if valid is None else ~valid
    query = queries.transpose(1, 0, 2) @ w_q
    memory = np.where(padding[:, :, None], 0.0, context).transpose(1, 0, 2)
    key, value = memory @ w_k, memory @ w_v

    def heads(x):
        return x.reshape(len(x), bsz * n_heads, -1).transpose(1, 0, 2)

    mask = np.zeros((tgt_len, src_len))
    if causal:
        upper = np.triu_indices(tgt_len, src_len - tgt_len + 1, src_len)
        mask[upper] = -np.inf
    bias = np.where(padding[:, None, None], -np.inf, mask)
    bias = np.repeat(bias, n_heads, axis=1).reshape(-1, tgt_len, src_len)
    q = heads(query) / np.sqrt(embed_dim // n_heads)
    attention = q @ heads(key).transpose(0, 2, 1) + bias
    with np.errstate(invalid="ignore"):
        weights = special.softmax(attention, axis=-1)
    weights = np.where((bias == -np.inf).all(axis=-1, keepdims=True), 0.0, weights)
    output = (weights @ heads(value)).transpose(1, 0, 2)
    return (output.reshape(tgt_len, bsz, embed_dim) @ w_o).transpose(1, 0, 2)
