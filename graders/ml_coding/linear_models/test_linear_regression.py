"""Checks of linear regression: what the interviewer looks for.

Least squares with the least norm is known by two conditions, so no oracle is needed:
residuals are orthogonal to the columns, and coefficients are a sum of rows.
"""

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from graders.harness import (
    array,
    check,
    check_array,
    check_number,
    contract,
    refusals,
    strategies,
)

CALL = {
    "features": np.array([[0.0, 1.0], [1.0, 0.0], [2.0, 2.0]]),
    "targets": np.array([1.0, 2.0, 4.0]),
}
test_contract = contract("linear_regression", CALL, returns=(array(2), float))


@st.composite
def problems(draw):
    """Draw features, some of whose columns are sums of others, and targets.

    Of 1, 2, 4 or 8 rows the mean is exact, so that rounding makes no direction.
    """
    features = draw(strategies.matrices(2 ** draw(st.integers(0, 3)), (1, 4)))
    if draw(st.booleans()):
        features = np.column_stack([features, features.sum(axis=1)])
    targets = draw(hnp.arrays(float, len(features), elements=strategies.quarters))
    return features, targets


def fit(submission, features, targets, **options):
    """Return coefficients and intercept, type and shape demanded."""
    coefficients, constant = submission.linear_regression(features, targets, **options)
    return check_array(coefficients, features.shape[1:]), check_number(constant)


@given(problems(), st.booleans())
@example((np.array([[0.0], [1.0]]), np.array([1, 3])), True)  # targets are integers
def test_residuals_are_orthogonal(submission, problem, intercept):
    """Leaves residuals that are orthogonal to each column, and sum to 0."""
    features, targets = problem
    weights, constant = fit(submission, features, targets, intercept=intercept)
    residuals = targets - features @ weights - constant
    check(features.T @ residuals, np.zeros(features.shape[1]), atol=1e-8)
    check(float(residuals.sum()) if intercept else constant, 0.0, atol=1e-8)


@given(problems(), st.booleans())
def test_the_least_norm(submission, problem, intercept):
    """Takes the coefficients of least norm, without counting the intercept."""
    features, targets = problem
    weights, _ = fit(submission, features, targets, intercept=intercept)
    rows = features - features.mean(axis=0) if intercept else features
    # What is least is a sum of (centred) rows, so that nothing is left of it.
    nearest = rows.T @ np.linalg.lstsq(rows.T, weights)[0]
    check(weights, nearest, atol=1e-8)


@given(st.integers(0, 2**32), st.integers(8, 300), st.integers(-(10**4), 10**4))
def test_shifts_move_the_intercept_alone(submission, seed, n, shift):
    """Keeps the coefficients when targets or features are shifted by a constant."""
    rng = np.random.default_rng(seed)
    features, targets = rng.normal(size=(n, 3)), rng.normal(size=n)
    weights, constant = fit(submission, features, targets)
    moved = fit(submission, features, targets + shift)
    check(moved, (weights, constant + shift), atol=1e-7)
    moved = fit(submission, features + shift, targets)
    check(moved, (weights, constant - shift * float(weights.sum())), atol=1e-5)


@given(st.integers(0, 2**32), st.integers(8, 300), st.integers(1, 7))
def test_a_mix_of_columns_predicts_the_same(submission, seed, n, d):
    """Predicts the same from any invertible mix of the columns."""
    rng = np.random.default_rng(seed)
    features, targets = rng.normal(size=(n, d)), rng.normal(size=n)
    mix = rng.normal(size=(d, d)) + 4 * np.eye(d)
    weights, constant = fit(submission, features, targets)
    others, other_constant = fit(submission, features @ mix, targets)
    expected = features @ weights + constant
    check(features @ mix @ others + other_constant, expected, atol=1e-7)


@pytest.mark.edge_cases
def test_one_row(submission):
    """Has coefficients of 0 and the target as intercept where there is one row."""
    result = submission.linear_regression(np.array([[2.0, -1.0]]), np.array([3.0]))
    check(result, (np.zeros(2), 3.0))


@pytest.mark.edge_cases
def test_a_constant_column(submission):
    """Gives a constant column the coefficient 0, and all of the level the intercept."""
    features = np.array([[1.0, 5.0], [2.0, 5.0], [4.0, 5.0]])
    result = submission.linear_regression(features, np.array([3.0, 5.0, 9.0]))
    check(result, (np.array([2.0, 0.0]), 1.0), atol=1e-9)


@pytest.mark.numerics
@pytest.mark.parametrize(
    "intercept", [True, False], ids=["with intercept", "no intercept"]
)
def test_columns_that_are_nearly_equal(submission, rng, intercept):
    """Fits columns that differ by one part in 1e7 to four digits."""
    column, noise = rng.normal(size=(2, 200))
    features = np.column_stack([column, column + 1e-7 * noise])
    targets = features @ np.array([2.0, -1.0]) + (3.0 if intercept else 0.0)
    weights, _ = fit(submission, features, targets, intercept=intercept)
    # Rounding of 1e-16 in the data, over singular values of 1e-7 of the largest.
    check(weights, np.array([2.0, -1.0]), atol=1e-4)


@pytest.mark.numerics
def test_more_columns_than_rows(submission, rng):
    """Takes the least norm for 20 rows of 300 columns, too, with the intercept."""
    for _ in range(5):
        features, targets = rng.normal(size=(20, 300)), rng.normal(size=20)
        weights, constant = fit(submission, features, targets)
        check(features @ weights + constant, targets, atol=1e-8)
        rows = features - features.mean(axis=0)
        nearest = rows.T @ np.linalg.lstsq(rows.T, weights)[0]
        check(weights, nearest, atol=1e-8)


@pytest.mark.numerics
@pytest.mark.parametrize(
    ("features", "targets", "expected", "intercept"),
    [
        pytest.param(
            [[1e-13, 0.0], [0.0, 1e-13]], [1e-13, 2e-13], [1.0, 2.0], False,
            id="all small",
        ),
        pytest.param(
            [[1e10, 0.0], [1e10, 1e-6]], [0.0, 1.0], [0.0, 1e6], True,
            id="small beside a constant",
        ),
        pytest.param(
            [[1.0, 0.0], [0.0, 1.2e-8]], [1.0, 1.2], [1.0, 1e8], False,
            id="1.2e-8 of the largest",
        ),
    ],
)  # fmt: skip
def test_small_numbers(submission, features, targets, expected, intercept):
    """Measures a direction by the largest of the centred data, not by size alone."""
    features, targets = np.array(features), np.array(targets)
    weights, _ = fit(submission, features, targets, intercept=intercept)
    check(weights, np.array(expected), atol=1e-6)


@pytest.mark.efficiency
@pytest.mark.memory(120)
def test_memory(submission, rng):
    """Fits 50,000 rows of 20 columns in 120 MB; (n, n) would take 20 GB."""
    features = rng.normal(size=(50_000, 20))
    weights = rng.normal(size=20)
    result = submission.linear_regression(features, features @ weights - 2.0)
    check(result, (weights, -2.0), atol=1e-7)


@pytest.mark.validation
@pytest.mark.parametrize(
    "arguments",
    refusals(
        CALL,
        {
            "targets": ["column", "shorter"],
            "no rows": {"features": np.zeros((0, 2)), "targets": np.zeros(0)},
        },
    ),
)
def test_refuses(submission, arguments):
    """Raises ValueError where targets is not (n,), or there is no row."""
    with pytest.raises(ValueError):
        submission.linear_regression(**arguments)
