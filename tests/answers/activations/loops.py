"""One number at a time, with the math module."""

import math

import numpy as np


def _each(function, x):
    pairs = [function(v) for v in x.ravel().tolist()]
    return tuple(np.array(part).reshape(x.shape) for part in zip(*pairs, strict=True))


def _gate(v):
    if v >= 0:
        return 1 / (1 + math.exp(-v))
    return math.exp(v) / (1 + math.exp(v))


def relu(x):
    return _each(lambda v: (v, 1.0) if v > 0 else (0.0, 0.0), x)


def sigmoid(x):
    return _each(lambda v: (_gate(v), _gate(v) * _gate(-v)), x)


def silu(x):
    return _each(
        lambda v: (v * _gate(v), _gate(v) * (1 + v * _gate(-v))),
        x,
    )


def gelu(x):
    def pair(v):
        below = math.erfc(-v / math.sqrt(2)) / 2
        return v * below, below + v * math.exp(-v * v / 2) / math.sqrt(2 * math.pi)

    return _each(pair, x)
