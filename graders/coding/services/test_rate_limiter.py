"""Grader for the rate limiter: the interviewer's side of the table."""

from collections.abc import Iterator
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graders.harness import check, check_number

SECOND = 10**9


class Clock(Iterator):
    """A clock that shows what it is set to, and counts how often one looks."""

    def __init__(self):
        self.now = 0
        self.n_reads = 0

    def __next__(self):
        self.n_reads += 1
        return self.now


class Buckets:
    """The definition: a fraction of a token for each key, brought up to date."""

    def __init__(self, rate, capacity):
        self.rate = rate
        self.capacity = capacity
        self.now = None
        self.levels = {}

    def allow(self, time, key, cost):
        """Return whether the bucket can pay, after time has passed for all of them."""
        passed = 0 if self.now is None else max(time - self.now, 0)
        self.now = time if self.now is None else max(time, self.now)
        gained = Fraction(self.rate * passed, SECOND)
        for other, level in self.levels.items():
            self.levels[other] = min(level + gained, self.capacity)
        level = self.levels.setdefault(key, self.capacity)
        if level < cost:
            return False
        self.levels[key] = level - cost
        return True


def play(submission, rate, capacity, requests):
    """Send (time, key, cost) after another, judge each, and return what came."""
    buckets = Buckets(rate, capacity)
    allowed = []
    clock = Clock()
    allow = submission.RateLimiter(rate, capacity, clock).allow
    for time, key, cost in requests:
        clock.now = time
        allowed.append(buckets.allow(time, key, cost))
        check(allow(key, cost=cost), allowed[-1])
    return allowed


@st.composite
def schedules(draw, keys="ab", backwards=False):
    """Draw a rate, a capacity and requests, many of which come just in time or late."""
    rate, capacity = draw(st.integers(0, 4)), draw(st.integers(1, 5))
    token = SECOND // max(rate, 1)  # rounded down: a nanosecond short, if anything
    waits = st.builds(
        lambda tokens, more: max(tokens * token // 2 + more, 0),
        st.integers(0, 2 * capacity + 1),
        st.sampled_from([0, 0, 0, 1, -1]),
    )
    if backwards:
        waits = st.one_of(waits, st.integers(1, 4).map(lambda n: -n * token))
    steps = st.tuples(waits, st.sampled_from(keys), st.integers(1, capacity))
    time, requests = draw(st.integers(-3, 3)), []
    for wait, key, cost in draw(st.lists(steps, max_size=12)):
        time += wait
        requests.append((time, key, cost))
    return rate, capacity, requests


def at(seconds):
    """Return a time in whole nanoseconds."""
    return round(seconds * SECOND)


@pytest.mark.parametrize(
    ("rate", "capacity", "requests", "expected"),
    [
        pytest.param(1, 2, [(0, 1), (0, 1), (0, 1)], [True, True, False], id="burst"),
        pytest.param(
            2, 3, [(0, 2), (0, 2), (0.5, 2)], [True, False, True], id="one comes back"
        ),
        pytest.param(
            2, 1, [(0, 1), (0.25, 1), (0.5, 1)], [True, False, True], id="two halves"
        ),
        pytest.param(
            1, 2, [(0, 2), (90, 2), (90, 1)], [True, True, False], id="not above full"
        ),
        pytest.param(
            1, 3, [(0, 2), (0, 2), (0, 1)], [True, False, True], id="a smaller one"
        ),
        pytest.param(
            0, 2, [(0, 1), (9, 1), (10**6, 1)], [True, True, False], id="rate 0"
        ),
    ],
)
def test_by_hand(submission, rate, capacity, requests, expected):
    """Allows what you would, going through the seconds by hand."""
    clock = Clock()
    limiter = submission.RateLimiter(rate, capacity, clock)
    for (seconds, cost), allowed in zip(requests, expected, strict=True):
        clock.now = at(seconds)
        check(limiter.allow("ann", cost=cost), allowed)


def test_costs_one_token(submission):
    """Takes one token where no cost is given."""
    clock = Clock()
    limiter = submission.RateLimiter(1, 2, clock)
    for expected in (True, True, False):
        clock.now = 0
        check(limiter.allow("ann"), expected)


@given(schedules())
@settings(max_examples=80)
def test_matches_the_definition(submission, schedule):
    """Allows exactly what buckets of fractions allow, at the nanosecond."""
    play(submission, *schedule)


@given(schedules("a"))
@settings(max_examples=40)
def test_no_window_has_too_much(submission, schedule):
    """Allows at most capacity + rate * T tokens within any T seconds."""
    rate, capacity, requests = schedule
    allowed = play(submission, *schedule)
    paid = [r for r, yes in zip(requests, allowed, strict=True) if yes]
    for first in range(len(paid)):
        spent = 0
        for time, _, cost in paid[first:]:
            spent += cost
            limit = capacity + Fraction(rate * (time - paid[first][0]), SECOND)
            check_number(spent, 0, float(limit))


@given(schedules("a"))
@settings(max_examples=40)
def test_refused_requests_leave_no_trace(submission, schedule):
    """Allows the same requests if those it refused had never been made."""
    rate, capacity, requests = schedule
    allowed = play(submission, *schedule)
    paid = [r for r, yes in zip(requests, allowed, strict=True) if yes]
    check(play(submission, rate, capacity, paid), [True] * len(paid))


@given(schedules("abc"))
@settings(max_examples=40)
def test_keys_do_not_meet(submission, schedule):
    """Allows to each key what it would if there were no other."""
    rate, capacity, requests = schedule
    allowed = play(submission, *schedule)
    for key in "abc":
        mine = [i for i, request in enumerate(requests) if request[1] == key]
        alone = play(submission, rate, capacity, [requests[i] for i in mine])
        check(alone, [allowed[i] for i in mine])


@given(schedules(), st.integers(2, 1000), st.sampled_from([-(2**62), 2**60, 2**80]))
@settings(max_examples=40)
def test_units_do_not_matter(submission, schedule, factor, origin):
    """Allows the same in smaller tokens, and whenever the clock began."""
    rate, capacity, requests = schedule
    allowed = play(submission, *schedule)
    smaller = [(time + origin, key, cost * factor) for time, key, cost in requests]
    check(play(submission, rate * factor, capacity * factor, smaller), allowed)


@pytest.mark.numerics
@given(
    st.sampled_from([1, 3, 7, 10, 49, 1000, 999_999_937]),
    st.lists(st.floats(0, 1), min_size=1, max_size=20),
)
@settings(max_examples=40)
def test_asking_often_does_not_help_or_hurt(submission, rate, shares):
    """Gives the next token on its nanosecond, however often one asks before."""
    due = -(-SECOND // rate)  # rounded up
    asked = sorted(round(share * (due - 1)) for share in shares)
    times = [0, *asked, due - 1, due]
    requests = [(time, "ann", 1) for time in times]
    expected = [True] + [False] * (len(times) - 2) + [True]
    check(play(submission, rate, 1, requests), expected)


@pytest.mark.numerics
@pytest.mark.parametrize("rate", [1, 2, 5])
def test_tenths_make_a_whole(submission, rate):
    """Has a token after as many tenths as it takes, asked for after each of them."""
    # Ten times 0.1 is less than 1 in floats, as long as one adds them up.
    due = SECOND // rate
    requests = [(n * due // 10, "ann", 1) for n in range(21)]
    expected = [n % 10 == 0 for n in range(21)]
    check(play(submission, rate, 1, requests), expected)


@pytest.mark.numerics
@pytest.mark.parametrize("origin", [0, -(10**18), 1_700_000_000 * SECOND, 2**70])
def test_a_nanosecond_counts(submission, origin):
    """Tells a nanosecond too early from just in time, whatever the clock began with."""
    times = [0, SECOND - 1, SECOND, 2 * SECOND - 1, 2 * SECOND]
    requests = [(origin + time, "ann", 1) for time in times]
    check(play(submission, 1, 1, requests), [True, False, True, False, True])


@pytest.mark.numerics
def test_large_numbers(submission):
    """Is exact to one token of 10**18, at a rate of 10**15 and after ten years."""
    capacity, rate = 10**18, 10**15
    later = 10 * 365 * 86_400 * SECOND
    requests = [
        (0, "ann", capacity),
        (7, "ann", 7 * 10**6 + 1),
        (7, "ann", 7 * 10**6),
        (later, "ann", capacity - 1),
        (later, "ann", 2),
        (later, "ann", 1),
    ]
    expected = [True, False, True, True, False, True]
    check(play(submission, rate, capacity, requests), expected)


@pytest.mark.numerics
def test_a_nanosecond_after_years(submission):
    """Tells, after three years of waiting, a nanosecond too early from just in time."""
    years = 10**8 * SECOND
    requests = [
        (0, "ann", 10**9),
        (years - 1, "ann", 10**8),
        (years, "ann", 10**8),
        (years, "ann", 1),
    ]
    check(play(submission, 1, 10**9, requests), [True, False, True, False])


@pytest.mark.edge_cases
@given(schedules("ab", backwards=True))
@settings(max_examples=80)
def test_a_clock_that_goes_back(submission, schedule):
    """Lets time stand still until a clock that went back has caught up."""
    play(submission, *schedule)


@pytest.mark.edge_cases
@pytest.mark.parametrize(
    ("requests", "expected"),
    [
        pytest.param(
            [(5, "ann"), (3, "ann"), (5.5, "ann"), (6, "ann")],
            [True, False, False, True],
            id="one key",
        ),
        pytest.param(
            [(5, "ann"), (3, "bob"), (5, "bob"), (6, "bob")],
            [True, True, False, True],
            id="a key new while the clock is back",
        ),
        pytest.param(
            [(5, "ann"), (9, "bob"), (7, "ann"), (7, "ann"), (9, "ann"), (10, "ann")],
            [True, True, True, False, False, True],
            id="the latest reading was another key's",
        ),
    ],
)
def test_the_clock_goes_back_by_seconds(submission, requests, expected):
    """Neither takes nor gives tokens for time that the clock went back over."""
    requests = [(at(seconds), key, 1) for seconds, key in requests]
    check(play(submission, 1, 1, requests), expected)


@pytest.mark.edge_cases
@pytest.mark.parametrize("keys", [("", " "), ("a", "A"), ("é", "e\u0301"), ("1", "01")])
def test_any_string_is_a_key(submission, keys):
    """Has one bucket for each string, however alike two of them are."""
    requests = [(0, key, 1) for key in (*keys, *keys)]
    check(play(submission, 1, 1, requests), [True, True, False, False])


@pytest.mark.edge_cases
def test_limiters_do_not_meet(submission):
    """Keeps two limiters apart."""
    clock = Clock()
    limiters = [submission.RateLimiter(1, 1, clock) for _ in range(2)]
    for expected in (True, False):
        for limiter in limiters:
            clock.now = 0
            check(limiter.allow("ann"), expected)


@pytest.mark.edge_cases
@pytest.mark.parametrize("cost", [-5, -1, 0, 4, 10**9])
def test_refuses_costs_that_make_no_sense(submission, cost):
    """Raises ValueError for a cost below 1 or above capacity, and changes no bucket."""
    clock = Clock()
    limiter = submission.RateLimiter(1, 3, clock)
    with pytest.raises(ValueError):
        limiter.allow("ann", cost=cost)
    for expected in (True, True):
        clock.now = 0
        check(limiter.allow("ann", cost=1), expected)
    with pytest.raises(ValueError):
        limiter.allow("ann", cost=cost)
    for expected in (True, False):
        clock.now = 0
        check(limiter.allow("ann", cost=1), expected)


@pytest.mark.edge_cases
@pytest.mark.parametrize(("rate", "capacity"), [(-1, 3), (1, 0), (1, -2), (0, 0)])
def test_refuses_impossible_buckets(submission, rate, capacity):
    """Raises ValueError for a negative rate and for a capacity below 1."""
    with pytest.raises(ValueError):
        submission.RateLimiter(rate, capacity, Clock())


def test_reads_the_clock_once(submission):
    """Reads the clock once a request, allowed or refused, and never besides."""
    clock = Clock()
    limiter = submission.RateLimiter(2, 2, clock)
    assert clock.n_reads == 0, "it read the clock before the first request"
    for n, key in enumerate("aaabbbaaccab", 1):
        clock.now = n * at(0.125)
        limiter.allow(key)
        assert clock.n_reads == n, (
            f"it read the clock {clock.n_reads} times in {n} requests"
        )


@pytest.mark.efficiency
@pytest.mark.timeout(30)  # for thousands of messages on a busy machine
def test_forgets_nobody_who_owes(submission):
    """Remembers each of 1,200 keys that paid, as long as its bucket is not full."""
    keys = [f"10.0.{n // 256}.{n % 256}" for n in range(1200)]
    clock = Clock()
    allow = submission.RateLimiter(1, 2, clock).allow
    for time, expected in ((0, True), (at(2) - 1, False)):
        for key in keys:
            clock.now = time
            check(allow(key, cost=2), expected)


@pytest.mark.efficiency
@pytest.mark.memory(32)
@pytest.mark.timeout(30)  # likewise
def test_forgets_who_is_full_again(submission):
    """Has 32 MB for 4,000 keys of 16 KB, of which 200 at a time are not full."""
    # A good answer takes 4 MB, or 16 MB if it clears up every thousand keys; to keep
    # all of them takes 64 MB. One key pays as often as it can, and must not hold up
    # the others.
    clock = Clock()
    allow = submission.RateLimiter(1, 2, clock).allow
    for n in range(4000):
        clock.now = n * at(0.01)
        check(allow(f"{n:16384}", cost=2), True)
        if n % 50 == 0:
            allow("busy")
