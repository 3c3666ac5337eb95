"""Rotary position embedding.

Write RoPE, which turns queries and keys by their positions, for both layouts in use,
and the permutation that takes a model from one to the other. NumPy only.
"""

import numpy as np


def rotate(
    x: np.ndarray, positions: np.ndarray, *, interleaved: bool, base: float = 10000.0
) -> np.ndarray:
    """Return vectors, each of whose pairs is turned by an angle.

    Pair i, from 0 to d / 2 - 1, of a vector at position p is turned by the angle
    p * base ** (-2 * i / d): (a, b) becomes (a cos - b sin, a sin + b cos).

    Args:
        x: (..., t, d) of finite numbers, float64 or float32; d is even, and at least 2.
        positions: (t,) of integers from 0 to 1,000,000, in any order: not every text
            starts at 0. Compute the angles in float64, also for float32.
        interleaved: If True, pair i is the numbers 2 * i and 2 * i + 1 of a vector, as
            in RoFormer; if False, the numbers i and i + d / 2, as in GPT-NeoX.
        base: Above 1.

    Returns:
        An array of x's shape and dtype.

    Raises:
        ValueError: If d is odd, or positions is not of shape (t,).

    Example:
        >>> x = np.array([[1.0, 2.0, 3.0, 4.0]])
        >>> rotate(x, np.array([0]), interleaved=True)
        array([[1., 2., 3., 4.]])

    Source: Su et al., 2021, arXiv:2104.09864.
    """
    d = x.shape[-1]
    if d % 2:
        raise ValueError(f"{d} numbers do not form pairs")
    if positions.shape != x.shape[-2:-1]:
        raise ValueError(f"positions {positions.shape} do not fit x {x.shape}")
    frequencies = base ** (-2 * np.arange(d // 2) / d)
    angles = positions[:, None] * frequencies  # (t, d / 2)
    cos, sin = np.cos(angles), np.sin(angles)

    first, second = _halves(d, interleaved)
    result = np.empty_like(x)
    result[..., first] = x[..., first] * cos - x[..., second] * sin
    result[..., second] = x[..., first] * sin + x[..., second] * cos
    return result


def to_half_split(weight: np.ndarray, n_heads: int) -> np.ndarray:
    """Return weights for interleaved=False, made from weights for interleaved=True.

    A projection x @ weight gives the queries, or the keys, of all heads; head h owns
    columns h * d_head to (h + 1) * d_head, where d_head is d / n_heads. Permute columns
    such that each score, a head's rotated query times its rotated key, stays the same
    when both projections are converted and rotated with interleaved=False.

    Args:
        weight: (d_model, d) of finite numbers.
        n_heads: Number of heads; d_head is even.

    Returns:
        A new array (d_model, d).
    """
    heads = weight.reshape(len(weight), n_heads, -1)
    order = np.concatenate(_halves(heads.shape[2], interleaved=True))
    return heads[:, :, order].reshape(weight.shape)


def _halves(d: int, interleaved: bool) -> tuple[np.ndarray, np.ndarray]:
    """Return where the first numbers of all pairs stand, and where the second do."""
    places = np.arange(d)
    if interleaved:
        return places[::2], places[1::2]
    return places[: d // 2], places[d // 2 :]
