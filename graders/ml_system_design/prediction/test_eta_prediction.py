"""Grader for the arrival times: runs a service through three cities."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graders.harness import array, check, contract
from graders.ml_system_design.prediction import arrival_measures as measures
from graders.ml_system_design.prediction import arrivals, streets
from graders.ml_system_design.prediction.arrivals import Life, asker
from graders.ml_system_design.prediction.streets import World
from graders.ml_system_design.production.look_ups import Desk
from graders.ml_system_design.production.running import (
    Measured,
    Run,
    demand,
    demand_the_same,
    measuring,
    naming,
)

# A good answer takes 3 to 5 s; the rest is for services that train more.
pytestmark = pytest.mark.timeout(45)

KEYS = ("under_way", "predictions", "road_reads", "pings", "cores", "gigabytes")


def run_worlds(run, rules, rng):
    """Let a new service live in each of three cities."""
    lives = []
    for events in run.worlds(streets.calendars(rng)):
        world_seed, own = rng.integers(2**60, size=2)
        world = World(rules, np.random.default_rng(world_seed), events)
        lives.append(Life(world).live(run, np.random.default_rng(own)))
    plots = [measures.plot_of(one, number) for number, one in enumerate(lives, 1)]
    return Measured(measures.lines(rules, lives), plots)


measured = measuring(run_worlds)


def first_batch(module, rules):
    """Return a new service, and what it says of five trips."""
    world = World(rules, np.random.default_rng(1), {}, days=1, trips=9)
    free = world.batches[0].free[:1].repeat(5, axis=0)
    feed = Desk({"feed": world.feed[0]})
    service = module.EtaService(np.random.default_rng(1))
    log = arrivals.log_of(None, rules)
    return service, service.predict(0, 7, False, free, log, asker(feed))


test_contract_plan = contract(
    "serving_plan",
    {"trips_per_day": 864_000.0, "peak_factor": 2.0, "trip_minutes": 30.0},
    returns=dict.fromkeys(KEYS, float),
)
test_contract_times = contract(
    "EtaService.predict",
    lambda module, rules: first_batch(module, rules)[1],
    returns=array(5, 2),
)
test_contract_alarms = contract(
    "EtaService.end_day",
    lambda module, rules: first_batch(module, rules)[0].end_day(0),
    returns=[str],
)


@pytest.mark.world
def test_lives_through_all_days(measured, exhibit):
    """Gets through 42 days of three cities, and says only percentiles and alarms."""
    exhibit(str(measured()))  # the worlds are run here, and nowhere else


def test_is_close_to_the_oracle(measured):
    """Costs little more than the oracle on usual days."""
    demand(measured().lines["usual"])


def test_keeps_promises_in_every_group(measured):
    """Keeps enough promises in each district, at each hour and for each length."""
    demand(measured().lines["groups"])


def test_keeps_promises_where_the_log_is_cut(measured):
    """Keeps enough promises on long trips in the rush, whose end the log seldom has."""
    demand(measured().lines["long"])


def test_promises_no_more_than_needed(measured):
    """Says intervals that are not much wider than the oracle's."""
    demand(measured().lines["width"])


@pytest.mark.edge_cases
def test_is_cheap_while_the_feed_is_out(measured):
    """Costs not much more than the oracle while the feed is out."""
    demand(measured().lines["outage"])


@pytest.mark.edge_cases
def test_keeps_promises_while_the_feed_is_out(measured):
    """Keeps enough promises while the feed is out."""
    demand(measured().lines["kept in outage"])


@pytest.mark.edge_cases
def test_recovers_after_a_closure(measured):
    """Knows what the detour costs soon after a road was closed."""
    demand(measured().lines["recovery"])


@pytest.mark.efficiency
def test_keeps_the_budget(measured):
    """Looks up no more roads for a batch than it may."""
    demand(measured().lines["over"])


def test_tells_when_the_feed_is_out(measured):
    """Raises "feed" in time after an outage began."""
    demand(measured().lines["feed"])


def test_tells_when_a_road_is_closed(measured):
    """Raises "closure" in time after a road was closed."""
    demand(measured().lines["closure"])


def test_raises_few_false_alarms(measured):
    """Raises false alarms on hardly any day."""
    demand(measured().lines["false"])


# Laws of the service, in small cities of a few days.


def small_life(submission, reference, seed, *, days, trips, own=1):
    """Return what a new service said in a small city."""
    world = World(reference, np.random.default_rng(seed), {}, days=days, trips=trips)
    return Life(world).live(Run(submission), np.random.default_rng(own))


@settings(max_examples=2)
@given(seed=st.integers(0, 2**32 - 1))
def test_the_same_seed_gives_the_same_times(submission, reference, seed):
    """Says the same when the same days are lived again with the same rng."""
    first, again = (
        small_life(submission, reference, 1, days=2, trips=20, own=seed)
        for _ in range(2)
    )
    demand_the_same([again.own], [first.own], "two")


@pytest.mark.edge_cases
@pytest.mark.parametrize(
    "trips", [0.0, 0.5, 2.0, 300.0], ids=["none", "hardly any", "few", "many"]
)
@settings(max_examples=1)
@given(seed=st.integers(0, 2**32 - 1))
def test_any_number_of_trips(submission, reference, seed, trips):
    """Answers batches of any size within its budget: empty, of one trip, or large."""
    life = small_life(submission, reference, seed, days=2, trips=trips)
    demand(measures.budget_line(reference, [life]))


@settings(max_examples=4)
@given(seed=st.integers(0, 2**32 - 1), factor=st.sampled_from([1.5, 2.0, 4.0]))
def test_longer_trips_take_no_less(submission, reference, seed, factor):
    """Says no less for a trip when its minutes on empty roads are multiplied."""
    world = World(reference, np.random.default_rng(seed), {}, days=1, trips=12)
    service = submission.EtaService(np.random.default_rng(1))
    before = None
    for at, batch in enumerate(world.batches):
        free = np.concatenate([batch.free, batch.free * factor])
        feed, log = Desk({"feed": world.feed[at]}), arrivals.log_of(before, reference)
        day, hour = world.place(at)
        place = f"predict at {hour} o'clock on day {day}"
        said = service.predict(day, hour, False, free, log, asker(feed))
        with naming(place):
            said = arrivals.quantiles_of(said, len(free))
            arrivals.demand_no_less(said, len(batch.free), factor)
        before = batch


# The plan.


def plan_by_definition(trips_per_day, peak_factor, trip_minutes):
    """Return the plan, worked out another way: from the seconds driven in a day."""
    driven = trips_per_day * trip_minutes * 60
    under_way = driven / 86_400 * peak_factor
    predictions = under_way / 30
    pings, cores = under_way / 4, predictions * 3 / 1000 / 0.6
    gigabytes = driven / 4 * 40 * 90 / 1e9
    plan = (under_way, predictions, predictions * 50, pings, cores, gigabytes)
    return dict(zip(KEYS, plan, strict=True))


def test_a_plan_by_hand(submission):
    """Plans 1.728 million trips of 20 minutes a day, 2.5 times as many at the peak."""
    # 50 start a second, so 60,000 are under way; 6 cores' work keeps 10 busy at 60 %.
    plan = submission.serving_plan(1.728e6, 2.5, 20.0)
    expected = (60_000.0, 2000.0, 100_000.0, 15_000.0, 10.0, 1866.24)
    check(plan, dict(zip(KEYS, expected, strict=True)))


@given(
    trips=st.integers(1, 500).map(lambda thousands: thousands * 17_280.0),
    peak_factor=st.integers(4, 20).map(lambda quarters: quarters / 4),
    trip_minutes=st.integers(5, 60).map(float),
)
def test_plans_for_the_peak(submission, trips, peak_factor, trip_minutes):
    """Plans for the peak: trips, predictions, reads, reports and cores; and disks."""
    case = trips, peak_factor, trip_minutes
    check(submission.serving_plan(*case), plan_by_definition(*case))
