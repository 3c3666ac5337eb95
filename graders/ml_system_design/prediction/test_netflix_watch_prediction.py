"""Grader for what is watched to the end: runs a model through three worlds."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graders.harness import Wrong, array, check, contract
from graders.ml_system_design.prediction import impressions, watching
from graders.ml_system_design.prediction.impressions import World
from graders.ml_system_design.prediction.watching import Life
from graders.ml_system_design.production.running import (
    Measured,
    Run,
    demand,
    demand_the_same,
    measuring,
    naming,
)

# A good answer takes 2 to 5 s; the rest is for models that train more.
pytestmark = pytest.mark.timeout(45)

KEYS = ("predictions", "cores", "waiting", "gigabytes", "training_hours")


def run_worlds(run, rules, rng):
    """Let a new model live in each of three worlds."""
    lives = []
    for events in run.worlds(impressions.calendars(rng)):
        world_seed, own = rng.integers(2**60, size=2)
        world = World(rules, np.random.default_rng(world_seed), events)
        lives.append(Life(world).live(run, np.random.default_rng(own)))
    plots = [watching.plot_of(one, number) for number, one in enumerate(lives, 1)]
    return Measured(watching.lines(rules, lives), plots)


measured = measuring(run_worlds)


def small_world(rules, seed, *, days=1, rows=12.0):
    """Return a world without events."""
    return World(rules, np.random.default_rng(seed), {}, days=days, rows=rows)


def first_day(module, rules):
    """Return a new model that was trained on day 0, and what it says of five rows."""
    world = small_world(rules, 1)
    model = module.WatchModel(np.random.default_rng(1))
    model.start_day(0, world.report(0))
    model.train(0, world.log(0))
    return model, model.predict(0, {k: v[-5:] for k, v in world.fields.items()})


test_contract_plan = contract(
    "serving_plan",
    {"impressions_per_day": 864e6, "peak_factor": 2.0, "window_days": 28.0},
    returns=dict.fromkeys(KEYS, float),
)
test_contract_chances = contract(
    "WatchModel.predict",
    lambda module, rules: first_day(module, rules)[1],
    returns=array(5),
)
test_contract_alarms = contract(
    "WatchModel.start_day",
    lambda module, rules: first_day(module, rules)[0].start_day(
        1, small_world(rules, 1).report(0)
    ),
    returns=[str],
)


@pytest.mark.world
def test_lives_through_all_days(measured, exhibit):
    """Gets through 98 days of three worlds, and says only chances and alarms."""
    exhibit(str(measured()))  # the worlds are run here, and nowhere else


@pytest.mark.efficiency
def test_keeps_the_budget(measured):
    """Trains no more often in a world than it may."""
    demand(measured().lines["over"])


def test_is_close_to_the_oracle(measured):
    """Says nearly as good chances as the oracle on usual days."""
    demand(measured().lines["usual"])


def test_is_calibrated_by_kind_and_age(measured):
    """Says chances that sum up to what is true, for films and series of each age."""
    demand(measured().lines["calibration"])


def test_knows_new_titles(measured):
    """Says good chances for titles whose first windows are not over yet."""
    demand(measured().lines["new"])


@pytest.mark.edge_cases
def test_recovers_after_a_drift(measured):
    """Says good chances again soon after the genres changed places."""
    demand(measured().lines["after"])


@pytest.mark.edge_cases
def test_learns_no_faulty_labels(measured):
    """Says chances that sum up to what is true after a version reports wrongly."""
    demand(measured().lines["fault"])


def test_tells_when_a_version_reports_wrongly(measured):
    """Raises "logging" in time after a fault began."""
    demand(measured().lines["logging"])


def test_tells_when_genres_change(measured):
    """Raises "performance" in time after a drift began."""
    demand(measured().lines["performance"])


def test_raises_few_false_alarms(measured):
    """Raises false alarms on hardly any day."""
    demand(measured().lines["false"])


# Laws of the model, in small worlds of a few days.


@settings(max_examples=2)
@given(seed=st.integers(0, 2**32 - 1))
def test_the_same_seed_gives_the_same_chances(submission, reference, seed):
    """Says the same when the same days are lived again with the same rng."""
    first, again = (
        Life(small_world(reference, 1, days=3)).live(
            Run(submission), np.random.default_rng(seed)
        )
        for _ in range(2)
    )
    demand_the_same(
        (again.own, again.alarms),
        (first.own, first.alarms),
        "three",
    )


@pytest.mark.edge_cases
@pytest.mark.parametrize(
    "rows",
    [0.0, 0.2, 3.0, (800.0, 0.0, 3.0)],
    ids=["none", "hardly any", "few", "many, then none"],
)
@settings(max_examples=1)
@given(seed=st.integers(0, 2**32 - 1))
def test_any_number_of_rows(submission, reference, seed, rows):
    """Takes days and logs of any size: of no rows, of few, or of many."""
    world = small_world(reference, seed, days=3, rows=rows)
    Life(world).live(Run(submission), np.random.default_rng(1))


@settings(max_examples=3)
@given(seed=st.integers(0, 2**32 - 1), part=st.integers(1, 40))
def test_a_row_counts_by_itself(submission, reference, seed, part):
    """Says the same of a row whatever the other rows of the day are."""
    world = small_world(reference, seed, rows=100.0)
    model = submission.WatchModel(np.random.default_rng(1))
    model.start_day(0, world.report(0))
    model.train(0, world.log(0))
    at = world.rows(0)
    rows = {name: values[at] for name, values in world.fields.items()}
    said = model.predict(0, rows)
    with naming("predict on day 0"):
        said = watching.chances_of(said, rows["title"].size)
    some = {name: values[::-1][:part] for name, values in rows.items()}
    try:
        check(model.predict(0, some), said[::-1][:part])
    except Wrong as error:
        raise Wrong(
            f"{part} of the rows of day 0, given by themselves in the opposite order, "
            f"got other chances: {error}"
        ) from None


# The plan.


def plan_by_definition(impressions_per_day, peak_factor, window_days):
    """Return the plan, worked out another way: from one second's impressions."""
    second = impressions_per_day / 86_400
    peak = second * peak_factor
    kept = second * 86_400 * window_days + second * 86_400 * 42
    plan = (
        peak,
        peak * 0.2 / 1000 / 0.6,
        impressions_per_day * window_days,
        kept / 1e9 * 120,
        kept / 1.8e9,
    )
    return dict(zip(KEYS, plan, strict=True))


def test_a_plan_by_hand(submission):
    """Plans 432 million impressions a day, 3 times as many at the peak, for 28 days."""
    # 5,000 a second are 15,000 at the peak: 3 cores' work, which keeps 5 busy at 60 %.
    # The rows of 70 days are kept: 30.24e9.
    plan = submission.serving_plan(432e6, 3.0, 28.0)
    expected = (15_000.0, 5.0, 12.096e9, 3628.8, 16.8)
    check(plan, dict(zip(KEYS, expected, strict=True)))


@given(
    impressions_per_day=st.integers(1, 500).map(lambda thousands: thousands * 86_400.0),
    peak_factor=st.integers(4, 20).map(lambda quarters: quarters / 4),
    window_days=st.integers(1, 90).map(float),
)
def test_plans_for_the_peak(submission, impressions_per_day, peak_factor, window_days):
    """Plans for the peak: predictions and cores; and for what is kept."""
    case = impressions_per_day, peak_factor, window_days
    check(submission.serving_plan(*case), plan_by_definition(*case))
