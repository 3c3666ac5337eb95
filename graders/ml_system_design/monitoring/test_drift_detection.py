"""Checks of drift detection: what the interviewer looks for.

The oracles are the definitions, bin by bin and point by point, from lists.
"""

import math
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from graders.harness import check, check_number, contract, refusals

CALM = np.arange(12.0)
CALL = {"reference": CALM, "current": CALM + 3, "n_bins": 4}
TWO = {"reference": np.array([[1.0, 2.0], [3.0, 1.0]]), "batch": np.ones((3, 2))}
test_contract_psi = contract("psi", CALL, returns=float)
test_contract_ks = contract(
    "ks", {"reference": CALM, "current": CALM + 3}, returns=(float, float)
)
test_contract_drifted = contract(
    "drifted", {**TWO, "false_alarms": 0.9, "least": 0.0}, returns=[int]
)

SEEDS = st.integers(0, 2**32)
CLOSE = {"rtol": 0, "atol": 1e-9}


def is_plain(n, n_bins):
    """Return whether no quantile falls on one of n numbers, where rounding decides."""
    return n == 1 or math.gcd(n - 1, n_bins) == 1


@st.composite
def samples(draw, most_missing=0):
    """Draw two samples, of many equal numbers or of none, and a number of bins."""
    rng = np.random.default_rng(draw(SEEDS))
    n_bins = draw(st.integers(2, 12))
    n = draw(st.integers(1, 80).filter(lambda n: is_plain(n, n_bins)))
    m = draw(st.integers(1, 80))
    if draw(st.booleans()):  # nothing lies between two numbers, where a quantile may
        r = rng.integers(-5, 6, n) / 1.0
        c = rng.choice([*r, *r, -100.0, 100.0], m)
    else:
        r, c = rng.normal(size=n), draw(st.integers(-2, 2)) + 2 * rng.normal(size=m)
    gaps = [np.full(draw(st.integers(0, most_missing)), np.nan) for _ in "rc"]
    r, c = np.append(r, gaps[0]), np.append(c, gaps[1])
    return rng.permutation(r), rng.permutation(c), n_bins


def quantile(ordered, share):
    """Return a quantile of sorted numbers, interpolated between two of them."""
    place = share * (len(ordered) - 1)
    low = min(int(place), len(ordered) - 2) if len(ordered) > 1 else 0
    after = ordered[min(low + 1, len(ordered) - 1)]
    return ordered[low] + (place - low) * (after - ordered[low])


def psi_by_definition(r, c, n_bins):
    """Return the index, one bin after the other."""
    ordered = sorted(x for x in r.tolist() if x == x)
    edges = [quantile(ordered, i / n_bins) for i in range(1, n_bins)]
    limits = [-math.inf, *edges, math.inf]
    total = 0.0
    for low, high in [*pairwise(limits), (None, None)]:
        shares = []
        for sample in (r.tolist(), c.tolist()):
            inside = [x != x if low is None else low <= x < high for x in sample]
            shares.append(max(sum(inside) / len(sample), 1e-4))
        total += (shares[1] - shares[0]) * math.log(shares[1] / shares[0])
    return total


def ks_by_definition(r, c):
    """Return the statistic and its p-value, at each number of both samples."""
    r, c = r.tolist(), c.tolist()
    statistic = max(
        abs(sum(x <= at for x in r) / len(r) - sum(x <= at for x in c) / len(c))
        for at in {*r, *c}
    )
    scaled = statistic * math.sqrt(len(r) * len(c) / (len(r) + len(c)))
    if scaled < 0.2:
        return statistic, 1.0
    terms = [(-1) ** (k - 1) * math.exp(-2 * (k * scaled) ** 2) for k in range(1, 200)]
    return statistic, 2 * math.fsum(terms)


def test_index_by_hand(submission):
    """Gives the index that you would compute on paper, for two bins."""
    r, c = np.array([1.0, 2.0, 3.0, 4.0]), np.array([1.0, 4.0, 5.0, 9.0])
    check(submission.psi(r, c, 2), 0.25 * math.log(1.5) - 0.25 * math.log(0.5))


@given(samples())
def test_index_as_defined(submission, case):
    """Gives the index over bins at the quantiles of the reference."""
    check(submission.psi(*case), psi_by_definition(*case))


@given(samples(most_missing=30))
def test_missing_numbers_are_a_bin(submission, case):
    """Counts NaN as a bin of its own, and leaves it out of the quantiles."""
    check(submission.psi(*case), psi_by_definition(*case))


@given(samples(), st.sampled_from([0.25, 8.0]))
def test_units_do_not_matter(submission, case, factor):
    """Gives the same for numbers in another unit, and is never below 0."""
    r, c, n_bins = case
    index = check_number(submission.psi(r, c, n_bins), -1e-12)
    check(submission.psi(factor * r, factor * c, n_bins), index)
    check(submission.ks(np.exp(r / 50), np.exp(c / 50)), submission.ks(r, c))


@given(samples())
def test_statistic_as_defined(submission, case):
    """Gives the largest distance at any number of either sample, and its p-value."""
    check(submission.ks(*case[:2]), ks_by_definition(*case[:2]), **CLOSE)


@given(samples())
def test_either_sample_may_come_first(submission, case):
    """Gives the same statistic and p-value when the samples change places."""
    check(submission.ks(case[1], case[0]), ks_by_definition(*case[:2]), **CLOSE)


@st.composite
def batches(draw):
    """Draw a reference and a batch, of which some columns drift, and two limits."""
    rng = np.random.default_rng(draw(SEEDS))
    d = draw(st.integers(1, 8))
    shifts = rng.choice([0.0, 0.0, 0.3, 0.6, 1.0, 3.0], d)
    n, m = draw(st.integers(20, 150)), draw(st.integers(20, 150))
    limits = draw(st.sampled_from([0.5, 0.05, 1e-3])), draw(st.sampled_from([0.0, 0.3]))
    return rng.normal(size=(n, d)), rng.normal(size=(m, d)) + shifts, *limits


@given(batches())
def test_columns_as_defined(submission, case):
    """Names the columns whose p-value and statistic are both beyond their limits."""
    reference, batch, false_alarms, least = case
    d = reference.shape[1]
    tests = [ks_by_definition(reference[:, j], batch[:, j]) for j in range(d)]
    limit = false_alarms / d
    # Near a limit rounding would decide.
    assume(all(abs(p / limit - 1) > 1e-6 and abs(s - least) > 1e-9 for s, p in tests))
    expected = [j for j, (s, p) in enumerate(tests) if p <= limit and s >= least]
    options = {"false_alarms": false_alarms, "least": least}
    check(submission.drifted(reference, batch, **options), expected)


@pytest.mark.edge_cases
def test_limits_are_within(submission):
    """Counts a statistic that equals its limit, not one that is below either."""
    reference, batch = np.arange(8.0)[:, np.newaxis], np.arange(4.0, 12)[:, np.newaxis]
    options = {"false_alarms": 0.9, "least": 0.5}
    check(submission.drifted(reference, batch, **options), [0])
    check(submission.drifted(reference, reference, **options), [])
    many = np.arange(1000.0)[:, np.newaxis]
    # D is 0.1 and p 9e-5: a small difference of many rows.
    check(submission.drifted(many, many + 100, **options), [])


@pytest.mark.edge_cases
def test_no_number_in_a_bin(submission):
    """Takes a share of 1e-4 where a bin is empty or nearly so; gives no infinity."""
    far = np.full(5, 1e9)
    low, high = math.log(1e-4 / 0.5), math.log(1 / 0.5)
    expected = (1e-4 - 0.5) * low + 0.5 * high
    check(submission.psi(np.array([1.0, 2.0]), far, 2), expected)
    # One number of 20,001 is less than 1e-4 as well.
    rest = 20_000 / 20_001
    expected = (1e-4 - 0.5) * low + (rest - 0.5) * math.log(rest / 0.5)
    one_below = np.append(np.full(20_000, 3.0), 0.0)
    check(submission.psi(np.arange(4.0), one_below, 2), expected)
    broken = np.full(3, np.nan)
    check(submission.psi(CALM, broken, 3), psi_by_definition(CALM, broken, 3))


@pytest.mark.edge_cases
def test_nothing_differs(submission):
    """Gives 0 and a p-value of 1 for the same sample, and for constants."""
    for sample in (CALM, np.ones(3), np.array([7.0])):
        check(submission.psi(sample, sample, 3), 0.0)
        check(submission.ks(sample, sample), (0.0, 1.0))


@pytest.mark.numerics
@pytest.mark.parametrize("n", [7, 8, 9, 12])
def test_p_value_near_1(submission, n):
    """Gives a p-value near 1 to 1e-9, for which the series needs many terms."""
    # D is 1 / n, and t is 0.27 for n = 7, and 0.204 for n = 12.
    r, c = np.arange(float(n)), np.arange(float(n)) + 0.5
    check(submission.ks(r, c), ks_by_definition(r, c), **CLOSE)


@pytest.mark.validation
@pytest.mark.parametrize(
    "arguments",
    refusals(
        CALL,
        {
            "one bin": {"n_bins": 1},
            "no reference": {"reference": np.array([])},
            "no current": {"current": np.array([])},
        },
    ),
)
def test_refuses(submission, arguments):
    """Raises ValueError for fewer than two bins, and for an empty sample."""
    with pytest.raises(ValueError):
        submission.psi(**arguments)
