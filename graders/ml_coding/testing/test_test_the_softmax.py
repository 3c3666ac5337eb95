"""Checks of a test of the softmax: what the interviewer looks for.

It passes softmaxes, right and wrong, to the answer's check.
"""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graders.harness import contract, shown
from graders.ml_coding.testing.softmaxes import RIGHT, WRONG, along, on_logits, right
from graders.ml_coding.testing.watched import (
    Watched,
    demand_acceptance,
    demand_rejection,
    demand_rejections,
    verdict,
)

# An answer calls softmax a hundred times or more, each time over the wire, and a check
# judges it on several: on a busy machine that takes longer than the usual two seconds.
pytestmark = pytest.mark.timeout(20)

MOST_ENTRIES = 1000  # in one call, so that slow softmaxes have their time


class WatchedSoftmax(Watched):
    """A softmax that is judged."""

    def wrapped(self):
        """Return a function with the signature of the contract."""

        def softmax(logits, *, axis=None):
            return self.ask(logits, axis)

        return softmax

    def refusal(self, logits, axis):
        """Return why the contract does not allow a call, or "" if it does."""
        if isinstance(logits, np.ndarray) and logits.size > MOST_ENTRIES:
            return (
                f"it passed {logits.size} entries, of shape {logits.shape}; "
                f"{MOST_ENTRIES} at most are allowed"
            )
        if is_covered(logits, axis):
            return ""
        said = "" if axis is None else f", axis={axis!r}"
        call = f"softmax({logits!r}{said})"
        return f"it called {call}, of which the contract says nothing"

    def give(self, logits, axis):
        """Return what the softmax returns, with its own axis if none is given."""
        if axis is None:
            axis = (getattr(self.judged, "__defaults__", None) or (-1,))[0]
        return self.judged(logits, axis)


def is_covered(logits, axis):
    """Return whether the contract says what a call gives; axis may be left out."""
    if not isinstance(logits, np.ndarray) or logits.dtype not in (float, np.float32):
        return False
    if not (1 <= logits.ndim <= 3 and logits.size):
        return False
    if axis is None:
        axis = -1
    if axis not in range(-logits.ndim, logits.ndim):
        return False
    # What is best of a slice is NaN if anything is, and -inf if all is masked.
    return np.isfinite(logits.max(axis=axis)).all()


test_contract = contract(
    "check",
    lambda module: demand_acceptance(
        module, WatchedSoftmax(right, "shifted by the maximum")
    ),
    returns=None,
)


@pytest.mark.parametrize("which", RIGHT)
def test_accepts_right_ones(submission, which):
    """Accepts a softmax that keeps the contract, however it is written."""
    demand_acceptance(submission, WatchedSoftmax(RIGHT[which], which))


@pytest.mark.parametrize("line", WRONG)
def test_rejects_wrong_ones(submission, line):
    """Rejects each softmax that breaks one line of the contract, and keeps the rest."""
    demand_rejections(submission, WatchedSoftmax, WRONG[line])


@settings(max_examples=20)
@given(st.integers(-5, 0), st.sampled_from([1, -1]), st.integers(-2, 2))
def test_rejects_any_error_of_an_entry(submission, digits, sign, place):
    """Rejects a softmax of which one entry in each slice is off by a share."""
    error = sign * 10.0**digits

    def softmax(logits, axis):
        # float32 is allowed errors of 1e-5, so there it is off by more.
        share = error if logits.dtype == np.float64 else sign * 10.0 ** (digits / 2)
        result = np.moveaxis(right(logits, axis).copy(), axis, -1)
        result[..., place % result.shape[-1]] *= 1 + share
        return np.moveaxis(result, -1, axis)

    where = (
        f"in one entry of each slice: it is off by a share of {error:g}, "
        "and the other entries are right"
    )
    demand_rejection(submission, WatchedSoftmax(softmax, where))


@settings(max_examples=20)
@given(st.integers(-400, 400).filter(lambda percent: percent != 100))
def test_rejects_any_temperature(submission, percent):
    """Rejects the softmax of logits that are multiplied by anything but 1."""
    factor = percent / 100
    hotter = on_logits(lambda a: np.where(np.isneginf(a), a, a * a.dtype.type(factor)))
    where = (
        f"where logits differ: it multiplies them by {factor} first, "
        "as if there were another temperature than 1"
    )
    demand_rejection(submission, WatchedSoftmax(hotter, where))


@st.composite
def axes(draw):
    """Draw a number of dimensions, an axis, and another one that is taken instead."""
    ndim = draw(st.integers(2, 3))
    axis = draw(st.integers(-ndim, ndim - 1))
    return ndim, axis, draw(st.integers(0, ndim - 1).filter(lambda a: a != axis % ndim))


@settings(max_examples=15)
@given(axes())
def test_rejects_any_other_axis(submission, case):
    """Rejects a softmax that takes another axis, for one axis of one dimensionality."""
    ndim, bad, other = case

    def softmax(logits, axis):
        return right(logits, other if (logits.ndim, axis) == (ndim, bad) else axis)

    demand_rejection(
        submission,
        WatchedSoftmax(
            softmax,
            f"for axis={bad} of {ndim} dimensions: it takes axis {other} instead, "
            "and is right for every other axis",
        ),
    )


@settings(max_examples=10)
@given(st.integers(1, 50))
def test_rejects_any_error_in_long_slices(submission, most):
    """Rejects a softmax that leaves out of its sum what comes after some entry."""

    def softmax(row):
        parts = np.exp(row - row.max())
        return parts / parts[:most].sum()

    where = (
        f"in slices of more than {most} entries: its sum leaves the others out, "
        "and so the entries sum to more than 1"
    )
    demand_rejection(submission, WatchedSoftmax(along(softmax), where))


@settings(max_examples=8)
@given(st.integers(50, 900), st.sampled_from([1, -1]))
def test_rejects_any_overflow(submission, bound, sign):
    """Rejects a softmax that gives NaN where the largest logit passes some size."""

    def softmax(logits, axis):
        too_far = sign * logits.max(axis=axis, keepdims=True) > bound
        return np.where(too_far, np.nan, right(logits, axis)).astype(logits.dtype)

    where = f"a logit is above {bound}" if sign > 0 else f"all are below {-bound}"
    demand_rejection(
        submission,
        WatchedSoftmax(
            softmax,
            f"where {where}: it returns NaN for the whole slice, "
            "and is right for every other slice",
        ),
    )


@settings(max_examples=6)
@given(st.integers(0, 2**32), st.integers(-16, -10))
def test_accepts_any_rounding(submission, seed, digits):
    """Accepts entries with relative errors of up to 1e-10, or 1e-6 in float32."""

    def softmax(logits, axis):
        size = 10.0**digits if logits.dtype == np.float64 else 1e-6
        noise = np.random.default_rng(seed).uniform(-size, size, logits.shape)
        return (right(logits.astype(float), axis) * (1 + noise)).astype(logits.dtype)

    demand_acceptance(
        submission, WatchedSoftmax(softmax, f"with rounding errors of 1e{digits}")
    )


@settings(max_examples=6)
@given(st.integers(-20, 20), st.integers(0, 2**32))
def test_accepts_any_shift_and_order(submission, shift, seed):
    """Accepts a softmax that shifts by more or less, and sums in any order."""
    rng = np.random.default_rng(seed)

    def softmax(logits, axis):
        wide = logits.astype(float)
        parts = np.exp(wide - wide.max(axis=axis, keepdims=True) - shift)
        mixed = rng.permuted(parts, axis=axis)
        total = mixed.cumsum(axis=axis).take([-1], axis=axis)  # from first to last
        return (parts / total).astype(logits.dtype)

    which = f"shifted by {shift} more than the maximum, summed in some order"
    demand_acceptance(submission, WatchedSoftmax(softmax, which))


@pytest.mark.edge_cases
@pytest.mark.parametrize("returned", ["None", "1.0", "'softmax'", "[]", "np.zeros(0)"])
def test_rejects_whatever_is_returned(submission, returned):
    """Raises AssertionError, and nothing else, whatever softmax returns."""
    value = eval(returned, {"np": np})
    softmax = shown(f"lambda logits, *, axis=-1: {returned}", lambda a, axis=-1: value)
    with pytest.raises(AssertionError):
        submission.check(softmax)


@pytest.mark.edge_cases
def test_rejects_what_raises(submission):
    """Accepts no softmax that raises where the contract asks for a result."""

    def softmax(logits, axis):
        if np.isneginf(logits).any():
            raise FloatingPointError("invalid value encountered in softmax")
        return right(logits, axis)

    demand_rejection(
        submission,
        WatchedSoftmax(
            softmax,
            "where a logit is -inf: it raises, where the contract asks for a result",
        ),
    )


@pytest.mark.edge_cases
def test_makes_the_same_calls_every_time(submission):
    """Calls softmax with the same arrays in the same order when it checks again."""
    runs = []
    for _ in range(2):
        watched = WatchedSoftmax(right, "shifted by the maximum")
        verdict(submission, watched)
        runs.append(watched.calls)
    same = runs[0] == runs[1]
    assert same, "its calls differ from run to run, and so may its verdict"
