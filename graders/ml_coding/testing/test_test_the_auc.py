"""Checks of a test of the AUC: what the interviewer looks for.

It passes functions, right and wrong, to the answer's check.
"""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graders.harness import Wrong, contract, shown
from graders.ml_coding.testing.aucs import (
    RIGHT,
    WRONG,
    of_the_first,
    on_result,
    on_scores,
    right,
    where,
    with_ties,
)
from graders.ml_coding.testing.watched import (
    Watched,
    demand_acceptance,
    demand_rejection,
    demand_rejections,
    verdict,
)

# An answer calls the function a hundred times or more, each time over the wire, and a
# check judges it on several: on a busy machine that takes longer than two seconds.
pytestmark = pytest.mark.timeout(20)

SILENT = ", of which the contract says nothing"
DTYPES = (np.int64, np.int8, np.uint8, np.float64, np.bool_)


class WatchedAuc(Watched):
    """A roc_auc that is judged."""

    def wrapped(self):
        """Return a function with the signature of the contract."""

        def roc_auc(labels, scores):
            return self.ask(labels, scores)

        return roc_auc

    def refusal(self, labels, scores):
        """Return why the contract does not allow a call, or "" if it does."""
        arrays = {"labels": (labels, DTYPES), "scores": (scores, [np.float64])}
        for name, (array, dtypes) in arrays.items():
            if not isinstance(array, np.ndarray) or array.dtype not in dtypes:
                return f"it passed {array!r} as {name}{SILENT}"
        if labels.shape != scores.shape or labels.ndim != 1:
            return f"it passed shapes {labels.shape} and {scores.shape}{SILENT}"
        if not 2 <= labels.size <= 1000:
            return f"it passed {labels.size} rows{SILENT}"
        if not np.isin(labels, (0, 1)).all() or np.isnan(scores).any():
            return f"it passed labels {labels!r} and scores {scores!r}{SILENT}"
        return ""


test_contract = contract(
    "check",
    lambda module: demand_acceptance(module, WatchedAuc(right, "by pairs")),
    returns=None,
)


@pytest.mark.parametrize("which", RIGHT)
def test_accepts_right_ones(submission, which):
    """Accepts a roc_auc that keeps the contract, however it is written."""
    demand_acceptance(submission, WatchedAuc(RIGHT[which], which))


@pytest.mark.parametrize("line", WRONG)
def test_rejects_wrong_ones(submission, line):
    """Rejects each roc_auc that breaks one line of the contract, and keeps the rest."""
    demand_rejections(submission, WatchedAuc, WRONG[line])


@settings(max_examples=20)
@given(st.integers(-6, 0), st.sampled_from([2, -2]))
def test_rejects_any_error(submission, digits, sign):
    """Rejects a roc_auc that is off by 2e-6 or more everywhere."""
    error = sign * 10.0**digits
    judged = on_result(lambda area: area + error)
    demand_rejection(submission, WatchedAuc(judged, f"everywhere, by {error:g}"))


@settings(max_examples=20)
@given(st.integers(0, 100).filter(lambda percent: percent != 50))
def test_rejects_any_other_weight_of_ties(submission, percent):
    """Rejects a roc_auc that counts a tie as anything but one half."""
    judged = with_ties(percent / 100)
    demand_rejection(
        submission,
        WatchedAuc(
            judged,
            f"where scores tie: it counts {percent} % of a pair that is won, "
            "where the contract says one half",
        ),
    )


@settings(max_examples=20)
@given(st.integers(0, 12))
def test_rejects_any_rounding_of_scores(submission, digits):
    """Rejects a roc_auc that ties scores which differ after some digit."""
    judged = on_scores(lambda scores: scores.round(digits))
    name = (
        f"where scores differ after digit {digits} behind the point: "
        "it rounds them first, so that some of them tie"
    )
    demand_rejection(submission, WatchedAuc(judged, name))


@settings(max_examples=20)
@given(st.integers(0, 6), st.sampled_from([1, -1]))
def test_rejects_any_bound_of_scores(submission, exponent, sign):
    """Rejects a roc_auc that ties scores beyond some size."""
    bound = sign * 10.0**exponent
    clip = (None, bound) if sign > 0 else (bound, None)
    judged = on_scores(lambda scores: scores.clip(*clip))
    side = "above" if sign > 0 else "below"
    demand_rejection(
        submission,
        WatchedAuc(
            judged,
            f"where scores are {side} {bound:g}: it takes all of those for equal, "
            "as if they were clipped there",
        ),
    )


@settings(max_examples=12)
@given(st.integers(2, 60))
def test_rejects_any_limit_of_rows(submission, most):
    """Rejects a roc_auc that leaves out the rows after some place."""
    name = (
        f"where there are more than {most} rows: it leaves the others out, "
        "and gives the area of the first ones"
    )
    demand_rejection(submission, WatchedAuc(of_the_first(most), name))


@settings(max_examples=20)
@given(st.floats(0.05, 0.65), st.sampled_from([0, 1]))
def test_rejects_any_trouble_with_balance(submission, share, label):
    """Rejects a roc_auc that turns the area round where a class has many rows."""

    def is_hit(labels, scores):
        return (labels == label).mean() > share

    name = (
        f"where more than {share:.0%} of the labels are {label}: "
        "it swaps the classes, and gives 1 less the area"
    )
    demand_rejection(submission, WatchedAuc(where(is_hit, lambda area: 1 - area), name))


@settings(max_examples=8)
@given(st.integers(0, 2**32), st.integers(-16, -10))
def test_accepts_any_rounding(submission, seed, digits):
    """Accepts a roc_auc with errors of up to 1e-10, and a np.float64."""

    def judged(labels, scores):
        noise = np.random.default_rng(seed).uniform(-1, 1) * 10.0**digits
        return np.float64(right(labels, scores) + noise)

    demand_acceptance(
        submission, WatchedAuc(judged, f"with rounding errors of 1e{digits}")
    )


@pytest.mark.edge_cases
@pytest.mark.parametrize("returned", ["None", "'0.5'", "[]", "np.zeros(0)", "{}", "1j"])
def test_rejects_whatever_is_returned(submission, returned):
    """Raises AssertionError, and nothing else, whatever roc_auc returns."""
    value = eval(returned, {"np": np})
    judged = shown(f"lambda labels, scores: {returned}", lambda labels, scores: value)
    with pytest.raises(AssertionError):
        submission.check(judged)


@pytest.mark.edge_cases
@pytest.mark.parametrize("kind", [KeyError, ZeroDivisionError, TypeError])
def test_rejects_what_raises(submission, kind):
    """Accepts no roc_auc that raises where the contract asks for a number."""

    def judged(labels, scores):
        if (scores == scores[0]).all():
            raise kind("scores")
        return right(labels, scores)

    demand_rejection(
        submission,
        WatchedAuc(
            judged,
            "where all scores are equal: it raises, where the contract asks for "
            "a number",
        ),
    )


@pytest.mark.edge_cases
def test_makes_the_same_calls_every_time(submission):
    """Calls roc_auc with the same arrays in the same order when it checks again."""
    first, second = (WatchedAuc(right, "by pairs") for _ in range(2))
    for one in (first, second):
        verdict(submission, one)
    if first.calls != second.calls:
        raise Wrong("its calls differ from run to run, and so may its verdict")
