"""Checks of sessions from events: what the interviewer looks for.

The oracle takes one user at a time and one event after the other, and numbers what it
found by sorting it.
"""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graders.harness import Wrong, array, check, check_array, contract, refusals

CALL = {"users": np.array([7, 5, 7, 7]), "times": np.array([99, 40, 10, 30]), "gap": 20}
test_contract = contract("sessions", CALL, returns=array(4, kind="i"))

# Few users and seconds, so that users meet, times tie and pauses equal the gap. Day 0
# begins at second 0, so that some sessions go past midnight.
EVENTS = st.tuples(st.integers(-1, 1), st.integers(-12, 12))
LOGS = st.lists(EVENTS, max_size=20).map(
    lambda events: tuple(np.array(events, np.int64).reshape(-1, 2).T.copy())
)
GAPS = st.integers(0, 10)
MAX_LENGTHS = st.one_of(st.none(), st.integers(0, 12))


def sessions_by_definition(users, times, gap, max_length):
    """Return the numbers of sessions, one user and one event after the other."""
    found = []  # (start, user, rows) of each session
    rows_by_time = sorted(range(len(times)), key=lambda row: times[row])
    for user in set(users.tolist()):
        start = last = None
        for row in rows_by_time:
            if users[row] != user:
                continue
            time = times[row]
            too_long = last is not None and max_length is not None
            too_long = too_long and time - start > max_length
            if last is None or time - last > gap or too_long:
                start = time
                found.append((start, user, []))
            found[-1][2].append(row)
            last = time
    numbers = np.zeros(len(times), int)
    for number, (_, _, rows) in enumerate(sorted(found)):
        numbers[rows] = number
    return numbers


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({"gap": 10}, [0, 0, 0, 0, 1]),
        ({"gap": 9}, [0, 1, 2, 3, 4]),
        ({"gap": 10, "max_length": 20}, [0, 0, 0, 1, 2]),
        # The second session has a start of its own, 20, and so may last until 32.
        ({"gap": 11, "max_length": 12}, [0, 0, 1, 1, 2]),
        ({"gap": 60, "max_length": 0}, [0, 1, 2, 3, 4]),
    ],
    ids=["gap 10", "gap 9", "length 20", "length 12", "length 0"],
)
def test_one_user_by_hand(submission, options, expected):
    """Cuts events at seconds 0, 10, 20, 30 and 41 at long pauses and long lengths."""
    users, times = np.full(5, 3), np.array([0, 10, 20, 30, 41])
    check(submission.sessions(users, times, **options), np.array(expected))


def test_two_users_by_hand(submission):
    """Numbers sessions by their start, whichever row or user comes first."""
    users = np.array([4, 9, 4, 9, 2])
    times = np.array([50, 0, 10, 45, 50])
    # 9 at 0; 4 at 10; 9 at 45; 2 and 4 at 50.
    check(submission.sessions(users, times, gap=30), np.array([4, 0, 1, 2, 3]))


@given(LOGS, GAPS, MAX_LENGTHS)
def test_matches_the_definition(submission, log, gap, max_length):
    """Puts each row into the session in which the definition has it."""
    numbers = submission.sessions(*log, gap=gap, max_length=max_length)
    check(numbers, sessions_by_definition(*log, gap, max_length))


@st.composite
def long_logs(draw):
    """Draw a log of hundreds of events, and the generator that drew it."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    n, n_users = draw(st.integers(2, 400)), draw(st.integers(1, 30))
    times = rng.integers(0, draw(st.integers(1, 20)) * n, n)
    return rng.integers(-(2**40), 2**40, n_users)[rng.integers(0, n_users, n)], times


OPTIONS = st.fixed_dictionaries(
    {"gap": st.integers(0, 60)}, optional={"max_length": st.integers(0, 200)}
)


@given(long_logs(), OPTIONS, st.integers(0, 2**32))
def test_the_order_of_rows_does_not_matter(submission, log, options, seed):
    """Puts each row into the same session when the rows are shuffled."""
    users, times = log
    numbers = check_array(submission.sessions(*log, **options), users.shape, kind="i")
    order = np.random.default_rng(seed).permutation(users.size)
    shuffled = submission.sessions(users[order], times[order], **options)
    check(shuffled, numbers[order])


@given(long_logs(), OPTIONS)
def test_other_users_do_not_matter(submission, log, options):
    """Cuts the events of one user in the same places when nobody else is there."""
    users, times = log
    numbers = check_array(submission.sessions(*log, **options), users.shape, kind="i")
    own = users == users[0]
    among_own = np.unique(numbers[own], return_inverse=True)[1].reshape(-1)
    check(submission.sessions(users[own], times[own], **options), among_own)


@given(long_logs(), st.integers(0, 60), st.integers(1, 30))
def test_a_longer_gap_only_joins_sessions(submission, log, gap, more):
    """Joins whole sessions, and splits none, when pauses may be longer."""
    users = log[0]
    small, large = (
        check_array(submission.sessions(*log, gap=longest), users.shape, kind="i")
        for longest in (gap, gap + more)
    )
    pairs = np.unique(np.stack([small, large]), axis=1)
    if len(set(pairs[0].tolist())) != pairs.shape[1]:
        raise Wrong(f"a session with gap={gap} is in two with gap={gap + more}")


@given(long_logs(), OPTIONS, st.integers(-(10**9), 10**9), st.integers(1, 1000))
def test_the_unit_of_time_does_not_matter(submission, log, options, start, factor):
    """Gives the same when time is counted from elsewhere and in a smaller unit."""
    users, times = log
    scaled = {name: factor * value for name, value in options.items()}
    numbers = submission.sessions(users, start + factor * times, **scaled)
    expected = submission.sessions(users, times, **options)
    check(numbers, expected)


@pytest.mark.edge_cases
def test_no_events(submission):
    """Returns an empty array of integers for an empty log."""
    nothing = np.array([], np.int64)
    check(submission.sessions(nothing, nothing, gap=5), np.array([], int))


@pytest.mark.edge_cases
def test_events_of_the_same_second(submission):
    """Keeps events of the same user and second together, even with gap 0."""
    users, times = np.array([1, 2, 1, 2, 1]), np.array([5, 5, 5, 5, 6])
    numbers = submission.sessions(users, times, gap=0, max_length=0)
    check(numbers, np.array([0, 1, 0, 1, 2]))


@pytest.mark.edge_cases
@pytest.mark.parametrize(
    ("users", "expected"),
    [
        # As floats both are 2**53.
        ([2**53, 2**53 + 1, 2**53 + 1, 2**53], [0, 1, 1, 0]),
        # 4 * 2**62 + time overflows to time, among those of user 0.
        ([2**62, 0, 2**62, 0], [0, 1, 0, 1]),
        ([-(2**62), 2**62, 2**62, -(2**62)], [0, 1, 1, 0]),
    ],
    ids=["above 2**53", "2**62 and 0", "2**62 and -2**62"],
)
def test_users_are_any_integers(submission, users, expected):
    """Tells users apart whose numbers are hashes, whatever bits they have."""
    numbers = submission.sessions(np.array(users), np.arange(4), gap=3)
    check(numbers, np.array(expected))


@pytest.mark.edge_cases
def test_users_of_the_same_second(submission):
    """Numbers the session of the smaller user first, of 2**53 and 2**53 + 1 too."""
    users = np.array([2**53 + 1, 2**53])
    check(submission.sessions(users, np.array([0, 0]), gap=1), np.array([1, 0]))


@pytest.mark.edge_cases
@pytest.mark.parametrize(
    ("time", "gap", "second"),
    [(2**32, 1, 1), (90_000, 10**6, 0)],
    ids=["136 years later", "a day later"],
)
def test_long_pauses(submission, time, gap, second):
    """Tells seconds apart that are 2**32 apart, and has no length unless it is told."""
    users, times = np.array([1, 1]), np.array([0, time])
    check(submission.sessions(users, times, gap=gap), np.array([0, second]))


@pytest.mark.validation
@pytest.mark.parametrize(
    "arguments",
    refusals(
        CALL,
        {
            "users": "shorter",
            "times": "shorter",
            "gap": "negative",
            "max_length negative": {"max_length": -1},
        },
    ),
)
def test_refuses(submission, arguments):
    """Raises ValueError for a negative limit, or users without times."""
    with pytest.raises(ValueError):
        submission.sessions(**arguments)


@pytest.mark.efficiency
def test_many_users(check_slowdown):
    """Cuts 150,000 events in O(n log n), not in a pass for each of 140,000 users."""

    def sample(rng):
        return rng.integers(0, 1_000_000, 150_000), rng.integers(0, 3000, 150_000)

    def run(module, users, times):
        return module.sessions(users, times, gap=1000, max_length=1500)

    # A heap of tuples takes 6 to 7 times as long as the solution, a NumPy mask for each
    # user 33 times.
    check_slowdown(run, sample, limit=14)


@pytest.mark.efficiency
def test_one_user_with_many_sessions(check_slowdown):
    """Cuts 150,000 events of one user, not in a pass for each session."""

    def sample(rng):
        return np.full(150_000, 7), 900 * rng.permutation(150_000)

    def run(module, users, times):
        # No pause ends a session, but its length does, after each event.
        return module.sessions(users, times, gap=1000, max_length=800)

    # A heap of tuples takes 8 to 12 times as long as the solution, a NumPy comparison
    # with the rest of the rows for each session 41 times.
    check_slowdown(run, sample, limit=21)
