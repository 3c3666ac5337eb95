"""A translation of Hugging Face's rotate_half and of its script that converts Llama.

After transformers' modeling_llama.py and convert_llama_weights_to_hf.py, whose weights
are (d, d_model); interleaved vectors are permuted to halves, turned and permuted back.
"""

import numpy as np


def _rotate_half(x):
    half = x.shape[-1] // 2
    return np.concatenate((-x[..., half:], x[..., :half]), axis=-1)


def rotate(x, positions, *, interleaved, base=10000.0):
    dim = x.shape[-1]
    if dim % 2 or positions.shape != (x.shape[-2],):
        raise ValueError("shapes")
    inv_freq = 1.0 / (base ** (np.arange(0, dim, 2, dtype=np.float64) / dim))
    freqs = np.einsum("i,j->ij", positions.astype(np.float64), inv_freq)
    emb = np.concatenate((freqs, freqs), axis=-1)
    order = np.r_[0:dim:2, 1:dim:2] if interleaved else np.arange(dim)
    split = x[..., order]
    embedded = split * np.cos(emb) + _rotate_half(split) * np.sin(emb)
    return embedded[..., np.argsort(order)].astype(x.dtype)


def to_half_split(weight, n_heads):
    w = weight.T
    dim1, dim2 = w.shape
    w = w.reshape(n_heads, dim1 // n_heads // 2, 2, dim2)
    return w.transpose(0, 2, 1, 3).reshape(dim1, dim2).T.copy()
