"""Checks of the offline winner that loses online, by the definitions of the prompt."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graders.harness import (
    Wrong,
    array,
    check,
    check_array,
    contract,
    refusals,
    requiring,
)

CALL = {
    "contexts": np.array([0, 0, 1, 1]),
    "actions": np.array([0, 1, 0, 2]),
    "rewards": np.array([1.0, 5.0, 3.0, 7.0]),
    "propensities": np.array([0.25, 0.75, 0.5, 0.125]),
    "policy": np.array([1, 2]),
}
DEMAND = {
    "n_contexts": 3,
    "n_actions": 4,
    "one_in": 20,
    "naive_margin": 0.5,
    "true_margin": 0.5,
}
test_contract_log = contract(
    "offline_winner_loses_online",
    DEMAND,
    returns=(
        array(3, 4, kind="i"),
        array(3, 4, kind="fiu"),
        array(3, kind="i"),
        array(3, kind="i"),
    ),
)
test_contract_estimate = contract("inverse_propensity_value", CALL, returns=float)


def odds(margin):
    """Return the odds that the prompt compares with the ratio of propensities."""
    return (1 + margin) / (1 - margin)


@st.composite
def demands(draw):
    """Draw a demand that the prompt says will be made."""
    n_contexts, n_actions = draw(st.integers(3, 5)), draw(st.integers(3, 5))
    one_in = draw(st.integers(n_actions + 1, 30))
    most = 0.8 * (one_in - n_actions + 1)
    true_margin = draw(st.integers(1, largest_hundredth(most / odds(0.01))))
    naive_margin = draw(
        st.integers(1, largest_hundredth(most / odds(true_margin / 100)))
    )
    values = (n_contexts, n_actions, one_in, naive_margin / 100, true_margin / 100)
    return dict(zip(DEMAND, values, strict=True))


def largest_hundredth(most):
    """Return the largest of 1 to 60 hundredths whose odds are no more than that."""
    return max(i for i in range(1, 61) if i == 1 or odds(i / 100) <= most)


@requiring(
    "Returns a log in which each action is taken often enough, and two policies."
)
def misjudged_of(result, demand):
    """Return counts, means and policies, once they are what the prompt says."""
    if not isinstance(result, tuple) or len(result) != 4:
        raise Wrong("expected a tuple of counts, means, policy_a and policy_b")
    shape = (demand["n_contexts"], demand["n_actions"])
    counts = check_array(result[0], shape, kind="iu").astype(int)
    means = check_array(result[1], shape, kind="fiu").astype(float)
    policies = [check_array(p, shape[:1], kind="iu").astype(int) for p in result[2:]]
    require_plausible(counts, means, demand["one_in"])
    for name, policy in zip("ab", policies, strict=True):
        known = set(policy.tolist()) <= set(range(shape[1]))
        assert known, f"policy_{name} takes {policy}; actions are 0 to {shape[1] - 1}"
    return counts, means, *policies


def require_plausible(counts, means, one_in):
    """Demand that the log explores enough, is small enough, and pays 0 to 1."""
    for x, row in enumerate(counts.tolist()):
        rarest = min(row)
        assert rarest * one_in >= max(sum(row), 1), (
            f"in context {x} action {row.index(rarest)} is taken in {rarest} of "
            f"{sum(row)} visits, more rarely than once in {one_in}"
        )
    total = int(counts.sum())
    assert total <= 3000, f"the log has {total} visits; 3000 are allowed"
    for mean in (float(means.min()), float(means.max())):
        assert 0 <= mean <= 1, f"a mean reward is {mean}; they are from 0 to 1"


def naive_value(counts, means, policy):
    """Return the mean reward of the visits that agree with the policy."""
    agreeing = gained = 0.0
    for x, action in enumerate(policy):
        agreeing += counts[x, action]
        gained += counts[x, action] * means[x, action]
    return gained / agreeing


def true_value(counts, means, policy):
    """Return what the policy earns when it is live."""
    earned = 0.0
    for x, action in enumerate(policy):
        earned += counts[x].sum() / counts.sum() * means[x, action]
    return float(earned)


def require_lead(what, lead, margin):
    """Demand that a lead is no less than the margin, but for rounding."""
    assert lead >= margin - 1e-6, f"{what} leads by {lead:.6f}; {margin} was asked for"


def require_naive_lead(result, demand):
    """Demand that A leads by the naive value."""
    counts, means, *policies = misjudged_of(result, demand)
    a, b = (naive_value(counts, means, policy) for policy in policies)
    what = f"the naive value is {a:.6f} for A and {b:.6f} for B, so A"
    require_lead(what, a - b, demand["naive_margin"])


def require_true_lead(result, demand):
    """Demand that B leads by the true value."""
    counts, means, *policies = misjudged_of(result, demand)
    a, b = (true_value(counts, means, policy) for policy in policies)
    what = f"the true value is {a:.6f} for A and {b:.6f} for B, so B"
    require_lead(what, b - a, demand["true_margin"])


def visits_of(counts, means):
    """Return the log of such a population, visit by visit, as the estimate takes it."""
    contexts, actions = (np.repeat(i, counts.ravel()) for i in np.indices(counts.shape))
    propensities = counts / counts.sum(axis=1, keepdims=True)
    cells = (contexts, actions)
    return contexts, actions, means[cells], propensities[cells]


@st.composite
def logs(draw):
    """Draw any log, and a policy, as arguments of the estimate."""
    n, n_contexts = draw(st.integers(1, 8)), draw(st.integers(1, 3))

    def column(elements):
        return np.array(draw(st.lists(elements, min_size=n, max_size=n)))

    contexts = column(st.integers(0, n_contexts - 1))
    actions = column(st.integers(0, 2))
    rewards = column(st.integers(-4, 8)) / 4
    propensities = column(st.sampled_from([1e-12, 0.001, 0.125, 0.25, 0.5, 1.0]))
    policy = np.array([draw(st.integers(0, 2)) for _ in range(n_contexts)])
    return contexts, actions, rewards, propensities, policy


def value_by_definition(contexts, actions, rewards, propensities, policy):
    """Return the estimate, visit by visit."""
    total = 0.0
    for x, action, reward, propensity in zip(
        contexts, actions, rewards, propensities, strict=True
    ):
        if policy[x] == action:
            total += reward / propensity
    return total / len(contexts)


@given(demands())
def test_a_wins_offline(submission, demand):
    """Lets A's naive value exceed B's by the margin asked for."""
    require_naive_lead(submission.offline_winner_loses_online(**demand), demand)


@given(demands())
def test_b_wins_online(submission, demand):
    """Lets B's true value exceed A's by the margin asked for."""
    require_true_lead(submission.offline_winner_loses_online(**demand), demand)


@settings(max_examples=15)
@given(demands())
def test_the_estimate_would_have_told(submission, demand):
    """Gives by inverse propensity scoring, on its own log, what A and B truly earn."""
    result = submission.offline_winner_loses_online(**demand)
    counts, means, *policies = misjudged_of(result, demand)
    log = visits_of(counts, means)
    for policy in policies:
        value = submission.inverse_propensity_value(*log, policy)
        check(value, true_value(counts, means, policy))


def test_an_estimate_by_hand(submission):
    """Gets right a log of four visits."""
    value = submission.inverse_propensity_value(**CALL)
    check(value, (5 / 0.75 + 7 / 0.125) / 4)


@given(logs())
def test_the_estimate_matches_the_definition(submission, log):
    """Equals the mean, over all visits, of reward by propensity where actions agree."""
    check(submission.inverse_propensity_value(*log), value_by_definition(*log))


@pytest.mark.edge_cases
@pytest.mark.parametrize(
    "values",
    [
        pytest.param((5, 5, 24, 0.6, 0.6), id="largest margins"),
        pytest.param((5, 5, 30, 1e-3, 1e-3), id="tiny margins"),
        pytest.param((5, 3, 30, 0.6, 1e-3), id="tiny true margin"),
        pytest.param((3, 5, 30, 1e-3, 0.6), id="tiny naive margin"),
        pytest.param((3, 5, 6, 0.1, 0.1), id="hardly any freedom"),
        pytest.param((3, 3, 5, 0.41, 1e-3), id="as naive as four to one allows"),
    ],
)
def test_goes_to_the_limits(submission, values):
    """Builds a log at either end of what is asked for."""
    demand = dict(zip(DEMAND, values, strict=True))
    result = submission.offline_winner_loses_online(**demand)
    require_naive_lead(result, demand)
    require_true_lead(result, demand)


@pytest.mark.validation
@pytest.mark.parametrize(
    "arguments",
    refusals(
        CALL,
        {
            "one reward, which would be broadcast": {"rewards": np.array([1.0])},
            "context 2 of 2": {"contexts": np.array([0, 0, 1, 2])},
            "context -1": {"contexts": np.array([0, -1, 1, 1])},
            "propensities": ["zero", "negative"],
        },
    ),
)
def test_refuses_what_is_no_log(submission, arguments):
    """Raises ValueError where shapes, contexts or propensities are wrong."""
    with pytest.raises(ValueError):
        submission.inverse_propensity_value(**arguments)
