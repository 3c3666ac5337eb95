"""Grader for ROC AUC: the interviewer's side of the table."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from graders.harness import Exercise, check

EXERCISE = Exercise(
    minutes=20,
    difficulty="medium",
    hints=(
        "Draw one positive and one negative. When is the ranking right about them?",
        "Counting pairs costs O(P N). Which sum of ranks counts the same pairs?",
        "np.unique can return the tie groups and their sizes.",
    ),
    follow_ups=(
        "One email in 10,000 is spam. Is this still the number to report?",
        "The scores do not fit in memory. What do you keep, and at what error?",
    ),
    pitfalls={  # mistake: patches of the solution, or the function as mistaken
        "counts a tie as a win": """
def roc_auc(labels, scores):
    _require_defined(labels, scores)
    negatives = np.sort(scores[labels == 0])
    beaten = np.searchsorted(negatives, scores[labels == 1], side="right")
    return float(beaten.mean() / negatives.size)
""",
        "counts a tie as a loss": """
def roc_auc(labels, scores):
    _require_defined(labels, scores)
    negatives = np.sort(scores[labels == 0])
    beaten = np.searchsorted(negatives, scores[labels == 1], side="left")
    return float(beaten.mean() / negatives.size)
""",
        "lets the order of the input decide ties": (
            (
                "(np.cumsum(size) - (size - 1) / 2)[group]",
                "scores.argsort().argsort() + 1",
            ),
        ),
        "ranks from zero": (("(positives + 1)", "(positives - 1)"),),
        "ranks NaN as the highest score": (("np.isnan(scores).any()", "False"),),
        "divides by the number of all pairs": (
            ("positives * negatives", "labels.size * (labels.size - 1) / 2"),
        ),
    },
)


@st.composite
def labelled_scores(draw):
    """Draw labels with both classes present, and scores full of ties."""
    n = draw(st.integers(2, 40))
    labels = draw(hnp.arrays(int, n, elements=st.integers(0, 1)))
    labels[draw(st.integers(0, n - 1))] ^= labels.min() == labels.max()
    scores = draw(hnp.arrays(float, n, elements=st.integers(-3, 3)))
    return labels, scores


def share_of_pairs_won(labels, scores):
    """Return the answer by its definition. An oracle may be slow, never clever."""
    positives = [s for y, s in zip(labels, scores, strict=True) if y == 1]
    negatives = [s for y, s in zip(labels, scores, strict=True) if y == 0]
    won = sum((p > n) + (p == n) / 2 for p, n in product(positives, negatives))
    return won / (len(positives) * len(negatives))


@pytest.mark.parametrize(
    ("labels", "scores", "expected"),
    [
        pytest.param([0, 0, 1, 1], [1, 2, 3, 4], 1.0, id="perfect"),
        pytest.param([1, 1, 0, 0], [1, 2, 3, 4], 0.0, id="reversed"),
        pytest.param([0, 1, 0, 1], [1, 4, 4, 8], 0.875, id="one tie"),
        pytest.param([0, 1], [7, 7], 0.5, id="constant"),
    ],
)
def test_known_answers(submission, labels, scores, expected):
    """Gets right the cases you would try by hand."""
    check(submission.roc_auc(np.array(labels), np.array(scores)), expected)


@given(labelled_scores())
def test_matches_the_definition(submission, case):
    """Equals the share of positive-negative pairs ranked right, a tie counting half."""
    check(submission.roc_auc(*case), share_of_pairs_won(*case))


@given(labelled_scores())
def test_only_the_order_matters(submission, case):
    """Does not change when the scores go through an increasing function."""
    labels, scores = case
    check(submission.roc_auc(labels, np.exp(scores)), submission.roc_auc(*case))


@given(labelled_scores())
def test_reversing_the_scores_mirrors_the_area(submission, case):
    """Gives one minus the area when the ranking is turned around."""
    labels, scores = case
    check(submission.roc_auc(labels, -scores), 1 - submission.roc_auc(*case))


@pytest.mark.edge_cases
@pytest.mark.parametrize(
    ("labels", "scores"),
    [
        pytest.param([1, 1], [0.1, 0.2], id="no negatives"),
        pytest.param([], [], id="no samples"),
        pytest.param([0, 2], [0.1, 0.2], id="label 2"),
        pytest.param([0, 1], [0.1, np.nan], id="NaN score"),
        pytest.param([0, 1, 1], [0.1, 0.2], id="more labels"),
        pytest.param([0, 1], [0.1, 0.2, 0.3], id="more scores"),
        pytest.param([[0, 1]], [[0.1, 0.2]], id="two dimensions"),
    ],
)
def test_refuses_what_has_no_area(submission, labels, scores):
    """Raises ValueError where the area is undefined."""
    with pytest.raises(ValueError):
        submission.roc_auc(np.array(labels), np.array(scores))


@pytest.mark.numerics
def test_infinite_and_huge_scores_have_a_rank_too(submission):
    """Ranks infinities and neighbouring floats, with no arithmetic on the scores."""
    scores = np.array([-np.inf, 1.0, np.nextafter(1.0, 2.0), 1e308, np.inf])
    check(submission.roc_auc(np.array([0, 0, 1, 1, 1]), scores), 1.0)


@pytest.mark.efficiency
def test_two_hundred_thousand_samples(check_slowdown):
    """Runs in O(n log n) on 200,000 samples; counting pairs takes 10^10 steps."""

    def sample(rng):
        return rng.integers(0, 2, 200_000), rng.normal(size=200_000).round(3)

    def run(module, labels, scores):
        return module.roc_auc(labels, scores)

    # A loop over sorted Python pairs takes 15 to 30 times the reference, the fastest
    # comparison of all pairs over 400 times.
    check_slowdown(run, sample, limit=100)
