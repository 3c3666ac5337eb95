"""Checks of folds for cross-validation: what the interviewer looks for.

Folds at random are judged by what must hold of them, and by how often two rows share a
test; folds by time by the definition, row by row.
"""

from collections import Counter
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graders.harness import Wrong, array, check, check_array, contract, refusals

indices = array(None, kind="i")
folds = [(indices, indices)]
seeds = st.integers(0, 2**32 - 1)
CALL = {"n": 7, "k": 3, "rng": np.random.default_rng(1)}

test_contract_plain = contract("k_fold", CALL, returns=folds)
test_contract_stratified = contract(
    "k_fold",
    {"n": 4, "k": 2, "rng": np.random.default_rng(1), "labels": np.array([1, 0, 1, 1])},
    returns=folds,
)
test_contract_grouped = contract(
    "grouped", {"groups": np.array([5, 5, 2, 2]), "k": 2}, returns=folds
)
test_contract_time = contract(
    "forward_chaining", {"times": np.array([3, 1, 2]), "k": 2}, returns=folds
)


@st.composite
def columns(draw, values, most=40):
    """Draw a column of few different integers, and a number of folds up to most."""
    column = draw(st.lists(st.sampled_from(values), min_size=2, max_size=most))
    return np.array(column), draw(st.integers(2, len(column)))


@st.composite
def grouped_rows(draw):
    """Draw groups of quite different sizes, and a number of folds that they allow."""
    sizes = draw(st.lists(st.integers(1, 9), min_size=2, max_size=8))
    names = draw(st.permutations(range(-4, 4)))[: len(sizes)]
    rows = draw(st.permutations(np.repeat(names, sizes).tolist()))
    return np.array(rows), draw(st.integers(2, len(sizes)))


@st.composite
def timed_rows(draw):
    """Draw times, many of them equal, and a number of folds that they allow."""
    spread = st.integers(-20, 20)
    times = draw(
        st.lists(spread, min_size=2, max_size=30).filter(lambda t: len(set(t)) > 1)
    )
    return np.array(times), draw(st.integers(1, min(len(set(times)) - 1, 6)))


def partition_of(result, n, k):
    """Return the tests, after demanding that they partition the rows."""
    if not isinstance(result, list) or len(result) != k:
        raise Wrong(f"expected a list of {k} folds")
    tests = [check_array(test, (None,), kind="iu") for _, test in result]
    check(np.sort(np.concatenate(tests)), np.arange(n))
    for train, test in result:
        check(test, np.sort(test))
        check(train, np.setdiff1d(np.arange(n), test))
    return [test.tolist() for test in tests]


def demand_even(counts, what):
    """Demand that numbers of rows differ by at most one."""
    if max(counts) - min(counts) > 1:
        raise Wrong(f"the tests have {counts} {what}; they may differ by one")


def shares_of_pairs(draw, pairs, rng):
    """Return how often the two rows of each pair share a test, over 600 draws."""
    shares = dict.fromkeys(pairs, 0.0)
    for child in rng.spawn(600):
        tests = draw(child)
        for i, j in pairs:
            shares[i, j] += any(i in test and j in test for test in tests) / 600
    return shares


def demand_shares(shares, expected):
    """Demand that pairs share a test as often as they should, within 0.15."""
    # For 600 draws and up to 28 pairs: a false alarm below 1e-10 (Hoeffding).
    for (i, j), share in shares.items():
        if abs(share - expected(i, j)) > 0.15:
            often = f"{share:.0%} of 600 draws, not {expected(i, j):.0%}"
            raise Wrong(f"rows {i} and {j} share a test in {often}")


@given(seeds, st.integers(2, 60), st.data())
def test_tests_partition_the_rows(submission, seed, n, data):
    """Puts each row into one test, and into train of every other fold."""
    k = data.draw(st.integers(2, n))
    result = submission.k_fold(n, k, np.random.default_rng(seed))
    demand_even(list(map(len, partition_of(result, n, k))), "rows")


@given(columns([0, 7, -1]), seeds)
def test_each_class_is_shared_out(submission, case, seed):
    """Shares out the rows of each class, and the rows as a whole, evenly."""
    labels, k = case
    n, rng = len(labels), np.random.default_rng(seed)
    tests = partition_of(submission.k_fold(n, k, rng, labels=labels), n, k)
    for label in set(labels.tolist()):
        demand_even([int((labels[t] == label).sum()) for t in tests], f"of {label}")
    demand_even(list(map(len, tests)), "rows")


@given(grouped_rows())
def test_groups_stay_together(submission, case):
    """Has no group on both sides, and the sizes that largest first gives."""
    groups, k = case
    tests = partition_of(submission.grouped(groups, k), len(groups), k)
    for a, b in combinations(tests, 2):
        if both := set(groups[a].tolist()) & set(groups[b].tolist()):
            raise Wrong(f"group {min(both)} is in two tests")
    loads = [0] * k
    for size in sorted(Counter(groups.tolist()).values(), reverse=True):
        loads[loads.index(min(loads))] += size
    check(sorted(map(len, tests)), sorted(loads))


@given(timed_rows(), st.integers(0, 9))
def test_time_by_the_definition(submission, case, gap):
    """Tests the last times in k equal runs, each trained on what was before the gap."""
    times, k = case
    distinct = sorted(set(times.tolist()))
    size, expected = len(distinct) // (k + 1), []
    for fold in range(k):
        end = len(distinct) - (k - 1 - fold) * size
        tested = distinct[end - size : end]
        test = [i for i, time in enumerate(times.tolist()) if time in tested]
        train = [i for i, time in enumerate(times.tolist()) if time < tested[0] - gap]
        expected.append((np.array(train, int), np.array(test, int)))
    check(submission.forward_chaining(times, k, gap=gap), expected)


@given(columns([0, 7, -1]), seeds)
def test_the_state_decides(submission, case, seed):
    """Gives the same folds again from a generator in the same state."""
    for labels in (None, case[0]):
        rngs = [np.random.default_rng(seed) for _ in range(2)]
        first, again = (
            submission.k_fold(len(case[0]), case[1], rng, labels=labels) for rng in rngs
        )
        check(again, first)


def test_any_two_rows(submission, rng):
    """Lets any two rows share a test as often as any other two."""

    def draw(child):
        return partition_of(submission.k_fold(6, 3, child), 6, 3)

    shares = shares_of_pairs(draw, list(combinations(range(6), 2)), rng)
    demand_shares(shares, lambda i, j: 1 / 5)


def test_any_two_rows_of_a_class(submission, rng):
    """Shuffles within each class, and each class on its own."""
    labels = np.array([3, 8, 3, 8, 3, 8, 3, 8])

    def draw(child):
        return partition_of(submission.k_fold(8, 2, child, labels=labels), 8, 2)

    shares = shares_of_pairs(draw, list(combinations(range(8), 2)), rng)
    demand_shares(shares, lambda i, j: 1 / 3 if labels[i] == labels[j] else 1 / 2)


@pytest.mark.edge_cases
def test_as_many_folds_as_rows(submission):
    """Leaves out one row at a time where there are as many folds as rows."""
    tests = partition_of(submission.k_fold(5, 5, np.random.default_rng(0)), 5, 5)
    check(sorted(tests), [[0], [1], [2], [3], [4]])


@pytest.mark.edge_cases
def test_no_past(submission):
    """Has an empty train where the gap reaches back before the first row."""
    result = submission.forward_chaining(np.array([3, 1, 2, 1]), 1, gap=5)
    check(result, [(np.array([], int), np.array([0]))])


@pytest.mark.validation
@pytest.mark.parametrize(
    "arguments", refusals(CALL, {"one fold": {"k": 1}, "more than rows": {"k": 8}})
)
def test_refuses(submission, arguments):
    """Raises ValueError where k is not from 2 to n."""
    with pytest.raises(ValueError):
        submission.k_fold(**arguments)
