"""Uses laws alone and no second softmax: slices sum to 1, in the ratios of exp."""

import itertools

import numpy as np

HARD = [
    [0, 0, 0],
    [2, 2, -1],
    [5, 5, 5.5],
    [900, 901, 850],
    [-900, -901, -850],
    [0, 5000, 4999],
    [-1e35, 1e35, 1e35],
    [-1e35, -1e35, -1e35],
    [-np.inf, 0, 0.1],
    [0, -np.inf, -np.inf],
    [0.3, 0.1, -np.inf],
    [-np.inf, -1e10, -1e10],
]


def check(softmax):
    """Assert the laws on a grid of shapes, then on rows that are hard."""
    for shape in itertools.chain(
        [(1,), (5,), (80,)], [(1, 4), (4, 1), (2, 2)], [(2, 3, 2)]
    ):
        ramp = np.sin(np.arange(np.prod(shape)) * 2.3).reshape(shape) * 3
        _obeys(softmax(ramp), ramp, -1)
        for axis in range(-ramp.ndim, ramp.ndim):
            _obeys(softmax(ramp, axis=axis), ramp, axis)
    for row in HARD:
        logits = np.array(row, float)
        _obeys(softmax(logits), logits, -1)
    for logits in (np.array(HARD), np.array(HARD, "f4")):
        _obeys(softmax(logits, axis=1), logits, 1)
        _obeys(softmax(logits.T, axis=0), logits.T, 0)


def _obeys(p, logits, axis):
    if type(p) is not np.ndarray or (p.shape, p.dtype) != (logits.shape, logits.dtype):
        raise AssertionError("it is not an array of that shape and dtype")
    room = 3e-9 if p.dtype == float else 3e-5
    p, logits = (np.moveaxis(a, axis, 0).astype(float) for a in (p, logits))
    best = logits.argmax(axis=0)[np.newaxis]
    top, of_top = (np.take_along_axis(a, best, 0) for a in (logits, p))
    np.testing.assert_allclose(p.sum(axis=0), 1, rtol=0, atol=room)
    np.testing.assert_allclose(p, of_top * np.exp(logits - top), rtol=0, atol=room)
