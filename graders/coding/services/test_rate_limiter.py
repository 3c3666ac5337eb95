"""Checks of the rate limiter: what the interviewer looks for."""

from collections.abc import Iterator
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graders.harness import Wrong, check, contract

SECOND = 10**9

# A request takes four messages, and a check has thousands: on a busy machine the
# messages alone take longer than the usual two seconds.
pytestmark = pytest.mark.timeout(30)


class Clock(Iterator):
    """A clock that shows what it is set to, and counts how often it is read."""

    def __init__(self):
        self.now = 0
        self.n_reads = 0

    def __next__(self):
        self.n_reads += 1
        return self.now


class Buckets:
    """The definition: a fraction of a token for each key, all brought up to date."""

    def __init__(self, rate, capacity):
        self.rate, self.capacity = rate, capacity
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


def answers(submission, rate, capacity, requests):
    """Return what the answer says to one (time, key, cost) after another."""
    clock = Clock()
    limiter = submission.RateLimiter(rate, capacity, clock)
    allowed = []
    for time, key, cost in requests:
        clock.now = time
        allowed.append(limiter.allow(key, cost=cost))
        if not isinstance(allowed[-1], (bool, np.bool_)):
            raise Wrong(f"expected a bool, got {allowed[-1]!r}")
    return allowed


ANY_TWO = st.lists(st.text(max_size=3), min_size=2, max_size=3, unique=True)
ALIKE = st.sampled_from([("a", "b"), ("", " "), ("a", "A"), ("é", "e\u0301")])


@st.composite
def schedules(draw, backwards=False):
    """Draw a rate, a capacity and requests, many of which come just in time or late."""
    keys = draw(st.one_of(ANY_TWO, ALIKE))
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


def allow_one(module):
    """Make one ordinary call."""
    return module.RateLimiter(1, 2, Clock()).allow("ann")


test_contract = contract("RateLimiter.allow", allow_one, returns=bool)


YES, NO = True, False


@pytest.mark.parametrize(
    ("rate", "capacity", "requests", "expected"),
    [
        pytest.param(1, 2, [(0, 1), (0, 1), (0, 1)], [YES, YES, NO], id="burst"),
        pytest.param(2, 1, [(0, 1), (0.25, 1), (0.5, 1)], [YES, NO, YES], id="halves"),
        pytest.param(1, 2, [(0, 2), (90, 2), (90, 1)], [YES, YES, NO], id="never over"),
        pytest.param(1, 3, [(0, 2), (0, 2), (0, 1)], [YES, NO, YES], id="a small one"),
        pytest.param(0, 2, [(0, 1), (9, 1), (10**6, 1)], [YES, YES, NO], id="rate 0"),
        pytest.param(1, 1, [(5, 1), (3, 1), (5.5, 1), (6, 1)], [YES, NO, NO, YES],
                     id="the clock goes back"),
    ],
)  # fmt: skip
def test_by_hand(submission, rate, capacity, requests, expected):
    """Allows what you would, going through the seconds by hand."""
    requests = [(round(seconds * SECOND), "ann", cost) for seconds, cost in requests]
    check(answers(submission, rate, capacity, requests), expected)


@given(schedules(backwards=True))
@settings(max_examples=150)  # twelve requests reach few of the cases at a time
def test_matches_the_definition(submission, schedule):
    """Allows what buckets of fractions allow, whatever the keys and the clock."""
    rate, capacity, requests = schedule
    buckets = Buckets(rate, capacity)
    expected = [buckets.allow(*request) for request in requests]
    check(answers(submission, rate, capacity, requests), expected)


@pytest.mark.numerics
@given(schedules(), st.integers(2, 10**15), st.sampled_from([-(2**62), 2**60, 2**80]))
def test_units_do_not_matter(submission, schedule, factor, origin):
    """Allows the same with smaller tokens, and whatever the clock starts with."""
    rate, capacity, requests = schedule
    smaller = [(time + origin, key, cost * factor) for time, key, cost in requests]
    check(
        answers(submission, rate * factor, capacity * factor, smaller),
        answers(submission, rate, capacity, requests),
    )


@pytest.mark.numerics
@given(st.integers(1, SECOND), st.lists(st.floats(0, 1), max_size=20))
def test_asking_often_does_not_help_or_hurt(submission, rate, shares):
    """Gives the next token on its nanosecond, however often one asks before."""
    due = -(-SECOND // rate)  # rounded up
    asked = sorted(round(share * (due - 1)) for share in shares)
    requests = [(time, "ann", 1) for time in (0, *asked, due - 1, due)]
    expected = [True] + [False] * (len(requests) - 2) + [True]
    check(answers(submission, rate, 1, requests), expected)


@pytest.mark.numerics
def test_is_exact_after_years(submission):
    """Tells a nanosecond too early from just in time, after three years of waiting."""
    due = 10**8 * SECOND
    requests = [(0, 10**9), (due - 1, 10**8), (due, 10**8), (due, 1)]
    requests = [(time, "ann", cost) for time, cost in requests]
    check(answers(submission, 1, 10**9, requests), [True, False, True, False])


def test_reads_the_clock_once(submission):
    """Reads the clock once a request, allowed or refused, and never besides."""
    clock = Clock()
    limiter = submission.RateLimiter(2, 2, clock)
    assert clock.n_reads == 0, "it read the clock before the first request"
    for n, key in enumerate("aaabbbaaccab", 1):
        clock.now = n * SECOND // 8
        limiter.allow(key)
        assert clock.n_reads == n, (
            f"it read the clock {clock.n_reads} times in {n} requests"
        )


@pytest.mark.edge_cases
def test_limiters_do_not_meet(submission):
    """Keeps two limiters apart, and takes one token where no cost is given."""
    clock = Clock()
    limiters = [submission.RateLimiter(1, 2, clock) for _ in range(2)]
    for expected in (True, True, False):
        for limiter in limiters:
            check(limiter.allow("ann"), expected)


@pytest.mark.validation
@pytest.mark.parametrize(
    "cost",
    [-5, 0, 4, 10**9],
    ids=["negative cost", "cost 0", "cost above capacity", "huge cost"],
)
def test_refuses(submission, cost):
    """Raises ValueError for a cost below 1 or above capacity, and changes no bucket."""
    limiter = submission.RateLimiter(1, 3, Clock())
    for expected in (True, True, True, False):
        with pytest.raises(ValueError):
            limiter.allow("ann", cost=cost)
        check(limiter.allow("ann"), expected)


@pytest.mark.edge_cases
@pytest.mark.parametrize(
    ("rate", "least"), [(0, 5000), (1, 300)], ids=["rate 0", "rate 1"]
)
def test_forgets_nobody_who_owes(submission, rng, rate, least):
    """Remembers each of thousands of keys that paid while its bucket is not full."""
    n_keys = rng.integers(least, least + 400)
    keys = [f"10.0.{n // 256}.{n % 256}" for n in range(n_keys)]
    clock = Clock()
    allow = submission.RateLimiter(rate, 2, clock).allow
    for key in keys:
        check(allow(key, cost=2), True)
    clock.now = 2 * SECOND - 1
    for key in [*keys[:50], *rng.choice(keys, 50).tolist(), *keys[-50:]]:
        check(allow(key, cost=2), False)


@pytest.mark.efficiency
@pytest.mark.memory(28)
def test_forgets_who_is_full_again(submission, rng):
    """Has 28 MB for 800 keys of 32 KB, and for 800 others when those are full again."""
    # Every right answer takes 26 MB. Who forgets one bucket at each call, the oldest,
    # forgets 600 or more short keys first, and takes 45 MB; who forgets all of them
    # every 1,000 calls, or none, takes 44 to 53. One key pays as often as it can, and
    # must not hold up the others; requests that are refused, a nanosecond before the
    # first bucket is full, must not renew their keys. No check of speed says the
    # same: a call's messages cost the answer 0.5 ms, a sweep of 6,000 buckets 0.2 ms.
    short = [f"{n}" for n in range(rng.integers(600, 650))]
    clock = Clock()
    allow = submission.RateLimiter(1, 2, clock).allow
    for seconds, more in ((0, short), (5, [])):
        keys = [*more, *(f"{seconds}{n:32767}" for n in range(800))]
        for _ in range(2):
            allow("busy")
        for clock.now, key in enumerate(keys, seconds * SECOND):
            check(allow(key, cost=2), True)
        clock.now = (seconds + 2) * SECOND - 1
        for key in keys[-800:]:
            check(allow(key, cost=2), False)
        for _ in range(3):
            allow("busy")
            clock.now += SECOND
