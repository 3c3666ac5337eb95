"""Checks of activation functions: what the interviewer looks for.

The oracles are the definitions, one number at a time: decimals of 40 digits, and for
the normal distribution a sum over a fine grid.
"""

import decimal
import math
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from graders.harness import array, check, contract

NAMES = ["relu", "sigmoid", "silu", "gelu"]
every_activation = pytest.mark.parametrize("name", NAMES)

X = np.array([[-2.0, -0.5, 0.0], [0.25, 1.0, 3.0]])
PAIR = (array(2, 3), array(2, 3))
test_contract_relu = contract("relu", {"x": X}, returns=PAIR)
test_contract_sigmoid = contract("sigmoid", {"x": X}, returns=PAIR)
test_contract_silu = contract("silu", {"x": X}, returns=PAIR)
test_contract_gelu = contract("gelu", {"x": X}, returns=PAIR)


def arrays(largest):
    """Draw an array of one to three axes, of tenths and small integers."""
    tenths = st.integers(-10 * largest, 10 * largest).map(lambda count: count / 10)
    elements = st.one_of(st.integers(-2, 2).map(float), tenths)
    return hnp.arrays(
        float, hnp.array_shapes(max_dims=3, max_side=3), elements=elements
    )


def gate(value):
    """Return the sigmoid of a number, as a decimal."""
    return 1 / (1 + (-Decimal(value)).exp())


def area(value, steps=200):
    """Return the standard normal's probability below a number, by Simpson's rule."""
    width = value / steps
    heights = [math.exp(-((i * width) ** 2) / 2) for i in range(steps + 1)]
    inner = 4 * math.fsum(heights[1::2]) + 2 * math.fsum(heights[2:-1:2])
    whole = (heights[0] + inner + heights[-1]) * width / 3
    return 0.5 + whole / math.sqrt(2 * math.pi)


def by_definition(name, value):
    """Return value and derivative at a number."""
    if name == "relu":
        return max(value, 0.0), float(value > 0)
    if name == "gelu":
        density = math.exp(-(value**2) / 2) / math.sqrt(2 * math.pi)
        return value * area(value), area(value) + value * density
    with decimal.localcontext(prec=40):
        s, slope = gate(value), gate(value) * gate(-value)  # 1 less it would cancel
        if name == "silu":
            s, slope = Decimal(value) * s, s + Decimal(value) * slope
    return float(s), float(slope)


@pytest.mark.parametrize(
    ("name", "value", "derivative"),
    [
        ("relu", [0.0, 0.0, 1.0], [0.0, 0.0, 1.0]),
        (
            "sigmoid",
            [0.2689414214, 0.5, 0.7310585786],
            [0.1966119332, 0.25, 0.1966119332],
        ),
        ("silu", [-0.2689414214, 0.0, 0.7310585786], [0.0723294881, 0.5, 0.9276705119]),
        (
            "gelu",
            [-0.1586552539, 0.0, 0.8413447461],
            [-0.0833154706, 0.5, 1.0833154706],
        ),
    ],
)
def test_at_minus_one_zero_and_one(submission, name, value, derivative):
    """Gives values and derivatives at -1, 0 and 1."""
    result = getattr(submission, name)(np.array([-1.0, 0.0, 1.0]))
    check(result, (np.array(value), np.array(derivative)), atol=1e-8)


def require_definition(result, name, x):
    """Demand the values and the derivatives that the definition gives."""
    pairs = [by_definition(name, value) for value in x.ravel().tolist()]
    values, derivatives = np.transpose(pairs).reshape(2, *x.shape)
    check(result, (values, derivatives), rtol=1e-9, atol=1e-9)


@given(x=arrays(7))
def test_relu(submission, x):
    """Gives max(x, 0), and a derivative of 0 or 1, which is 0 at 0."""
    require_definition(submission.relu(x), "relu", x)


@given(x=arrays(7))
def test_sigmoid(submission, x):
    """Gives the sigmoid and its derivative, as defined."""
    require_definition(submission.sigmoid(x), "sigmoid", x)


@given(x=arrays(7))
def test_silu(submission, x):
    """Gives x * sigmoid(x) and its derivative, by the product rule."""
    require_definition(submission.silu(x), "silu", x)


@given(x=arrays(7))
def test_gelu(submission, x):
    """Gives the exact gelu and its derivative, by the product rule."""
    require_definition(submission.gelu(x), "gelu", x)


@every_activation
@given(x=arrays(30))
def test_derivative_is_the_slope(submission, name, x):
    """Gives as derivative the slope of its own values."""
    x = x + 1 / 32  # off the corner of relu
    function = getattr(submission, name)
    ahead, behind = (function(x + step)[0] for step in (1e-4, -1e-4))
    # A central difference errs by the step's square times a third derivative.
    check(function(x)[1], (ahead - behind) / 2e-4, rtol=1e-6, atol=1e-6)


@given(x=arrays(10**6))
def test_sigmoid_is_symmetric(submission, x):
    """Gives for -x what is left to 1 of sigmoid(x), and the same derivative."""
    value, derivative = submission.sigmoid(x)
    check(submission.sigmoid(-x), (1 - value, derivative))


@pytest.mark.parametrize("name", ["relu", "silu", "gelu"])
@given(x=arrays(10**6))
def test_differs_by_x_from_its_mirror(submission, name, x):
    """Gives f(x) - f(-x) = x, and derivatives at x and -x that sum to 1."""
    x = np.where(x == 0, 1.0, x)  # relu's derivative at 0 is a convention
    (value, derivative), (mirrored, other) = (
        getattr(submission, name)(part) for part in (x, -x)
    )
    check(value - mirrored, x, rtol=1e-12)
    check(derivative + other, np.ones(x.shape))


@pytest.mark.numerics
@given(x=arrays(690))
@example(x=np.array([-690.7]))
def test_tails_of_sigmoid(submission, x):
    """Keeps nine digits of a tiny sigmoid, down to 1e-300."""
    expected = [by_definition("sigmoid", value)[0] for value in x.ravel().tolist()]
    values, _ = submission.sigmoid(x)
    check(values, np.reshape(expected, x.shape), rtol=1e-9, atol=0)


@pytest.mark.numerics
@every_activation
def test_small_terms(submission, name):
    """Leaves out no term of 1e-8, and takes no small number for 0."""
    x = np.array([1e-13, -1e-13, 6.05, -6.05, 20.5, -20.5])
    require_definition(getattr(submission, name)(x), name, x)


@pytest.mark.numerics
@every_activation
@pytest.mark.parametrize(
    "size", [800.0, 1e6, 1e100], ids=["size 800", "size 1e6", "size 1e100"]
)
def test_large_numbers(submission, name, size):
    """Gives the limits, and neither NaN nor infinity, far from 0."""
    expected = np.array([0.0, 1.0]), np.array([0.0, 1.0])
    if name != "sigmoid":
        expected = np.array([0.0, size]), expected[1]
    else:
        expected = expected[0], np.zeros(2)
    check(getattr(submission, name)(np.array([-size, size])), expected)
