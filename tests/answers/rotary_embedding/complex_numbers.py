"""Pairs as complex numbers, as Meta's Llama has it."""

import numpy as np


def rotate(x, positions, *, interleaved, base=10000.0):
    t, d = x.shape[-2:]
    if d & 1:
        raise ValueError("d is odd")
    if positions.ndim != 1 or len(positions) != t:
        raise ValueError("positions")
    freqs = 1.0 / (base ** (np.arange(0, d, 2) / d))
    cis = np.exp(1j * np.outer(positions, freqs))
    if interleaved:
        pairs = np.ascontiguousarray(x, np.float64).view(np.complex128) * cis
        return pairs.view(np.float64).astype(x.dtype)
    pairs = (x[..., : d // 2] + 1j * x[..., d // 2 :]) * cis
    return np.concatenate([pairs.real, pairs.imag], axis=-1).astype(x.dtype)


def to_half_split(weight, n_heads):
    pairs = weight.reshape(weight.shape[0], n_heads, -1, 2)
    return pairs.swapaxes(2, 3).reshape(weight.shape)
