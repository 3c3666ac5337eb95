"""Checks of the two-layer network: what the interviewer looks for.

The oracle of the loss goes one row and one unit at a time. The oracle of a gradient
nudges one parameter of that loss; the nudge is imaginary and tiny, so that nothing is
lost to rounding, and a unit at 0 stays off, as the prompt says.
"""

import cmath

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graders.harness import (
    Wrong,
    array,
    check,
    check_array,
    check_number,
    contract,
    refusals,
    strategies,
)

NAMES = ("w1", "b1", "w2", "b2")
CALL = {
    "features": np.array([[1.0, -2.0], [0.5, 1.0], [2.0, 0.0]]),
    "targets": np.array([2, 0, 1]),
    "w1": np.full((2, 4), 0.5),
    "b1": np.full(4, 0.25),
    "w2": np.full((4, 3), -0.5),
    "b2": np.zeros(3),
    "l2": 0.5,
}
GRADIENTS = (array(2, 4), array(4), array(4, 3), array(3))
test_contract = contract("mlp", CALL, returns=(float, *GRADIENTS))
factors = st.sampled_from([0.0, 0.25, 0.5, 2.0])


@st.composite
def exact_networks(draw):
    """Draw a small network in quarters, with many units exactly at 0."""
    n, d, h, c = (draw(st.integers(1, most)) for most in (5, 3, 4, 4))
    shapes = {"features": (n, d), "w1": (d, h), "w2": (h, c)}
    case = {name: draw(strategies.matrices(*s)) for name, s in shapes.items()}
    case["targets"] = draw(strategies.vectors(n, st.integers(0, c - 1))).astype(int)
    case |= {"b1": draw(strategies.vectors(h)), "b2": draw(strategies.vectors(c))}
    return case | {"l2": draw(factors)}


@st.composite
def networks(draw, l2=factors):
    """Draw a larger network, whose numbers are in no relation."""
    n, d, h, c = (draw(st.integers(1, most)) for most in (30, 8, 12, 6))
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    shapes = {"features": (n, d), "w1": (d, h), "b1": h, "w2": (h, c), "b2": c}
    case = {name: rng.normal(size=shape) for name, shape in shapes.items()}
    return case | {"targets": rng.integers(0, c, n), "l2": draw(l2)}


def layer(inputs, weights, biases):
    """Return what each unit adds up."""
    units = zip(weights.T, biases, strict=True)
    return [sum(a * w for a, w in zip(inputs, u, strict=True)) + b for u, b in units]


def loss_by_definition(features, targets, w1, b1, w2, b2, l2):
    """Return the loss, which is complex if a parameter is."""
    total = 0
    for x, target in zip(features.tolist(), targets.tolist(), strict=True):
        hidden = [a if a.real > 0 else 0 for a in layer(x, w1, b1)]
        logits = layer(hidden, w2, b2)
        top = max(logit.real for logit in logits)
        odds = sum(cmath.exp(logit - top) for logit in logits)
        total += cmath.log(odds) + top - logits[target]
    penalty = l2 / 2 * (sum(w * w for w in w1.flat) + sum(w * w for w in w2.flat))
    return total / len(targets) + penalty


def by_definition(case):
    """Return the loss, and what it does when one parameter is nudged, for each."""
    found = [loss_by_definition(**case).real]
    for name in NAMES:
        gradient = np.zeros(case[name].shape)
        for at in np.ndindex(gradient.shape):
            nudged = case[name].astype(complex)
            nudged[at] += 1e-30j
            gradient[at] = loss_by_definition(**{**case, name: nudged}).imag / 1e-30
        found.append(gradient)
    return tuple(found)


def outcome(submission, case):
    """Return the loss and the gradients, once they are known to be such."""
    found = submission.mlp(**case)
    if not isinstance(found, tuple) or len(found) != 5:
        raise Wrong("expected the loss and four gradients")
    shapes = [case[name].shape for name in NAMES]
    gradients = zip(found[1:], shapes, strict=True)
    return check_number(found[0]), *(check_array(*pair) for pair in gradients)


def test_on_paper(submission):
    """Gives the loss and the gradients that you would work out on paper."""
    case = {
        "features": np.array([[1.0, 2.0], [0.0, -1.0]]),
        "targets": np.array([1, 0]),
    }
    case |= {"w1": np.eye(2), "b1": np.zeros(2), "b2": np.zeros(2)}
    case |= {"w2": np.array([[0.0, 4.0], [0.0, -2.0]])}
    # The first row's hidden units are 1 and 2, the second's 0 and 0: all logits are 0.
    by_w1 = np.array([[-1.0, 0.5], [-2.0, 1.0]])
    by_w2 = np.array([[0.25, -0.25], [0.5, -0.5]])
    expected = float(np.log(2)), by_w1, np.array([-1.0, 0.5]), by_w2, np.zeros(2)
    check(submission.mlp(**case), expected)


@given(exact_networks())
def test_matches_the_definition(submission, case):
    """Gives the loss by definition, and what it does when a parameter is nudged."""
    check(submission.mlp(**case), by_definition(case))


@given(networks(l2=st.just(0.0)), st.data())
def test_a_batch_is_the_mean_of_its_parts(submission, case, data):
    """Gives a batch the means of its parts, weighted by their rows."""
    n = case["targets"].size
    cut = data.draw(st.integers(1, max(1, n - 1)))
    sums = [0.0] * 5
    for rows in (slice(0, cut), slice(cut, n)):
        part = {name: case[name][rows] for name in ("features", "targets")}
        if share := part["targets"].size / n:
            found = outcome(submission, {**case, **part})
            sums = [total + share * a for total, a in zip(sums, found, strict=True)]
    check(submission.mlp(**case), tuple(sums))


@given(networks(), st.randoms(use_true_random=False))
def test_hidden_units_stand_in_no_order(submission, case, random):
    """Reorders the gradients when the hidden units are reordered, and no more."""
    order = random.sample(range(case["b1"].size), case["b1"].size)
    w1, b1, w2 = case["w1"][:, order], case["b1"][order], case["w2"][order]
    loss, by_w1, by_b1, by_w2, by_b2 = outcome(submission, case)
    expected = loss, by_w1[:, order], by_b1[order], by_w2[order], by_b2
    check(submission.mlp(**{**case, "w1": w1, "b1": b1, "w2": w2}), expected)


@given(networks(l2=st.just(0.0)), st.sampled_from([0.125, 4.0, 64.0]))
def test_a_unit_may_be_louder(submission, case, factor):
    """Keeps the loss when a hidden unit is scaled up, and its outgoing weights down."""
    scale = np.array([factor] + [1.0] * (case["b1"].size - 1))
    column = scale[:, np.newaxis]
    w1, b1, w2 = case["w1"] * scale, case["b1"] * scale, case["w2"] / column
    loss, by_w1, by_b1, by_w2, by_b2 = outcome(submission, case)
    expected = loss, by_w1 / scale, by_b1 / scale, by_w2 * column, by_b2
    check(submission.mlp(**{**case, "w1": w1, "b1": b1, "w2": w2}), expected)


@pytest.mark.numerics
@given(networks(), st.sampled_from([1e4, -1e4]))
def test_large_logits(submission, case, shift):
    """Changes nothing when the same large number is added to all logits."""
    expected = outcome(submission, case)
    found = submission.mlp(**{**case, "b2": case["b2"] + shift})
    check(found, expected, rtol=1e-6, atol=1e-8)


@pytest.mark.numerics
def test_logits_far_apart(submission):
    """Charges 10,000 for a target whose logit is 10,000 below, row by row."""
    case = {
        "features": np.array([[1.0], [-1.0], [1.0]]),
        "targets": np.array([1, 1, 0]),
        "w1": np.array([[1.0]]),
        "b1": np.array([0.0]),
        "w2": np.array([[1e4, 0.0]]),
        "b2": np.array([0.0, 1.0]),
    }
    check(submission.mlp(**case), by_definition({**case, "l2": 0.0}))


@pytest.mark.validation
@pytest.mark.parametrize(
    "arguments",
    refusals(
        CALL,
        {
            "targets": "longer",
            "a target of c": {"targets": np.array([2, 0, 3])},
            "a negative target": {"targets": np.array([2, 0, -1])},
            "a row of biases": {"b1": np.full((1, 4), 0.25)},
            "weights that would broadcast": {"w1": np.full((2, 1), 0.5)},
        },
    ),
)
def test_refuses(submission, arguments):
    """Raises ValueError for shapes that do not fit, and targets that are no class."""
    with pytest.raises(ValueError):
        submission.mlp(**arguments)
