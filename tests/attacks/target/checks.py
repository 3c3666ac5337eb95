"""What the attacks aim at: many checks by hand, of which each can be told apart."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graders.harness import check


PAIRS = st.tuples(st.integers(0, 1), st.integers(-3, 3))


@st.composite
def labelled_scores(draw):
    """Draw labels with both classes present, and scores full of ties."""
    labels, scores = np.array(draw(st.lists(PAIRS, min_size=2, max_size=20))).T
    labels[0] ^= labels.min() == labels.max()
    return labels, scores.astype(float)


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
        pytest.param([0, 0], [0.1, 0.2], id="no positives"),
        pytest.param([], [], id="no samples"),
        pytest.param([0, 1, 2], [0.1, 0.2, 0.3], id="label 2"),
        pytest.param([-1, 1], [0.1, 0.2], id="labels -1 and 1"),
        pytest.param([0, 1, 0.5], [0.1, 0.2, 0.3], id="label 0.5"),
        pytest.param([0, 1, np.nan], [0.1, 0.2, 0.3], id="NaN label"),
        pytest.param([0, 1], [0.1, np.nan], id="NaN score"),
        pytest.param([0, 1, 1], [0.1, 0.2], id="more labels"),
        pytest.param([0, 1], [0.1, 0.2, 0.3], id="more scores"),
        pytest.param([[0], [1]], [0.1, 0.2], id="labels in a column"),
        pytest.param([0, 1], [[0.1], [0.2]], id="scores in a column"),
        pytest.param([[0, 1]], [[0.1, 0.2]], id="two dimensions"),
    ],
)
def test_refuses_what_has_no_area(submission, labels, scores):
    """Raises ValueError where the area is undefined."""
    with pytest.raises(ValueError):
        submission.roc_auc(np.array(labels), np.array(scores))


@pytest.mark.edge_cases
@pytest.mark.parametrize("dtype", [bool, float, np.int8, np.uint8])
def test_labels_of_any_dtype(submission, dtype):
    """Takes labels that are floats, booleans or of 8 bits, in which 400 do not fit."""
    labels = np.tile([0, 1], 200).astype(dtype)
    check(submission.roc_auc(labels, np.arange(400)), 0.5025)


@pytest.mark.numerics
@pytest.mark.parametrize(
    ("labels", "scores", "expected"),
    [
        pytest.param([0, 0, 1], [-np.inf, 1e308, np.inf], 1.0, id="infinite"),
        pytest.param([0, 1, 1], [np.inf, np.inf, -np.inf], 0.25, id="tied infinities"),
        pytest.param([0, 1], [1.0, np.nextafter(1.0, 2.0)], 1.0, id="neighbours"),
        pytest.param([0, 1], [0.0, 5e-324], 1.0, id="subnormal"),
        pytest.param([0, 1], [0.0, -0.0], 0.5, id="zeros of either sign"),
        pytest.param([0, 1], [2**53, 2**53 + 1], 1.0, id="long integers"),
        pytest.param([0, 1, 1], np.uint8([1, 0, 200]), 0.5, id="unsigned"),
        pytest.param([0, 1], np.int8([-128, 127]), 1.0, id="ends of a dtype"),
    ],
)
def test_scores_at_the_limits(submission, labels, scores, expected):
    """Ranks extreme scores of every dtype, with no arithmetic on them."""
    check(submission.roc_auc(np.array(labels), np.array(scores)), expected)


@pytest.mark.efficiency
def test_two_hundred_thousand_samples(check_slowdown):
    """Runs in O(n log n) on 200,000 samples; counting pairs takes 10^10 steps."""

    def sample(rng):
        return rng.integers(0, 2, 200_000), rng.normal(size=200_000).round(5)

    def run(module, labels, scores):
        return module.roc_auc(labels, scores)

    # The reference takes 20 ms. A loop over sorted Python pairs takes 15 to 20 times
    # that; a comparison of all pairs, one vectorised row at a time, 180 to 220 times;
    # counting anew at each of the 150,000 thresholds, 340 times. (With scores of 3
    # digits there would be 6,000 thresholds, and that takes 32 times.)
    check_slowdown(run, sample, limit=115)
