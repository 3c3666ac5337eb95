"""Grader for the bot guard: runs it through three worlds, shows whom it held back."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graders.harness import array, check, contract
from graders.ml_system_design.production.running import (
    Measured,
    Run,
    demand,
    demand_the_same,
    measuring,
    naming,
)
from graders.ml_system_design.risk import farms, guards
from graders.ml_system_design.risk import guard_measures as measures
from graders.ml_system_design.risk.farms import World
from graders.ml_system_design.risk.guards import Life

# A good answer takes 1 to 4 s; the rest is for guards that train more.
pytestmark = pytest.mark.timeout(45)

KEYS = ("decisions", "reads", "cores", "gigabytes", "reviewers")


def run_worlds(run, rules, rng):
    """Let a new guard live in each of three worlds."""
    lives = []
    for events, brigade in run.worlds(farms.calendars(rng)):
        world_seed, own = rng.integers(2**60, size=2)
        world = World(rules, int(world_seed), events, brigade=brigade)
        life = Life(world).live(run, np.random.default_rng(own))
        lives.append(measures.three(life))
    plots = [measures.plot_of(one, number) for number, one in enumerate(lives, 1)]
    return Measured(measures.lines(rules, lives), plots)


measured = measuring(run_worlds)


def first_answer(module, rules):
    """Return what a new guard answers on the first five accounts."""
    world = World(rules, 1, {}, days=1)
    accounts = world.day(0, np.zeros(farms.FARMS + 1, dtype=bool))
    fields = {name: values[:5] for name, values in accounts.fields.items()}
    guard = module.BotGuard(np.random.default_rng(1))
    return guard.decide(0, fields, Life(world).news(0))


test_contract_plan = contract(
    "guard_plan",
    {"accounts_per_day": 864_000.0, "peak_factor": 2.0, "bot_share": 0.1},
    returns=dict.fromkeys(KEYS, float),
)
test_contract_answers = contract(
    "BotGuard.decide",
    first_answer,
    returns=(array(5, kind="i"), array(None, kind="i"), [str]),
)


@pytest.mark.world
def test_lives_through_all_days(measured, exhibit):
    """Gets through 60 days of three worlds, and gives only decisions and alarms."""
    exhibit(str(measured()))  # the worlds are run here, and nowhere else


def test_holds_bots_back_before_the_wave(measured):
    """Holds bots back before the wave, and teaches farms nothing."""
    demand(measured().lines["before"])


def test_holds_bots_back_after_the_wave(measured):
    """Holds bots back after the wave, whose bots are no longer regular."""
    demand(measured().lines["after"])


def test_holds_the_wave_soon(measured):
    """Finds out within days what the wave's bots look like."""
    demand(measured().lines["held"])


def test_harms_few_people(measured):
    """Limits, blocks and chases away few people."""
    demand(measured().lines["harmed"])


@pytest.mark.edge_cases
def test_harms_few_people_of_the_smallest_region(measured):
    """Harms few people of the smallest region, who are reported unfairly."""
    demand(measured().lines["smallest"])


def test_uses_its_reviews(measured):
    """Sends to review whom it is worth to look at, every day."""
    demand(measured().lines["reviews"])


@pytest.mark.efficiency
def test_keeps_the_budget(measured):
    """Sends no more accounts to review than there are reviews."""
    demand(measured().lines["over"])


def test_tells_when_a_wave_begins(measured):
    """Raises "wave" in time after a wave began."""
    demand(measured().lines["wave"])


def test_tells_when_reports_are_odd(measured):
    """Raises "reports" in time after reports fell silent or a brigade began."""
    demand(measured().lines["reports"])


def test_raises_few_false_alarms(measured):
    """Raises false alarms on hardly any day, at a festival neither."""
    demand(measured().lines["false"])


# Laws of the guard, in small worlds of a few days.


def small_life(submission, reference, seed, *, days, size, own=1):
    """Return what a new guard did in a small world, and its answers."""
    world = World(reference, seed, {}, days=days, size=size)
    return Life(world).live(Run(submission), np.random.default_rng(own))


@settings(max_examples=2)
@given(seed=st.integers(0, 2**32 - 1))
def test_the_same_seed_gives_the_same_decisions(submission, reference, seed):
    """Decides the same when the same days are lived again with the same rng."""
    first, again = (
        small_life(submission, reference, 1, days=8, size=0.3, own=seed)
        for _ in range(2)
    )
    demand_the_same(
        (again.decided, again.alarms),
        (first.decided, first.alarms),
        "eight",
    )


@pytest.mark.edge_cases
@pytest.mark.parametrize(
    "size", [0.0, 0.0005, 0.05, 2.0], ids=["none", "hardly any", "few", "many"]
)
@settings(max_examples=1)
@given(seed=st.integers(0, 2**32 - 1))
def test_any_number_of_accounts(submission, reference, seed, size):
    """Decides on any number of accounts within its reviews: none, few, or many."""
    life = small_life(submission, reference, seed, days=7, size=size)
    demand(measures.budget_line(reference, [life]))


@pytest.mark.edge_cases
@settings(max_examples=3)
@given(seed=st.integers(0, 2**32 - 1))
def test_any_account(submission, reference, seed):
    """Decides on strange accounts too."""
    rng = np.random.default_rng(seed)
    n = int(rng.integers(1, 9))
    fields = {
        "region": rng.integers(0, 5, n),
        "address": rng.integers(1, 2**42, n),
        "crowd": rng.choice([1, 2, 5, 500], n),
        "rhythm": rng.choice([0.0001, 0.5, 0.9999], n),
        "overlap": rng.choice([0.0001, 0.5, 0.9999], n),
        "actions": rng.choice([1, 10, 10_000], n),
    }
    news = Life(World(reference, 1, {}, days=1)).news(0)
    answer = submission.BotGuard(np.random.default_rng(1)).decide(0, fields, news)
    with naming("decide on day 0"):
        guards.read_answer(answer, n, reference)


# The plan.


def plan_by_definition(accounts_per_day, peak_factor, bot_share):
    """Return the plan, worked out another way: from seconds of work in a day."""
    mean = accounts_per_day / (24 * 3600)
    busy = mean * peak_factor * 0.002  # cores, if they were busy all the time
    minutes = accounts_per_day * bot_share / 50 * 1.5
    plan = (mean * peak_factor, mean * 4 * peak_factor, busy * 2,
            accounts_per_day * 18_000 / 1e9, minutes / 420)  # fmt: skip
    return dict(zip(KEYS, plan, strict=True))


def test_a_plan_by_hand(submission):
    """Plans 8.64 million accounts a day, 5 times as many at the peak, 10 % bots."""
    # 100 a second, 500 at the peak: one core's work; 17,280 reviews of 90 s.
    plan = submission.guard_plan(8.64e6, 5.0, 0.1)
    expected = (500.0, 2000.0, 2.0, 155.52, 17_280 * 90 / 25_200)
    check(plan, dict(zip(KEYS, expected, strict=True)))


@given(
    accounts=st.integers(1, 500).map(lambda thousands: thousands * 17_280.0),
    peak_factor=st.integers(4, 20).map(lambda quarters: quarters / 4),
    bot_share=st.integers(0, 20).map(lambda twentieths: twentieths / 20),
)
def test_plans_for_the_peak(submission, accounts, peak_factor, bot_share):
    """Plans for the peak, and disks and reviewers for the day."""
    case = accounts, peak_factor, bot_share
    check(submission.guard_plan(*case), plan_by_definition(*case))
