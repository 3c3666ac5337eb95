"""Grader for reservoir sampling: the interviewer's side of the table."""

import math
from collections import Counter
from collections.abc import Iterator
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graders.harness import check, check_number, shown

# Items of every kind; some are equal, false, or impossible to hash or to compare.
ITEMS = st.sampled_from(
    [None, 0, 1, False, "", "a", b"a", 2.5, np.nan, [], [1, 2], {}, np.arange(2)]
)
STREAMS = st.lists(ITEMS, max_size=8)
SIZES = st.integers(0, 9)
SEEDS = st.integers(0, 2**32 - 1)

# How often a right answer may fail a test of chance. The events that a test counts
# share it equally, so that it bounds the test as a whole (Bonferroni), and half of each
# share goes to either tail of that count's binomial distribution. There are four such
# tests; their tails sum to 2.8e-10, so one grading in 3.6 * 10^9 fails a right answer.
ALARM = 1e-10


class Stream(Iterator):
    """An iterator that can be shown to a candidate as something short."""

    def __init__(self, items):
        self.items = iter(items)

    def __next__(self):
        return next(self.items)


def sample_of(submission, items, k, seed):
    """Return the answer's sample of the items, once it is a list."""
    sample = submission.reservoir_sampling(iter(items), k, np.random.default_rng(seed))
    assert isinstance(sample, list), f"it returned {sample!r}, which is no list"
    return sample


def check_same_items(actual, expected):
    """Demand the same items, each as often, in any order."""
    check(sorted(actual, key=repr), sorted(expected, key=repr))


def places_of(submission, n, k, rng, *, trials):
    """Yield the places, in order, that samples of k out of n are made of."""
    for seed in rng.integers(2**63, size=trials).tolist():
        sample = sample_of(submission, range(n), k, seed)
        yield tuple(sorted(int(check_number(item, 0, n - 1)) for item in sample))


def limits(trials, chance, alarm):
    """Return the least and most successes in so many trials, but for rare alarms."""
    pmf = np.exp(
        [
            math.lgamma(trials + 1) - math.lgamma(i + 1) - math.lgamma(trials - i + 1)
            + i * math.log(chance) + (trials - i) * math.log1p(-chance)
            for i in range(trials + 1)
        ]
    )  # fmt: skip
    # Fewer than `least` have a chance below alarm / 2, and so have more than `most`.
    least = int(np.searchsorted(np.cumsum(pmf), alarm / 2))
    most = trials - int(np.searchsorted(np.cumsum(pmf[::-1]), alarm / 2))
    return least, most


def check_chances(counts, chances, what):
    """Demand that events came about as often as their chances let expect."""
    for event in counts.keys() - chances.keys():
        raise AssertionError(f"{what} {event}, which cannot be")
    trials = counts.total()
    for event, chance in chances.items():
        least, most = limits(trials, chance, ALARM / len(chances))
        assert least <= counts[event] <= most, (
            f"{what} {event} in {counts[event]} of {trials} samples, "
            f"where chance gives {least} to {most}"
        )


@pytest.mark.timeout(30)  # for thousands of messages on a busy machine
@pytest.mark.parametrize(("n", "k"), [(3, 1), (3, 2), (4, 2)])
def test_every_set_is_equally_likely(submission, rng, n, k):
    """Gives each set of k places the same chance, in 600 samples of a short stream."""
    counts = Counter(places_of(submission, n, k, rng, trials=600))
    sets = list(combinations(range(n), k))
    chances = dict.fromkeys(sets, 1 / len(sets))
    check_chances(counts, chances, "the places taken were")


@pytest.mark.timeout(30)  # likewise
def test_no_part_of_a_longer_stream_is_favoured(submission, rng):
    """Takes none, one or both of 2 from the first half of 30, each as chance has it."""
    samples = places_of(submission, 30, 2, rng, trials=200)
    counts = Counter(sum(place < 15 for place in places) for places in samples)
    ways = {
        early: math.comb(15, early) * math.comb(15, 2 - early) for early in range(3)
    }
    chances = {early: n / math.comb(30, 2) for early, n in ways.items()}
    check_chances(counts, chances, "the number taken from the first half was")


@given(STREAMS, SIZES, SEEDS)
@settings(max_examples=50)
def test_the_sample_is_part_of_the_stream(submission, items, k, seed):
    """Takes k items, or all there are, and none more often than the stream had it."""
    sample = sample_of(submission, items, k, seed)
    check(len(sample), min(k, len(items)))
    extra = Counter(map(repr, sample)) - Counter(map(repr, items))
    assert not extra, f"it took {', '.join(extra)} more often than it was there"


@given(STREAMS, SIZES, SEEDS)
@settings(max_examples=50)
def test_only_places_matter(submission, items, k, seed):
    """Chooses the same places whatever the items are, for the same state of rng."""
    places = sample_of(submission, range(len(items)), k, seed)
    chosen = [items[int(check_number(i, 0, len(items) - 1))] for i in places]
    check_same_items(sample_of(submission, items, k, seed), chosen)


@given(st.integers(0, 12), SIZES, SEEDS, SEEDS)
@settings(max_examples=50)
def test_chance_comes_from_rng_alone(submission, n, k, seed, other):
    """Gives the same sample for the same state of rng, whatever it drew in between."""
    first = sample_of(submission, range(n), k, seed)
    sample_of(submission, range(n), k, other)
    check_same_items(sample_of(submission, range(n), k, seed), first)


@given(STREAMS, st.integers(0, 3), SEEDS)
@settings(max_examples=50)
def test_a_short_stream_is_its_own_sample(submission, items, more, seed):
    """Returns every item once, and nothing besides, if there are no more than k."""
    check_same_items(sample_of(submission, items, len(items) + more, seed), items)


@pytest.mark.edge_cases
@pytest.mark.parametrize(("n", "k"), [(0, 0), (0, 3), (4, 0), (3, 10**6)])
def test_nothing_to_choose(submission, n, k):
    """Copes with no stream, with no places, and with far more places than items."""
    check_same_items(sample_of(submission, range(n), k, 1), list(range(min(n, k))))


@pytest.mark.edge_cases
@pytest.mark.parametrize(("n", "k"), [(9, 0), (9, 1), (9, 4), (3, 4)])
def test_reads_to_the_end(submission, n, k):
    """Reads the stream to its end, also if k is 0."""
    stream = iter(range(n))
    submission.reservoir_sampling(stream, k, np.random.default_rng(1))
    check(list(stream), [])


@pytest.mark.edge_cases
def test_refuses_a_negative_size(submission):
    """Raises ValueError for a negative k, before it reads anything."""
    stream = iter(range(3))
    with pytest.raises(ValueError):
        submission.reservoir_sampling(stream, -1, np.random.default_rng(1))
    check(list(stream), [0, 1, 2])


@pytest.mark.edge_cases
@pytest.mark.parametrize("k", [0, 1, 5])
def test_an_error_of_the_stream_is_the_callers(submission, k):
    """Lets through what the stream raises, rather than take it for the end."""

    def broken():
        yield from range(3)
        raise ConnectionError("the line went dead")

    with pytest.raises(ConnectionError):
        submission.reservoir_sampling(broken(), k, np.random.default_rng(1))


@pytest.mark.efficiency
@pytest.mark.timeout(30)  # for thousands of messages on a busy machine
@pytest.mark.memory(32)
def test_keeps_no_more_than_the_sample(submission):
    """Holds O(k) items at a time: 32 MB do to choose 3 of 1600 of 64 KB each."""
    # A good answer needs less than 12 MB, of which loading numpy.random takes most;
    # the whole stream would be 100 MB.
    item = bytes(2**16)
    stream = shown("(bytes(2**16) for _ in range(1600))", Stream([item] * 1600))
    sample = submission.reservoir_sampling(stream, 3, np.random.default_rng(1))
    check(sample, [item] * 3)
