"""Grader for AUC against average precision: the interviewer's side of the table."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graders.harness import Wrong, check_array


def limit_of(n_positives, n_negatives):
    """Return the largest sum of margins that the prompt allows."""
    return 1 - 2 * math.sqrt(n_positives / n_negatives) - 1 / n_positives


@st.composite
def demands(draw):
    """Draw class sizes, and margins that share the limit in any proportion."""
    n_positives = draw(st.integers(2, 20))
    # Just enough negatives for a limit above 0, or up to 200 times as many.
    fewest = math.ceil(4.4 * n_positives / (1 - 1 / n_positives) ** 2)
    n_negatives = fewest + draw(st.integers(0, 100)) * n_positives
    used = draw(st.integers(1, 10)) / 10 * 0.999 * limit_of(n_positives, n_negatives)
    share = draw(st.integers(1, 19)) / 20
    return {
        "n_positives": n_positives,
        "n_negatives": n_negatives,
        "auc_margin": round(share * used, 6),
        "ap_margin": round((1 - share) * used, 6),
    }


def roc_auc(labels, scores):
    """Return the share of pairs ranked right, a tie counting half."""
    negatives = scores[labels == 0]
    won = sum(
        np.sum(s > negatives) + np.sum(s == negatives) / 2 for s in scores[labels == 1]
    )
    return won / (np.sum(labels == 1) * len(negatives))


def average_precision(labels, scores):
    """Return the sum over distinct scores of precision times recall gained."""
    positives = scores[labels == 1]
    total = 0.0
    for score in set(positives.tolist()):  # elsewhere no recall is gained
        precision = np.sum(positives >= score) / np.sum(scores >= score)
        total += precision * np.sum(positives == score) / len(positives)
    return total


def models_of(result, demand):
    """Return labels and scores, once they are what the prompt says."""
    if not isinstance(result, tuple) or len(result) != 3:
        raise Wrong("expected a tuple of labels, scores_a and scores_b")
    n = demand["n_positives"] + demand["n_negatives"]
    labels = check_array(result[0], (n,), kind="iufb")
    positives, negatives = int(np.sum(labels == 1)), int(np.sum(labels == 0))
    wanted = (demand["n_positives"], demand["n_negatives"])
    assert (positives, negatives) == wanted, (
        f"{positives} of the {n} labels are 1 and {negatives} are 0; "
        f"{wanted[0]} and {wanted[1]} were asked for"
    )
    return labels, *(check_array(scores, (n,), kind="fiu") for scores in result[1:])


def require_lead(result, demand, *, metric):
    """Demand that the model that should win by the metric does, by the margin."""
    labels, *scores = models_of(result, demand)
    a, b = (metric(labels, s) for s in scores)
    if metric is roc_auc:
        text, lead, margin = "ROC AUC", a - b, demand["auc_margin"]
    else:
        text, lead, margin = "average precision", b - a, demand["ap_margin"]
    winner = "A" if metric is roc_auc else "B"
    assert lead >= margin - 1e-9, (
        f"{text} is {a:.6f} for A and {b:.6f} for B, so {winner} leads by {lead:.6f}; "
        f"{margin:.6f} was asked for"
    )


@pytest.mark.parametrize("metric", [roc_auc, average_precision])
@pytest.mark.parametrize(
    ("auc_margin", "ap_margin"),
    [
        pytest.param(0.2, 0.2, id="alike"),
        pytest.param(0.6, 0.05, id="mostly AUC"),
        pytest.param(0.05, 0.6, id="mostly average precision"),
    ],
)
def test_a_case_to_try_by_hand(submission, auc_margin, ap_margin, metric):
    """Finds two models for 20 positives among 2,000 negatives, however lopsided."""
    demand = {
        "n_positives": 20,
        "n_negatives": 2000,
        "auc_margin": auc_margin,
        "ap_margin": ap_margin,
    }
    result = submission.auc_against_average_precision(**demand)
    require_lead(result, demand, metric=metric)


@settings(max_examples=60)
@given(demands())
def test_a_wins_on_auc(submission, demand):
    """Lets A win on ROC AUC by the margin asked for, a tie counting half."""
    result = submission.auc_against_average_precision(**demand)
    require_lead(result, demand, metric=roc_auc)


@settings(max_examples=60)
@given(demands())
def test_b_wins_on_average_precision(submission, demand):
    """Lets B win on average precision by the margin asked for, equals entering as one.

    This is what scikit-learn's average_precision_score gives.
    """
    result = submission.auc_against_average_precision(**demand)
    require_lead(result, demand, metric=average_precision)


@settings(max_examples=30)
@given(demands())
def test_the_prevalence_is_the_one_asked_for(submission, demand):
    """Has as many positives and negatives as asked for, and finite scores for all."""
    models_of(submission.auc_against_average_precision(**demand), demand)


@pytest.mark.edge_cases
@pytest.mark.parametrize("metric", [roc_auc, average_precision])
@pytest.mark.parametrize(
    ("n_positives", "n_negatives", "auc_margin", "ap_margin"),
    [
        pytest.param(2, 33, 0.005, 0.002, id="two positives"),
        pytest.param(20, 40_000, 0.45, 0.45, id="one in two thousand"),
        pytest.param(50, 225, 0.03, 0.007, id="one in five and a half"),
        pytest.param(10, 1000, 0.69, 1e-6, id="nothing but AUC"),
        pytest.param(10, 1000, 1e-6, 0.69, id="nothing but average precision"),
        pytest.param(16, 1024, 0.34375, 0.34375, id="just the limit"),
        pytest.param(500, 5000, 0.18, 0.18, id="many of both"),
    ],
)
def test_goes_to_the_limit(
    submission, n_positives, n_negatives, auc_margin, ap_margin, metric
):
    """Finds two models wherever the limit allows them, rare positives or not."""
    demand = {
        "n_positives": n_positives,
        "n_negatives": n_negatives,
        "auc_margin": auc_margin,
        "ap_margin": ap_margin,
    }
    result = submission.auc_against_average_precision(**demand)
    require_lead(result, demand, metric=metric)


@pytest.mark.edge_cases
@pytest.mark.parametrize(
    ("n_positives", "n_negatives", "auc_margin", "ap_margin"),
    [
        pytest.param(0, 100, 0.1, 0.1, id="no positives"),
        pytest.param(10, 0, 0.1, 0.1, id="no negatives"),
        pytest.param(-10, 1000, 0.1, 0.1, id="negative size"),
        pytest.param(-10, -1000, 0.1, 0.1, id="negative sizes"),
        pytest.param(10, 1000, 0.0, 0.1, id="no AUC margin"),
        pytest.param(10, 1000, 0.1, 0.0, id="no average precision margin"),
        pytest.param(10, 1000, -0.1, 0.1, id="negative AUC margin"),
        pytest.param(10, 1000, 0.1, -0.1, id="negative average precision margin"),
        pytest.param(10, 1000, math.nan, 0.1, id="NaN AUC margin"),
        pytest.param(10, 1000, 0.1, math.nan, id="NaN average precision margin"),
        pytest.param(10, 1000, 0.36, 0.36, id="margins beyond the limit"),
        pytest.param(10, 1000, math.inf, 0.1, id="infinite margin"),
        pytest.param(1, 1000, 0.01, 0.01, id="a single positive"),
        pytest.param(100, 100, 0.01, 0.01, id="balanced classes"),
    ],
)
def test_refuses_what_it_cannot_promise(
    submission, n_positives, n_negatives, auc_margin, ap_margin
):
    """Raises ValueError for an empty class, no margin, or margins past the limit."""
    with pytest.raises(ValueError):
        submission.auc_against_average_precision(
            n_positives, n_negatives, auc_margin, ap_margin
        )
