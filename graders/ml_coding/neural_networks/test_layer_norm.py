"""Checks of LayerNorm and RMSNorm: what the interviewer looks for.

The oracles are the definitions, one vector at a time: sums in Python floats forward,
the whole Jacobian backward.
"""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from graders.harness import array, check, contract, refusals

ROWS = np.array([[1.0, 3.0, 8.0], [2.0, 2.0, 5.0]])
GAIN, BIAS = np.array([1.0, 2.0, -1.0]), np.array([0.5, 0.0, 1.0])
CALL = {"x": ROWS, "gain": GAIN, "bias": BIAS}
test_contract_forward = contract("layer_norm", CALL, returns=array(2, 3))
test_contract_backward = contract(
    "layer_norm_backward",
    {"gradient": np.ones((2, 3)), "x": ROWS, "gain": GAIN},
    returns=(array(2, 3), array(3), array(3)),
)
test_contract_rms = contract("rms_norm", {"x": ROWS, "gain": GAIN}, returns=array(2, 3))

TENTHS = st.integers(-30, 30).map(lambda count: count / 10)
EPSILONS = st.sampled_from([1e-5, 0.25, 3.0])


@st.composite
def layers(draw):
    """Draw x of one to three dimensions, a gradient of its shape, gain and bias."""
    shape = draw(hnp.array_shapes(min_dims=1, max_dims=3, max_side=4))
    parts = (shape, shape, shape[-1:], shape[-1:])
    return [draw(hnp.arrays(float, p, elements=TENTHS)) for p in parts]


def normalised(vector, epsilon):
    """Return a vector without mean and scale, and the scale."""
    mean = math.fsum(vector) / len(vector)
    variance = math.fsum((value - mean) ** 2 for value in vector) / len(vector)
    scale = math.sqrt(variance + epsilon)
    return [(value - mean) / scale for value in vector], scale


def forward(x, gain, bias, epsilon):
    """Return layer_norm by its definition."""
    rows = [normalised(row, epsilon)[0] for row in vectors_of(x)]
    return (gain * np.array(rows) + bias).reshape(x.shape)


def vectors_of(x):
    """Return the vectors along the last axis, as lists."""
    return x.reshape(-1, x.shape[-1]).tolist()


def backward(gradient, x, gain, epsilon):
    """Return the three gradients, from the Jacobian of each vector."""
    by_x, by_gain, by_bias = [], 0 * gain, 0 * gain
    n = x.shape[-1]
    for out, row in zip(vectors_of(gradient), vectors_of(x), strict=True):
        unit, scale = normalised(row, epsilon)
        jacobian = (np.eye(n) - 1 / n - np.outer(unit, unit) / n) / scale
        by_x.append((out * gain) @ jacobian)
        by_gain = by_gain + np.multiply(out, unit)
        by_bias = by_bias + out
    return np.reshape(by_x, x.shape), by_gain, by_bias


def check_float32(*results):
    """Demand that each of some arrays has the dtype of a float32 x."""
    for result in results:
        check(f"dtype {result.dtype}", "dtype float32")


@given(layers(), EPSILONS)
def test_matches_the_definition(submission, layer, epsilon):
    """Normalises each vector along the last axis, then applies gain and bias."""
    x, _, gain, bias = layer
    result = submission.layer_norm(x, gain, bias, epsilon=epsilon)
    check(result, forward(x, gain, bias, epsilon), rtol=1e-9, atol=1e-9)


@given(layers(), EPSILONS)
def test_backward_matches_the_jacobian(submission, layer, epsilon):
    """Returns the gradients by x, gain and bias, summed over all vectors."""
    x, gradient, gain, _ = layer
    result = submission.layer_norm_backward(gradient, x, gain, epsilon=epsilon)
    expected = backward(gradient, x, gain, epsilon)
    check(result, expected, rtol=1e-9, atol=1e-8)


@given(layers(), EPSILONS)
def test_rms_matches_the_definition(submission, layer, epsilon):
    """Divides each vector by the root of its mean square, and keeps its mean."""
    x, _, gain, _ = layer
    rows = [
        np.divide(row, math.sqrt(math.fsum(v * v for v in row) / len(row) + epsilon))
        for row in vectors_of(x)
    ]
    expected = (gain * np.array(rows)).reshape(x.shape)
    check(submission.rms_norm(x, gain, epsilon=epsilon), expected)


@given(layers(), st.sampled_from([2.0**10, -(2.0**20)]))
def test_a_shift_changes_nothing(submission, layer, shift):
    """Returns the same when all numbers of x are shifted by one."""
    x, _, gain, bias = layer
    options = {"epsilon": 0.25}
    moved = submission.layer_norm(x + shift, gain, bias, **options)
    check(moved, submission.layer_norm(x, gain, bias, **options), rtol=1e-7, atol=1e-7)


@given(layers(), st.integers(0, 2**32))
def test_forward_and_backward_agree(submission, layer, seed):
    """Returns as gradient by x the slope of its own forward pass."""
    x, gradient, gain, bias = layer
    along = np.random.default_rng(seed).normal(size=x.shape)
    ahead, behind = (
        submission.layer_norm(x + step * along, gain, bias, epsilon=1.0)
        for step in (1e-4, -1e-4)
    )
    by_x, _, _ = submission.layer_norm_backward(gradient, x, gain, epsilon=1.0)
    slope = float((gradient * (ahead - behind)).sum() / 2e-4)
    # A central difference errs by the step's square times a third derivative.
    check(float((by_x * along).sum()), slope, rtol=1e-5, atol=1e-5)


@pytest.mark.edge_cases
def test_constant_vectors(submission):
    """Returns the bias, and no NaN, where a vector is constant."""
    x = np.array([[2.0, 2.0, 2.0], [0.0, 0.0, 0.0]])
    check(submission.layer_norm(x, GAIN, BIAS), np.array([BIAS, BIAS]))


@pytest.mark.edge_cases
def test_defaults(submission):
    """Takes 1e-5 for LayerNorm and 1e-6 for RMSNorm where epsilon is left out."""
    x = np.array([[0.001, 0.002, 0.006]])
    check(submission.layer_norm(x, GAIN, BIAS), forward(x, GAIN, BIAS, 1e-5))
    root = math.sqrt((1e-6 + 4e-6 + 36e-6) / 3 + 1e-6)
    check(submission.rms_norm(x, GAIN), GAIN * x / root)
    gradient = np.array([[1.0, 0.0, 2.0]])
    expected = backward(gradient, x, GAIN, 1e-5)
    check(submission.layer_norm_backward(gradient, x, GAIN), expected)


@pytest.mark.numerics
@pytest.mark.parametrize("offset", [1e6, 1e8], ids=["mean 1e6", "mean 1e8"])
def test_a_mean_far_above_the_deviations(submission, rng, offset):
    """Keeps its precision where the mean is 1e8 times the deviations."""
    x = offset + rng.integers(-8, 8, (4, 64)) / 4
    expected = forward(x, np.ones(64), np.zeros(64), 1e-5)
    result = submission.layer_norm(x, np.ones(64), np.zeros(64))
    check(result, expected, rtol=1e-6, atol=1e-6)


@pytest.mark.numerics
def test_float32_is_computed_in_float64(submission, rng):
    """Returns float32 for float32, computed in float64: 1e4 and deviations of 0.01."""
    x = (1e4 + 0.01 * rng.normal(size=(4, 64))).astype(np.float32)
    ones, zeros = np.ones(64, np.float32), np.zeros(64, np.float32)
    result = submission.layer_norm(x, ones, zeros)
    expected = forward(x.astype(float), ones, zeros, 1e-5).astype(np.float32)
    check(result, expected, rtol=1e-5, atol=1e-5)
    check_float32(result)
    # A gain of 10,000, of whose products the bias leaves little.
    x, gain = np.array([1.0, 2.0, 4.0], np.float32), np.full(3, 1e4, np.float32)
    bias = np.array([10689.0, 2672.0, -13361.0], np.float32)
    expected = forward(x.astype(float), gain, bias, 1e-5).astype(np.float32)
    check(submission.layer_norm(x, gain, bias), expected, rtol=1e-6)


@pytest.mark.numerics
def test_float32_gradients(submission):
    """Returns float32 gradients, summed in float64, where 1e8 + 1 - 1e8 is 1."""
    x = np.array([[-1.0, 1.0]] * 3, np.float32)
    gradient = np.array([[1e8, -1e8], [1.0, 2.0], [-1e8, 1e8]], np.float32)
    ones = np.ones(2, np.float32)
    # The scale is 2: each vector is (-0.5, 0.5) once it is normalised.
    by_x = [[3.75e7, -3.75e7], [-0.1875, 0.1875], [-3.75e7, 3.75e7]]
    expected = np.array(by_x), np.array([-0.5, 1.0]), np.array([1.0, 2.0])
    result = submission.layer_norm_backward(gradient, x, ones, epsilon=3.0)
    check(result, expected)
    check_float32(*result)


@pytest.mark.numerics
def test_gradients_of_large_numbers(submission):
    """Goes back through a float32 mean of 2**24 + 1.5, and through numbers of 1e100."""
    x, gain = 2.0**24 + np.array([0.0, 2.0, 2.0, 2.0]), np.ones(4)
    _, by_gain, _ = submission.layer_norm_backward(
        np.ones(4, np.float32), x.astype(np.float32), gain.astype(np.float32)
    )
    check(by_gain, backward(np.ones(4), x, gain, 1e-5)[1], rtol=1e-5)
    x, gradient = np.array([0.0, 1e100, 3e100]), np.array([1e100, 0.0, 0.0])
    result = submission.layer_norm_backward(gradient, x, np.ones(3))
    # Both are scaled by 1e100, of which the gradient by x keeps nothing.
    small = backward(gradient / 1e100, x / 1e100, np.ones(3), 0.0)
    check(result, (small[0], small[1] * 1e100, small[2] * 1e100))


@pytest.mark.numerics
def test_large_float32(submission):
    """Squares 1e30 in float64, where float32 overflows, and returns float32."""
    x = np.array([[1e30, -1e30, 0.0], [3e30, 1e30, 1e30]], np.float32)
    gradient = np.array([[1.0, 2.0, 4.0], [0.5, -1.0, 2.0]], np.float32)
    gain, bias = GAIN.astype(np.float32), BIAS.astype(np.float32)
    wide = x.astype(float)
    expected = forward(wide, gain.astype(float), bias.astype(float), 1e-5)
    check(submission.layer_norm(x, gain, bias), expected.astype(np.float32), rtol=1e-5)
    result = submission.layer_norm_backward(gradient, x, gain)
    by_all = backward(gradient.astype(float), wide, gain.astype(float), 1e-5)
    by_all = tuple(part.astype(np.float32) for part in by_all)
    check(result, by_all, rtol=1e-4, atol=1e-36)
    root = np.sqrt((wide**2).mean(axis=-1, keepdims=True))
    result = submission.rms_norm(x, gain)
    check(result, (gain * wide / root).astype(np.float32))
    check_float32(result)


@pytest.mark.validation
@pytest.mark.parametrize(
    "arguments",
    refusals(
        CALL,
        {
            "gain": "column",
            "bias": ["shorter", "longer"],
            "one gain for all": {"gain": np.ones(1)},
            "one of each for all": {"gain": np.ones(1), "bias": np.ones(1)},
        },
    ),
)
def test_refuses(submission, arguments):
    """Raises ValueError where gain or bias is not of shape (d,)."""
    with pytest.raises(ValueError):
        submission.layer_norm(**arguments)
