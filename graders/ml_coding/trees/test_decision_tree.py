"""Checks of the classification tree: what the interviewer looks for.

The oracle grows a tree by the definition, in exact fractions. Gains of up to 40 rows
are equal or differ by more than 1e-9, so no right answer takes one for the other.
"""

from collections import Counter
from fractions import Fraction
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from graders.harness import array, check, contract, refusals, strategies

ROWS = np.array([[1.0, 7.0], [2.0, 5.0], [4.0, 6.0], [5.0, 8.0]])
LABELS = np.array([8, 8, -3, 8])


def ordinary(module):
    """Return what a tree tells after an ordinary fit."""
    tree = module.DecisionTree().fit(ROWS, LABELS)
    return tree.predict(ROWS), tree.depth, tree.n_leaves


returned = (array(4, kind="i"), int, int)
test_contract = contract("DecisionTree.predict", ordinary, returns=returned)
depths = st.none() | st.integers(0, 4)
bounds = {"max_depth": depths, "min_samples_leaf": st.integers(1, 5)}


@st.composite
def samples(draw):
    """Draw rows with many equal values, labels, and queries that fall on thresholds."""
    d = draw(st.integers(1, 3))
    whole = st.integers(-4, 4).map(float)
    features = draw(strategies.matrices((1, 40), d, whole))
    names = st.sampled_from([8, -3, 0])
    labels = draw(hnp.arrays(np.int64, len(features), elements=names))
    between = st.integers(-9, 9).map(lambda count: count / 2)
    return features, labels, draw(strategies.matrices((1, 12), d, between))


# Both features part the labels: 0 at the higher threshold, and after more rows.
TIED = np.array([[1.0, 5.0], [1.0, 5.0], [9.0, 1.0]]), np.array([8, 8, -3])


def impurity(labels):
    """Return the Gini impurity of a list of labels."""
    counts = Counter(labels).values()
    return 1 - sum(Fraction(count, len(labels)) ** 2 for count in counts)


def splits_of(rows, min_samples_leaf):
    """Yield the gain of every allowed split, and the split with its two parts."""
    labels = [label for _, label in rows]
    for feature in range(len(rows[0][0])):
        for low, high in pairwise(sorted({row[feature] for row, _ in rows})):
            left = [pair for pair in rows if pair[0][feature] <= low]
            right = [pair for pair in rows if pair[0][feature] > low]
            if min(len(left), len(right)) >= min_samples_leaf:
                parts = (left, right)
                after = sum(len(p) * impurity([y for _, y in p]) for p in parts)
                gain = impurity(labels) - after / len(rows)
                yield gain, (feature, (low + high) / 2, left, right)


def grown(rows, max_depth=None, min_samples_leaf=1):
    """Return a tree: a label, or a feature, a threshold and two trees."""
    found = [] if max_depth == 0 else list(splits_of(rows, min_samples_leaf))
    largest = max((gain for gain, _ in found), default=0)
    if largest == 0:
        counts = Counter(label for _, label in rows)
        return min(counts, key=lambda label: (-counts[label], label))
    feature, threshold, *parts = next(split for gain, split in found if gain == largest)
    deeper = None if max_depth is None else max_depth - 1
    return feature, threshold, *(grown(p, deeper, min_samples_leaf) for p in parts)


def facts(tree, rows):
    """Return the labels of rows, the depth, and the number of leaves."""
    if not isinstance(tree, tuple):
        return [tree] * len(rows), 0, 1
    feature, threshold, *children = tree
    sides = [facts(child, rows) for child in children]
    labels = [
        left if row[feature] <= threshold else right
        for row, left, right in zip(rows, sides[0][0], sides[1][0], strict=True)
    ]
    depth = 1 + max(side[1] for side in sides)
    return labels, depth, sum(side[2] for side in sides)


def check_tree(tree, expected, queries, *, unit=1.0):
    """Check predictions, depth and number of leaves against a tree of the oracle."""
    labels, depth, n_leaves = facts(expected, queries.tolist())
    check(tree.predict(unit * queries), np.array(labels))
    check(tree.depth, depth)
    check(tree.n_leaves, n_leaves)


def test_two_questions(submission):
    """Asks the two questions that you would ask."""
    tree = submission.DecisionTree().fit(ROWS, LABELS)
    # Feature 0 at 3.0 and then at 4.5 sorts out the one row of class -3.
    queries = np.array([[3.0, 6.0], [3.5, 9.0], [4.5, 0.0], [4.6, 6.0]])
    check_tree(tree, (0, 3.0, 8, (0, 4.5, -3, 8)), queries)


@settings(max_examples=100)
@given(samples(), st.fixed_dictionaries(bounds))
@example((*TIED, np.array([[9.0, 5.0]])), {"max_depth": None, "min_samples_leaf": 1})
def test_matches_the_definition(submission, sample, options):
    """Grows the tree that trying every split of every node from scratch grows."""
    features, labels, queries = sample
    rows = list(zip(features.tolist(), labels.tolist(), strict=True))
    tree = submission.DecisionTree(**options).fit(features, labels)
    check_tree(tree, grown(rows, **options), queries)


@given(st.integers(0, 2**32 - 1), st.integers(1, 120))
def test_learns_by_heart(submission, seed, n):
    """Predicts every training row right where a feature tells all rows apart."""
    rng = np.random.default_rng(seed)
    features = np.column_stack([rng.permutation(n), rng.integers(0, 3, n)]) / 4
    labels = rng.integers(-2, 3, n)
    tree = submission.DecisionTree().fit(features, labels)
    check(tree.predict(features), labels)


@given(
    st.lists(st.integers(1, 9), min_size=1, max_size=9),
    st.lists(st.integers(0, 3), min_size=1, max_size=12),
)
def test_nothing_to_learn(submission, times, labels):
    """Is a leaf where every value has the same mix, however sums are rounded."""
    features = np.repeat(np.arange(len(times)), np.array(times) * len(labels)) / 4
    mix = np.tile(labels, sum(times))
    tree = submission.DecisionTree().fit(features[:, np.newaxis], mix)
    check_tree(tree, grown([([0.0], label) for label in labels]), np.zeros((1, 1)))


@pytest.mark.edge_cases
@pytest.mark.parametrize(
    ("first", "second", "labels"),
    [
        ([1, 1, 1, 0, 2, 1, 0, 1, 0, 1], [2, 1, 2, 2, 2, 0, 2, 2, 2, 1],
         [8, 0, 8, -3, 8, 0, 8, -3, 0, 8]),
        ([2, 2, 0, 0, 0, 2, 0, 2, 1], [2, 2, 1, 2, 1, 1, 1, 1, 0],
         [-3, 0, -3, -3, -3, -3, 0, -3, -3]),
        ([0, 1, 1, 2], [0, 0, 0, 0], [0, 8, 0, 8]),
        ([2, 0, 1, 1, 3, 0, 1, 2, 0], [0] * 9, [1, 1, 1, 1, 2, 1, 2, 2, 1]),
    ],
)  # fmt: skip
def test_tied_splits(submission, first, second, labels):
    """Takes the lowest feature, then threshold, where rounding parts equal gains."""
    features = np.column_stack([first, second]) * 1.0
    rows = list(zip(features.tolist(), labels, strict=True))
    tree = submission.DecisionTree(max_depth=1).fit(features, np.array(labels))
    queries = np.indices((5, 5)).reshape(2, -1).T / 2
    check_tree(tree, grown(rows, max_depth=1), queries)


@pytest.mark.edge_cases
@pytest.mark.parametrize("unit", [1.0, 2.0**-40], ids=["whole", "tiny"])
def test_midway(submission, unit):
    """Puts a threshold midway between values of the node's rows, not of all rows."""
    rows = np.array([[1.0, 0.0], [3.0, 4.0], [2.0, 2.0], [1.0, 4.0]])
    tree = submission.DecisionTree(max_depth=2).fit(unit * rows, np.array([0, 0, 0, 1]))
    queries = np.array([[1.0, 1.5], [1.5, 2.0], [1.0, 2.5], [1.6, 4.0]])
    check_tree(tree, (0, 1.5, (1, 2.0, 0, 1), 0), queries, unit=unit)


@pytest.mark.edge_cases
def test_a_small_gain(submission):
    """Splits where the gain is small, as long as it is above 1e-9."""
    features = np.repeat([[0.0], [1.0]], 1000, axis=0)
    labels = np.repeat([1, 0, 1, 0], [501, 499, 500, 500])  # a gain of 5e-7
    tree = submission.DecisionTree().fit(features, labels)
    check_tree(tree, (0, 0.5, 1, 0), np.array([[0.5], [0.6]]))


@pytest.mark.edge_cases
@pytest.mark.parametrize(
    ("features", "labels", "label"),
    [
        pytest.param([[0, 0], [0, 1], [1, 0], [1, 1]], [0, 1, 1, 0], 0, id="no gain"),
        pytest.param([[2, 2], [2, 2], [2, 2]], [4, 6, 6], 6, id="equal rows"),
        pytest.param([[0, 1]], [5], 5, id="one row"),
    ],
)
def test_one_leaf(submission, features, labels, label):
    """Is a single leaf where no split gains anything."""
    tree = submission.DecisionTree().fit(np.array(features, float), np.array(labels))
    check_tree(tree, label, np.array([[0.0, 0.0], [9.0, 9.0]]))


@pytest.mark.edge_cases
def test_no_depth(submission):
    """Is a single leaf where max_depth is 0."""
    tree = submission.DecisionTree(max_depth=0).fit(ROWS, LABELS)
    check_tree(tree, 8, ROWS)


@pytest.mark.edge_cases
def test_a_deep_tree(submission):
    """Splits off one row after the other, 139 times, where all labels differ."""
    column, labels = np.arange(140.0)[:, np.newaxis], np.arange(140)
    tree = submission.DecisionTree().fit(column, labels)
    check(tree.predict(column), labels)
    check((tree.depth, tree.n_leaves), (139, 140))


@pytest.mark.edge_cases
def test_close_values(submission):
    """Tells 1 from 1 + 1e-9 when it predicts, too."""
    column = np.array([[1.0], [1.0 + 1e-9]])
    tree = submission.DecisionTree().fit(column, np.array([0, 1]))
    check(tree.predict(column), np.array([0, 1]))


@pytest.mark.edge_cases
def test_fit_again(submission):
    """Forgets the first rows when it is fitted to others."""
    tree = submission.DecisionTree()
    tree.fit(ROWS, np.array([1, 2, 1, 2]))
    tree.fit(ROWS, np.array([5, 5, 9, 9]))
    check_tree(tree, (0, 3.0, 5, 9), ROWS)


@pytest.mark.validation
@pytest.mark.parametrize(
    "arguments",
    refusals(
        {"features": ROWS, "labels": LABELS},
        {
            "labels": ["shorter", "column"],
            "a label too many": {"features": ROWS[:2], "labels": LABELS[:3]},
            "nan among rows of one class": {
                "features": np.where(ROWS > 7, np.nan, ROWS),
                "labels": 0 * LABELS,
            },
            "no rows": {"features": np.zeros((0, 2)), "labels": np.zeros(0, int)},
        },
    ),
)
def test_refuses(submission, arguments):
    """Raises ValueError for no rows, labels that are not (n,), and NaN."""
    with pytest.raises(ValueError):
        submission.DecisionTree().fit(arguments["features"], arguments["labels"])
