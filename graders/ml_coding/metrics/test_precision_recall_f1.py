"""Checks of confusion matrix, precision, recall and F1: what the interviewer looks for.

The oracles are the definitions, counted one sample and one class at a time.
"""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from graders.harness import array, check, contract, refusals

CALL = {
    "labels": np.array([3, 3, -1, 0]),
    "predictions": np.array([3, -1, -1, 3]),
    "classes": np.array([3, -1, 0]),
}
AVERAGES = ["macro", "micro", "weighted"]
test_contract_matrix = contract("confusion_matrix", CALL, returns=array(3, 3, kind="i"))
test_contract_scores = contract(
    "precision_recall_f1",
    {"matrix": np.array([[2, 1], [0, 3]]), "average": "macro"},
    returns=(float, float, float),
)


@st.composite
def predicted_samples(draw):
    """Draw labels, predictions and classes, in an order of their own."""
    classes = draw(st.lists(st.integers(-9, 9), min_size=1, max_size=5, unique=True))
    pairs = st.tuples(st.sampled_from(classes), st.sampled_from(classes))
    drawn = np.array(draw(st.lists(pairs, max_size=12)), int).reshape(-1, 2)
    return drawn[:, 0], drawn[:, 1], np.array(classes)


def matrices(largest):
    """Draw matrices of counts, many of them 0, with a sample at least."""
    counts = st.one_of(st.just(0), st.integers(0, largest))
    square = st.integers(1, 5).flatmap(
        lambda k: hnp.arrays(np.int64, (k, k), elements=counts)
    )
    return square.filter(lambda matrix: matrix.any())


def fraction(over, under, zero_division):
    """Return a fraction, or what stands for 0 / 0."""
    return over / under if under else zero_division


def scores_by_definition(matrix, average, zero_division):
    """Return precision, recall and F1, one class at a time."""
    counts = []
    for i, row in enumerate(matrix.tolist()):
        column = matrix[:, i].tolist()
        counts.append((row[i], sum(column) - row[i], sum(row) - row[i]))
    weights = [tp + fn if average == "weighted" else 1 for tp, _, fn in counts]
    if average == "micro":
        counts, weights = [tuple(map(sum, zip(*counts, strict=True)))], [1]
    totals = [0.0, 0.0, 0.0]
    for weight, (tp, fp, fn) in zip(weights, counts, strict=True):
        for at, (over, under) in enumerate(
            [(tp, tp + fp), (tp, tp + fn), (2 * tp, 2 * tp + fp + fn)]
        ):
            totals[at] += weight * fraction(over, under, zero_division)
    return tuple(total / sum(weights) for total in totals)


@given(predicted_samples())
def test_counts_each_pair_of_classes(submission, case):
    """Counts in row i and column j what is of class i and was predicted as class j."""
    labels, predictions, classes = case
    pairs = list(zip(labels.tolist(), predictions.tolist(), strict=True))
    expected = [[pairs.count((i, j)) for j in classes] for i in classes]
    check(submission.confusion_matrix(*case), np.array(expected, int))


@pytest.mark.parametrize("average", AVERAGES)
@given(matrix=matrices(4), zero_division=st.sampled_from([0.0, 0.5, 1.0]))
def test_matches_the_definition(submission, average, matrix, zero_division):
    """Averages the precision, recall and F1 of the classes, each by its definition."""
    options = {"average": average, "zero_division": zero_division}
    expected = scores_by_definition(matrix, average, zero_division)
    check(submission.precision_recall_f1(matrix, **options), expected)


@given(matrix=matrices(10**12))
def test_transposing_swaps_precision_and_recall(submission, matrix):
    """Swaps precision and recall, and keeps F1, when truth and prediction swap."""
    precision, recall, f1 = submission.precision_recall_f1(matrix)
    turned = submission.precision_recall_f1(matrix.T.copy())
    check(turned, (recall, precision, f1))


@given(matrix=matrices(10**6), average=st.sampled_from(AVERAGES))
def test_only_the_shares_matter(submission, matrix, average):
    """Does not change when all counts are multiplied by the same number."""
    scores = submission.precision_recall_f1(matrix, average=average)
    check(submission.precision_recall_f1(1000 * matrix, average=average), scores)


@pytest.mark.edge_cases
def test_defaults(submission):
    """Takes the plain mean, with 0 for a class that never occurs nor is predicted."""
    matrix = np.array([[3, 0, 0], [0, 1, 0], [0, 0, 0]])
    check(submission.precision_recall_f1(matrix), (2 / 3, 2 / 3, 2 / 3))


@pytest.mark.edge_cases
def test_no_samples(submission):
    """Counts nothing where there is no sample."""
    nothing = np.array([], int)
    matrix = submission.confusion_matrix(nothing, nothing, np.array([2, 5]))
    check(matrix, np.zeros((2, 2), int))


@pytest.mark.edge_cases
def test_far_classes(submission):
    """Counts classes that lie far apart, with memory for their number alone."""
    classes = np.array([7, 10**15, -(10**12)])
    labels, predictions = classes[[0, 1, 2, 2]], classes[[0, 2, 2, 1]]
    expected = np.array([[1, 0, 0], [0, 0, 1], [0, 1, 1]])
    check(submission.confusion_matrix(labels, predictions, classes), expected)


@pytest.mark.validation
@pytest.mark.parametrize(
    "arguments",
    refusals(
        CALL,
        {
            "one label": {"labels": np.array([3])},
            "one prediction": {"predictions": np.array([3])},
            "a strange label": {"labels": np.array([3, 3, -1, 4])},
            "a strange prediction": {"predictions": np.array([3, -1, -2, 3])},
            "a class twice": {"classes": np.array([3, -1, 0, 3])},
        },
    ),
)
def test_refuses(submission, arguments):
    """Raises ValueError where samples and classes do not fit together."""
    with pytest.raises(ValueError):
        submission.confusion_matrix(**arguments)


@pytest.mark.efficiency
@pytest.mark.parametrize("present", [200, 1], ids=["all classes", "one class"])
def test_fifty_thousand_samples(check_slowdown, present):
    """Counts 50,000 samples of 200 classes in one pass, not one for each pair."""

    def sample(rng):
        classes = rng.permutation(1000)[:200]
        return (*(rng.choice(classes[:present], (2, 50_000))), classes)

    def run(module, labels, predictions, classes):
        return module.confusion_matrix(labels, predictions, classes)

    # With all classes and with one, a loop over a dictionary takes 2 and 9 times as
    # long as the solution, scikit-learn's with its sets 5 and 18, a pass for each pair
    # of classes 68 and 280.
    check_slowdown(run, sample, limit=50)
