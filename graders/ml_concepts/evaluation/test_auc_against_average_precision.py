"""Checks of AUC against average precision: each metric is computed by definition."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graders.harness import Wrong, array, check_array, contract, requiring


def limit_of(n_positives, n_negatives):
    """Return the largest sum of margins that the prompt allows."""
    return 1 - 2 * math.sqrt(n_positives / n_negatives) - 1 / n_positives


def demand_of(n_positives, n_negatives, auc_margin, ap_margin):
    """Return the arguments by name."""
    return {
        "n_positives": n_positives,
        "n_negatives": n_negatives,
        "auc_margin": auc_margin,
        "ap_margin": ap_margin,
    }


@st.composite
def demands(draw):
    """Draw class sizes, and margins that share the limit in any proportion."""
    n_positives = draw(st.integers(2, 20))
    # Just enough negatives for a limit above 0, or up to 200 times as many.
    fewest = math.ceil(4.4 * n_positives / (1 - 1 / n_positives) ** 2)
    n_negatives = fewest + draw(st.integers(0, 100)) * n_positives
    used = draw(st.integers(1, 10)) / 10 * 0.999 * limit_of(n_positives, n_negatives)
    share = draw(st.integers(1, 19)) / 20
    return demand_of(
        n_positives,
        n_negatives,
        round(share * used, 6),
        round((1 - share) * used, 6),
    )


@st.composite
def demands_at_the_limit(draw):
    """Draw margins that sum to the limit, all of it exact in binary."""
    n_positives = 2 ** draw(st.integers(2, 6))
    n_negatives = n_positives * 4 ** draw(st.integers(2, 3))
    limit = limit_of(n_positives, n_negatives)
    ap_margin = draw(st.integers(1, 63)) / 64 * limit
    return demand_of(n_positives, n_negatives, limit - ap_margin, ap_margin)


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


@requiring("Returns as many positives and negatives as asked, and two scores of each.")
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


def require_auc_lead(result, demand):
    """Demand that A leads by ROC AUC."""
    labels, *scores = models_of(result, demand)
    a, b = (roc_auc(labels, s) for s in scores)
    assert a - b >= demand["auc_margin"] - 1e-9, (
        f"ROC AUC is {a:.6f} for A and {b:.6f} for B, so A leads by {a - b:.6f}; "
        f"{demand['auc_margin']:.6f} was asked for"
    )


def require_ap_lead(result, demand):
    """Demand that B leads by average precision."""
    labels, *scores = models_of(result, demand)
    a, b = (average_precision(labels, s) for s in scores)
    assert b - a >= demand["ap_margin"] - 1e-9, (
        f"average precision is {a:.6f} for A and {b:.6f} for B, so B leads by "
        f"{b - a:.6f}; {demand['ap_margin']:.6f} was asked for"
    )


test_contract = contract(
    "auc_against_average_precision",
    demand_of(20, 2000, 0.2, 0.2),
    returns=(
        array(2020, kind="biuf"),
        array(2020, kind="fiu"),
        array(2020, kind="fiu"),
    ),
)


@pytest.mark.parametrize(
    ("auc_margin", "ap_margin"),
    [
        pytest.param(0.2, 0.2, id="alike"),
        pytest.param(0.6, 0.05, id="mostly AUC"),
        pytest.param(0.05, 0.6, id="mostly average precision"),
    ],
)
def test_a_case_to_try_by_hand(submission, auc_margin, ap_margin):
    """Finds two models for 20 positives among 2,000 negatives, however lopsided."""
    demand = demand_of(20, 2000, auc_margin, ap_margin)
    result = submission.auc_against_average_precision(**demand)
    require_auc_lead(result, demand)
    require_ap_lead(result, demand)


@given(demands())
def test_a_wins_on_auc(submission, demand):
    """Lets A win on ROC AUC by the margin asked for, a tie counting half."""
    require_auc_lead(submission.auc_against_average_precision(**demand), demand)


@given(demands())
def test_b_wins_on_average_precision(submission, demand):
    """Lets B win on average precision by the margin asked for, equals entering as one.

    This is what scikit-learn's average_precision_score gives.
    """
    require_ap_lead(submission.auc_against_average_precision(**demand), demand)


@pytest.mark.edge_cases
@given(demands_at_the_limit())
def test_goes_to_the_limit(submission, demand):
    """Finds two models where the margins use up all of the limit."""
    result = submission.auc_against_average_precision(**demand)
    require_auc_lead(result, demand)
    require_ap_lead(result, demand)


@pytest.mark.edge_cases
@pytest.mark.parametrize(
    ("n_positives", "n_negatives", "auc_margin", "ap_margin"),
    [
        pytest.param(2, 33, 0.005, 0.002, id="two positives"),
        pytest.param(20, 40_000, 0.45, 0.45, id="one in two thousand"),
        pytest.param(50, 225, 0.03, 0.007, id="one in five and a half"),
        pytest.param(10, 1000, 0.69, 1e-6, id="nothing but AUC"),
        pytest.param(10, 1000, 1e-6, 0.69, id="nothing but average precision"),
        pytest.param(500, 5000, 0.18, 0.18, id="many of both"),
    ],
)
def test_any_balance(submission, n_positives, n_negatives, auc_margin, ap_margin):
    """Finds two models wherever the limit allows them, rare positives or not."""
    demand = demand_of(n_positives, n_negatives, auc_margin, ap_margin)
    result = submission.auc_against_average_precision(**demand)
    require_auc_lead(result, demand)
    require_ap_lead(result, demand)
