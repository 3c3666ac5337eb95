"""Written from the prompt alone: one pair at a time, with complex numbers."""

import numpy as np


def rotate(
    x: np.ndarray, positions: np.ndarray, *, interleaved: bool, base: float = 10000.0
) -> np.ndarray:
    t, d = x.shape[-2:]
    if d % 2:
        raise ValueError("d must be even")
    if positions.shape != (t,):
        raise ValueError("positions must be one for each vector")
    result = np.empty_like(x)
    for i in range(d // 2):
        if interleaved:
            first, second = 2 * i, 2 * i + 1
        else:
            first, second = i, i + d // 2
        angles = positions.astype(np.float64) * float(base) ** (-2 * i / d)
        turn = np.cos(angles) + 1j * np.sin(angles)
        pair = x[..., first].astype(np.float64) + 1j * x[..., second].astype(np.float64)
        pair = pair * turn
        result[..., first] = pair.real
        result[..., second] = pair.imag
    return result


def to_half_split(weight: np.ndarray, n_heads: int) -> np.ndarray:
    result = np.empty_like(weight)
    d_head = weight.shape[1] // n_heads
    for head in range(n_heads):
        start = head * d_head
        for i in range(d_head // 2):
            result[:, start + i] = weight[:, start + 2 * i]
            result[:, start + d_head // 2 + i] = weight[:, start + 2 * i + 1]
    return result
