"""Checks of sums on the log scale: what the interviewer looks for.

The oracles are the definitions, one number at a time, in decimals of 400 digits.
"""

import decimal
import math
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from graders.harness import array, check, check_array, contract, refusals

X = np.array([[0.0, 1.0, -2.0], [3.0, 3.0, -1.0]])
CALL = {"a": X, "b": X - 1}
test_contract_sum = contract("log_sum_exp", {"x": X, "axis": 1}, returns=array(2))
test_contract_softmax = contract("log_softmax", {"x": X}, returns=array(2, 3))
test_contract_complement = contract("log1mexp", {"x": X - 4}, returns=array(2, 3))
test_contract_difference = contract("log_diff_exp", CALL, returns=array(2, 3))

SHAPES = hnp.array_shapes(min_dims=2, max_dims=3, max_side=4)
LOGARITHMS = st.one_of(
    st.integers(-30, 30).map(lambda count: count / 10),
    st.integers(-2000, 2000).map(float),
    st.just(-math.inf),
)


@st.composite
def arrays(draw, elements=LOGARITHMS):
    """Draw an array of two or three axes, and one of the axes."""
    x = draw(hnp.arrays(float, draw(SHAPES), elements=elements))
    return x, draw(st.integers(-x.ndim, x.ndim - 1))


def log_of_sum(values):
    """Return the logarithm of the sum of exponentials, by its definition."""
    with decimal.localcontext(prec=40):
        total = sum((Decimal(value).exp() for value in values), Decimal(0))
        return float(total.ln())


def log_of_complement(value):
    """Return the logarithm of 1 less the exponential, by its definition."""
    with decimal.localcontext(prec=400):
        return float((1 - Decimal(value).exp()).ln())


def by_definition(x, axis):
    """Return log_sum_exp, one sum after the other."""
    return np.apply_along_axis(lambda row: log_of_sum(row.tolist()), axis, x)


def with_a_finite_number(x, axis):
    """Return an array with 0 in first place along an axis."""
    x = x.copy()
    np.moveaxis(x, axis, 0)[0] = 0.0
    return x


@given(arrays())
def test_sums_as_defined(submission, case):
    """Gives the logarithm of a sum of exponentials, however large or small they are."""
    x, axis = case
    check(submission.log_sum_exp(x, axis=axis), by_definition(x, axis))


@given(arrays())
def test_softmax_as_defined(submission, case):
    """Gives x less log_sum_exp, and -inf where x is -inf."""
    x, axis = with_a_finite_number(*case), case[1]
    expected = x - np.expand_dims(by_definition(x, axis), axis)
    check(submission.log_softmax(x, axis=axis), expected)


SMALL = st.tuples(st.floats(-9.99, -1), st.integers(0, 300)).map(
    lambda parts: parts[0] * 10.0 ** -parts[1]
)


@pytest.mark.numerics
@given(arrays(st.one_of(st.floats(-690, -0.01), SMALL)))
@example((np.array([[-19.3]]), 0))  # where exp(x) alone is too little yet
def test_complement_to_nine_digits(submission, case):
    """Keeps nine digits of log(1 - exp(x)), from x = -690 to x = -1e-300."""
    x, _ = case
    expected = [log_of_complement(value) for value in x.ravel().tolist()]
    check(submission.log1mexp(x), np.reshape(expected, x.shape), rtol=1e-9, atol=0)


@pytest.mark.numerics
@given(arrays(st.floats(-3, 3)), st.data())
def test_difference_undoes_the_sum(submission, case, data):
    """Gives b for a = log(exp(b) + exp(c)) less c, and c for a less b."""
    b, _ = case
    gap = data.draw(hnp.arrays(float, b.shape, elements=st.floats(-3, 3)))
    c = b + gap
    a = by_definition(np.stack([b, c]), 0)
    check(submission.log_diff_exp(a, c), b)
    check(submission.log_diff_exp(a, b), c)


@pytest.mark.numerics
@given(arrays(st.integers(-2000, 2000).map(float)), st.integers(1, 40))
def test_difference_of_neighbours(submission, case, bits):
    """Keeps its digits where a and b nearly agree, and where both are far from 0."""
    b, gap = case[0], 2.0**-bits
    expected = b + gap + log_of_complement(-gap)
    check(submission.log_diff_exp(b + gap, b), expected)


@pytest.mark.numerics
def test_difference_from_zero(submission):
    """Keeps its digits where b is 0 and a is hardly more, 1e-17 even."""
    a = np.array([[1e-17, 1.3e-14, 1.7e-10]])
    check(submission.log_diff_exp(a, np.zeros_like(a)), np.log(a) + a / 2)


@given(arrays(), st.integers(1, 3))
def test_a_sum_of_sums(submission, case, cut):
    """Gives the same when an axis is summed in two parts, and the parts then."""
    x, axis = case
    parts = np.split(x, [min(cut, x.shape[axis] - 1)], axis=axis)
    sums = [submission.log_sum_exp(part, axis=axis) for part in parts if part.size]
    shape = by_definition(x, axis).shape
    sums = [check_array(part, shape, finite=False) for part in sums]
    result = submission.log_sum_exp(np.stack([*sums, *sums]), axis=0)
    whole = check_array(submission.log_sum_exp(x, axis=axis), shape, finite=False)
    check(result, whole + math.log(2))


@pytest.mark.numerics
@given(arrays(), st.sampled_from([2.0**40, -(2.0**40)]))
def test_a_shift_of_softmax(submission, case, shift):
    """Does not change log_softmax when the same is added everywhere, 1e12 even."""
    x, axis = np.round(8 * with_a_finite_number(*case)) / 8, case[1]
    expected = submission.log_softmax(x, axis=axis)
    check(submission.log_softmax(x + shift, axis=axis), expected, atol=1e-6)


@given(arrays(st.floats(-600, -1e-200)))
def test_complement_of_the_complement(submission, case):
    """Gives x again when log1mexp is applied twice."""
    x, _ = case
    once = check_array(submission.log1mexp(x), x.shape)
    check(submission.log1mexp(once), x, rtol=1e-9, atol=0)


@pytest.mark.edge_cases
def test_nothing_likely(submission):
    """Gives -inf for a sum of zeros, and for a difference of equals."""
    none, some = np.full((2, 3), -np.inf), np.array([[1.0, -5.0, 800.0]] * 2)
    check(submission.log_sum_exp(none), none[:, 0])
    check(submission.log_diff_exp(none, none), none)
    check(submission.log_diff_exp(some, some), none)
    check(submission.log_diff_exp(some, none), some)


@pytest.mark.edge_cases
def test_certain_and_impossible(submission):
    """Gives -inf for the complement of 1, and 0 for that of 0, in log1mexp."""
    result = submission.log1mexp(np.array([[0.0, -np.inf]]))
    check(result, np.array([[-np.inf, 0.0]]))


@pytest.mark.numerics
@pytest.mark.parametrize("size", [1e300, -1e300], ids=["huge", "huge, negative"])
def test_huge_numbers(submission, size):
    """Neither overflows nor gives NaN for numbers of 1e300, of either sign."""
    x = np.array([[size, size], [size, -size]])
    check(submission.log_sum_exp(x), np.array([size, abs(size)]))
    half, best = [-math.log(2)] * 2, [0.0, -2e300][:: 1 if size > 0 else -1]
    check(submission.log_softmax(x), np.array([half, best]))


@pytest.mark.validation
@pytest.mark.parametrize(
    "arguments",
    refusals(
        CALL,
        {
            "one larger": {"b": X - [1.0, -1.0, 1.0]},
            "a number from nothing": {"a": np.full((2, 3), -np.inf)},
            "b": "shorter",
            "one b for all": {"b": X[:, :1] - 9},
            "one a for all": {"a": X[:, :1] + 9},
        },
    ),
)
def test_refuses(submission, arguments):
    """Raises ValueError where b is above a, or of another shape."""
    with pytest.raises(ValueError):
        submission.log_diff_exp(**arguments)
