"""Checks of the best split of a tree node: what the interviewer looks for."""

import math
from collections import Counter
from fractions import Fraction
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from graders.harness import check, contract, refusals, strategies

criteria = st.sampled_from(["gini", "entropy"])


@st.composite
def nodes(draw, rows=(1, 60)):
    """Draw a node with many equal values and up to six classes, as arguments.

    Two gains of gini are equal or, as fractions over n * left * right, differ by 2e-8
    or more up to 60 rows, so that no answer takes one for the other.
    """
    features = draw(strategies.matrices(rows, (1, 2)))
    if draw(st.booleans()):  # a feature and its mirror image tie
        features = np.hstack([features, -features])
    names = [-3, 0, 10**12, 1, 2, 7]
    classes = st.sampled_from(names[: draw(st.sampled_from([3, 6]))])
    return features, draw(hnp.arrays(int, len(features), elements=classes))


def impurity(labels, criterion):
    """Return the impurity of a list of labels by its definition."""
    shares = [Fraction(count, len(labels)) for count in Counter(labels).values()]
    if criterion == "gini":
        return 1 - sum(p**2 for p in shares)
    return -sum(p * math.log2(p) for p in shares)


def best_by_definition(features, labels, criterion="gini", min_samples_leaf=1):
    """Return the first of the best splits, each counted from scratch."""
    labels = labels.tolist()
    splits = []
    for feature, column in enumerate(features.T.tolist()):
        for low, high in pairwise(sorted(set(column))):
            rows = list(zip(column, labels, strict=True))
            left = [y for x, y in rows if x <= low]
            right = [y for x, y in rows if x > low]
            if min(len(left), len(right)) >= min_samples_leaf:
                children = sum(len(c) * impurity(c, criterion) for c in (left, right))
                gain = impurity(labels, criterion) - children / len(labels)
                splits.append((feature, (low + high) / 2, float(gain)))
    largest = max((gain for _, _, gain in splits), default=0.0)
    if largest <= 1e-9:
        return None
    return next(split for split in splits if split[2] >= largest - 1e-9)


def column(*values):
    """Return an (n, 1) array."""
    return np.array(values, dtype=float)[:, np.newaxis]


CALL = {"features": column(1, 2), "labels": np.array([0, 1])}

test_contract = contract("best_split", CALL, returns=(int, float, float))


@pytest.mark.parametrize(
    ("features", "labels", "gini", "entropy"),
    [
        pytest.param(
            column(4, 1, 3, 2), [1, 0, 1, 0], (0, 2.5, 1 / 2), (0, 2.5, 1.0),
            id="unsorted halves",
        ),
        pytest.param(
            np.array([[0, 5], [1, 9], [0, 8], [1, 4.0]]), [0, 1, 1, 0],
            (1, 6.5, 1 / 2), (1, 6.5, 1.0), id="second feature",
        ),
        pytest.param(
            column(0, 1, 1, 2), [0, 0, 1, 1], (0, 0.5, 1 / 6),
            (0, 0.5, 1 - 0.75 * (math.log2(3) - 2 / 3)), id="ties stay together",
        ),
        pytest.param(
            np.array([[1, -1], [2, -2], [3, -3], [4, -4.0]]), [0, 0, 0, 1],
            (0, 3.5, 3 / 8), (0, 3.5, 2 - 0.75 * math.log2(3)), id="features tie",
        ),
    ],
)  # fmt: skip
def test_known_answers(submission, features, labels, gini, entropy):
    """Gets right the nodes you would split by hand, under either criterion."""
    labels = np.array(labels)
    check(submission.best_split(features, labels), gini)
    check(submission.best_split(features, labels, criterion="entropy"), entropy)


@settings(max_examples=100)
@example((column(*range(8)), np.repeat([0, 1], [5, 3])), "gini", 4)  # 5 and 3 is barred
@example((column(*range(6)), np.arange(6)), "gini", 1)
@given(nodes(), criteria, st.integers(1, 8))
def test_matches_the_definition(submission, node, criterion, min_samples_leaf):
    """Gives the split that counting every child of every split from scratch gives."""
    actual = submission.best_split(
        *node, criterion=criterion, min_samples_leaf=min_samples_leaf
    )
    check(actual, best_by_definition(*node, criterion, min_samples_leaf))


@given(nodes(), criteria, st.integers(2, 9), st.integers(0, 99))
def test_repeated_rows_change_nothing(submission, node, criterion, times, seed):
    """Gives the same split when every row is repeated, in another order."""
    features, labels = node
    rows = np.tile(np.arange(len(labels)), times)
    rows = np.random.default_rng(seed).permutation(rows)
    actual = submission.best_split(features[rows], labels[rows], criterion=criterion)
    check(actual, submission.best_split(*node, criterion=criterion))


@given(
    st.lists(st.integers(1, 9), min_size=1, max_size=9),
    st.lists(st.integers(0, 3), min_size=1, max_size=12),
    criteria,
)
def test_nothing_to_learn(submission, times, labels, criterion):
    """Returns None where every value has the same mix, however sums are rounded."""
    features = column(*np.repeat(np.arange(len(times)), np.array(times) * len(labels)))
    node = features, np.tile(labels, sum(times))
    check(submission.best_split(*node, criterion=criterion), None)


@pytest.mark.edge_cases
@pytest.mark.parametrize(
    ("features", "labels"),
    [
        pytest.param(column(1, 2, 3), [7, 7, 7], id="one class"),
        pytest.param(column(5, 5, 5), [0, 1, 0], id="one value"),
        pytest.param(column(0.0, -0.0), [0, 1], id="zero and minus zero"),
        pytest.param(column(5), [0], id="one row"),
        pytest.param(np.array([[0, 0], [0, 1], [1, 0], [1, 1.0]]), [0, 1, 1, 0],
                     id="XOR"),
        # Most ways to write the gain round one of these up from 0.
        pytest.param(column(*[0] * 3, *[1] * 6), [0, 1, 2, 0, 0, 1, 1, 2, 2], id="1/3"),
        pytest.param(column(*[0] * 3, *[1] * 24), [0, 1, 1] * 9, id="1/3 twice"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("criterion", ["gini", "entropy"])
def test_no_split(submission, features, labels, criterion):
    """Returns None where no split gains anything."""
    node = features, np.array(labels)
    check(submission.best_split(*node, criterion=criterion), None)


@pytest.mark.edge_cases
def test_a_small_gain_is_a_gain(submission):
    """Finds a split that gains 5e-7, in labels of 8 bits, in which 2,000 do not fit."""
    left = np.repeat([0, 1], [999, 1001]).astype(np.int8)
    features = np.repeat([[0.0], [1.0]], 2000, axis=0)
    split = submission.best_split(features, np.append(left, 1 - left))
    check(split, (0, 0.5, 5e-7))


@pytest.mark.numerics
@pytest.mark.parametrize(
    ("criterion", "labels"), [("gini", "112111011021"), ("entropy", "20021020202")]
)
def test_rounding_decides_no_tie(submission, criterion, labels):
    """Takes the lower threshold of two that gain the same but for rounding."""
    # Usual ways to write the gain, sums of squared counts too, round a later one up.
    features, labels = column(*range(len(labels))), np.array([*map(int, labels)])
    actual = submission.best_split(features, labels, criterion=criterion)
    check(actual, best_by_definition(features, labels, criterion))


@pytest.mark.numerics
@pytest.mark.parametrize(("low", "high"), [(0.0, 1e-13), (1e9, 1e9 + 1)])
def test_neighbours_however_close(submission, low, high):
    """Cuts midway between two values that are close, or one value in float32."""
    split = submission.best_split(column(low, high), np.array([0, 1]))
    check(split, (0, (low + high) / 2, 0.5), rtol=1e-12, atol=0)


@pytest.mark.validation
@pytest.mark.parametrize(
    "arguments",
    refusals(
        CALL,
        {
            "labels": ["shorter", "longer"],
            "features": "nan",
            "regression, one class": {"criterion": "mse", "labels": np.array([0, 0])},
            "empty leaves": {"min_samples_leaf": 0},
        },
    ),
)
def test_refuses(submission, arguments):
    """Raises ValueError for NaN, for labels that do not fit, and for a bad option."""
    with pytest.raises(ValueError):
        submission.best_split(**arguments)


@pytest.mark.efficiency
@pytest.mark.timeout(60)
@pytest.mark.parametrize("tied", [False, True], ids=["distinct", "two values"])
def test_many_rows(check_slowdown, tied):
    """Sorts a feature of 300,000 rows once, with no rescan for every threshold."""

    def sample(rng):
        values = rng.normal(size=(300_000, 1))
        # The steps make the best split better than any other by far more than 1e-9.
        labels = (values[:, 0] > 0.3).astype(int) + (values[:, 0] > 1.5)
        return np.where(values > 0.3, 1.0, 0.0) if tied else values, labels

    def run(module, features, labels):
        return module.best_split(features, labels)

    # Python loops over sorted rows take 9 to 14 times as long as the solution; the
    # fastest recount for every threshold, np.count_nonzero over prefixes, 57 to 63.
    check_slowdown(run, sample, limit=27)
