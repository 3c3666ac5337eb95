"""Written from the stub alone, by a reader who had seen nothing else."""

import math

import numpy as np


def layer_norm(
    x: np.ndarray, gain: np.ndarray, bias: np.ndarray, *, epsilon: float = 1e-05
) -> np.ndarray:
    d = x.shape[-1]
    if np.shape(gain) != (d,) or np.shape(bias) != (d,):
        raise ValueError("gain and bias must have the length of the last axis")
    result = []
    for row in x.reshape(-1, d).tolist():
        normed, _ = _normed(row, epsilon)
        result.append(
            [
                float(a) * n + float(b)
                for a, n, b in zip(gain, normed, bias, strict=True)
            ]
        )
    return np.array(result, dtype=x.dtype).reshape(x.shape)


def layer_norm_backward(
    gradient: np.ndarray, x: np.ndarray, gain: np.ndarray, *, epsilon: float = 1e-05
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    d = x.shape[-1]
    a = [float(value) for value in gain]
    by_x, by_gain, by_bias = ([], [0.0] * d, [0.0] * d)
    for row, g in zip(
        x.reshape(-1, d).tolist(), gradient.reshape(-1, d).tolist(), strict=True
    ):
        normed, s = _normed(row, epsilon)
        by_normed = [g[i] * a[i] for i in range(d)]
        by_s = -math.fsum(by_normed[i] * normed[i] for i in range(d)) / s
        by_c = [by_normed[i] / s + by_s * normed[i] / d for i in range(d)]
        mean = math.fsum(by_c) / d
        by_x.append([value - mean for value in by_c])
        for i in range(d):
            by_gain[i] += g[i] * normed[i]
            by_bias[i] += g[i]
    return (
        np.array(by_x, dtype=x.dtype).reshape(x.shape),
        np.array(by_gain, dtype=x.dtype),
        np.array(by_bias, dtype=x.dtype),
    )


def rms_norm(x: np.ndarray, gain: np.ndarray, *, epsilon: float = 1e-06) -> np.ndarray:
    d = x.shape[-1]
    result = []
    for row in x.reshape(-1, d).tolist():
        s = math.hypot(*row, math.sqrt(d * epsilon)) / math.sqrt(d)
        result.append(
            [float(a) * value / s for a, value in zip(gain, row, strict=True)]
        )
    return np.array(result, dtype=x.dtype).reshape(x.shape)


def _normed(row: list[float], epsilon: float) -> tuple[list[float], float]:
    c = [value - row[0] for value in row]
    mean = math.fsum(c) / len(c)
    c = [value - mean for value in c]
    s = math.sqrt(math.fsum(value * value for value in c) / len(c) + epsilon)
    return ([value / s for value in c], s)
