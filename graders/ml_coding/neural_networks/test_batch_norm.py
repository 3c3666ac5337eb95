"""Checks of BatchNorm: what the interviewer looks for.

The oracles are the definitions, one channel at a time: sums in Python floats forward,
the whole Jacobian backward.
"""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from graders.harness import array, check, contract, refusals

X = np.array([[1.0, 4.0], [3.0, 4.0], [8.0, 7.0]])
GAIN, BIAS = np.array([2.0, -1.0]), np.array([0.5, 0.0])
ONE = {"gain": GAIN[:1], "bias": BIAS[:1]}


def train(submission):
    """Return all that one batch of training gives."""
    layer = submission.BatchNorm(GAIN, BIAS)
    output = layer(X, training=True)
    running = layer.running_mean, layer.running_variance
    return output, *running, layer.backward(np.ones((3, 2)))


test_contract = contract(
    "BatchNorm",
    train,
    returns=(array(3, 2), array(2), array(2), (array(3, 2), array(2), array(2))),
)

TENTHS = st.integers(-30, 30).map(lambda count: count / 10)
MOMENTA = st.sampled_from([0.1, 0.25, 1.0])
EPSILONS = st.sampled_from([1e-5, 0.25, 3.0])


@st.composite
def batches(draw, most=3):
    """Draw gain, bias and some batches of the same channels, of two to four axes."""
    n_channels = draw(st.integers(1, 3))
    gain, bias = (draw(hnp.arrays(float, n_channels, elements=TENTHS)) for _ in "gb")
    found = []
    for _ in range(draw(st.integers(1, most))):
        n, *rest = draw(hnp.array_shapes(min_dims=1, max_dims=3, max_side=3))
        n += math.prod(rest) * n == 1  # a channel needs two values
        shape = (n, n_channels, *rest)
        found.append(draw(hnp.arrays(float, shape, elements=TENTHS)))
    return gain, bias, found


def channels(x):
    """Return the values of each channel, as lists."""
    return np.moveaxis(x, 1, 0).reshape(x.shape[1], -1).tolist()


def like(rows, x):
    """Return the values of each channel in the shape of x."""
    shape = (x.shape[1], x.shape[0], *x.shape[2:])
    return np.moveaxis(np.reshape(rows, shape), 0, 1)


def moments(values):
    """Return mean and biased variance."""
    mean = math.fsum(values) / len(values)
    return mean, math.fsum((v - mean) ** 2 for v in values) / len(values)


def forward(x, statistics, gain, bias, epsilon):
    """Return the output by its definition, one channel at a time."""
    rows = [
        [g * (v - mean) / math.sqrt(variance + epsilon) + b for v in values]
        for values, (mean, variance), g, b in zip(
            channels(x), statistics, gain, bias, strict=True
        )
    ]
    return like(rows, x)


@given(batches(), MOMENTA, EPSILONS)
def test_matches_the_definition(submission, case, momentum, epsilon):
    """Normalises each channel of a batch, and moves the running statistics."""
    gain, bias, xs = case
    layer = submission.BatchNorm(gain, bias, momentum=momentum, epsilon=epsilon)
    running = [(0.0, 1.0)] * len(gain)
    for x in xs:
        batch = [moments(values) for values in channels(x)]
        m = x.size / len(gain)
        running = [
            (
                (1 - momentum) * old[0] + momentum * new[0],
                (1 - momentum) * old[1] + momentum * new[1] * m / (m - 1),
            )
            for old, new in zip(running, batch, strict=True)
        ]
        check(layer(x, training=True), forward(x, batch, gain, bias, epsilon))
        check(layer.running_mean, np.array([mean for mean, _ in running]))
        check(layer.running_variance, np.array([variance for _, variance in running]))


@given(batches(), EPSILONS)
def test_evaluation(submission, case, epsilon):
    """Takes the running statistics in evaluation, for a single sample too."""
    gain, bias, (x, *others) = case
    layer = submission.BatchNorm(gain, bias, momentum=0.25, epsilon=epsilon)
    layer(x, training=True)
    m = x.size / len(gain)
    running = [
        (0.25 * mean, 0.75 + 0.25 * variance * m / (m - 1))
        for mean, variance in map(moments, channels(x))
    ]
    for other in (*others, x[:1]):  # the last of them shows whether others left a trace
        expected = forward(other, running, gain, bias, epsilon)
        check(layer(other, training=False), expected)


@given(batches(most=1), EPSILONS, st.integers(0, 2**32))
def test_backward_matches_the_jacobian(submission, case, epsilon, seed):
    """Returns the gradients by x, through mean and variance too, gain and bias."""
    gain, bias, (x,) = case
    gradient = np.random.default_rng(seed).integers(-9, 10, x.shape) / 3
    layer = submission.BatchNorm(gain, bias, epsilon=epsilon)
    layer(x, training=True)
    result = layer.backward(gradient)
    by_x, by_gain, by_bias = [], [], []
    for values, g, out in zip(channels(x), gain, channels(gradient), strict=True):
        mean, variance = moments(values)
        m, scale = len(values), math.sqrt(variance + epsilon)
        unit = (np.array(values) - mean) / scale
        jacobian = g * (np.eye(m) - 1 / m - np.outer(unit, unit) / m) / scale
        by_x.append(out @ jacobian)
        by_gain.append(math.fsum(out * unit))
        by_bias.append(math.fsum(out))
    expected = like(by_x, x), np.array(by_gain), np.array(by_bias)
    check(result, expected, rtol=1e-9, atol=1e-8)


@given(batches(most=1), st.integers(0, 2**32))
def test_forward_and_backward_agree(submission, case, seed):
    """Returns as gradient by x the slope of its own forward pass."""
    gain, bias, (x,) = case
    gradient, along = np.random.default_rng(seed).normal(size=(2, *x.shape))
    layer = submission.BatchNorm(gain, bias, epsilon=1.0)
    ahead, behind = (layer(x + step * along, training=True) for step in (1e-4, -1e-4))
    slope = float((gradient * (ahead - behind)).sum() / 2e-4)
    layer(x, training=True)
    by_x, _, _ = layer.backward(gradient)
    # A central difference errs by the step's square times a third derivative.
    check(float((by_x * along).sum()), slope, rtol=1e-5, atol=1e-5)


@given(batches(), st.integers(0, 2**32))
def test_an_evaluation_between(submission, case, seed):
    """Goes back through the last batch of training, whatever was evaluated after it."""
    gain, bias, (x, *others) = case
    gradient = np.random.default_rng(seed).normal(size=x.shape)
    layer = submission.BatchNorm(gain, bias)
    for other in others:
        layer(other, training=True)
    layer(x, training=True)
    expected = layer.backward(gradient)
    for other in (*others, 2 * x):
        layer(other, training=False)
    check(layer.backward(gradient), expected)


@pytest.mark.numerics
@given(batches(most=1), st.sampled_from([2.0**10, -(2.0**20)]))
def test_a_shift_moves_the_mean_alone(submission, case, shift):
    """Gives the same when a batch is shifted, and moves running_mean by its share."""
    gain, bias, (x,) = case
    here, there = (submission.BatchNorm(gain, bias, epsilon=0.25) for _ in range(2))
    expected = here(x, training=True)
    check(there(x + shift, training=True), expected, rtol=1e-7, atol=1e-7)
    check(there.running_mean, here.running_mean + 0.1 * shift)
    check(there.running_variance, here.running_variance, rtol=1e-6)


@pytest.mark.edge_cases
def test_a_new_layer(submission):
    """Starts with mean 0 and variance 1, and divides by the root of 1.00001."""
    layer = submission.BatchNorm(GAIN, BIAS)
    check((layer.running_mean, layer.running_variance), (np.zeros(2), np.ones(2)))
    check(layer(X, training=False), GAIN * X / math.sqrt(1.00001) + BIAS)


@pytest.mark.edge_cases
def test_five_axes(submission):
    """Takes channels of any further axes, such as those of a video."""
    x = np.arange(32.0).reshape(2, 2, 2, 2, 2)
    layer = submission.BatchNorm(GAIN, BIAS, epsilon=0.25)
    statistics = [moments(values) for values in channels(x)]
    expected = forward(x, statistics, GAIN, BIAS, 0.25)
    check(layer(x, training=True), expected)


@pytest.mark.edge_cases
def test_two_layers(submission):
    """Goes back through its own last batch, whatever another layer was trained on."""
    one, zero = np.ones(1), np.zeros(1)
    here, there = (submission.BatchNorm(one, zero, epsilon=3.0) for _ in range(2))
    here(np.array([[0.0], [2.0]]), training=True)
    there(np.array([[0.0], [200.0]]), training=True)
    # The deviation is 2, and the batch (-0.5, 0.5) once it is normalised.
    expected = np.array([[0.1875], [-0.1875]]), np.array([-0.5]), np.array([1.0])
    check(here.backward(np.array([[1.0], [0.0]])), expected)


@pytest.mark.validation
@pytest.mark.parametrize(
    "arguments",
    refusals(
        {"gain": GAIN, "bias": BIAS, "x": X, "training": True},
        {
            "one channel for two": {"x": X[:, :1]},
            "two channels for one": ONE,
            "one for two, in evaluation": {"x": X[:, :1], "training": False},
            "one value a channel": {"x": X[:1]},
            "one pixel a channel": {"x": np.ones((1, 2, 1, 1))},
        },
    ),
)
def test_refuses(submission, arguments):
    """Raises ValueError for other channels, and for one value a channel in training."""
    layer = submission.BatchNorm(arguments["gain"], arguments["bias"])
    with pytest.raises(ValueError):
        layer(arguments["x"], training=arguments["training"])
