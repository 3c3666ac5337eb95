"""Grader for the best split of a tree node: the interviewer's side of the table."""

import math
from collections import Counter
from fractions import Fraction
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from graders.harness import check, check_number

criteria = st.sampled_from(["gini", "entropy"])


@st.composite
def nodes(draw):
    """Draw a node with many equal values and few classes, as arguments.

    At this size two gains are equal or differ by at least 2e-4 (all counts of three
    classes among 12 rows were tried), so that no answer can take one for the other.
    """
    n, d = draw(st.integers(1, 12)), draw(st.integers(1, 2))
    quarters = st.integers(-8, 8).map(lambda i: i / 4)
    features = draw(hnp.arrays(float, (n, d), elements=quarters))
    if draw(st.booleans()):  # a feature and its mirror image tie
        features = np.hstack([features, -features])
    labels = draw(hnp.arrays(int, n, elements=st.sampled_from([0, 1, 2])))
    return features, labels


def impurity(labels, criterion):
    """Return the impurity of a list of labels by its definition."""
    shares = [Fraction(count, len(labels)) for count in Counter(labels).values()]
    if criterion == "gini":
        return 1 - sum(p**2 for p in shares)
    return -sum(p * math.log2(p) for p in shares)


def gain_of(labels, goes_left, criterion):
    """Return by how much a split lowers the impurity."""
    sides = [
        [y for y, left in zip(labels, goes_left, strict=True) if left == side]
        for side in (True, False)
    ]
    shares = [Fraction(len(side), len(labels)) for side in sides]
    mean = sum(p * impurity(s, criterion) for p, s in zip(shares, sides, strict=True))
    return float(impurity(labels, criterion) - mean)


def best_by_definition(features, labels, criterion="gini", min_samples_leaf=1):
    """Return the first of the best splits, each counted from scratch."""
    labels = labels.tolist()
    splits = []
    for feature, column in enumerate(features.T.tolist()):
        for low, high in pairwise(sorted(set(column))):
            goes_left = [x <= low for x in column]
            smaller = min(sum(goes_left), len(labels) - sum(goes_left))
            if smaller >= min_samples_leaf:
                gain = gain_of(labels, goes_left, criterion)
                splits.append((feature, (low + high) / 2, gain))
    largest = max((gain for _, _, gain in splits), default=0.0)
    if largest <= 1e-9:
        return None
    return next(split for split in splits if split[2] >= largest - 1e-9)


def column(*values):
    """Return an (n, 1) array."""
    return np.array(values, dtype=float)[:, np.newaxis]


@pytest.mark.parametrize(
    ("features", "labels", "gini", "entropy"),
    [
        pytest.param(
            column(1, 2, 3, 4), [0, 0, 1, 1], (0, 2.5, 0.5), (0, 2.5, 1.0), id="halves"
        ),
        pytest.param(
            column(4, 1, 3, 2),
            [1, 0, 1, 0],
            (0, 2.5, 0.5),
            (0, 2.5, 1.0),
            id="unsorted",
        ),
        pytest.param(
            np.array([[0.0, 5.0], [1.0, 9.0], [0.0, 8.0], [1.0, 4.0]]),
            [0, 1, 1, 0],
            (1, 6.5, 0.5),
            (1, 6.5, 1.0),
            id="second feature",
        ),
        pytest.param(
            column(0, 0, 1, 1, 2, 2),
            [0, 0, 1, 1, 2, 2],
            (0, 0.5, 1 / 3),
            (0, 0.5, math.log2(3) - 2 / 3),
            id="three classes, tie",
        ),
        pytest.param(
            column(0, 1, 1, 2),
            [0, 0, 1, 1],
            (0, 0.5, 1 / 6),
            (0, 0.5, 1 - 0.75 * (math.log2(3) - 2 / 3)),
            id="equal values stay together",
        ),
        pytest.param(
            np.array([[1.0, -1.0], [2.0, -2.0], [3.0, -3.0], [4.0, -4.0]]),
            [0, 0, 0, 1],
            (0, 3.5, 3 / 8),
            (0, 3.5, 2 - 0.75 * math.log2(3)),
            id="features tie",
        ),
    ],
)
def test_known_answers(submission, features, labels, gini, entropy):
    """Gets right the nodes you would split by hand, under either criterion."""
    labels = np.array(labels)
    check(submission.best_split(features, labels), gini)
    check(submission.best_split(features, labels, criterion="entropy"), entropy)


@given(nodes(), criteria, st.integers(1, 4))
def test_matches_the_definition(submission, node, criterion, min_samples_leaf):
    """Gives the split that counting every child of every split from scratch gives."""
    actual = submission.best_split(
        *node, criterion=criterion, min_samples_leaf=min_samples_leaf
    )
    check(actual, best_by_definition(*node, criterion, min_samples_leaf))


@settings(max_examples=50)
@given(nodes(), criteria, st.randoms(use_true_random=False))
def test_the_order_of_the_rows_does_not_matter(submission, node, criterion, random):
    """Gives the same split when the rows come in another order."""
    features, labels = node
    rows = list(range(len(labels)))
    random.shuffle(rows)
    shuffled = submission.best_split(features[rows], labels[rows], criterion=criterion)
    check(shuffled, submission.best_split(*node, criterion=criterion))


@settings(max_examples=50)
@given(nodes(), criteria, st.permutations([-3, 0, 10**12]))
def test_classes_are_mere_names(submission, node, criterion, names):
    """Gives the same split when the classes are called -3, 0 and 10**12."""
    features, labels = node
    renamed = np.array(names)[labels]
    actual = submission.best_split(features, renamed, criterion=criterion)
    check(actual, submission.best_split(*node, criterion=criterion))


@settings(max_examples=50)
@given(nodes(), criteria, st.integers(1, 3))
def test_rows_may_be_given_twice(submission, node, criterion, min_samples_leaf):
    """Gives the same split when every row is doubled and min_samples_leaf with it."""
    features, labels = (np.repeat(array, 2, axis=0) for array in node)
    doubled = submission.best_split(
        features, labels, criterion=criterion, min_samples_leaf=2 * min_samples_leaf
    )
    once = submission.best_split(
        *node, criterion=criterion, min_samples_leaf=min_samples_leaf
    )
    check(doubled, once)


@settings(max_examples=50)
@given(nodes(), criteria)
def test_the_threshold_goes_with_the_feature(submission, node, criterion):
    """Moves the threshold along, and nothing else, when a feature changes its unit."""
    features, labels = node
    expected = best_by_definition(*node, criterion)
    if expected is not None:
        feature, threshold, gain = expected
        expected = feature, 8 * threshold - 100, gain
    actual = submission.best_split(8 * features - 100, labels, criterion=criterion)
    check(actual, expected)


@pytest.mark.edge_cases
@pytest.mark.parametrize(
    ("features", "labels", "min_samples_leaf"),
    [
        pytest.param(column(1, 2, 3), [4, 4, 4], 1, id="one class"),
        pytest.param(column(5, 5, 5), [0, 1, 0], 1, id="one value"),
        pytest.param(column(0.0, -0.0), [0, 1], 1, id="zero and minus zero"),
        pytest.param(column(5), [0], 1, id="one row"),
        pytest.param(column(1, 2, 3), [0, 0, 1], 2, id="too few rows"),
        pytest.param(column(0, 1, 1, 1), [0, 1, 1, 1], 2, id="only a small child"),
        pytest.param(
            np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]]),
            [0, 1, 1, 0],
            1,
            id="XOR",
        ),
        pytest.param(  # most ways to write the gain round it up from 0
            column(0, 0, 0, 1, 1, 1, 1, 1, 1),
            [0, 1, 2, 0, 0, 1, 1, 2, 2],
            1,
            id="thirds",
        ),
    ],
)
@pytest.mark.parametrize("criterion", ["gini", "entropy"])
def test_no_split(submission, features, labels, min_samples_leaf, criterion):
    """Returns None where no allowed split gains anything."""
    actual = submission.best_split(
        features,
        np.array(labels),
        criterion=criterion,
        min_samples_leaf=min_samples_leaf,
    )
    check(actual, None)


@pytest.mark.edge_cases
def test_a_small_gain_is_a_gain(submission):
    """Finds a split that gains 5e-7, since what does not count is 1e-9."""
    left = np.repeat([0, 1], [999, 1001])
    features = np.repeat([[0.0], [1.0]], 2000, axis=0)
    split = submission.best_split(features, np.append(left, 1 - left))
    check(split, (0, 0.5, 5e-7))


@pytest.mark.edge_cases
@pytest.mark.parametrize(
    ("min_samples_leaf", "expected"),
    [(1, (0, 5.5, 5 / 18)), (2, (0, 4.5, 1 / 9)), (3, (0, 3.5, 1 / 18)), (4, None)],
)
def test_min_samples_leaf(submission, min_samples_leaf, expected):
    """Allows a child of min_samples_leaf rows, on either side, and none smaller."""
    features, labels = column(1, 2, 3, 4, 5, 6), np.array([0, 0, 0, 0, 0, 1])
    for sign, mirrored in [(1, expected), (-1, expected)]:
        if mirrored is not None:
            mirrored = (0, sign * mirrored[1], mirrored[2])
        actual = submission.best_split(
            sign * features, labels, min_samples_leaf=min_samples_leaf
        )
        check(actual, mirrored)


@pytest.mark.edge_cases
@pytest.mark.parametrize(
    ("features", "labels", "options"),
    [
        pytest.param([1, 2], [0, 1], {}, id="features of one dimension"),
        pytest.param([[[1]], [[2]]], [0, 1], {}, id="features of three dimensions"),
        pytest.param([[1], [2]], [0, 1, 1], {}, id="too many labels"),
        pytest.param([[1], [2]], [0], {}, id="too few labels"),
        pytest.param([[1], [2]], [[0], [1]], {}, id="labels of two dimensions"),
        pytest.param(np.zeros((0, 2)), np.zeros(0, int), {}, id="no rows"),
        pytest.param(np.zeros((2, 0)), [0, 1], {}, id="no features"),
        pytest.param([[1], [np.nan]], [0, 1], {}, id="NaN"),
        pytest.param([[1], [np.inf]], [0, 1], {}, id="infinity"),
        pytest.param([[1], [-np.inf]], [0, 1], {}, id="minus infinity"),
        pytest.param([[1], [2]], [0, 1], {"criterion": "mse"}, id="criterion"),
        pytest.param([[1], [2]], [0, 1], {"min_samples_leaf": 0}, id="empty leaves"),
    ],
)
def test_refuses_what_has_no_split(submission, features, labels, options):
    """Raises ValueError for arrays of other shapes, NaN, infinity or a bad option."""
    with pytest.raises(ValueError):
        submission.best_split(
            np.array(features, dtype=float), np.array(labels), **options
        )


@pytest.mark.numerics
@pytest.mark.parametrize(
    ("criterion", "labels"),
    [
        ("gini", [0, 1, 0, 0, 0, 2, 2, 0, 0, 0, 1, 0]),
        ("gini", [0, 0, 2, 0, 0, 1, 1, 0, 0, 2, 0, 0]),
        ("entropy", [0, 0, 1, 0, 2, 2, 0, 1, 0, 0]),
        ("entropy", [1, 1, 0, 1, 2, 2, 1, 0, 1, 1]),
    ],
)
def test_rounding_decides_no_tie(submission, criterion, labels):
    """Takes the lower threshold when each cut gains what its mirror image gains."""
    # In the first and third of these palindromes every usual way to write the gain
    # rounds the later of the two best cuts up.
    features, labels = column(*range(len(labels))), np.array(labels)
    actual = submission.best_split(features, labels, criterion=criterion)
    check(actual, best_by_definition(features, labels, criterion))


@pytest.mark.numerics
@pytest.mark.parametrize(
    ("low", "high"),
    [
        pytest.param(1.0, 1.0 + 2**-52, id="1 and the next float"),
        pytest.param(1.0 + 2**-52, 1.0 + 2**-51, id="midpoint rounds up"),
        pytest.param(-1.0 - 2**-52, -1.0, id="negative midpoint"),
        pytest.param(-5e-324, 0.0, id="zero and the float before it"),
        pytest.param(1.6e308, 1.7e308, id="overflowing sum"),
        pytest.param(-1.7e308, 1.7e308, id="overflowing difference"),
        pytest.param(-1.7e308, -1.6e308, id="sum overflowing downwards"),
    ],
)
def test_threshold_parts_the_values(submission, low, high):
    """Parts neighbouring floats, and huge ones, at a threshold between them."""
    actual = submission.best_split(column(high, low, low), np.array([1, 0, 0]))
    check(actual, (0, low / 2 + high / 2, 4 / 9))
    threshold = check_number(actual[1])
    assert low <= threshold < high, (
        f"the threshold {threshold!r} does not send {low!r} left and {high!r} right"
    )


@pytest.mark.efficiency
@pytest.mark.parametrize("criterion", ["gini", "entropy"])
def test_fifty_thousand_rows(check_slowdown, criterion):
    """Sorts each feature of 50,000 rows once, with no rescan for every threshold."""

    def sample(rng):
        features = rng.normal(size=(50_000, 2))
        # The steps make the best split better than any other by far more than 1e-9.
        labels = (features[:, 0] > 0.3).astype(int) + (features[:, 0] > 1.5)
        return features, labels

    def run(module, features, labels):
        return module.best_split(features, labels, criterion=criterion)

    # Pure Python loops over sorted rows take 10 to 22 times the reference, the fastest
    # recount for every threshold (a chunked matrix product) over 210 times.
    check_slowdown(run, sample, limit=70)
