"""Checks of Simpson's paradox: each claim is computed from the counts, in integers."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from graders.harness import array, check, check_array, contract, refusals, requiring

CALL = {"n_groups": 3, "within": 5, "overall": 10}
test_contract_data = contract(
    "simpsons_paradox", CALL, returns=array(3, 2, 2, kind="i")
)
test_contract_difference = contract(
    "adjusted_difference", {"counts": np.full((3, 2, 2), 4)}, returns=float
)


@st.composite
def demands(draw):
    """Draw what simpsons_paradox may be asked for."""
    within = draw(st.integers(1, 44))
    overall = draw(st.integers(1, 90 - 2 * within))
    return {"n_groups": draw(st.integers(2, 20)), "within": within, "overall": overall}


@requiring("Returns counts, none of them below 0, and rows in both arms of each group.")
def groups_of(result, n_groups):
    """Return the outcomes of both arms of each group, in Python's integers."""
    counts = check_array(result, (n_groups, 2, 2), kind="iu")
    assert counts.min() >= 0, f"a count is {counts.min()}"
    assert counts.sum(axis=2).min() > 0, "an arm is empty"
    return counts.tolist()


def rate(outcomes):
    """Return a success rate, exactly."""
    failures, successes = outcomes
    return Fraction(successes, failures + successes)


def summed(counts, arm):
    """Return the outcomes of an arm over all groups."""
    return [sum(group[arm][outcome] for group in counts) for outcome in (0, 1)]


def require_every_group_favours_treatment(result, n_groups, within):
    """Demand that the rate of arm 1 is above in each group."""
    for number, (control, treated) in enumerate(groups_of(result, n_groups)):
        above = 100 * (rate(treated) - rate(control))
        assert above >= within, (
            f"in group {number} arm 1 is {float(above):g} points above; {within} asked"
        )


def require_the_whole_favours_control(result, n_groups, overall):
    """Demand that the rate of arm 1 is below over all groups."""
    groups = groups_of(result, n_groups)
    below = 100 * (rate(summed(groups, 0)) - rate(summed(groups, 1)))
    assert below >= overall, (
        f"over all groups arm 1 is {float(below):g} points below; {overall} asked"
    )


def require_every_group_counts(result, n_groups):
    """Demand that no group is tiny, nor the whole huge."""
    sizes = [sum(map(sum, group)) for group in groups_of(result, n_groups)]
    rows, least = sum(sizes), min(sizes)
    assert rows <= 1_000_000, f"{rows} rows; 1,000,000 are allowed"
    assert 100 * least >= rows, f"a group has {least} of {rows} rows; 1 % is asked for"


@given(demand=demands())
def test_every_group_favours_the_treatment(submission, demand):
    """Has in each group a rate of arm 1 that is `within` points above, or more."""
    result = submission.simpsons_paradox(**demand)
    require_every_group_favours_treatment(result, demand["n_groups"], demand["within"])


@given(demand=demands())
def test_the_whole_favours_the_control(submission, demand):
    """Has over all groups a rate of arm 1 that is `overall` points below, or more."""
    result = submission.simpsons_paradox(**demand)
    require_the_whole_favours_control(result, demand["n_groups"], demand["overall"])


@given(demand=demands())
def test_every_group_matters(submission, demand):
    """Has at most 1,000,000 rows, and at least 1 % of them in each group."""
    result = submission.simpsons_paradox(**demand)
    require_every_group_counts(result, demand["n_groups"])


tables = hnp.arrays(
    np.int64,
    st.tuples(st.integers(1, 5), st.just(2), st.just(2)),
    elements=st.integers(0, 9),
).filter(lambda counts: counts.sum(axis=2).min() > 0)


@given(tables)
def test_adjusts_by_group(submission, counts):
    """Weights the difference in each group by the group's share of all rows."""
    whole = Fraction(0)
    for control, treated in counts.tolist():
        share = Fraction(sum(control) + sum(treated), int(counts.sum()))
        whole += share * (rate(treated) - rate(control))
    check(submission.adjusted_difference(counts), float(whole))


@given(tables, st.integers(2, 10**6))
def test_only_the_shares_matter(submission, counts, factor):
    """Does not change with the size of the data, and turns its sign with the arms."""
    difference = submission.adjusted_difference(counts)
    check(submission.adjusted_difference(factor * counts), difference)
    swapped = counts[:, ::-1].copy()
    check(submission.adjusted_difference(swapped), -difference)


@pytest.mark.edge_cases
@pytest.mark.parametrize(
    ("n_groups", "within", "overall"),
    [(2, 44, 2), (2, 1, 88), (3, 22, 46), (20, 44, 2)],
)
def test_to_the_limits(submission, n_groups, within, overall):
    """Goes as far as is promised: 2 * within + overall of 90, from 2 to 20 groups."""
    result = submission.simpsons_paradox(n_groups, within, overall)
    require_every_group_favours_treatment(result, n_groups, within)
    require_the_whole_favours_control(result, n_groups, overall)
    require_every_group_counts(result, n_groups)


@pytest.mark.edge_cases
def test_kidney_stones(submission):
    """Finds 5.4 points for open surgery, which looks 4.6 points worse over all."""
    # Charig et al. 1986, small stones and large ones, doi:10.1136/bmj.292.6524.879
    counts = np.array([[[36, 234], [6, 81]], [[25, 55], [71, 192]]])
    check(submission.adjusted_difference(counts), 0.0536712, atol=1e-7)


@pytest.mark.validation
@pytest.mark.parametrize(
    "arguments",
    refusals(
        CALL,
        {
            "one group": {"n_groups": 1},
            "within": "zero",
            "overall": "zero",
            "too much": {"within": 30, "overall": 31},
        },
    ),
)
def test_refuses(submission, arguments):
    """Raises ValueError where no such data are promised."""
    with pytest.raises(ValueError):
        submission.simpsons_paradox(**arguments)
