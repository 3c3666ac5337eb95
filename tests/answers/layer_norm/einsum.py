"""Moments by np.var, sums by einsum, the backward pass as a projection."""

import numpy as np


def layer_norm(x, gain, bias, *, epsilon=1e-5):
    if not x.shape[-1:] == np.shape(gain) == np.shape(bias):
        raise ValueError("shapes")
    x64 = np.asarray(x, np.float64)
    z = (x64 - np.mean(x64, -1)[..., None]) / np.sqrt(np.var(x64, -1) + epsilon)[
        ..., None
    ]
    return np.asarray(z * gain + bias, x.dtype)


def layer_norm_backward(gradient, x, gain, *, epsilon=1e-5):
    x64, g64 = np.asarray(x, np.float64), np.asarray(gradient, np.float64)
    d = x.shape[-1]
    s = np.sqrt(np.var(x64, -1) + epsilon)
    z = (x64 - np.mean(x64, -1)[..., None]) / s[..., None]
    inner = g64 * gain
    dot = np.einsum("...i,...i->...", inner, z)
    total = np.einsum("...i->...", inner)
    by_x = (d * inner - total[..., None] - z * dot[..., None]) / (d * s)[..., None]
    rows, units = g64.reshape(-1, d), z.reshape(-1, d)
    by_gain = np.einsum("ni,ni->i", rows, units)
    by_bias = np.einsum("ni->i", rows)
    return tuple(np.asarray(part, x.dtype) for part in (by_x, by_gain, by_bias))


def rms_norm(x, gain, *, epsilon=1e-6):
    x64 = np.asarray(x, np.float64)
    square = np.einsum("...i,...i->...", x64, x64) / x.shape[-1]
    return np.asarray(gain * x64 * (square + epsilon)[..., None] ** -0.5, x.dtype)
