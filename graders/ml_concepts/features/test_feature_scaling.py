"""Checks of feature scaling: neighbours and covariances are computed from the data."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graders.harness import (
    Wrong,
    array,
    check,
    check_array,
    contract,
    refusals,
    requiring,
    strategies,
)

CALL = {"train": np.array([[1.0, 5.0], [3.0, 5.0]]), "test": np.array([[5.0, 6.0]])}
test_contract_scale = contract("standardise", CALL, returns=(array(2, 2), array(1, 2)))
test_contract_neighbours = contract(
    "neighbours_data",
    {"n": 12, "better": "raw"},
    returns=(array(12, 2), array(12, kind="i")),
)
test_contract_descent = contract(
    "descent_data", {"n": 8, "d": 2, "condition": 10.0}, returns=array(8, 2)
)
rows = st.integers(6, 100).map(lambda half: 2 * half)


@st.composite
def tables(draw):
    """Draw training and test rows, some columns constant."""
    d = draw(st.integers(1, 4))
    train = draw(strategies.matrices((1, 8), d))
    test = draw(strategies.matrices((0, 4), d))
    if draw(st.booleans()):
        train = train.copy()
        train[:, 0] = 0.1
    return train, test


@st.composite
def descents(draw):
    """Draw what descent_data may be asked for, the limits as often as the rest."""
    d = draw(st.integers(2, 6))
    n = draw(st.sampled_from([4 * d, 200]) | st.integers(4 * d, 200))
    exponent = draw(st.sampled_from([1.0, 6.0]) | st.floats(1, 6))
    return {"n": n, "d": d, "condition": 10**exponent}


def standardised_by_definition(train, test):
    """Return both tables, one column at a time."""
    parts = np.zeros(train.shape), np.zeros(test.shape)
    for j, column in enumerate(train.T.tolist()):
        mean = sum(column) / len(column)
        variance = sum((value - mean) ** 2 for value in column) / len(column)
        spread = 1.0 if len(set(column)) == 1 else variance**0.5
        for part, table in zip(parts, (train, test), strict=True):
            part[:, j] = [(value - mean) / spread for value in table[:, j].tolist()]
    return parts


def share_right(x, y):
    """Return the share of rows all of whose nearest rows have their label."""
    right = 0
    for i, row in enumerate(x):
        apart = np.sqrt(((x - row) ** 2).sum(axis=1))
        apart[i] = np.inf
        nearest = apart <= apart.min() * (1 + 1e-9)
        right += bool((y[nearest] == y[i]).all())
    return right / len(x)


def condition_of(x):
    """Return the largest eigenvalue of the covariance over the smallest."""
    sizes = np.linalg.svd(x - x.mean(axis=0), compute_uv=False)
    return float((sizes[0] / max(sizes[-1], 1e-300)) ** 2)


@requiring("Returns n rows of moderate numbers, half of them labelled 1.")
def shares(submission, n, better):
    """Return the shares raw and standardised of data whose form is right."""
    result = submission.neighbours_data(n, better)
    if not isinstance(result, tuple) or len(result) != 2:
        raise Wrong("expected rows and labels")
    x, y = check_array(result[0], (n, 2)), check_array(result[1], (n,), kind="iu")
    require_moderate(x)
    odd = set(y.tolist()) - {0, 1}
    assert not odd, f"a label is {min(odd)}"
    assert abs(2 * int(y.sum()) - n) <= 2, f"{int(y.sum())} of {n} labels are 1"
    return share_right(x, y), share_right(standardised_by_definition(x, x)[0], y)


@requiring("Returns numbers of at most 1e6 in size.")
def require_moderate(x):
    """Demand numbers of which float64 holds differences."""
    largest = float(np.abs(x).max())
    assert largest <= 1e6, f"a number is {largest:g} in size; 1e6 is allowed"


def require_high(share, which):
    """Demand that nearest neighbours do well."""
    assert share >= 0.9, f"{which}, {share:.0%} of the rows are right; 90 % are asked"


def require_low(share, which):
    """Demand that they do badly."""
    assert share <= 0.5, f"{which}, {share:.0%} of the rows are right; at most 50 %"


@given(tables())
def test_standardises_by_definition(submission, case):
    """Subtracts the mean of the training rows, and divides by their deviation."""
    check(submission.standardise(*case), standardised_by_definition(*case), rtol=1e-6)


@given(tables(), st.sampled_from([-3.0, 0.01, 40.0]), st.integers(-5, 5))
def test_units_do_not_matter(submission, case, factor, shift):
    """Gives the same numbers, but for a sign, in other units and from another zero."""
    train, test = standardised_by_definition(*case)
    changed = [factor * table + shift for table in case]
    constant = (case[0] == case[0][0]).all(axis=0)
    sign = np.where(constant, factor, np.sign(factor))
    expected = (np.where(constant, 0, sign * train), sign * test)
    check(submission.standardise(*changed), expected, rtol=1e-6, atol=1e-7)


@given(tables())
def test_test_rows_do_not_matter(submission, case):
    """Learns nothing from test rows: without them, training rows come out the same."""
    train, test = case
    found = submission.standardise(train, test)
    check(found, (np.zeros(train.shape), np.zeros(test.shape)), atol=np.inf)
    alone = submission.standardise(train, test[:0])
    check(alone, (found[0], found[1][:0]), rtol=1e-6)


@given(rows)
def test_scaling_helps_neighbours(submission, n):
    """Returns data whose neighbours are right standardised, and wrong as they are."""
    raw, scaled = shares(submission, n, "standardised")
    require_high(scaled, "standardised")
    require_low(raw, "as they are")


@given(rows)
def test_scaling_harms_neighbours(submission, n):
    """Returns data whose neighbours are right as they are, and wrong standardised."""
    raw, scaled = shares(submission, n, "raw")
    require_high(raw, "as they are")
    require_low(scaled, "standardised")


@given(descents())
def test_descent_crawls_as_they_are(submission, demand):
    """Returns columns whose covariance has the condition number asked for, or more."""
    x = check_array(submission.descent_data(**demand), (demand["n"], demand["d"]))
    require_moderate(x)
    found = condition_of(x)
    assert found >= demand["condition"], f"{found:.5g}; {demand['condition']:.5g} asked"


@given(descents())
def test_descent_is_quick_when_standardised(submission, demand):
    """Returns columns whose condition number is at most 1.5 when standardised."""
    x = check_array(submission.descent_data(**demand), (demand["n"], demand["d"]))
    found = condition_of(standardised_by_definition(x, x)[0])
    assert found <= 1.5, f"standardised, the condition number is {found:.4g}"


@pytest.mark.edge_cases
def test_a_column_that_is_constant(submission):
    """Makes a constant column 0, not NaN, and keeps what test rows differ by."""
    train = np.array([[0.1, 1.0]] * 3 + [[0.1, 2.0]])
    expected = standardised_by_definition(train, np.array([[2.1, 1.0]]))
    check(submission.standardise(train, np.array([[2.1, 1.0]])), expected, atol=1e-7)


@pytest.mark.edge_cases
def test_whole_numbers(submission):
    """Returns fractions for arrays of integers too, and does not cut them off."""
    # The mean is 7/3, the variance 14/9.
    expected = np.array([[-4.0], [-1.0], [5.0]]) / 14**0.5, np.array([[8.0]]) / 14**0.5
    check(submission.standardise(np.array([[1], [2], [4]]), np.array([[5]])), expected)


@pytest.mark.numerics
def test_columns_that_hardly_vary(submission):
    """Divides a column by its deviation, even if it is small or the numbers large."""
    expected = np.array([[-1.0], [1.0]]), np.array([[1.0], [3.0]])
    for low, apart in ((0.0, 1e-15), (1e6, 2.0), (1e8, 2**-7), (1e15, 1.0)):
        train = np.array([[low], [low + apart]])
        check(submission.standardise(train, train + apart), expected)


@pytest.mark.edge_cases
@pytest.mark.parametrize("better", ["raw", "standardised"])
@pytest.mark.parametrize("n", [12, 14, 200], ids=["12 rows", "14 rows", "200 rows"])
def test_few_and_many_rows(submission, n, better):
    """Does so for as few as 12 rows and as many as 200."""
    raw, scaled = shares(submission, n, better)
    require_high(raw if better == "raw" else scaled, better)
    require_low(scaled if better == "raw" else raw, "the other way")


@pytest.mark.validation
@pytest.mark.parametrize(
    "arguments",
    refusals(
        CALL,
        {
            "a column missing": {"test": np.array([[5.0]])},
            "a column too many": {"train": np.array([[1.0], [3.0]])},
            "no training row": {"train": np.zeros((0, 2))},
            "no test row, and a column too many": {"test": np.zeros((0, 3))},
        },
    ),
)
def test_refuses(submission, arguments):
    """Raises ValueError where there is nothing to learn from, or columns differ."""
    with pytest.raises(ValueError):
        submission.standardise(**arguments)
