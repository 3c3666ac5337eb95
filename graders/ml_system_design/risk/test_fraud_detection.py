"""Grader for the fraud system: runs it through two worlds, and shows what it saved."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graders.harness import Wrong, check, check_number, contract
from graders.harness.catalog.exercise import catalogue
from graders.harness.run.grading import execute, grading_of
from graders.ml_system_design.risk import payments
from graders.ml_system_design.risk.payments import Stay, World

# A run of both worlds takes a good answer 2 to 3 s, of which the worlds themselves are
# half a second; the rest is for systems that train more, and for busy machines.
pytestmark = pytest.mark.timeout(45)


@pytest.fixture(scope="module")
def notes():
    """Keep what was measured, or why nothing was, for the checks that come later."""
    return {}


@pytest.fixture
def measure(submission, reference, notes, request):
    """Return a function that gives all lines; the first check to call it runs them."""
    seed = grading_of(request.node).seed_of("worlds")  # the same for every check

    def lines():
        if "lines" not in notes:
            if "stay" in notes:
                _say_again(notes)
            notes["lives"] = _lives(submission, reference, seed, notes)
            notes["lines"] = payments.lines(reference, notes["lives"])
        return notes["lines"]

    return lines


def _lives(submission, rules, seed, notes):
    """Run the answer through two worlds, and return what it did."""
    rng = np.random.default_rng(seed)
    rest = rng.permutation(["outage", "drift"]).tolist()
    lives = []
    for order in (["outage", "shift", "drift"], ["shift", *rest]):
        world_seed, own = rng.integers(2**60, size=2)
        notes["stay"] = stay = Stay(rules, World(int(world_seed), order))
        try:
            ledger = stay.live(
                submission.FraudSystem,
                np.random.default_rng(own),
                lambda: _forget_calls(submission),
            )
        except Exception as error:
            notes["error"] = error
            raise
        finally:
            _forget_calls(submission)
        lives.append(payments.life(rules, stay.world, ledger))
    return lives


def _say_again(notes):
    """Fail a check because an earlier one found that there is nothing to measure."""
    if isinstance(error := notes.get("error"), NotImplementedError):
        raise error
    raise Wrong(
        f"nothing was measured, because the run ended early, in {notes['stay'].place}; "
        "the first check that failed says why"
    )


def _forget_calls(submission):
    """Drop the record of calls, of which there are thousands and large ones."""
    if line := vars(submission).get("_line"):
        line.log.clear()


def demand(line):
    """Fail with what was measured, what was needed, and where it went wrong."""
    assert line.holds, line.why


def test_lives_through_all_days(measure, submission, reference, notes, exhibit):
    """Gets through 120 days of two worlds, and gives only decisions and alarms."""
    table = [*measure().values(), plan_line(submission, reference)]
    exhibit(payments.report(reference, notes["lives"], table))


def test_saves_money_before_the_shift(measure):
    """Saves enough before the shift, as a share of the way from rule to oracle."""
    demand(measure()["before"])


def test_saves_money_after_the_shift(measure):
    """Saves enough from three weeks after the shift on, when the new fraud is known."""
    demand(measure()["after"])


@pytest.mark.edge_cases
def test_saves_money_while_a_field_is_missing(measure):
    """Saves enough on the days on which a field is missing."""
    demand(measure()["outage"])


@pytest.mark.efficiency
def test_keeps_the_budget(measure):
    """Spends in no batch more on looking up than its budget, at the peak neither."""
    demand(measure()["late"])


def test_tells_when_a_field_is_missing(measure):
    """Raises "missing" in time after an outage began."""
    demand(measure()["missing"])


def test_tells_when_the_fields_drift(measure):
    """Raises "drift" in time after the fields of good payments changed."""
    demand(measure()["drift"])


def test_tells_when_fraud_is_missed(measure):
    """Raises "performance" in time after the fraud took another pattern."""
    demand(measure()["performance"])


def test_raises_few_false_alarms(measure):
    """Raises false alarms on hardly any day."""
    demand(measure()["false"])


# Laws of the system.


@pytest.fixture(scope="module")
def small():
    """Keep one small world for many checks."""
    return World(1, [], days=8, payments=250)


@settings(max_examples=2)
@given(seed=st.integers(0, 2**32 - 1))
def test_the_same_seed_gives_the_same_decisions(submission, reference, small, seed):
    """Decides the same when the same days are lived again with the same rng."""
    first, again = (
        Stay(reference, small).live(
            submission.FraudSystem,
            np.random.default_rng(seed),
            lambda: _forget_calls(submission),
        )
        for _ in range(2)
    )
    try:
        check(again.declined, first.declined)
        check(again.reviewed, first.reviewed)
        check(sorted(map(sorted, again.alarms)), sorted(map(sorted, first.alarms)))
    except Wrong as error:
        raise Wrong(
            f"the same eight days, lived again, went another way: {error}"
        ) from None


@st.composite
def batches(draw):
    """Draw a batch of at most six payments; a field is missing in all or in none."""
    n = draw(st.integers(0, 6))

    def column(least, most, *, missing=True):
        if missing and draw(st.booleans()):
            return np.full(n, np.nan)
        quarters = st.integers(4 * least, 4 * most)
        drawn = draw(st.lists(quarters, min_size=n, max_size=n))
        return np.array(drawn, dtype=float) / 4

    amount = column(1, 5000, missing=False)
    category = draw(st.lists(st.integers(0, 7), min_size=n, max_size=n))
    return (
        {
            "amount": amount,
            "category": np.array(category, dtype=int),
            "account_days": column(1, 5000),
            "foreign": np.floor(column(0, 1)),
        },
        {"velocity": np.floor(column(1, 40)), "device": column(0, 1)},
    )


@pytest.mark.edge_cases
@settings(max_examples=40)
@given(batches(), st.booleans())
def test_decides_any_batch_within_its_budget(submission, reference, drawn, at_the_peak):
    """Decides any batch within its budget: empty, tiny, strange, or with NaN in all."""
    given_fields, hidden = drawn
    history = Stay(reference, World(1, [], days=1, payments=40)).history()
    system = submission.FraudSystem(history, np.random.default_rng(1))
    nothing = np.zeros(0, dtype=int)
    system.receive(0, nothing, nothing)
    _forget_calls(submission)
    n = given_fields["amount"].size
    first = history["id"].size
    budget = n * (reference.PEAK_BUDGET if at_the_peak else reference.BUDGET)
    desk = payments.Desk(reference, hidden)
    batch = {"id": np.arange(first, first + n), **given_fields}
    actions = system.decide(0, batch, desk.look_up, budget)
    payments.actions_of(actions, n, reference, "decide")
    assert desk.spent <= budget, f"it spent {desk.spent} of {budget} units on {n} rows"
    payments.alarms_of(system.end_day(0), "end_day")


# The plan.


PLANS = st.fixed_dictionaries(
    {
        "payments_per_day": st.integers(1, 10**6).map(lambda i: 1000 * i),
        "peak_factor": st.integers(4, 80).map(lambda i: i / 4),
        "lookups_per_payment": st.integers(1, 200).map(lambda i: i / 4),
        "milliseconds_per_payment": st.integers(1, 4000).map(lambda i: i / 4),
        "utilisation": st.integers(1, 20).map(lambda i: i / 20),
        "bytes_per_payment": st.integers(1, 10**6),
        "retention_days": st.integers(1, 4000),
        "replicas": st.integers(1, 7),
    }
)
EXAMPLE = {
    "payments_per_day": 8_640_000,
    "peak_factor": 3,
    "lookups_per_payment": 2,
    "milliseconds_per_payment": 20,
    "utilisation": 0.5,
    "bytes_per_payment": 500,
    "retention_days": 100,
    "replicas": 3,
}
NUMBERS = (
    "peak_payments_per_second",
    "peak_lookups_per_second",
    "workers",
    "storage_gigabytes",
)
test_contract_system = contract(
    "FraudSystem",
    lambda module: module.FraudSystem(
        Stay(payments_rules(), World(0, ["outage", "shift", "drift"])).history(),
        np.random.default_rng(0),
    ),
    returns="FraudSystem",
)
test_contract_plan = contract(
    "capacity_plan", EXAMPLE, returns=dict.fromkeys(NUMBERS, float)
)


def payments_rules():
    """Return the solution, whose public constants are the rules of the world."""
    [entry] = [entry for entry in catalogue() if entry.name == "fraud_detection"]
    return execute(entry.solution, "rules")


def plan_of(submission, given_numbers):
    """Return the four numbers of a plan, each finite and above 0."""
    plan = submission.capacity_plan(**given_numbers)
    if not isinstance(plan, dict):
        raise Wrong(f"expected a dict, got {plan!r}")
    check(set(plan), set(NUMBERS))
    return {name: check_number(plan[name], low=5e-324) for name in NUMBERS}


def plan_by_definition(given_numbers):
    """Return the four numbers by counting what happens, in exact units."""
    day_in_seconds = 24 * 60 * 60
    average = given_numbers["payments_per_day"] / day_in_seconds
    peak = given_numbers["peak_factor"] * average
    busy_seconds = peak * given_numbers["milliseconds_per_payment"] / 10**3
    payments_kept = given_numbers["payments_per_day"] * given_numbers["retention_days"]
    copies_kept = payments_kept * given_numbers["replicas"]
    return {
        "peak_payments_per_second": peak,
        "peak_lookups_per_second": peak * given_numbers["lookups_per_payment"],
        "workers": busy_seconds / given_numbers["utilisation"],
        "storage_gigabytes": copies_kept * given_numbers["bytes_per_payment"] / 10**9,
    }


def plan_line(submission, rules):
    """Return how far the plan of the prompt's example is off, for the table."""
    exact = plan_by_definition(EXAMPLE)
    try:
        plan = plan_of(submission, EXAMPLE)
        ratios = [plan[name] / exact[name] for name in NUMBERS]
        factor = check_number(math.exp(max(abs(math.log(r)) for r in ratios)))
        measured, holds = f"{factor:.2f} times", factor <= rules.PLAN_FACTOR
    except Exception as error:  # the plan's own checks say more
        measured, holds = type(error).__name__, False
    finally:
        _forget_calls(submission)
    needed = f"<= {rules.PLAN_FACTOR:g}"
    return payments.Line("the capacity plan is off by", measured, needed, holds, "")


@settings(max_examples=50)
@given(PLANS)
def test_plan_is_near_the_exact_numbers(submission, reference, given_numbers):
    """Plans each number within a quarter of the exact one."""
    plan, exact = plan_of(submission, given_numbers), plan_by_definition(given_numbers)
    for name, wanted in exact.items():
        ratio = check_number(plan[name] / wanted)
        limit = reference.PLAN_FACTOR
        assert 1 / limit <= ratio <= limit, (
            f"{name} is {plan[name]:.6g}; exactly it is {wanted:.6g}, and it may lie "
            f"from {wanted / limit:.6g} to {wanted * limit:.6g}"
        )


# By what each number grows when one of those given doubles.
GROWTH = {
    "payments_per_day": (2, 2, 2, 2),
    "lookups_per_payment": (1, 2, 1, 1),
    "milliseconds_per_payment": (1, 1, 2, 1),
    "peak_factor": (2, 2, 2, 1),
    "bytes_per_payment": (1, 1, 1, 2),
    "retention_days": (1, 1, 1, 2),
    "replicas": (1, 1, 1, 2),
}


@settings(max_examples=30)
@given(PLANS, st.sampled_from(sorted(GROWTH)))
def test_plan_grows_with_what_it_depends_on(submission, given_numbers, name):
    """Doubles just those numbers that depend on the given one that doubles."""
    before = plan_of(submission, given_numbers)
    after = plan_of(submission, {**given_numbers, name: 2 * given_numbers[name]})
    for number, factor in zip(NUMBERS, GROWTH[name], strict=True):
        try:
            check(after[number], before[number] * factor)
        except Wrong:
            raise Wrong(
                f"when {name} doubles, {number} should go from {before[number]:.6g} to "
                f"{before[number] * factor:.6g}; it goes to {after[number]:.6g}"
            ) from None


@pytest.mark.edge_cases
@pytest.mark.parametrize(
    ("name", "value"),
    [
        pytest.param("payments_per_day", 0, id="no payments"),
        pytest.param("payments_per_day", math.nan, id="NaN payments"),
        pytest.param("peak_factor", 0.99, id="a peak below the average"),
        pytest.param("lookups_per_payment", -1, id="negative lookups"),
        pytest.param("milliseconds_per_payment", 0.0, id="no time"),
        pytest.param("utilisation", 1.01, id="busy more than always"),
        pytest.param("utilisation", 0, id="never busy"),
        pytest.param("bytes_per_payment", math.inf, id="infinite bytes"),
        pytest.param("retention_days", -30, id="negative days"),
        pytest.param("replicas", 0, id="no copy"),
    ],
)
def test_plan_refuses_what_cannot_be(submission, name, value):
    """Raises ValueError for numbers out of their range."""
    with pytest.raises(ValueError):
        submission.capacity_plan(**{**EXAMPLE, name: value})
