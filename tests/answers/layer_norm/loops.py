"""One vector at a time, in Python floats, by partial derivatives."""

import math

import numpy as np


def _moments(row, epsilon):
    mean = sum(row) / len(row)
    variance = sum((v - mean) * (v - mean) for v in row) / len(row)
    return mean, 1.0 / math.sqrt(variance + epsilon)


def layer_norm(x, gain, bias, *, epsilon=1e-5):
    d = x.shape[-1]
    if gain.shape != (d,) or bias.shape != (d,):
        raise ValueError("gain and bias must have one number for each feature")
    out = []
    for row in x.reshape(-1, d).tolist():
        mean, inverse = _moments(row, epsilon)
        out.append([(v - mean) * inverse for v in row])
    return (np.array(out).reshape(x.shape) * gain + bias).astype(x.dtype)


def layer_norm_backward(gradient, x, gain, *, epsilon=1e-5):
    d = x.shape[-1]
    weights = gain.tolist()
    by_x, by_gain, by_bias = [], [0.0] * d, [0.0] * d
    pairs = zip(
        x.reshape(-1, d).tolist(), gradient.reshape(-1, d).tolist(), strict=True
    )
    for row, out in pairs:
        mean, inverse = _moments(row, epsilon)
        by_variance = by_mean = 0.0
        for j in range(d):
            g = out[j] * weights[j]
            by_variance += g * (row[j] - mean) * -0.5 * inverse**3
            by_mean -= g * inverse
            by_gain[j] += out[j] * (row[j] - mean) * inverse
            by_bias[j] += out[j]
        by_x.append(
            [
                out[j] * weights[j] * inverse
                + by_variance * 2.0 * (row[j] - mean) / d
                + by_mean / d
                for j in range(d)
            ]
        )
    found = np.array(by_x).reshape(x.shape), np.array(by_gain), np.array(by_bias)
    return tuple(part.astype(x.dtype) for part in found)


def rms_norm(x, gain, *, epsilon=1e-6):
    d = x.shape[-1]
    out = [
        [v / math.sqrt(sum(u * u for u in row) / d + epsilon) for v in row]
        for row in x.reshape(-1, d).tolist()
    ]
    return (np.array(out).reshape(x.shape) * gain).astype(x.dtype)
