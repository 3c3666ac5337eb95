"""Checks of reservoir sampling: what the interviewer looks for."""

import math
from collections import Counter
from collections.abc import Iterator
from itertools import combinations, pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graders.harness import Wrong, check, check_number, contract, shown

# Each item of a stream is a message, and a check has thousands of them: on a busy
# machine they take longer than the usual two seconds.
pytestmark = pytest.mark.timeout(30)

# Items of every kind; some are equal, false, or impossible to hash or to compare.
ITEMS = st.sampled_from(
    [None, 0, 1, False, "", "a", b"a", 2.5, np.nan, [], [1, 2], {}, np.arange(2)]
)
STREAMS = st.lists(ITEMS, max_size=8)
SIZES = st.integers(0, 9)
SEEDS = st.integers(0, 2**32 - 1)

# How often a right answer may fail a test of chance. The counts that a test looks at
# share it equally (Bonferroni), half of each share for either tail of that count's
# exact distribution. There are three such tests, so that fewer than one grading in
# 3 * 10^9 fails a right answer.
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
    if not isinstance(sample, list):
        raise Wrong(f"expected a list, got {type(sample).__name__}")
    return sample


def places_of(submission, n, k, seed):
    """Return the places, in order, of a sample of k out of n."""
    sample = sample_of(submission, range(n), k, seed)
    places = sorted({int(check_number(item, 0, n - 1)) for item in sample})
    if len(sample) != k or len(places) != k:
        raise Wrong(f"expected {k} different places, got {sample!r:.100}")
    return tuple(places)


def check_same_items(actual, expected):
    """Demand the same items, each as often, in any order."""
    check(sorted(actual, key=repr), sorted(expected, key=repr))


def ways(n, k):
    """Return the logarithm of the number of ways to choose k of n."""
    return math.lgamma(n + 1) - math.lgamma(k + 1) - math.lgamma(n - k + 1)


def check_count(count, log_chances, alarm, what):
    """Demand a count that is not too rare, where count i has the chance exp(log[i])."""
    chances = np.exp(log_chances)
    least = int(np.searchsorted(np.cumsum(chances), alarm / 2))
    above = int(np.searchsorted(np.cumsum(chances[::-1]), alarm / 2))
    most = len(chances) - 1 - above
    assert least <= count <= most, f"{what}: {count}; chance gives {least} to {most}"


test_contract = contract(
    "reservoir_sampling",
    lambda module: module.reservoir_sampling(
        iter(range(9)), 3, np.random.default_rng(1)
    ),
    returns=[int],
)


@pytest.mark.parametrize(
    ("n", "k"), [(3, 1), (4, 2)], ids=["3 items, k = 1", "4 items, k = 2"]
)
def test_every_set_is_equally_likely(submission, rng, n, k):
    """Gives each set of k places the same chance, in 600 samples of a short stream."""
    seeds = rng.integers(2**63, size=600).tolist()
    counts = Counter(places_of(submission, n, k, seed) for seed in seeds)
    sets = list(combinations(range(n), k))
    chance, trials = 1 / len(sets), len(seeds)
    log_chances = [
        ways(trials, i) + i * math.log(chance) + (trials - i) * math.log1p(-chance)
        for i in range(trials + 1)
    ]
    for places in sets:
        what = f"samples of {trials} that took the places {places}"
        check_count(counts[places], log_chances, ALARM / len(sets), what)


def test_no_part_of_a_long_stream_is_favoured(submission, rng):
    """Takes from each fifth of some 8,500 items a fifth of 2,500, but for chance."""
    n, k = int(rng.integers(8000, 9000)), int(rng.integers(2000, 3000))
    edges = np.linspace(0, n, 6, dtype=int)
    places = places_of(submission, n, k, int(rng.integers(2**63)))
    counts = np.histogram(places, edges)[0].tolist()
    for (start, stop), count in zip(pairwise(edges.tolist()), counts, strict=True):
        size = stop - start
        log_chances = [
            ways(size, i) + ways(n - size, k - i) - ways(n, k)
            for i in range(min(k, size) + 1)
        ]
        what = f"places {start} to {stop - 1} in a sample of {k} out of {n}"
        check_count(count, log_chances, ALARM / 5, what)


@given(STREAMS, SIZES, SEEDS)
def test_the_sample_is_part_of_the_stream(submission, items, k, seed):
    """Takes k items, or all there are, and none more often than the stream had it."""
    sample = sample_of(submission, items, k, seed)
    check(len(sample), min(k, len(items)))
    extra = Counter(map(repr, sample)) - Counter(map(repr, items))
    assert not extra, f"it took {', '.join(extra)} more often than it was there"


@given(STREAMS, SIZES, SEEDS)
def test_only_places_matter(submission, items, k, seed):
    """Chooses the same places whatever the items are, for the same state of rng."""
    places = sample_of(submission, range(len(items)), k, seed)
    chosen = [items[int(check_number(i, 0, len(items) - 1))] for i in places]
    check_same_items(sample_of(submission, items, k, seed), chosen)


@given(st.integers(0, 12), SIZES, SEEDS, SEEDS)
def test_chance_comes_from_rng_alone(submission, n, k, seed, other):
    """Gives the same sample for the same state of rng, whatever it drew in between."""
    first = sample_of(submission, range(n), k, seed)
    sample_of(submission, range(n), k, other)
    check_same_items(sample_of(submission, range(n), k, seed), first)


@pytest.mark.edge_cases
@pytest.mark.parametrize(
    ("n", "k"),
    [(0, 0), (0, 3), (4, 0), (3, 3), (3, 10**6)],
    ids=[
        "0 items, k = 0",
        "0 items, k = 3",
        "4 items, k = 0",
        "3 items, k = 3",
        "3 items, k = 10**6",
    ],
)
def test_nothing_to_choose(submission, n, k):
    """Copes with no stream, with k = 0, and with no more items than k."""
    check_same_items(sample_of(submission, range(n), k, 1), list(range(min(n, k))))


@pytest.mark.edge_cases
@pytest.mark.parametrize(
    ("n", "k"),
    [(9, 0), (9, 1), (9, 4), (3, 4)],
    ids=["9 items, k = 0", "9 items, k = 1", "9 items, k = 4", "3 items, k = 4"],
)
def test_reads_to_the_end(submission, n, k):
    """Reads the stream to its end, also if k is 0."""
    stream = iter(range(n))
    submission.reservoir_sampling(stream, k, np.random.default_rng(1))
    check(list(stream), [])


@pytest.mark.validation
def test_refuses_a_negative_size(submission):
    """Raises ValueError for a negative k."""
    with pytest.raises(ValueError):
        submission.reservoir_sampling(iter(range(3)), -1, np.random.default_rng(1))


@pytest.mark.efficiency
@pytest.mark.memory(32)
def test_keeps_no_more_than_the_sample(submission):
    """Holds O(k) items at a time: 32 MB do to choose 3 of 1600 of 64 KB each."""
    # A good answer needs less than 12 MB, of which loading numpy.random takes most;
    # the whole stream would be 100 MB.
    item = bytes(2**16)
    stream = shown("(bytes(2**16) for _ in range(1600))", Stream([item] * 1600))
    sample = submission.reservoir_sampling(stream, 3, np.random.default_rng(1))
    check(sample, [item] * 3)
