"""Checks of NDCG, MRR, MAP and recall at k: what the interviewer looks for.

The oracle is the definition, one query and one rank at a time.
"""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from graders.harness import Wrong, array, check, check_array, contract, refusals

CALL = {
    "relevance": np.array([[0, 2, 1, 0], [1, 0, 0, 3]]),
    "scores": np.array([[0.4, 0.3, 0.1, 0.2], [0.1, 0.2, 0.3, 0.4]]),
    "k": 2,
    "gain": "linear",
}
HARMFUL = np.array([[0, 2, 1, -1], [1, 0, 0, 3]])
NAMES = ["ndcg", "reciprocal_rank", "average_precision", "recall"]
gains = st.sampled_from(["linear", "exponential"])
seeds = st.integers(0, 2**32 - 1)
ks = st.integers(1, 30)

test_contract = contract(
    "ranking_metrics", CALL, returns={name: array(2) for name in NAMES}
)


@st.composite
def rankings(draw):
    """Draw queries with many equal scores, some without a relevant item, and a k."""
    shape = draw(st.tuples(st.integers(1, 4), st.integers(1, 24)))
    grades = st.sampled_from([0, 0, 0, 1, 2, 3])
    relevance = draw(hnp.arrays(np.int64, shape, elements=grades))
    scores = st.integers(-4, 4).map(lambda count: count / 4)
    return relevance, draw(hnp.arrays(float, shape, elements=scores)), draw(ks)


def distinct(seed, q, n):
    """Return queries, a relevant item in each, whose scores do not tie, and a k."""
    rng = np.random.default_rng(seed)
    relevance = rng.integers(0, 4, (q, n)) * rng.integers(0, 2, (q, n))
    relevance[:, 0] = 1
    scores = rng.permuted(np.tile(np.arange(n) / n, (q, 1)), axis=1)
    return relevance, scores, int(rng.integers(1, n + 3)), rng


def demand_no_fall(before, after):
    """Demand that none of the metrics of one query falls."""
    for name in NAMES:
        old, new = (check_array(found[name], (1,))[0] for found in (before, after))
        if old - new > 1e-9:
            raise Wrong(f"{name} falls from {old:.6g} to {new:.6g}")


def dcg(grades, gain):
    """Return the discounted gain of grades in the order shown."""
    return math.fsum(
        (grade if gain == "linear" else 2**grade - 1) / math.log2(rank + 1)
        for rank, grade in enumerate(grades, 1)
    )


def one_by_definition(relevance, scores, k, gain):
    """Return the four metrics of one query, given as lists."""
    order = sorted(range(len(scores)), key=lambda i: (-scores[i], i))
    shown = [relevance[i] for i in order][:k]
    total = sum(grade > 0 for grade in relevance)
    if total == 0:
        return dict.fromkeys(NAMES, math.nan)
    ranks = [rank for rank, grade in enumerate(shown, 1) if grade > 0]
    precisions = [at / rank for at, rank in enumerate(ranks, 1)]
    return {
        "ndcg": dcg(shown, gain) / dcg(sorted(relevance, reverse=True)[:k], gain),
        "reciprocal_rank": 1 / ranks[0] if ranks else 0.0,
        "average_precision": math.fsum(precisions) / min(total, k),
        "recall": len(ranks) / total,
    }


def by_definition(relevance, scores, k, gain):
    """Return the four metrics of all queries."""
    rows = zip(relevance.tolist(), scores.tolist(), strict=True)
    found = [one_by_definition(*row, k, gain) for row in rows]
    return {name: np.array([each[name] for each in found]) for name in NAMES}


def test_by_hand(submission):
    """Gets right the two queries that you would work out on paper."""
    half = 1 / math.log2(3)  # the discount of rank 2
    expected = {
        # Shown 0, 2 where 2, 1 is best; and 3, 0 where 3, 1 is best.
        "ndcg": np.array([2 * half / (2 + half), 3 / (3 + half)]),
        "reciprocal_rank": np.array([0.5, 1.0]),
        "average_precision": np.array([0.25, 0.5]),
        "recall": np.array([0.5, 0.5]),
    }
    check(submission.ranking_metrics(**CALL), expected)


@given(rankings(), gains)
def test_matches_the_definition(submission, ranking, gain):
    """Gives what the definitions give, rank by rank."""
    result = submission.ranking_metrics(*ranking, gain=gain)
    check(result, by_definition(*ranking, gain))


@given(seeds, st.integers(1, 4), st.integers(1, 40), gains)
def test_the_best_order(submission, seed, q, n, gain):
    """Is 1 where relevance itself is the score, and recall as high as k allows."""
    relevance, noise, k, _ = distinct(seed, q, n)
    found = submission.ranking_metrics(relevance, relevance + noise / 2, k, gain=gain)
    total = (relevance > 0).sum(axis=1)
    expected = dict.fromkeys(NAMES[:3], np.ones(q))
    check(found, {**expected, "recall": np.minimum(total, k) / total})


@given(seeds, st.integers(2, 40), gains)
def test_a_swap_into_order(submission, seed, n, gain):
    """Never falls when an item moves up past a less relevant one."""
    relevance, scores, k, rng = distinct(seed, 1, n)
    before = submission.ranking_metrics(relevance, scores, k, gain=gain)
    i, j = rng.choice(n, 2, replace=False)
    high, low = sorted((i, j), key=lambda item: relevance[0, item], reverse=True)
    larger, smaller = max(scores[0, [i, j]]), min(scores[0, [i, j]])
    scores[0, high], scores[0, low] = larger, smaller
    after = submission.ranking_metrics(relevance, scores, k, gain=gain)
    demand_no_fall(before, after)


@given(rankings(), gains, st.integers(1, 9))
def test_irrelevant_items_at_the_end(submission, ranking, gain, more):
    """Does not change when items that nobody wants are added with the lowest scores."""
    relevance, scores, k = ranking
    padding = ((0, 0), (0, more))
    longer = np.pad(relevance, padding), np.pad(scores, padding, constant_values=-9.0)
    result = submission.ranking_metrics(*longer, k, gain=gain)
    check(result, submission.ranking_metrics(*ranking, gain=gain))


@given(seeds, st.integers(1, 4), st.integers(1, 40))
def test_only_the_order_matters(submission, seed, q, n):
    """Does not change when scores are mapped monotonically, or items reordered."""
    relevance, scores, k, rng = distinct(seed, q, n)
    expected = submission.ranking_metrics(relevance, scores, k, gain="exponential")
    order = rng.permutation(n)
    result = submission.ranking_metrics(
        relevance[:, order], np.exp(4 * scores[:, order]) - 9, k, gain="exponential"
    )
    check(result, expected)


@pytest.mark.edge_cases
def test_nothing_relevant(submission):
    """Is NaN for a query without a relevant item, in all four."""
    relevance, scores = np.array([[0, 0], [1, 0]]), np.array([[0.5, 0.1], [0.2, 0.1]])
    result = submission.ranking_metrics(relevance, scores, 1, gain="linear")
    check(result, dict.fromkeys(NAMES, np.array([np.nan, 1.0])))


@pytest.mark.edge_cases
def test_nothing_found(submission):
    """Is 0 where relevant items exist and none is shown."""
    relevance, scores = np.array([[0, 0, 2]]), np.array([[0.3, 0.2, 0.1]])
    result = submission.ranking_metrics(relevance, scores, 2, gain="linear")
    check(result, dict.fromkeys(NAMES, np.zeros(1)))


@pytest.mark.edge_cases
@pytest.mark.parametrize("n", [3, 40, 400], ids=["3 items", "40 items", "400 items"])
def test_all_tied(submission, n):
    """Takes items in the order in which they stand where all scores are equal."""
    relevance, scores = np.zeros((1, n), int), np.full((1, n), 0.5)
    relevance[0, [1, 2]] = 1
    result = submission.ranking_metrics(relevance, scores, 2, gain="linear")
    check(result, by_definition(relevance, scores, 2, "linear"))


@pytest.mark.edge_cases
@pytest.mark.parametrize("scores", [(1e-12, 2e-12), (1.0, 1.0 + 1e-9)], ids=str)
def test_close_scores(submission, scores):
    """Takes only equal scores for ties, however close others are."""
    relevance = np.array([[0, 1]])  # the second item has the larger score
    result = submission.ranking_metrics(relevance, np.array([scores]), 1, gain="linear")
    check(result, dict.fromkeys(NAMES, np.ones(1)))


@pytest.mark.validation
@pytest.mark.parametrize(
    "arguments",
    refusals(
        CALL,
        {
            "scores of one query": {"scores": CALL["scores"][:1]},
            "an item too few": {"relevance": CALL["relevance"][:, :3]},
            "a negative relevance below k": {"relevance": HARMFUL},
            "no item shown": {"k": 0},
            "a gain in capitals": {"gain": "LINEAR"},
        },
    ),
)
def test_refuses(submission, arguments):
    """Raises ValueError for other shapes, relevance below 0, a wrong k or gain."""
    with pytest.raises(ValueError):
        submission.ranking_metrics(**arguments)
