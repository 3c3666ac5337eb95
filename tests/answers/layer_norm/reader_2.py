"""Written from the prompt alone: one vector at a time, shifted by its first number."""

import math

import numpy as np


def normal(vector: np.ndarray, epsilon: float) -> tuple[np.ndarray, float]:
    """Return a vector's normalised numbers, and the factor that made them."""
    shifted = vector - vector[0]
    centred = shifted - shifted.mean()
    centred = centred - centred.mean()
    scale = 1 / math.sqrt(float(centred @ centred) / len(vector) + epsilon)
    return centred * scale, scale


def layer_norm(
    x: np.ndarray, gain: np.ndarray, bias: np.ndarray, *, epsilon: float = 1e-5
) -> np.ndarray:
    d = x.shape[-1]
    if gain.shape != (d,) or bias.shape != (d,):
        raise ValueError("gain and bias must be of shape (d,)")
    vectors = x.astype(np.float64).reshape(-1, d)
    result = np.empty(vectors.shape)
    for i, vector in enumerate(vectors):
        result[i] = gain.astype(np.float64) * normal(vector, epsilon)[0] + bias
    return result.reshape(x.shape).astype(x.dtype)


def layer_norm_backward(
    gradient: np.ndarray, x: np.ndarray, gain: np.ndarray, *, epsilon: float = 1e-5
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    d = x.shape[-1]
    vectors = x.astype(np.float64).reshape(-1, d)
    slopes = gradient.astype(np.float64).reshape(-1, d)
    by_x = np.empty(vectors.shape)
    by_gain, by_bias = np.zeros(d), np.zeros(d)
    for i, (vector, slope) in enumerate(zip(vectors, slopes, strict=True)):
        normed, scale = normal(vector, epsilon)
        by_gain += slope * normed
        by_bias += slope
        inner = slope * gain
        by_x[i] = scale * (inner - inner.mean() - normed * (inner @ normed / d))
    return (
        by_x.reshape(x.shape).astype(x.dtype),
        by_gain.astype(x.dtype),
        by_bias.astype(x.dtype),
    )


def rms_norm(x: np.ndarray, gain: np.ndarray, *, epsilon: float = 1e-6) -> np.ndarray:
    d = x.shape[-1]
    vectors = x.astype(np.float64).reshape(-1, d)
    result = np.empty(vectors.shape)
    for i, vector in enumerate(vectors):
        root = math.sqrt(float(vector @ vector) / d + epsilon)
        result[i] = gain.astype(np.float64) * (vector / root)
    return result.reshape(x.shape).astype(x.dtype)
