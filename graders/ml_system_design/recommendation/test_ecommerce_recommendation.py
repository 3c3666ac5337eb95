"""Grader for the shop: runs a recommender through three worlds, counts what is kept."""

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
)
from graders.ml_system_design.recommendation import shop_measures, shops
from graders.ml_system_design.recommendation.shopping import Life
from graders.ml_system_design.recommendation.shops import World

# A good answer takes 2 to 4 s; the rest is for recommenders that train more.
pytestmark = pytest.mark.timeout(45)

KEYS = ("requests", "cores", "gigabytes", "per_arm", "days")


def run_worlds(run, rules, rng):
    """Let a new recommender live in each of three worlds."""
    lives = []
    for events in run.worlds(shops.calendars(rng)):
        world_seed, own = rng.integers(2**60, size=2)
        world = World(rules, np.random.default_rng(world_seed), events)
        lives.append(Life(world).live(run, np.random.default_rng(own)))
    plots = [shop_measures.plot_of(one, number) for number, one in enumerate(lives, 1)]
    return Measured(shop_measures.lines(rules, lives), plots)


measured = measuring(run_worlds)


def small_world(rules, seed, *, days=1, sessions=20.0):
    """Return a world without events."""
    rng = np.random.default_rng(seed)
    return World(rules, rng, {}, days=days, sessions=sessions)


def first_day(module, rules):
    """Return a new recommender, and what it answers on five sessions of day 0."""
    world = small_world(rules, 1)
    life = Life(world)
    five = {name: values[:5] for name, values in world.day(0).fields.items()}
    shop = module.ShopRecommender(np.random.default_rng(1))
    known = life.log(), life.returns(0)
    return shop, shop.recommend(0, world.items(0), five, *known)


def first_verdicts(module, rules):
    """Return what a new recommender says of two experiments."""
    counts = {"test": [3, 8], "age": [1, 28], "visitors": [400, 11_200]}
    counts |= {"buyers_a": [20, 560], "buyers_b": [21, 575]}
    tests = {name: np.array(values) for name, values in counts.items()}
    return first_day(module, rules)[0].read_out(0, tests)


test_contract_plan = contract(
    "shop_plan",
    {
        "sessions_per_day": 1.728e6,
        "peak_factor": 2.0,
        "base_rate": 0.04,
        "lift": 0.05,
    },
    returns=dict.fromkeys(KEYS, float),
)
test_contract_answers = contract(
    "ShopRecommender.recommend",
    lambda module, rules: first_day(module, rules)[1],
    returns=(array(5, 4, kind="i"), array(5, kind="i"), [str]),
)
test_contract_verdicts = contract(
    "ShopRecommender.read_out", first_verdicts, returns=array(2, kind="i")
)


@pytest.mark.world
def test_lives_through_all_days(measured, exhibit):
    """Gets through 77 days of three worlds, and gives only decisions and alarms."""
    exhibit(str(measured()))  # the worlds are run here, and nowhere else


def test_earns_nearly_what_the_oracle_does(measured):
    """Earns most of what can be earned, after coupons and returns."""
    demand(measured().lines["profit"])


def test_finds_the_good_new_items(measured):
    """Earns with new items, too, which nobody has bought yet."""
    demand(measured().lines["new"])


def test_gives_coupons_that_pay(measured):
    """Gives coupons to those who buy because of them, and to few others."""
    demand(measured().lines["gain"])


@pytest.mark.edge_cases
def test_sells_at_the_price_of_the_day(measured):
    """Earns in a sale, too, when prices change margins and chances."""
    demand(measured().lines["sale"])


def test_shows_what_is_in_stock(measured):
    """Shows hardly any item that is out of stock."""
    demand(measured().lines["wasted"])


def test_shows_nobody_what_they_have(measured):
    """Shows hardly anybody more of what they have just bought and will not again."""
    demand(measured().lines["again"])


@pytest.mark.edge_cases
def test_drops_what_a_faulty_supplier_sells(measured):
    """Hardly shows what a faulty supplier sells, once the alarm was due."""
    demand(measured().lines["faulty"])


def test_ships_hardly_any_noise(measured):
    """Ships hardly any experiment that changes nothing."""
    demand(measured().lines["wrong"])


def test_ships_what_helps(measured):
    """Ships most experiments that raise the share of buyers."""
    demand(measured().lines["right"])


@pytest.mark.edge_cases
def test_tells_when_visits_are_lost(measured):
    """Raises "visits" in time after an outage began."""
    demand(measured().lines["visits"])


@pytest.mark.edge_cases
def test_tells_when_a_supplier_is_faulty(measured):
    """Raises "returns" in time after the sales of a supplier began to come back."""
    demand(measured().lines["returns"])


def test_raises_few_false_alarms(measured):
    """Raises false alarms on hardly any day."""
    demand(measured().lines["false"])


# Laws of the recommender, in small worlds of a few days.


@settings(max_examples=2)
@given(seed=st.integers(0, 2**32 - 1))
def test_the_same_seed_gives_the_same_decisions(submission, reference, seed):
    """Decides the same when the same days are lived again with the same rng."""
    first, again = (
        Life(small_world(reference, 1, days=3)).live(
            Run(submission), np.random.default_rng(seed)
        )
        for _ in range(2)
    )
    lived = [(one.decided, one.alarms) for one in (again, first)]
    demand_the_same(*lived, "three")


@pytest.mark.edge_cases
@pytest.mark.parametrize(
    "sessions",
    [0.0, 0.2, 3.0, (600.0, 0.0, 3.0)],
    ids=["none", "hardly any", "few", "many, then none"],
)
@settings(max_examples=1)
@given(seed=st.integers(0, 2**32 - 1))
def test_any_number_of_sessions(submission, reference, seed, sessions):
    """Takes days and logs of any size: of no sessions, of few, or of many."""
    world = small_world(reference, seed, days=3, sessions=sessions)
    Life(world).live(Run(submission), np.random.default_rng(1))


# The plan.


def plan_by_definition(sessions_per_day, peak_factor, base_rate, lift):
    """Return the plan, worked out another way: from one second's sessions."""
    second = sessions_per_day / 86_400
    requests = 5 * second * peak_factor
    per_arm = 16 * (1 - base_rate) / base_rate / lift**2
    cores, gigabytes = requests * 0.0008 / 0.6, sessions_per_day * 2.25e-4
    plan = requests, cores, gigabytes, per_arm, 4 * per_arm / sessions_per_day
    return dict(zip(KEYS, plan, strict=True))


def test_a_plan_by_hand(submission):
    """Plans 864,000 sessions a day, 3 times as many at the peak; 5 % of 4 % to tell."""
    # 10 sessions a second are 50 requests, 150 at the peak: 0.12 cores' work, which
    # keeps 0.2 busy at 60 %. 16 * 0.04 * 0.96 / 0.002**2 is 153,600 for each arm.
    plan = submission.shop_plan(864_000.0, 3.0, 0.04, 0.05)
    expected = (150.0, 0.2, 194.4, 153_600.0, 153_600 / 216_000)
    check(plan, dict(zip(KEYS, expected, strict=True)))


@given(
    sessions_per_day=st.integers(1, 500).map(lambda thousands: thousands * 86_400.0),
    peak_factor=st.integers(4, 20).map(lambda quarters: quarters / 4),
    base_rate=st.integers(1, 50).map(lambda percents: percents / 100),
    lift=st.integers(1, 40).map(lambda halves: halves / 200),
)
def test_plans_for_the_peak_and_the_experiment(
    submission, sessions_per_day, peak_factor, base_rate, lift
):
    """Plans requests and cores for the peak, the log, and sessions of an experiment."""
    case = sessions_per_day, peak_factor, base_rate, lift
    check(submission.shop_plan(*case), plan_by_definition(*case))
