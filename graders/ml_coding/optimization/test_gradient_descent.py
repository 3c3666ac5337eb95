"""Grader for gradient descent: the interviewer's side of the table."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graders.harness import check, check_array, shown


def counted(text, size):
    """Return the gradient that the text defines, and a list of where it is called."""
    rule, points = eval(text, {"np": np}), []

    def gradient(point):
        fits = isinstance(point, np.ndarray) and point.shape == (size,)
        fits = fits and point.dtype.kind == "f" and np.isfinite(point).all()
        assert fits, f"it called the gradient with {point!r}, not (d,) of finite floats"
        points.append(np.array(point))
        return rule(point)

    return shown(text, gradient), points


def descend(submission, text, start, **options):
    """Return (point, steps, converged) for the gradient that the text defines."""
    gradient, _ = counted(text, len(start))
    result = submission.gradient_descent(gradient, np.array(start), **options)
    fits = isinstance(result, tuple) and len(result) == 3
    assert fits, f"it returned {result!r}, not (point, steps, converged)"
    check_array(result[0], (len(start),))
    return result


def quadratic(matrix, lowest, factor=1):
    """Return the text of the gradient of a bowl or saddle around its lowest point."""
    return f"lambda w: {factor} * np.array({matrix}) @ (w - np.array({lowest}))"


@st.composite
def walks(draw, momenta=(0.0, 0.5, 0.75)):
    """Draw a quadratic loss and a walk on it, so round that floats hold it exactly."""
    d = draw(st.integers(1, 3))
    matrix = [[0] * d for _ in range(d)]
    for i in range(d):
        matrix[i][i] = draw(st.integers(1, 3))
        for j in range(i):
            matrix[i][j] = matrix[j][i] = draw(st.integers(-1, 1))
    quarters = st.lists(st.integers(-8, 8).map(lambda i: i / 4), min_size=d, max_size=d)
    options = {
        "learning_rate": draw(st.sampled_from([0.25, 0.5, 0.125])),
        "momentum": draw(st.sampled_from(momenta)),
        "tolerance": draw(st.sampled_from([0.1, 0.7, 3.1])),
        "max_steps": draw(st.integers(0, 7)),
    }
    return matrix, draw(quarters), draw(quarters), options


def visited(matrix, lowest, start, options):
    """Return the points of the walk by its definition, and whether the last is flat."""
    points, point, velocity = [], list(start), [0.0] * len(start)
    while True:
        points.append(list(point))
        away = [x - low for x, low in zip(point, lowest, strict=True)]
        slope = [sum(a * x for a, x in zip(row, away, strict=True)) for row in matrix]
        flat = math.sqrt(sum(s * s for s in slope)) <= options["tolerance"]
        if flat or len(points) == options["max_steps"] + 1:
            return points, flat
        for i, s in enumerate(slope):
            velocity[i] = options["momentum"] * velocity[i] + s
            point[i] -= options["learning_rate"] * velocity[i]


@pytest.mark.parametrize(
    ("text", "start", "options", "expected"),
    [
        pytest.param(
            "lambda w: w", [8.0], {"tolerance": 1.5}, ([1.0], 3, True), id="halving"
        ),
        pytest.param(
            "lambda w: np.ones(1)", [0.0], {"max_steps": 2}, ([-1.0], 2, False),
            id="a slope without end",
        ),
        pytest.param(
            "lambda w: np.ones(1)", [0.0], {"max_steps": 3, "momentum": 0.5},
            ([-2.125], 3, False), id="momentum: velocities 1, 1.5, 1.75",
        ),
        pytest.param(
            "lambda w: w", [8.0], {"tolerance": 1.5, "max_steps": 3},
            ([1.0], 3, True), id="flat after the last step allowed",
        ),
        pytest.param(
            "lambda w: 2 * (w - 3)", [3.0], {"tolerance": 0.0}, ([3.0], 0, True),
            id="starts at the minimum",
        ),
    ],
)  # fmt: skip
def test_known_answers(submission, text, start, options, expected):
    """Gets right the walks you would try by hand, at a learning rate of one half."""
    point, steps, converged = expected
    result = descend(submission, text, start, learning_rate=0.5, **options)
    check(result, (np.array(point), steps, converged))


@given(walks())
@settings(max_examples=60)
def test_matches_the_definition(submission, walk):
    """Ends where the definition ends, after as many steps, and says if it is flat."""
    matrix, lowest, start, options = walk
    points, flat = visited(*walk)
    result = descend(submission, quadratic(matrix, lowest), start, **options)
    check(result, (np.array(points[-1]), len(points) - 1, flat))


@given(walks(), st.integers(-4, 4))
@settings(max_examples=30)
def test_moving_the_loss_moves_the_walk(submission, walk, shift):
    """Takes the same walk elsewhere when the loss and the start are moved there."""
    matrix, lowest, start, options = walk
    here = descend(submission, quadratic(matrix, lowest), start, **options)
    there = quadratic(matrix, [low + shift for low in lowest])
    moved = descend(submission, there, [x + shift for x in start], **options)
    check(moved, (here[0] + shift, *here[1:]))


@given(walks(), st.sampled_from([2, 4, 8]))
@settings(max_examples=30)
def test_the_unit_of_the_loss_does_not_matter(submission, walk, factor):
    """Takes the same walk if loss, tolerance and 1 / learning_rate grow alike."""
    matrix, lowest, start, options = walk
    result = descend(submission, quadratic(matrix, lowest), start, **options)
    options["learning_rate"] /= factor
    options["tolerance"] *= factor
    scaled = descend(submission, quadratic(matrix, lowest, factor), start, **options)
    check(scaled, result)


@given(walks(momenta=(0.0,)), st.integers(0, 4))
@settings(max_examples=30)
def test_two_walks_end_to_end_are_one(submission, walk, more):
    """Without momentum, goes on from where it ended as if it had never stopped."""
    matrix, lowest, start, options = walk
    text, budget = quadratic(matrix, lowest), options.pop("max_steps")
    first = descend(submission, text, start, max_steps=budget, **options)
    second = descend(submission, text, first[0], max_steps=more, **options)
    whole = descend(submission, text, start, max_steps=budget + more, **options)
    check(whole, (second[0], first[1] + second[1], second[2]))


@given(walks())
@settings(max_examples=30)
def test_stops_at_the_first_flat_point(submission, walk):
    """Was nowhere flat before it stopped, so with one step less it is out of steps."""
    matrix, lowest, start, options = walk
    text = quadratic(matrix, lowest)
    _, steps, _ = descend(submission, text, start, **options)
    if steps:
        options["max_steps"] = steps - 1
        check(descend(submission, text, start, **options)[1:], (steps - 1, False))


def test_defaults(submission):
    """By default uses no momentum, a tolerance of 1e-6 and at most 1000 steps."""
    halving = descend(submission, "lambda w: w", [3.0], learning_rate=0.5)
    check(halving, (np.array([3 / 2**22]), 22, True))
    endless = descend(submission, "lambda w: np.ones(1)", [0.0], learning_rate=1.0)
    check(endless, (np.array([-1000.0]), 1000, False))


@pytest.mark.edge_cases
@pytest.mark.parametrize(
    ("tolerance", "converged"),
    [
        pytest.param(5.0, True, id="at the tolerance"),
        pytest.param(4.999, False, id="above it, though each entry is below"),
        pytest.param(5.001, True, id="below it, though the entries sum to 7"),
    ],
)
@pytest.mark.parametrize("rate", [0.01, 100.0])
def test_flat_means_the_euclidean_norm(submission, rate, tolerance, converged):
    """Ends where the gradient's Euclidean norm is at or below the tolerance."""
    options = {"learning_rate": rate, "tolerance": tolerance, "max_steps": 0}
    result = descend(
        submission, "lambda w: np.array([3.0, -4.0])", [1.0, 2.0], **options
    )
    check(result, (np.array([1.0, 2.0]), 0, converged))


@pytest.mark.edge_cases
@pytest.mark.parametrize(
    ("text", "start", "expected"),
    [
        pytest.param("lambda w: w", [4, -8], [1.75, -3.5], id="start"),
        pytest.param(
            "lambda w: np.array([2, -1])", [0.5, 0.5], [-0.75, 1.125], id="slope"
        ),
    ],
)
def test_whole_numbers(submission, text, start, expected):
    """Leaves a start or a slope of whole numbers for the fractions between them."""
    options = {"learning_rate": 0.25, "momentum": 0.5, "max_steps": 2}
    result = descend(submission, text, start, **options)
    check(result, (np.array(expected), 2, False))


@pytest.mark.edge_cases
@pytest.mark.parametrize(
    ("text", "error"),
    [
        pytest.param("lambda w: {}['loss']", KeyError, id="KeyError"),
        pytest.param("lambda w: w / (1 // int(w[0] > 1))", ZeroDivisionError,
                     id="ZeroDivisionError later"),
    ],
)  # fmt: skip
def test_an_error_of_the_gradient_is_the_callers(submission, text, error):
    """Lets through what the gradient raises, which is no divergence."""
    with pytest.raises(error):
        descend(submission, text, [3.0], learning_rate=0.5)


@pytest.mark.edge_cases
@pytest.mark.parametrize(
    ("start", "options"),
    [
        pytest.param(0.0, {}, id="a start without dimensions"),
        pytest.param([[0.0, 0.0]], {}, id="a start of two dimensions"),
        pytest.param([0.0, np.nan], {}, id="a start with NaN"),
        pytest.param([-np.inf, 0.0], {}, id="an infinite start"),
        pytest.param([0.0], {"learning_rate": 0.0}, id="learning_rate 0"),
        pytest.param([0.0], {"learning_rate": -0.1}, id="learning_rate below 0"),
        pytest.param([0.0], {"learning_rate": np.nan}, id="learning_rate NaN"),
        pytest.param([0.0], {"learning_rate": np.inf}, id="learning_rate infinite"),
        pytest.param([0.0], {"momentum": -0.1}, id="momentum below 0"),
        pytest.param([0.0], {"momentum": 1.0}, id="momentum 1"),
        pytest.param([0.0], {"momentum": 1.5}, id="momentum above 1"),
        pytest.param([0.0], {"momentum": np.nan}, id="momentum NaN"),
        pytest.param([0.0], {"tolerance": -1e-9}, id="tolerance below 0"),
        pytest.param([0.0], {"tolerance": np.nan}, id="tolerance NaN"),
        pytest.param([0.0], {"max_steps": -1}, id="max_steps below 0"),
    ],
)
def test_refuses_what_is_out_of_range(submission, start, options):
    """Raises ValueError for a start or a number that it cannot use."""
    gradient, points = counted("lambda w: w", 1)
    with pytest.raises(ValueError):
        submission.gradient_descent(
            gradient, np.array(start), **{"learning_rate": 0.1} | options
        )
    assert not points, "it called the gradient before it refused"


@pytest.mark.edge_cases
@pytest.mark.parametrize(
    "text",
    ["lambda w: w[:1]", "lambda w: w[:, np.newaxis]", "lambda w: w.sum(keepdims=True)"],
)
def test_refuses_a_gradient_of_another_shape(submission, text):
    """Raises ValueError for a slope that is not (d,), and does not broadcast it."""
    with pytest.raises(ValueError):
        descend(submission, text, [1.0, 2.0], learning_rate=0.1)


@pytest.mark.numerics
@pytest.mark.parametrize("value", ["np.nan", "np.inf", "-np.inf"])
@pytest.mark.parametrize(
    ("start", "calls", "max_steps"), [(1.0, 1, 0), (2.0, 3, 2), (2.0, 3, 9)]
)
def test_reports_a_gradient_that_is_not_finite(
    submission, value, start, calls, max_steps
):
    """Raises FloatingPointError at the first NaN or infinity, and asks no further."""
    text = f"lambda w: np.where(w > [1, 0], 1.0, [{value}, 1.0])"
    gradient, points = counted(text, 2)
    with pytest.raises(FloatingPointError):
        submission.gradient_descent(
            gradient, np.array([start, 9.0]), learning_rate=0.5, max_steps=max_steps
        )
    check(len(points), calls)


@pytest.mark.numerics
def test_reports_a_point_that_is_not_finite(submission):
    """Raises FloatingPointError when a step overflows, before it asks for the slope."""
    gradient, points = counted("lambda w: np.array([0.0, 1e300])", 2)
    with pytest.raises(FloatingPointError):
        submission.gradient_descent(gradient, np.zeros(2), learning_rate=1e10)
    check(len(points), 1)


@pytest.mark.numerics
def test_reports_a_walk_that_runs_away(submission):
    """Raises FloatingPointError when a learning rate too large makes it overflow."""
    with pytest.raises(FloatingPointError):
        descend(submission, "lambda w: 2 * w", [1.0], learning_rate=1e3)


@pytest.mark.numerics
def test_a_large_slope_is_no_divergence(submission):
    """Walks on over slopes whose squares overflow, as long as they are finite."""
    text = "lambda w: 2e307 * w"
    options = {"learning_rate": 2.5e-308, "max_steps": 2}
    result = descend(submission, text, [8.0, 8.0], **options)
    check(result, (np.array([2.0, 2.0]), 2, False))


@pytest.mark.numerics
def test_a_small_slope_is_not_flat(submission):
    """Walks on over a slope of 1e-9 if the tolerance is 0."""
    text = "lambda w: np.array([1e-9])"
    options = {"learning_rate": 1e9, "tolerance": 0.0, "max_steps": 2}
    check(descend(submission, text, [5.0], **options), (np.array([3.0]), 2, False))


@pytest.mark.efficiency
@given(walks())
@settings(max_examples=30)
def test_asks_once_at_each_point(submission, walk):
    """Calls the gradient once at each point visited, and at no other."""
    matrix, lowest, start, options = walk
    gradient, points = counted(quadratic(matrix, lowest), len(start))
    submission.gradient_descent(gradient, np.array(start), **options)
    expected, _ = visited(*walk)
    check(len(points), len(expected))
    check(np.array(points), np.array(expected))
