"""Checks of a test of the softmax: what the interviewer looks for.

It holds a collection of softmaxes, right and wrong, and passes them to the answer's
check. What the answer gets to see of a wrong one is what it returns; what a person gets
to see is where it goes wrong, never how it is written.
"""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graders.harness import Wrong, check, contract, shown

MOST_CALLS = 200
MOST_ENTRIES = 1000  # in one call, so that slow softmaxes have their time


# The collection. A softmax here takes logits and axis; one that remembers is a class,
# of which each check gets a new object. The name says where it goes wrong.


def weights(logits, axis):
    """Return exp(logits), but for a factor that all of a slice have in common."""
    return np.exp(logits - logits.max(axis=axis, keepdims=True))


def shares(parts, axis):
    """Return parts over their sum."""
    return parts / parts.sum(axis=axis, keepdims=True)


def right(logits, axis):
    """Return the softmax as most would write it."""
    return shares(weights(logits, axis), axis)


def along(row):
    """Return the softmax that works on one slice at a time, in float64."""

    def softmax(logits, axis):
        result = np.apply_along_axis(row, axis, logits.astype(float))
        return result.astype(logits.dtype)

    return softmax


def on_logits(change):
    """Return the softmax of logits that are changed first."""
    return lambda logits, axis: right(change(logits), axis)


def on_result(change):
    """Return the softmax whose right result is changed last; change gets the axis."""

    def softmax(logits, axis):
        return change(right(logits, axis), axis).astype(logits.dtype)

    return softmax


def with_loops(row):
    """Return one slice's softmax by the definition."""
    parts = [math.exp(logit - max(row)) for logit in row]
    return [part / math.fsum(parts) for part in parts]


def by_differences(row):
    """Return one slice's softmax as 1 over what each of its logits is outweighed by."""
    kept = row > -math.inf
    result = np.zeros(row.shape)
    apart = row[kept][np.newaxis] - row[kept][:, np.newaxis]
    result[kept] = 1 / np.exp(apart).sum(axis=1)
    return result


def by_logarithms(logits, axis):
    """Return exp(log-softmax)."""
    shifted = logits - logits.max(axis=axis, keepdims=True)
    return np.exp(shifted - np.log(np.exp(shifted).sum(axis=axis, keepdims=True)))


def without_dust(logits, axis):
    """Return the softmax with 0 for entries that are of no account."""
    result = right(logits, axis)
    return np.where(result < 1e-12, 0, result).astype(logits.dtype)


RIGHT = {
    "shifted by the maximum": right,
    "in loops": along(with_loops),
    "by differences": along(by_differences),
    "by logarithms": by_logarithms,
    "tiny entries set to 0": without_dust,
    "normalised twice": on_result(shares),
    "summed in float64": lambda a, axis: right(a.astype(float), axis).astype(a.dtype),
    "summed backwards": lambda a, axis: np.flip(right(np.flip(a), axis)),
}


def log_of_sum(logits, axis):
    """Return log(sum(exp(logits))), which is nearly the largest logit."""
    total = weights(logits, axis).sum(axis=axis, keepdims=True)
    return logits.max(axis=axis, keepdims=True) + np.log(total)


def first_by_default(logits, axis=0):
    """Return the softmax along the first axis if none is given."""
    return right(logits, axis)


def first_masked(row):
    """Return one slice's softmax in one pass that does not expect -inf at the start."""
    top, total = -np.inf, 0.0
    for logit in row:
        higher = max(top, logit)
        total = total * np.exp(top - higher) + np.exp(logit - higher)
        top = higher
    return np.exp(row - top) / total


def unmasked_sum(logits, axis):
    """Return the softmax in which what is masked counts as a logit of 0 in the sum."""
    masked = np.isneginf(logits)
    result = right(np.where(masked, 0, logits), axis)
    return np.where(masked, 0, result).astype(logits.dtype)


def all_masked_too_soon(logits, axis):
    """Return the softmax that gives up a slice if one logit is left of several."""
    n_masked = np.isneginf(logits).sum(axis=axis, keepdims=True)
    is_lost = (n_masked > 0) & (n_masked >= logits.shape[axis] - 1)
    return np.where(is_lost, 0, right(logits, axis)).astype(logits.dtype)


def mask_of_any(logits, axis):
    """Return the softmax that masks for all what is masked in one slice."""
    masked = np.isneginf(logits)
    if logits.ndim > 1:
        masked = masked.any(axis=0 if axis % logits.ndim else 1, keepdims=True)
    return right(np.where(masked, -np.inf, logits), axis)


def untied(row):
    """Return one slice's softmax with tied logits counted once in the sum."""
    parts = np.exp(row - row.max())
    return parts / np.unique(parts).sum()


def all_to_one_of_ties(row):
    """Return one slice's softmax with the largest share given to one of the largest."""
    result = np.array(with_loops(row))
    top = np.flatnonzero(result == result.max())
    result[top[0]] *= top.size
    result[top[1:]] = 0
    return result


class KeepsResults:
    """Keeps each result, to be returned again for the same shape and axis."""

    def __init__(self):
        self.results = {}

    def __call__(self, logits, axis):
        """Return the softmax, or one."""
        key = logits.shape, logits.dtype, axis
        return self.results.setdefault(key, right(logits, axis))


class KeepsMaximum:
    """Shifts by the largest logit that it ever saw."""

    def __init__(self):
        self.top = -math.inf

    def __call__(self, logits, axis):
        """Return the softmax, which may underflow."""
        self.top = max(self.top, logits.max())
        return shares(np.exp(logits - logits.dtype.type(self.top)), axis)


class KeepsDtype:
    """Returns the dtype that it saw first."""

    def __init__(self):
        self.dtype = None

    def __call__(self, logits, axis):
        """Return the softmax."""
        self.dtype = self.dtype or logits.dtype
        return right(logits, axis).astype(self.dtype)


# By the line of the contract that is broken: where to look, and the softmax.
WRONG = {
    "values": {
        "where logits differ: it never takes exp": shares,
        "everywhere: it returns logarithms": on_result(lambda p, axis: np.log(p)),
        "where logits differ: all are alike to it": on_result(
            lambda p, axis: shares(np.ones_like(p), axis)
        ),
        "where logits are close: the largest takes all": on_result(
            lambda p, axis: shares(p == p.max(axis=axis, keepdims=True), axis)
        ),
        "where the largest logits are tied: one of them takes the others' part": along(
            all_to_one_of_ties
        ),
    },
    "sums": {
        "in the sum: it is n, not 1": on_result(
            lambda p, axis: p / p.mean(axis=axis, keepdims=True)
        ),
        "in the sum: 1e-6 is added to the denominator": lambda a, axis: (
            weights(a, axis)
            / (weights(a, axis).sum(axis, keepdims=True) + a.dtype.type(1e-6))
        ),
        "in the sum where logits are tied": along(untied),
        "in the fourth digit: it rounds": on_result(lambda p, axis: p.round(3)),
        "in the sum of 1 over a slice of length 1": on_result(
            lambda p, axis: p if p.shape[axis] > 1 else 0 * p
        ),
    },
    "places": {
        "in the order of the entries: they come sorted": on_result(
            lambda p, axis: np.sort(p, axis=axis)
        ),
        "in the order of the entries: they come from the last to the first": on_result(
            lambda p, axis: np.flip(p, axis=axis)
        ),
        "in the order of the slices": on_result(
            lambda p, axis: np.flip(p, axis=(axis + 1) % p.ndim) if p.ndim > 1 else p
        ),
    },
    "axis": {
        "for an axis that is not the last": lambda a, axis: right(a, -1),
        "in two dimensions or more: all entries together sum to 1": (
            lambda a, axis: right(a, tuple(range(a.ndim)))
        ),
        "for axis 1 of three": lambda a, axis: right(a, -1 if axis % a.ndim else 0),
        "where no axis is given": first_by_default,
        "in two dimensions or more: it divides by another slice's sum, or raises": (
            lambda a, axis: weights(a, axis) / weights(a, axis).sum(axis=axis)
        ),
    },
    "shape": {
        "in shape, where an axis has length 1": on_result(
            lambda p, axis: p.squeeze() if p.size > 1 else p
        ),
        "in shape, where there is one row": on_result(
            lambda p, axis: p[0] if p.ndim > 1 and len(p) == 1 else p
        ),
        "in shape, in two dimensions or more": on_result(lambda p, axis: p.ravel()),
        "in shape, in one dimension": on_result(lambda p, axis: np.atleast_2d(p)),
        "in type: it returns lists": lambda a, axis: right(a, axis).tolist(),
        "in type: it returns nothing": lambda a, axis: None,
    },
    "dtype": {
        "in dtype, for float32": lambda a, axis: right(a.astype(float), axis),
        "in dtype, for float64": lambda a, axis: right(a.astype(np.float32), axis),
        "in dtype, where a slice has length 1: it returns booleans": lambda a, axis: (
            right(a, axis) if a.shape[axis] > 1 else a == a
        ),
        "in precision, for float32: it rounds to three digits": on_result(
            lambda p, axis: p.round(3) if p.dtype == np.float32 else p
        ),
        "in precision, for float64: it works in float32": lambda a, axis: right(
            a.astype(np.float32), axis
        ).astype(a.dtype),
        "in precision, for float32: it works in float16": lambda a, axis: right(
            a.astype(np.float16 if a.dtype == np.float32 else float), axis
        ).astype(a.dtype),
    },
    "sizes": {
        "where a slice has more than 8 entries: the sum leaves the others out": along(
            lambda row: np.exp(row - row.max()) / np.exp(row[:8] - row.max()).sum()
        ),
        "where logits are large": lambda a, axis: shares(np.exp(a), axis),
        "where all logits lie far below 0": lambda a, axis: shares(
            np.exp(a - a.max(axis=axis, keepdims=True, initial=0)), axis
        ),
        "where logits lie far above the first of their slice": along(
            lambda row: shares(np.exp(row - row[np.isfinite(row)][0]), 0)
        ),
        "where one slice lies far below another": lambda a, axis: shares(
            np.exp(a - a.max()), axis
        ),
        "where two different logits are both above 500": on_logits(
            lambda a: np.where(np.isneginf(a), a, a.clip(-500, 500))
        ),
        "where tied logits are so large that the log of a sum is lost beside them": (
            lambda a, axis: np.exp(a - log_of_sum(a, axis))
        ),
    },
    "masks": {
        "where a logit is -inf: it returns NaN": on_logits(lambda a: a + 0 * a),
        "where the first logit is -inf": along(first_masked),
        "where a logit is -inf: it counts as 0": on_logits(
            lambda a: np.where(np.isneginf(a), 0, a).astype(a.dtype)
        ),
        "where a logit is -inf: it still counts in the sum": unmasked_sum,
        "where all logits but one are -inf: it returns 0": all_masked_too_soon,
        "where a logit is -inf and the others are below -1e9": on_logits(
            lambda a: np.where(np.isneginf(a), -1e9, a).astype(a.dtype)
        ),
        "where a logit is -inf: other slices are masked there too": mask_of_any,
    },
    "memory": {
        "at the second call with the same shape and axis": KeepsResults,
        "at small logits after a call with large ones": KeepsMaximum,
        "at a call with another dtype than the first": KeepsDtype,
    },
}


class Watched:
    """A softmax that is judged, and what the answer asks of it."""

    def __init__(self, softmax, where):
        # One that remembers its calls is a class, so that each check gets a new one.
        self.softmax = softmax() if isinstance(softmax, type) else softmax
        self.calls = []
        self.complaint = ""
        self.raised = []

        def called(logits, *, axis=None):
            try:
                return self.answer(logits, axis)
            except Exception as error:
                self.raised.append(error)
                raise

        self.function = shown(f"<{where}>", called)
        called.again = lambda: Watched(softmax, where).function

    def answer(self, logits, axis):
        """Return what the softmax returns; refuse what the contract does not allow."""
        self.calls.append(fingerprint(logits, axis))
        if len(self.calls) > MOST_CALLS:
            self.refuse(f"it called softmax more than {MOST_CALLS} times")
        if isinstance(logits, np.ndarray) and logits.size > MOST_ENTRIES:
            self.refuse(
                f"it passed {logits.size} entries, of shape {logits.shape}; "
                f"{MOST_ENTRIES} at most are allowed"
            )
        if not is_covered(logits, axis):
            said = "" if axis is None else f", axis={axis!r}"
            what = f"softmax({logits!r}{said})"
            self.refuse(f"it called {what}, of which the contract says nothing")
        if axis is None:
            axis = (getattr(self.softmax, "__defaults__", None) or (-1,))[0]
        with np.errstate(all="ignore"):
            return self.softmax(logits, axis)

    def refuse(self, complaint):
        """Refuse a call, and remember the first complaint."""
        self.complaint = self.complaint or complaint
        raise ValueError(complaint)


def fingerprint(logits, axis):
    """Return what two calls have in common if and only if they are the same."""
    if isinstance(logits, np.ndarray):
        return logits.dtype.str, logits.shape, logits.tobytes(), axis
    return repr(logits), axis


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


def rejection(submission, softmax, where):
    """Return what the answer raised to reject a softmax; None if it accepts it."""
    return judged(submission, Watched(softmax, where))


def judged(submission, watched):
    """Return the same of a softmax that is watched, whose calls may be looked at."""
    result = error = None
    try:
        result = submission.check(watched.function)
    except Exception as caught:
        error = caught
    if watched.complaint:
        raise Wrong(watched.complaint)
    if not watched.calls:
        raise Wrong("it gave its verdict without a call of softmax")
    says_so = isinstance(error, AssertionError) and not isinstance(error, Wrong)
    if error and not says_so and not any(error is own for own in watched.raised):
        raise error  # a fault of the answer's
    check(result, None)
    return error


def demand_acceptance(submission, softmax, which):
    """Demand that the answer accepts a softmax that is right."""
    if rejection(submission, softmax, which):
        raise Wrong(f"it rejects a softmax that is right, {which}")


def demand_rejection(submission, softmax, where):
    """Demand that the answer rejects a softmax that goes wrong there."""
    if not rejection(submission, softmax, where):
        raise Wrong(f"it lets one through that goes wrong {where}")


test_contract = contract(
    "check",
    lambda module: module.check(Watched(right, "shifted by the maximum").function),
    returns=None,
)


@pytest.mark.parametrize("which", RIGHT)
def test_accepts_right_ones(submission, which):
    """Accepts a softmax that keeps the contract, however it is written."""
    demand_acceptance(submission, RIGHT[which], which)


@pytest.mark.parametrize("line", WRONG)
def test_rejects_wrong_ones(submission, line):
    """Rejects each softmax that breaks one line of the contract, and keeps the rest."""
    missed = [w for w, s in WRONG[line].items() if not rejection(submission, s, w)]
    if missed:
        count = f"{len(missed)} of {len(WRONG[line])}"
        where = "".join(f"\n- {where}" for where in missed)
        raise Wrong(f"it lets {count} through, which go wrong{where}")


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

    where = f"in one entry of each slice, by a share of {error:g}"
    demand_rejection(submission, softmax, where)


@settings(max_examples=20)
@given(st.integers(-400, 400).filter(lambda percent: percent != 100))
def test_rejects_any_temperature(submission, percent):
    """Rejects the softmax of logits that are multiplied by anything but 1."""
    factor = percent / 100
    hotter = on_logits(lambda a: np.where(np.isneginf(a), a, a * a.dtype.type(factor)))
    where = f"where logits differ: it multiplies them by {factor}"
    demand_rejection(submission, hotter, where)


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

    demand_rejection(submission, softmax, f"for axis={bad} of {ndim} dimensions")


@settings(max_examples=10)
@given(st.integers(1, 50))
def test_rejects_any_error_in_long_slices(submission, most):
    """Rejects a softmax that leaves out of its sum what comes after some entry."""

    def softmax(row):
        parts = np.exp(row - row.max())
        return parts / parts[:most].sum()

    where = f"in slices of more than {most} entries: its sum leaves the others out"
    demand_rejection(submission, along(softmax), where)


@settings(max_examples=8)
@given(st.integers(50, 900), st.sampled_from([1, -1]))
def test_rejects_any_overflow(submission, bound, sign):
    """Rejects a softmax that gives NaN where the largest logit passes some size."""

    def softmax(logits, axis):
        too_far = sign * logits.max(axis=axis, keepdims=True) > bound
        return np.where(too_far, np.nan, right(logits, axis)).astype(logits.dtype)

    where = f"a logit is above {bound}" if sign > 0 else f"all are below {-bound}"
    demand_rejection(submission, softmax, f"where {where}: it returns NaN")


@settings(max_examples=6)
@given(st.integers(0, 2**32), st.integers(-16, -10))
def test_accepts_any_rounding(submission, seed, digits):
    """Accepts entries with relative errors of up to 1e-10, or 1e-6 in float32."""

    def softmax(logits, axis):
        size = 10.0**digits if logits.dtype == np.float64 else 1e-6
        noise = np.random.default_rng(seed).uniform(-size, size, logits.shape)
        return (right(logits.astype(float), axis) * (1 + noise)).astype(logits.dtype)

    demand_acceptance(submission, softmax, f"with rounding errors of 1e{digits}")


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
    demand_acceptance(submission, softmax, which)


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

    demand_rejection(submission, softmax, "where a logit is -inf: it raises")


@pytest.mark.edge_cases
def test_makes_the_same_calls_every_time(submission):
    """Calls softmax with the same arrays in the same order when it checks again."""
    runs = []
    for _ in range(2):
        watched = Watched(right, "shifted by the maximum")
        judged(submission, watched)
        runs.append(watched.calls)
    same = runs[0] == runs[1]
    assert same, "its calls differ from run to run, and so may its verdict"
