"""Grader for the feed: runs a ranker through four worlds, by expected values."""

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
from graders.ml_system_design.ranking import feed_measures as measures
from graders.ml_system_design.ranking import feeds
from graders.ml_system_design.ranking.feeds import World
from graders.ml_system_design.ranking.sessions import Life

# A good answer takes 1 to 3 s; the rest is for rankers that train more.
pytestmark = pytest.mark.timeout(45)

KEYS = ("requests", "look_ups", "stores", "cores", "gigabytes")


def run_worlds(run, rules, rng):
    """Let a new ranker live in each of four worlds."""
    worlds = []
    for events in run.worlds(feeds.calendars(rng)):
        world_seed, own = rng.integers(2**60, size=2)
        life = Life(World(rules, int(world_seed), events))
        worlds.append(measures.Three.of(life.live(run, np.random.default_rng(own))))
    plots = [measures.plot_of(one, number) for number, one in enumerate(worlds, 1)]
    return Measured(measures.lines(rules, worlds), plots)


measured = measuring(run_worlds)


def first_day(module, rules):
    """Return a new ranker, a life in a small world, and an answer to 12 requests."""
    life = Life(World(rules, 1, {}, days=1, users=12))
    ranker = module.FeedRanker(np.random.default_rng(1))
    ranker.start_day(0, life.log)
    offer, who = life.world.day(0), np.arange(12)
    requests = {"user": who, "group": life.world.group, **offer.fields}
    fit = offer.fit.ravel()
    return ranker, life, ranker.rank(0, requests, lambda rows: {"fit": fit[rows]})


test_contract_plan = contract(
    "serving_plan",
    {"requests_per_day": 864e6, "peak_factor": 2.0, "hit_rate": 0.5},
    returns=dict.fromkeys(KEYS, float),
)
test_contract_orders = contract(
    "FeedRanker.rank",
    lambda module, rules: first_day(module, rules)[2],
    returns=(array(12, 10, kind="i"), array(12, 10), array(12, 10)),
)
test_contract_alarms = contract(
    "FeedRanker.start_day",
    lambda module, rules: module.FeedRanker(np.random.default_rng(1)).start_day(
        0, Life(World(rules, 1, {}, days=1, users=12)).log
    ),
    returns=[str],
)


@pytest.mark.world
def test_lives_through_all_days(measured, exhibit):
    """Gets through 66 days of four worlds, and gives only orders and alarms."""
    exhibit(str(measured()))  # the worlds are run here, and nowhere else


def test_shows_what_is_worth_it(measured):
    """Shows what is liked and not hidden."""
    demand(measured().lines["value"])


def test_users_return(measured):
    """Keeps its users: at the end many of them come on a day."""
    demand(measured().lines["return"])


def test_hides_are_few(measured):
    """Shows little that is hidden, however much it is liked."""
    demand(measured().lines["hides"])


def test_new_creators_are_seen(measured):
    """Shows new creators often enough to learn what they are worth."""
    demand(measured().lines["new"])


@pytest.mark.edge_cases
def test_recovers_after_a_shift(measured):
    """Shows what is worth it again soon after tastes have changed."""
    demand(measured().lines["shift"])


def test_says_true_chances_of_likes(measured):
    """Says chances of likes that sum up to what is true, on high ranks and low."""
    demand(measured().lines["likes said"])


def test_tells_likely_posts_from_others(measured):
    """Says higher chances of likes for posts that are liked more."""
    demand(measured().lines["likes told apart"])


def test_says_true_chances_of_hides(measured):
    """Says chances of hides that sum up to what is true, though hides come late."""
    demand(measured().lines["hides said"])


@pytest.mark.edge_cases
def test_trusts_no_broken_feature(measured):
    """Says true chances of likes on the days after a feature broke."""
    demand(measured().lines["outage"])


@pytest.mark.efficiency
def test_keeps_the_budget(measured):
    """Looks up no more than it may, on any day."""
    demand(measured().lines["over"])


def test_tells_when_tastes_shift(measured):
    """Raises "tastes" in time after a shift."""
    demand(measured().lines["tastes"])


def test_tells_when_a_feature_breaks(measured):
    """Raises "feature" in time after an outage began."""
    demand(measured().lines["feature"])


def test_tells_when_bait_comes(measured):
    """Raises "bait" in time after a wave of it began."""
    demand(measured().lines["bait"])


def test_raises_few_false_alarms(measured):
    """Raises false alarms on hardly any day, at a festival neither."""
    demand(measured().lines["false"])


# Laws of the ranker, in small worlds of a few days.


@settings(max_examples=2)
@given(seed=st.integers(0, 2**32 - 1))
def test_the_same_seed_gives_the_same_orders(submission, reference, seed):
    """Ranks the same when the same days are lived again with the same rng."""
    first, again = (
        Life(World(reference, 1, {}, days=3, users=40)).live(
            Run(submission), np.random.default_rng(seed)
        )
        for _ in range(2)
    )
    demand_the_same(
        (*again.orders, again.said, again.alarms),
        (*first.orders, first.said, first.alarms),
        "three",
    )


@pytest.mark.edge_cases
@pytest.mark.parametrize("users", [0, 1, 3, 600], ids=["none", "one", "few", "many"])
@settings(max_examples=1)
@given(seed=st.integers(0, 2**32 - 1))
def test_any_number_of_requests(submission, reference, seed, users):
    """Takes days and logs of any size: of no requests, of few, or of many."""
    world = World(reference, seed, {}, days=3, users=users)
    Life(world).live(Run(submission), np.random.default_rng(1))


# The plan.


def plan_by_definition(requests_per_day, peak_factor, hit_rate):
    """Return the plan, worked out another way: from one second's requests."""
    second = requests_per_day / 86_400
    missed = second * peak_factor * 12 - second * peak_factor * 12 * hit_rate
    plan = (
        second * peak_factor,
        missed,
        missed / 10_000,
        second * peak_factor * 40 / 50_000 / 0.6,
        second * 86_400 / 1e9 * 10 * 80 * 30,
    )
    return dict(zip(KEYS, plan, strict=True))


def test_a_plan_by_hand(submission):
    """Plans 432 million requests a day, 3 times as many at the peak, 80 % of hits."""
    # 5,000 a second are 15,000 at the peak, with 180,000 look-ups, of which 36,000
    # miss: 3.6 stores. 600,000 scores are 12 cores' work, which keeps 20 busy at 60 %.
    plan = submission.serving_plan(432e6, 3.0, 0.8)
    expected = (15_000.0, 36_000.0, 3.6, 20.0, 10_368.0)
    check(plan, dict(zip(KEYS, expected, strict=True)))


@given(
    requests_per_day=st.integers(1, 500).map(lambda thousands: thousands * 86_400.0),
    peak_factor=st.integers(4, 20).map(lambda quarters: quarters / 4),
    hit_rate=st.integers(0, 19).map(lambda twentieths: twentieths / 20),
)
def test_plans_for_the_peak(submission, requests_per_day, peak_factor, hit_rate):
    """Plans for the peak: requests, look-ups and cores; and for the log."""
    case = requests_per_day, peak_factor, hit_rate
    check(submission.serving_plan(*case), plan_by_definition(*case))
