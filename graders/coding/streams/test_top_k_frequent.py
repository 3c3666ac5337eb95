"""Checks of the most frequent items and quickselect: what the interviewer looks for.

The oracles are the definitions, by counting each item and each smaller value.
"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graders.harness import Wrong, check, check_number, contract, refusals

CALL = {"values": [3.0, 1.0, 2.0], "k": 2}
test_contract_items = contract(
    "top_k_frequent", {"items": ["a", "b", "a"], "k": 2}, returns=[str]
)
test_contract_value = contract("quickselect", CALL, returns=float)

ITEMS = st.lists(st.sampled_from(["a", "b", "c", "B", "", "ab", "é"]), max_size=20)
# Halves, so that ties are common.
VALUES = st.lists(st.integers(-8, 8).map(lambda n: n / 2), min_size=1, max_size=15)


def most_frequent(items, k):
    """Return the k most frequent items, by counting each and where it stands first."""
    different = sorted(set(items), key=items.index)
    return sorted(different, key=lambda item: -items.count(item))[:k]


def check_rank(value, values, k):
    """Demand that a value is the k-th smallest, by counting what is smaller."""
    number = check_number(value)
    smaller = sum(other < number for other in values)
    if not smaller < k <= smaller + values.count(number):
        raise Wrong(f"{number} is not number {k} of the values in order")


@given(ITEMS, st.integers(0, 9))
def test_matches_the_definition(submission, items, k):
    """Returns the most frequent items, ties by first occurrence."""
    check(submission.top_k_frequent(items, k), most_frequent(items, k))


@given(st.integers(0, 2**32), st.integers(1, 400), st.integers(1, 40))
def test_repeating_the_log_changes_nothing(submission, seed, size, different):
    """Returns the same for the log three times over, and a prefix for a smaller k."""
    items = [str(seed * i * i % 1009 % different) for i in range(size)]
    ranking = submission.top_k_frequent(items, different)
    check(submission.top_k_frequent(3 * items, different), ranking)
    check(submission.top_k_frequent(items, different // 2), ranking[: different // 2])


@given(VALUES, st.data())
def test_has_the_rank(submission, values, data):
    """Returns the value that has rank k when repeats are counted."""
    k = data.draw(st.integers(1, len(values)), label="k")
    check_rank(submission.quickselect(values, k), values, k)


@given(st.integers(0, 2**32), st.integers(50, 3000), st.integers(1, 5000), st.data())
def test_has_the_rank_among_many(submission, seed, size, different, data):
    """Returns the value of rank k among thousands, with many repeats or none."""
    values = [float(seed * i * i % 7919 % different) for i in range(size)]
    k = data.draw(st.integers(1, size), label="k")
    check_rank(submission.quickselect(values, k), values, k)


@pytest.mark.edge_cases
def test_nothing_to_rank(submission):
    """Returns no items for k = 0, and for no items."""
    check(submission.top_k_frequent(["a"], 0), [])
    check(submission.top_k_frequent([], 3), [])


@pytest.mark.edge_cases
@pytest.mark.parametrize("k", [1, 4], ids=["k = 1", "k = 4"])
def test_infinities(submission, k):
    """Ranks infinities as numbers."""
    values = [float("inf"), 2.0, float("-inf"), 3.0]
    check(submission.quickselect(values, k), sorted(values)[k - 1])


@pytest.mark.edge_cases
@pytest.mark.parametrize("k", [1, 2, 3, 4], ids=["k = 1", "k = 2", "k = 3", "k = 4"])
def test_close_values(submission, k):
    """Returns one of the values as it is, and tells 0.1 from 0.1 + 1e-12."""
    values = [0.1 + 1e-12, 0.3, 0.1, 0.1 + 2e-12]
    for _ in range(5):  # whichever value is drawn to split by
        found = submission.quickselect(values, k)
        check(found, sorted(values)[k - 1], rtol=0, atol=0)


@pytest.mark.validation
@pytest.mark.parametrize(
    "arguments",
    refusals(
        CALL,
        {
            "k": ["zero", "negative"],
            "k above n": {"k": 4},
            "no values": {"values": []},
        },
    ),
)
def test_refuses(submission, arguments):
    """Raises ValueError for a k outside 1 to n."""
    with pytest.raises(ValueError):
        submission.quickselect(**arguments)


SHAPES = {
    "shuffled": lambda rng: rng.permutation(40_000),
    "ascending": lambda rng: range(40_000),
    "descending": lambda rng: range(40_000, 0, -1),
    "all equal": lambda rng: [7] * 40_000,
}


@pytest.mark.efficiency
@pytest.mark.parametrize("shape", SHAPES)
def test_quickselect_is_not_quadratic(check_slowdown, shape):
    """Takes no O(n**2) steps on 40,000 values: shuffled, sorted or all equal."""

    def sample(rng):
        return (list(map(float, SHAPES[shape](rng))),)

    # In place, without list comprehensions, it takes 5 times as long as the solution;
    # with equal values among the larger ones, 700 times and more.
    check_slowdown(lambda module, v: module.quickselect(v, 20_000), sample, limit=58)


@pytest.mark.efficiency
@pytest.mark.parametrize("different", [5_000, 20_000], ids=["repeats", "no repeats"])
def test_counts_in_one_pass(check_slowdown, different):
    """Counts 20,000 items in one pass, not one for every different item."""

    def sample(rng):
        numbers = rng.permutation(20_000) % different
        return ([f"user {number}" for number in numbers.tolist()],)

    # A loop over a dictionary takes 3 times as long as the solution, list.count for
    # each different item 400 times.
    check_slowdown(lambda module, i: module.top_k_frequent(i, 100), sample, limit=33)
