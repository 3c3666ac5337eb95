"""Checks of gradient descent: what the interviewer looks for."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graders.harness import (
    Wrong,
    array,
    check,
    check_array,
    check_number,
    contract,
    refusals,
    shown,
    strategies,
)


def loss(text, points=None):
    """Return the gradient that a text defines; it notes where it is called."""
    slope = eval(text, {"np": np})

    def gradient(point):
        check_array(point, (None,))  # the answer passes (d,) of finite floats
        if points is not None:
            points.append(np.array(point))
        return slope(point)

    return shown(text, gradient)


def descend(submission, text, start, points=None, **options):
    """Return (point, steps, converged) for the gradient that the text defines."""
    gradient = loss(text, points)
    result = submission.gradient_descent(gradient, np.array(start), **options)
    if not isinstance(result, tuple) or len(result) != 3:
        raise Wrong("it did not return (point, steps, converged)")
    point, steps, converged = result
    return check_array(point, (len(start),)), int(check_number(steps)), converged


def require_calls(points, expected):
    """Demand that the gradient was called so many times."""
    if len(points) != expected:
        raise Wrong(f"{expected} calls of the gradient expected, {len(points)} made")


# How to walk: never so fast that rounding grows.
OPTIONS = st.builds(
    dict,
    learning_rate=st.sampled_from([0.25, 0.5, 0.125]),
    momentum=st.sampled_from([0.0, 0.5, 0.75]),
    tolerance=st.sampled_from([0.1, 0.7, 3.1]),
    max_steps=st.integers(0, 12),
)


@st.composite
def quadratics(draw):
    """Draw the matrix and the lowest point of a bowl or saddle, and a start."""
    d = draw(st.integers(1, 4))
    lower = draw(strategies.matrices(d, d, st.integers(-1, 1)))
    matrix = np.tril(lower, -1) + np.tril(lower, -1).T
    matrix += np.diag(draw(strategies.vectors(d, st.integers(1, 3))))
    return matrix, draw(strategies.vectors(d)), draw(strategies.vectors(d))


def quadratic(matrix, lowest):
    """Return the text of the gradient of a bowl or saddle around its lowest point."""
    return f"lambda w: np.array({matrix.tolist()}) @ (w - np.array({lowest.tolist()}))"


def visited(matrix, lowest, start, options):
    """Return the points of the walk by its definition, and whether the last is flat."""
    points, point, velocity = [], start.tolist(), [0.0] * len(start)
    while True:
        points.append(list(point))
        away = [x - low for x, low in zip(point, lowest, strict=True)]
        slope = [sum(a * x for a, x in zip(row, away, strict=True)) for row in matrix]
        flat = math.sqrt(sum(s * s for s in slope)) <= options["tolerance"]
        if flat or len(points) == options["max_steps"] + 1:
            return np.array(points), bool(flat)
        for i, s in enumerate(slope):
            velocity[i] = options["momentum"] * velocity[i] + s
            point[i] -= options["learning_rate"] * velocity[i]


CALL = {
    "gradient": loss("lambda w: w"),
    "start": np.array([4.0, -2.0]),
    "learning_rate": 0.5,
}

test_contract = contract("gradient_descent", CALL, returns=(array(2), int, bool))


@pytest.mark.parametrize(
    ("text", "start", "options", "expected"),
    [
        pytest.param(
            "lambda w: np.ones(1)", [0.0], {"max_steps": 3, "momentum": 0.5},
            ([-2.125], 3, False), id="momentum: velocities 1, 1.5, 1.75",
        ),
        pytest.param(
            "lambda w: w", [8.0], {"tolerance": 1.5, "max_steps": 3},
            ([1.0], 3, True), id="flat after the last step allowed",
        ),
        pytest.param(
            "lambda w: 2 * (w - 3)", [3.0], {}, ([3.0], 0, True),
            id="starts at the minimum",
        ),
        pytest.param("lambda w: w", [3.0], {}, ([3 / 2**22], 22, True), id="1e-6"),
        pytest.param(
            "lambda w: np.ones(1)", [0.0], {}, ([-500.0], 1000, False), id="1000 steps"
        ),
        pytest.param(
            "lambda w: w", [3.0, -4.0], {"tolerance": 5.0}, ([3.0, -4.0], 0, True),
            id="a norm of 5, at the tolerance",
        ),
        pytest.param(
            "lambda w: w", [3.0, -4.0], {"tolerance": 4.5}, ([1.5, -2.0], 1, True),
            id="a norm above it, each entry below",
        ),
    ],
)  # fmt: skip
def test_known_answers(submission, text, start, options, expected):
    """Gets right the walks you would try by hand, at a learning rate of one half."""
    point, steps, converged = expected
    result = descend(submission, text, start, learning_rate=0.5, **options)
    check(result, (np.array(point), steps, converged))


@given(quadratics(), OPTIONS)
def test_matches_the_definition(submission, case, options):
    """Ends where the definition ends, after as many steps, and says if it is flat."""
    matrix, lowest, start = case
    points, flat = visited(*case, options)
    result = descend(submission, quadratic(matrix, lowest), start, **options)
    check(result, (points[-1], len(points) - 1, flat))


@given(quadratics(), OPTIONS)
def test_asks_once_at_each_point(submission, case, options):
    """Calls the gradient once at each point visited, and at no other."""
    matrix, lowest, start = case
    points = []
    gradient = loss(quadratic(matrix, lowest), points)
    submission.gradient_descent(gradient, start, **options)
    expected = visited(*case, options)[0]
    require_calls(points, len(expected))
    check(np.array(points), expected)


BENT = "lambda w: np.tanh(w)"  # no quadratic: far out it has the slope 1 or -1


@settings(max_examples=15)  # a walk has up to 120 steps
@given(
    strategies.vectors((1, 20)),
    st.sampled_from([0.0, 0.5, 0.8]),
    st.sampled_from([1e-1, 1e-3, 1e-5]),
)
def test_converged_means_flat(submission, start, momentum, tolerance):
    """Goes on until it is flat, however long, and says so where it is, not before."""
    walk = {"learning_rate": 0.5, "momentum": momentum, "tolerance": tolerance}
    points = []
    point, steps, flat = descend(submission, BENT, start, points, **walk)
    check(flat, True)
    steps = int(check_number(steps, 0))
    require_calls(points, steps + 1)
    slope = float(np.linalg.norm(np.tanh(check_array(point, start.shape))))
    assert slope <= tolerance * (1 + 1e-9), f"the slope there is {slope}"
    if steps > 0:
        shorter = descend(submission, BENT, start, **walk, max_steps=steps - 1)
        check(shorter[1:], (steps - 1, False))


@pytest.mark.edge_cases
@pytest.mark.parametrize(
    ("dtype", "far"),
    [(np.int8, 100), (np.int64, 10**8 + 1), (np.float16, 100), (np.float32, 100)],
)
def test_walks_in_floats_of_64_bits(submission, dtype, far):
    """Leaves a start of whole numbers, or of short floats, for the places between."""
    start, walk = np.array([4, -far], dtype), {"learning_rate": 1e-3, "max_steps": 2}
    result = descend(submission, "lambda w: np.sign(w).astype(int)", start, **walk)
    check(result, (np.array([3.998, 0.002 - far]), 2, False), rtol=1e-12)


@pytest.mark.numerics
@pytest.mark.parametrize(
    ("slope", "tolerance", "expected"),
    [("[300, 400]", 500.0, ([0, 0], 0, True)),
     ("[0, 2**-13]", 1e-6, ([0, -(2.0**-14)], 1, False))],
    ids=["squares above the range of float16", "squares below it"],
)  # fmt: skip
def test_norm_of_short_floats(submission, slope, tolerance, expected):
    """Takes the norm of short floats in 64 bits, whose range holds their squares."""
    walk = {"learning_rate": 0.5, "tolerance": tolerance, "max_steps": 1}
    text = f"lambda w: np.float16({slope})"
    point, steps, converged = expected
    result = descend(submission, text, [0.0, 0.0], **walk)
    check(result, (np.array(point, float), steps, converged), atol=0)


@pytest.mark.numerics
def test_goes_on_when_one_coordinate_is_done(submission):
    """Walks on when one coordinate has shrunk to nothing and the other is far away."""
    # After n steps they are 0.1**n, 0 as a float from 324 steps on, and 0.991**n.
    walk = {"learning_rate": 0.9, "max_steps": 400}
    result = descend(submission, "lambda w: w * [1, 0.01]", [1.0, 1.0], **walk)
    check(result, (np.array([0, 0.991**400]), 400, False))


@pytest.mark.numerics
@pytest.mark.parametrize(
    "value", ["np.nan", "np.inf", "-np.inf"], ids=["NaN", "infinity", "minus infinity"]
)
@pytest.mark.parametrize(
    ("start", "calls", "max_steps"), [(1.0, 1, 0), (2.0, 3, 2), (2.0, 3, 9)]
)
def test_reports_a_bad_gradient(submission, value, start, calls, max_steps):
    """Raises FloatingPointError at the first NaN or infinity, and asks no further."""
    points = []
    gradient = loss(f"lambda w: np.where(w > [1, 0], 1.0, [{value}, 1.0])", points)
    walk = {"learning_rate": 0.5, "max_steps": max_steps}
    with pytest.raises(FloatingPointError):
        submission.gradient_descent(gradient, np.array([start, 9.0]), **walk)
    require_calls(points, calls)


@pytest.mark.numerics
@pytest.mark.parametrize(
    ("rate", "calls"),
    [(1e200, 1), (1e158, 2)],
    ids=["at the first step", "at the second step"],
)
def test_reports_a_bad_point(submission, rate, calls):
    """Raises FloatingPointError when a step overflows, before it asks for the slope."""
    points = []
    gradient = loss("lambda w: np.array([0.0, 1e150])", points)
    with pytest.raises(FloatingPointError):
        submission.gradient_descent(gradient, np.zeros(2), learning_rate=rate)
    require_calls(points, calls)


@pytest.mark.validation
@pytest.mark.parametrize(
    "arguments",
    refusals(
        CALL,
        {
            "learning_rate": ["zero", "nan"],
            "max_steps below 0": {"max_steps": -1},
            "a slope that broadcasts": {"gradient": loss("lambda w: w[:, None]")},
            "a slope too short": {"gradient": loss("lambda w: w[:1]")},
        },
    ),
)
def test_refuses(submission, arguments):
    """Raises ValueError for what cannot be walked, and does not broadcast a slope."""
    with pytest.raises(ValueError):
        submission.gradient_descent(**arguments)
