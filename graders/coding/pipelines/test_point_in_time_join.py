"""Checks of the point-in-time join: what the interviewer looks for.

The oracle is the definition: for each prediction a loop over the whole log.
"""

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from graders.harness import array, check, check_array, contract, refusals

CALL = {
    "entities": np.array([1, 2, 1]),
    "times": np.array([10, 10, 20]),
    "feature_entities": np.array([1, 2, 1]),
    "event_times": np.array([5, 8, 15]),
    "available_times": np.array([6, 9, 19]),
    "values": np.array([0.5, 1.5, 2.5]),
    "max_age": 10,
}
LOG = ("feature_entities", "event_times", "available_times", "values")
test_contract = contract("point_in_time_join", CALL, returns=array(3, finite=False))


def join_by_definition(call):
    """Return what each prediction could have been served."""
    log = list(zip(*(call[name].tolist() for name in LOG), strict=True))
    joined = []
    for entity, time in zip(call["entities"], call["times"], strict=True):
        best, found = (), np.nan
        for row, (owner, event, available, value) in enumerate(log):
            counts = available <= time and event >= time - call["max_age"]
            if owner == entity and counts and (event, available, row) > best:
                best, found = (event, available, row), value
        joined.append(found)
    return np.array(joined, float)


@st.composite
def small(draw):
    """Draw few entities and times, so that ties and corrections are common."""
    entity, time = st.sampled_from([3, -1, 8]), st.integers(-2, 6)
    rows = draw(st.lists(st.tuples(entity, time, st.integers(0, 3)), max_size=8))
    asked = draw(st.lists(st.tuples(entity, time), max_size=6))
    owners, events, delays = np.array(rows, int).reshape(-1, 3).T.copy()
    entities, times = np.array(asked, int).reshape(-1, 2).T.copy()
    return {
        "entities": entities,
        "times": times,
        "feature_entities": owners,
        "event_times": events,
        "available_times": events + delays,
        "values": np.arange(len(rows)) / 10,
        "max_age": draw(st.integers(0, 5)),
    }


def drawn(rng, n, m, n_entities, span):
    """Draw a log of m rows and n predictions, no two events at one time."""
    events = rng.permutation(np.arange(m) * span // max(m, 1))
    return {
        "entities": rng.integers(n_entities, size=n),
        "times": rng.integers(span, size=n),
        "feature_entities": rng.integers(n_entities, size=m),
        "event_times": events,
        "available_times": events + rng.integers(span // 5, size=m),
        "values": rng.normal(size=m),
        "max_age": span // 3,
    }


seeds = st.integers(0, 2**32).map(np.random.default_rng)
large = st.builds(
    drawn, seeds, st.integers(1, 99), st.integers(0, 299), st.integers(1, 20),
    st.just(3000),
)  # fmt: skip


# More events at one time than a sort that is not stable leaves in their order.
TIED = CALL | {
    "entities": np.array([1]),
    "times": np.array([9]),
    **dict.fromkeys(LOG[:3], np.ones(65, int)),
    "values": np.arange(65.0),
}


@settings(max_examples=100)  # a few rows have few of the cases at a time
@given(small())
@example(TIED)
def test_matches_the_definition(submission, call):
    """Gives the latest event that was available and not too old, or else NaN."""
    # Nothing is computed, so nothing is rounded: single precision has no 0.1.
    joined = submission.point_in_time_join(**call)
    check(joined, join_by_definition(call), rtol=0, atol=0)


@given(large, st.integers(0, 3000), st.integers(0, 2**32))
def test_the_future_changes_nothing(submission, call, now, seed):
    """Joins the same for the past when what became available later is different."""
    asked = call["times"] <= now
    call |= {name: call[name][asked] for name in ("entities", "times")}
    later = call["available_times"] > now
    noise = np.random.default_rng(seed).normal(size=later.sum())
    other = call | {"values": call["values"].copy()}
    other["values"][later] = noise
    without = call | {name: call[name][~later] for name in LOG}
    joined = submission.point_in_time_join(**call)
    check(submission.point_in_time_join(**other), joined)
    check(submission.point_in_time_join(**without), joined)


@given(large, st.integers(0, 2**32))
def test_order_of_the_rows_does_not_matter(submission, call, seed):
    """Joins the same whatever the order of the log, and of the predictions."""
    rng = np.random.default_rng(seed)
    log = rng.permutation(call["values"].size)
    asked = rng.permutation(call["times"].size)
    turned = call | {name: call[name][log] for name in LOG}
    turned |= {name: call[name][asked] for name in ("entities", "times")}
    result = submission.point_in_time_join(**turned)
    result = check_array(result, asked.shape, finite=False)
    check(result[asked.argsort()], submission.point_in_time_join(**call))


@given(large, st.integers(-(10**10), 10**10))
def test_only_differences_of_times_matter(submission, call, shift):
    """Joins the same when all times are shifted, and entities have other numbers."""
    moved = {name: call[name] + shift for name in call if name.endswith("times")}
    renamed = {name: 7 - 5 * call[name] for name in call if name.endswith("entities")}
    joined = submission.point_in_time_join(**call)
    check(submission.point_in_time_join(**call | moved | renamed), joined)


@pytest.mark.edge_cases
def test_a_correction_counts_once_it_is_available(submission):
    """Takes a correction from the second on at which it is available, not before."""
    call = CALL | {
        "entities": np.array([4, 4, 4, 4, 4]),
        "times": np.array([10, 11, 12, 30, 31]),
        "feature_entities": np.array([4, 4]),
        "event_times": np.array([10, 10]),
        "available_times": np.array([12, 11]),
        "values": np.array([2.0, 1.0]),
        "max_age": 20,
    }
    expected = np.array([np.nan, 1.0, 2.0, 2.0, np.nan])
    check(submission.point_in_time_join(**call), expected)


@pytest.mark.edge_cases
def test_an_old_event_that_arrives_late(submission):
    """Keeps to the latest event when an older one becomes available after it."""
    call = CALL | {
        "entities": np.array([4]),
        "times": np.array([20]),
        "feature_entities": np.array([4, 4]),
        "event_times": np.array([15, 12]),
        "available_times": np.array([16, 19]),
        "values": np.array([1.0, 2.0]),
    }
    check(submission.point_in_time_join(**call), np.array([1.0]))


@pytest.mark.edge_cases
def test_entities_are_any_integers(submission):
    """Tells entities apart whose numbers are hashes, whatever bits they have."""
    # Floats have no 2**53 + 1, 32 bits no 2**32 + 1, and 64 bits no 4 * 2**62.
    call = CALL | {
        "entities": np.array([2**53, 2**53 + 1, 1, 2**32 + 1, 2**62, 0]),
        "times": np.array([3, 3, 3, 3, 3, 3]),
        "feature_entities": np.array([2**53 + 1, 2**32 + 1, 0]),
        "event_times": np.array([0, 0, 0]),
        "available_times": np.array([0, 1, 2]),
    }
    expected = np.array([np.nan, 0.5, np.nan, 1.5, np.nan, 2.5])
    check(submission.point_in_time_join(**call), expected)
    call = CALL | {
        "entities": np.array([0, 2**62]),
        "times": np.array([3, 3]),
        "feature_entities": np.array([0, 2**62]),
        "event_times": np.array([1, 0]),
        "available_times": np.array([1, 0]),
        "values": np.array([2.0, 3.0]),
    }
    check(submission.point_in_time_join(**call), np.array([2.0, 3.0]))


@pytest.mark.edge_cases
def test_nothing_to_join(submission):
    """Gives NaN for each prediction where the log is empty, and none for none."""
    empty = {name: CALL[name][:0] for name in LOG}
    check(submission.point_in_time_join(**CALL | empty), np.full(3, np.nan))
    asked = {name: CALL[name][:0] for name in ("entities", "times")}
    check(submission.point_in_time_join(**CALL | asked), np.array([]))


@pytest.mark.validation
@pytest.mark.parametrize(
    "arguments",
    refusals(
        CALL,
        {
            "one time": {"times": np.array([10])},
            "one value": {"values": np.array([0.5])},
            "available before it happened": {"available_times": np.array([6, 7, 19])},
            "max_age": "negative",
        },
    ),
)
def test_refuses(submission, arguments):
    """Raises ValueError where lengths, times or max_age make no sense."""
    with pytest.raises(ValueError):
        submission.point_in_time_join(**arguments)


@pytest.mark.validation
def test_refuses_a_longer_column(submission):
    """Raises ValueError where one column of the log, whichever, has a row too many."""
    for name in LOG:
        longer = {name: np.append(CALL[name], CALL[name][-1])}
        with pytest.raises(ValueError):
            submission.point_in_time_join(**CALL | longer)


@pytest.mark.efficiency
@pytest.mark.parametrize("n_entities", [1, 1_000], ids=["one entity", "many entities"])
def test_forty_thousand_rows(check_slowdown, n_entities):
    """Joins 40,000 predictions with as many rows by sorting, of one entity or many."""

    def sample(rng):
        return tuple(drawn(rng, 40_000, 40_000, n_entities, 10**6).values())

    def run(module, *columns):
        return module.point_in_time_join(*columns[:-1], max_age=columns[-1])

    # Loops, sweeps and searches for each entity take up to 9 times as long as the
    # solution, a pass over the log for each prediction 60 to 220 times.
    check_slowdown(run, sample, limit=25)
