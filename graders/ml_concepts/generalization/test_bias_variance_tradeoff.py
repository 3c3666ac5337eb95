"""Checks of the bias-variance trade-off: every error is computed from its definition.

A fit is linear in the values, so its bias is that of the fit to the truth alone, and
its variance the sum of the squared fits to one unit of noise at one point at a time.
"""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from graders.harness import array, check, check_array, contract, refusals, requiring

DEMAND = {"low": 1, "high": 3, "n": 8, "quiet": 1.0, "noisy": 2.0, "margin": 0.25}
test_contract_error = contract(
    "expected_error",
    {"truth": np.array([1.0, 0.0, 1.0]), "degree": 0, "noise": 0.5},
    returns=float,
)
test_contract_truth = contract("truth_for", DEMAND, returns=array(8))


@st.composite
def demands(draw):
    """Draw what truth_for may be asked for; the room is 2.2 margins or more."""
    low = draw(st.integers(0, 9))
    high = draw(st.integers(low + 1, 10))
    n = draw(st.integers(high + 1, 200))
    quiet = draw(st.integers(0, 50)) / 10
    noisy = quiet + draw(st.integers(1, 50)) / 10
    margins = draw(st.integers(22, 200)) / 10
    margin = (noisy**2 - quiet**2) * (high - low) / n / margins
    return {"low": low, "high": high, "n": n, "quiet": quiet, "noisy": noisy,
            "margin": margin}  # fmt: skip


@st.composite
def cases(draw):
    """Draw a truth, a degree and a noise."""
    degree = draw(st.integers(0, 10))
    n = draw(st.integers(degree + 1, 30))
    truth = draw(hnp.arrays(float, n, elements=st.integers(-50, 50)))
    return truth / 4, degree, draw(st.integers(0, 40)) / 10


def fit(values, degree):
    """Return the polynomial of least squares at the points, of one set of values."""
    x = np.linspace(-1, 1, len(values))
    columns = np.polynomial.chebyshev.chebvander(x, degree)
    return columns @ np.linalg.lstsq(columns, values, rcond=None)[0]


def error_by_definition(truth, degree, noise):
    """Return squared bias and variance, one point of noise at a time."""
    n = len(truth)
    total = ((fit(truth, degree) - truth) ** 2).sum()
    for unit in np.eye(n):
        total += noise**2 * (fit(unit, degree) ** 2).sum()
    return float(total / n)


def gain(truth, demand, noise):
    """Return by how much the high degree is better; its noise alone is exact."""
    low, high, n = demand["low"], demand["high"], demand["n"]
    bias = [((fit(truth, degree) - truth) ** 2).sum() for degree in (low, high)]
    return float((bias[0] - bias[1] - noise**2 * (high - low)) / n)


@requiring("Returns n values of at most 1000 in size.")
def require_truth(result, demand):
    """Demand values of a size that a float can hold apart, and return them."""
    truth = check_array(result, (demand["n"],))
    largest = float(np.abs(truth).max())
    assert largest <= 1000, f"a value of the truth is {largest:g}; 1000 is allowed"
    return truth


def require_high_wins(result, demand):
    """Demand that the high degree is better by the margin where it is quiet."""
    found = gain(require_truth(result, demand), demand, demand["quiet"])
    assert found >= demand["margin"] * (1 - 1e-6), (
        f"with noise {demand['quiet']:g} the error of degree {demand['high']} is lower "
        f"by {found:.6g}; {demand['margin']:.6g} is asked"
    )


def require_low_wins(result, demand):
    """Demand that the low degree is better by the margin where it is noisy."""
    found = -gain(require_truth(result, demand), demand, demand["noisy"])
    assert found >= demand["margin"] * (1 - 1e-6), (
        f"with noise {demand['noisy']:g} the error of degree {demand['low']} is lower "
        f"by {found:.6g}; {demand['margin']:.6g} is asked"
    )


def test_three_points(submission):
    """Gives the constant fit to 1, 0, 1 its bias, 2/9, and a third of the variance."""
    truth = np.array([1.0, 0.0, 1.0])
    check(submission.expected_error(truth, 0, 3.0), 2 / 9 + 3.0)


@given(cases())
def test_error_by_definition(submission, case):
    """Equals squared bias and variance of the fit."""
    check(submission.expected_error(*case), error_by_definition(*case))


@given(cases(), st.lists(st.integers(-8, 8), min_size=11, max_size=11))
def test_what_can_be_fitted_is_no_bias(submission, case, coefficients):
    """Does not change when a polynomial of that degree is added to the truth."""
    truth, degree, noise = case
    x = np.linspace(-1, 1, truth.size)
    added = np.polynomial.chebyshev.chebval(x, coefficients[: degree + 1])
    expected = error_by_definition(*case)
    check(submission.expected_error(truth + added, degree, noise), expected)


@given(demands())
def test_the_high_degree_wins_where_it_is_quiet(submission, demand):
    """Returns a truth for which the high degree is better by the margin when quiet."""
    require_high_wins(submission.truth_for(**demand), demand)


@given(demands())
def test_the_low_degree_wins_where_it_is_noisy(submission, demand):
    """Returns a truth for which the low degree is better by the margin when noisy."""
    require_low_wins(submission.truth_for(**demand), demand)


@pytest.mark.edge_cases
@given(demands())
def test_no_noise_at_all(submission, demand):
    """Finds a truth also where quiet means no noise, and there is hardly any room."""
    room = demand["noisy"] ** 2 * (demand["high"] - demand["low"]) / demand["n"]
    demand = {**demand, "quiet": 0.0, "margin": room / 2.2}
    result = submission.truth_for(**demand)
    require_high_wins(result, demand)
    require_low_wins(result, demand)


@pytest.mark.edge_cases
@given(cases())
def test_as_many_coefficients_as_points(submission, case):
    """Passes through every point where n is degree + 1: no bias, all of the noise."""
    truth, degree, noise = case
    few = truth[: degree + 1]
    check(submission.expected_error(few, degree, noise), noise**2)


@pytest.mark.numerics
def test_far_from_zero(submission):
    """Keeps the bias of 1, 0, 1, which is 2/9, when a million is added to each."""
    truth = 1e6 + np.array([1.0, 0.0, 1.0])
    check(submission.expected_error(truth, 0, 0.0), 2 / 9)


@pytest.mark.validation
@pytest.mark.parametrize(
    "arguments",
    refusals(
        DEMAND,
        {
            "one degree": {"low": 3},
            "the degrees turned around": {"low": 4},
            "one noise": {"noisy": 1.0},
            "the noises turned around": {"noisy": 0.5},
        },
    ),
)
def test_refuses(submission, arguments):
    """Raises ValueError where no such truth exists."""
    with pytest.raises(ValueError):
        submission.truth_for(**arguments)
