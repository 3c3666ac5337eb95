"""Checks of the nearest-neighbour classifier: what the interviewer looks for.

Most inputs are quarters, whose squares and sums are exact, so that ties are ties.
"""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from graders.harness import (
    Wrong,
    array,
    check,
    check_array,
    contract,
    refusals,
    strategies,
)

TRAIN = np.array([[0.0, 0.0], [3.0, 4.0], [0.0, 1.0], [-1.0, 0.0]])
QUERIES = np.array([[0.0, 0.0], [3.0, 3.0]])
CALL = {"train": TRAIN, "queries": QUERIES, "k": 3}
seeds = st.integers(0, 2**32 - 1)

test_contract_neighbours = contract(
    "neighbours", CALL, returns=(array(2, 3, kind="i"), array(2, 3))
)
test_contract_classify = contract(
    "classify", {**CALL, "labels": np.array([2, 5, 5, 2])}, returns=array(2, kind="i")
)


@st.composite
def problems(draw):
    """Draw rows and queries, many equal or equally distant, in some unit, and a k."""
    d = draw(st.integers(1, 3))
    train = draw(strategies.matrices((1, 40), d))
    queries = draw(strategies.matrices((1, 4), d))
    if draw(st.booleans()):
        queries = np.vstack([queries, train[-1]])
    unit = draw(st.sampled_from([1.0, 2.0**-40]))
    return train * unit, queries * unit, draw(st.integers(1, len(train)))


def normal(seed, n, m, d):
    """Return rows and queries among which nothing ties."""
    rng = np.random.default_rng(seed)
    return rng.normal(size=(n, d)), rng.normal(size=(m, d)), rng


def neighbours_by_definition(train, queries, k):
    """Return indices and distances, from one sorted list for each query."""
    ranked = [
        sorted((math.dist(row, query), at) for at, row in enumerate(train.tolist()))[:k]
        for query in queries.tolist()
    ]
    indices = np.array([[at for _, at in pairs] for pairs in ranked])
    return indices, np.array([[distance for distance, _ in pairs] for pairs in ranked])


def labels_by_definition(train, labels, queries, k):
    """Return the labels, counting the votes for each neighbour's label anew."""
    names = labels.tolist()
    winners = []
    for row in neighbours_by_definition(train, queries, k)[0].tolist():
        votes = [names[at] for at in row]
        most = max(votes.count(name) for name in votes)
        winners.append(next(name for name in votes if votes.count(name) == most))
    return np.array(winners)


def parts_of(result, m, k):
    """Return indices and distances, type and shape demanded."""
    if not isinstance(result, tuple) or len(result) != 2:
        raise Wrong("expected a tuple of indices and distances")
    return check_array(result[0], (m, k), kind="iu"), check_array(result[1], (m, k))


def test_by_hand(submission):
    """Finds the neighbours you would find on paper."""
    indices = np.array([[0, 2, 3], [1, 2, 0]])
    distances = np.array([[0.0, 1.0, 1.0], [1.0, math.sqrt(13), math.sqrt(18)]])
    expected = indices, distances
    check(submission.neighbours(TRAIN, QUERIES, 3), expected, atol=1e-6)


@given(problems())
def test_matches_the_definition(submission, problem):
    """Sorts the rows by distance, equally distant ones by index, and takes k."""
    expected = neighbours_by_definition(*problem)
    check(submission.neighbours(*problem), expected, atol=1e-6)


@given(problems(), st.data())
def test_the_majority_decides(submission, problem, data):
    """Takes the label of most of the k nearest; of tied labels, the nearest one."""
    train, queries, k = problem
    names = st.sampled_from([7, -1, 10**12])
    labels = data.draw(hnp.arrays(np.int64, len(train), elements=names))
    expected = labels_by_definition(train, labels, queries, k)
    check(submission.classify(train, labels, queries, k), expected)


@given(seeds, st.integers(1, 300), st.integers(1, 20))
def test_each_row_is_its_own_neighbour(submission, seed, n, d):
    """Finds each row first among its own neighbours, at a distance of 0."""
    train, _, rng = normal(seed, n, 1, d)
    k = int(rng.integers(1, min(n, 5) + 1))
    indices, distances = parts_of(submission.neighbours(train, train, k), n, k)
    check(indices[:, 0], np.arange(n))
    check(distances[:, 0], np.zeros(n), atol=1e-6)


@given(seeds, st.integers(1, 60), st.integers(1, 30), st.integers(1, 6))
def test_turning_the_space_changes_nothing(submission, seed, n, m, d):
    """Finds the same neighbours when rows and queries are rotated alike."""
    train, queries, rng = normal(seed, n, m, d)
    k = int(rng.integers(1, n + 1))
    turn = np.linalg.qr(rng.normal(size=(d, d)))[0]
    found = parts_of(submission.neighbours(train, queries, k), m, k)
    check(submission.neighbours(train @ turn, queries @ turn, k), found, atol=1e-6)


@given(seeds, st.integers(1, 60), st.integers(1, 700))
def test_each_query_is_alone(submission, seed, n, m):
    """Finds for one of many queries what it finds for that one alone."""
    train, queries, rng = normal(seed, n, m, 3)
    k, at = int(rng.integers(1, n + 1)), int(rng.integers(m))
    indices, distances = parts_of(submission.neighbours(train, queries, k), m, k)
    alone = submission.neighbours(train, queries[at : at + 1], k)
    check(alone, (indices[at : at + 1], distances[at : at + 1]), atol=1e-6)


@given(seeds, st.integers(1, 60), st.integers(1, 30))
def test_the_order_of_the_rows(submission, seed, n, m):
    """Finds the same rows under their new indices when the rows are shuffled."""
    train, queries, rng = normal(seed, n, m, 3)
    k, order = int(rng.integers(1, n + 1)), rng.permutation(n)
    indices, distances = parts_of(submission.neighbours(train[order], queries, k), m, k)
    expected = order[indices], distances
    check(submission.neighbours(train, queries, k), expected, atol=1e-6)


@pytest.mark.edge_cases
@pytest.mark.parametrize(
    ("k", "expected"), [(1, 9), (2, 9), (3, 4), (4, 9), (5, 9), (6, 9)]
)
def test_ties_between_labels(submission, k, expected):
    """Gives a tie between labels to the one with the nearest row, not the lowest."""
    train = np.array([[6.0], [1.0], [2.0], [3.0], [4.0], [5.0]])
    labels = np.array([4, 9, 4, 4, 9, 9])  # by distance: 9 4 4 9 9 4
    result = submission.classify(train, labels, np.array([[0.0]]), k)
    check(result, np.array([expected]))


@pytest.mark.edge_cases
@pytest.mark.parametrize(
    ("rows", "labels", "expected"),
    [([0.0, 1.0, 2.0, 9.0], [1, 2, 2, 1], 1), ([1.0, -1.0], [5, 3], 5)],
    ids=["the nearest and the last", "two as near"],
)
def test_one_row_decides_a_tie(submission, rows, labels, expected):
    """Lets the first of the neighbours decide a tie, not their sum or the label."""
    train, labels = np.array(rows)[:, None], np.array(labels)
    result = submission.classify(train, labels, np.zeros((1, 1)), len(rows))
    check(result, np.array([expected]))


@pytest.mark.numerics
@given(
    seeds,
    st.integers(1, 60),
    st.integers(1, 30),
    st.integers(1, 6),
    st.sampled_from([1.0, 0.5]),
)
def test_far_from_the_origin(submission, seed, n, m, d, share):
    """Is right to 1e-6 where all rows, or half, lie 1e8 from the origin, 1 apart."""
    train, queries, rng = normal(seed, n, m, d)
    train[rng.random(n) < share] += 1e8
    queries, k = queries + 1e8, int(rng.integers(1, n + 1))
    _, distances = parts_of(submission.neighbours(train, queries, k), m, k)
    expected = neighbours_by_definition(train, queries, k)[1]
    check(distances, expected, rtol=0, atol=1e-6)


@pytest.mark.numerics
def test_near_and_far(submission):
    """Tells 1e8 from 1e8 + 1, as a place of a row and as a distance."""
    train = np.array([[0.0], [1e8 + 1], [1e8]])
    indices = np.array([[0, 2, 1], [1, 2, 0]])
    distances = np.array([[0.0, 1e8, 1e8 + 1], [0.0, 1.0, 1e8 + 1]])
    result = submission.neighbours(train, train[:2], 3)
    check(result, (indices, distances), rtol=0, atol=1e-6)


@pytest.mark.efficiency
@pytest.mark.memory(128)
@pytest.mark.timeout(60)  # loops in plain Python take 3 s of CPU
def test_memory(submission, rng):
    """Takes 128 MB at most; differences of (m, n, d) alone would take 320 MB."""
    train, queries = rng.normal(size=(2000, 100)), rng.normal(size=(200, 100))
    result = submission.neighbours(train, queries, 5)
    distances = np.array([np.linalg.norm(train - query, axis=1) for query in queries])
    indices = distances.argsort(axis=1)[:, :5]
    nearest = np.take_along_axis(distances, indices, axis=1)
    check(result, (indices, nearest), atol=1e-6)


@pytest.mark.validation
@pytest.mark.parametrize(
    "arguments",
    refusals(
        CALL,
        {
            "no neighbour": {"k": 0},
            "more than all": {"k": 5},
            "queries of one column": {"queries": np.zeros((2, 1))},
            "rows of one column": {"train": np.zeros((4, 1))},
        },
    ),
)
def test_refuses(submission, arguments):
    """Raises ValueError for k out of range, and for columns that differ in number."""
    with pytest.raises(ValueError):
        submission.neighbours(**arguments)
