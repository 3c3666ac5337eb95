"""Grader for queues of songs: fills the sessions of three worlds, day after day."""

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
from graders.ml_system_design.recommendation import session_measures as measures
from graders.ml_system_design.recommendation import sessions, songs
from graders.ml_system_design.recommendation.sessions import Life
from graders.ml_system_design.recommendation.songs import World

# A good answer takes 2 to 4 s; the rest is for those that learn more.
pytestmark = pytest.mark.timeout(45)

KEYS = ("requests", "scored", "cores", "vectors", "log")


def run_worlds(run, rules, rng):
    """Let a new recommender live in each of three worlds."""
    found = []
    for events in run.worlds(songs.calendars(rng)):
        world_seed, own = rng.integers(2**60, size=2)
        world = World(rules, np.random.default_rng(world_seed), events)
        life = Life(world).live(run, np.random.default_rng(own))
        rule, best = Life(world).rule(), Life(world).oracle()
        found.append(measures.three(life, rule, best))
    plots = [measures.plot_of(one, number) for number, one in enumerate(found, 1)]
    return Measured(measures.lines(rules, found), plots)


measured = measuring(run_worlds)


def small_world(rules, seed, *, days=1, accounts=20):
    """Return a world without events."""
    return World(rules, np.random.default_rng(seed), {}, days=days, accounts=accounts)


def first_morning(module, rules):
    """Return a new answer, and what it says on the first morning."""
    life = Life(small_world(rules, 1))
    there = life.world.catalogue(0, life.gone)
    queue = module.SongQueue(np.random.default_rng(1))
    return queue, queue.start_day(0, life.songs(0, there), life.log)


def first_songs(module, rules):
    """Return the first songs of three sessions."""
    queue, _ = first_morning(module, rules)
    fields = {"account": np.arange(3), "context": np.arange(3)}
    nothing = np.zeros((3, 0), dtype=int)
    return queue.play(0, 0, fields, nothing, nothing)


test_contract_plan = contract(
    "queue_plan",
    {"sessions_per_day": 864_000.0, "peak_factor": 2.0, "accounts": 1e6},
    returns=dict.fromkeys(KEYS, float),
)
test_contract_morning = contract(
    "SongQueue.start_day",
    lambda module, rules: first_morning(module, rules)[1],
    returns=[str],
)
test_contract_songs = contract(
    "SongQueue.play", first_songs, returns=array(3, 5, kind="i")
)


@pytest.mark.world
def test_lives_through_all_days(measured, exhibit):
    """Gets through 56 days of three worlds, and queues only songs that there are."""
    exhibit(str(measured()))  # the worlds are run here, and nowhere else


def test_minutes_on_usual_days(measured):
    """Queues what is heard to the end, on usual days."""
    demand(measured().lines["usual"])


@pytest.mark.edge_cases
def test_minutes_in_sleep(measured):
    """Queues what is heard to the end in sleep sessions, whoever sleeps later."""
    demand(measured().lines["sleep"])


@pytest.mark.edge_cases
def test_minutes_after_a_season(measured):
    """Queues what is heard to the end soon after tastes have moved."""
    demand(measured().lines["after"])


def test_keeps_new_artists(measured):
    """Lets new artists be heard by those who like them, so that they stay."""
    demand(measured().lines["kept"])


def test_repeats_little(measured):
    """Lets songs rest before an account hears them again."""
    demand(measured().lines["repeats"])


def test_tells_when_the_context_is_out(measured):
    """Raises "context" in time after an outage began."""
    demand(measured().lines["context"])


def test_tells_when_tastes_move(measured):
    """Raises "taste" in time after a season began."""
    demand(measured().lines["taste"])


def test_raises_few_false_alarms(measured):
    """Raises false alarms on hardly any day, in a wave neither."""
    demand(measured().lines["false"])


# Laws of the queue, in small worlds of a few days.


@settings(max_examples=2)
@given(seed=st.integers(0, 2**32 - 1))
def test_the_same_seed_gives_the_same_songs(submission, reference, seed):
    """Queues the same when the same days are lived again with the same rng."""
    first, again = (
        Life(small_world(reference, 1, days=3)).live(
            Run(submission), np.random.default_rng(seed)
        )
        for _ in range(2)
    )
    demand_the_same(
        (again.queued, again.alarms),
        (first.queued, first.alarms),
        "three",
    )


@pytest.mark.edge_cases
@pytest.mark.parametrize("accounts", [0, 1, 3, 300], ids=["none", "one", "few", "many"])
@settings(max_examples=1)
@given(seed=st.integers(0, 2**32 - 1))
def test_any_number_of_accounts(submission, reference, seed, accounts):
    """Fills any number of queues: none, few, or many."""
    world = small_world(reference, seed, days=2, accounts=accounts)
    Life(world).live(Run(submission), np.random.default_rng(1))


@pytest.mark.edge_cases
@settings(max_examples=3)
@given(seed=st.integers(0, 2**32 - 1))
def test_an_account_that_is_new(submission, reference, seed):
    """Fills the queue of an account that was in no log."""
    life = Life(small_world(reference, seed))
    there = life.world.catalogue(0, life.gone)
    queue = submission.SongQueue(np.random.default_rng(1))
    queue.start_day(0, life.songs(0, there), life.log)
    fields = {"account": np.array([20, 25]), "context": np.array([1, 2])}
    played = np.zeros((2, 0), dtype=int)
    said = queue.play(0, 0, fields, played, played)
    with naming("play on day 0, step 0"):
        sessions.read_songs(said, played, 5, there)


# The plan.


def plan_by_definition(sessions_per_day, peak_factor, accounts):
    """Return the plan, worked out another way: from one session at the peak."""
    peak = sessions_per_day * peak_factor / (24 * 3600)
    plan = (
        peak * 4,
        peak * 600,
        peak * 600 / 1e6,
        accounts * 768e-9,
        sessions_per_day * 14 * 320e-9,
    )
    return dict(zip(KEYS, plan, strict=True))


def test_a_plan_by_hand(submission):
    """Plans 432 million sessions a day, 3 times as many at the peak, 600e6 accounts."""
    # 5,000 a second are 15,000 at the peak, of four requests each; 9e6 songs a second.
    plan = submission.queue_plan(432e6, 3.0, 600e6)
    expected = (60_000.0, 9e6, 9.0, 460.8, 1935.36)
    check(plan, dict(zip(KEYS, expected, strict=True)))


@given(
    sessions_per_day=st.integers(1, 500).map(lambda thousands: thousands * 86_400.0),
    peak_factor=st.integers(4, 20).map(lambda quarters: quarters / 4),
    accounts=st.integers(1, 900).map(lambda millions: millions * 1e6),
)
def test_plans_for_the_peak(submission, sessions_per_day, peak_factor, accounts):
    """Plans requests and cores for the peak, and memory for all accounts."""
    case = sessions_per_day, peak_factor, accounts
    check(submission.queue_plan(*case), plan_by_definition(*case))
