"""Checks of rotary position embedding: what the interviewer looks for.

The oracle turns one pair of numbers at a time.
"""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from graders.harness import array, check, check_array, contract, refusals

CALL = {
    "x": np.arange(24.0).reshape(2, 3, 4),
    "positions": np.array([0, 1, 5]),
    "interleaved": True,
}
WEIGHT = np.arange(24.0).reshape(3, 8)
test_contract_rotate = contract("rotate", CALL, returns=array(2, 3, 4))
test_contract_weights = contract(
    "to_half_split", {"weight": WEIGHT, "n_heads": 2}, returns=array(3, 8)
)

TENTHS = st.integers(-30, 30).map(lambda count: count / 10)
LAYOUTS = st.sampled_from([True, False])
BASES = st.sampled_from([10000.0, 100.0, 500000.0])


@st.composite
def texts(draw, largest=50):
    """Draw vectors of up to three leading axes, and their positions."""
    lead = draw(hnp.array_shapes(min_dims=0, max_dims=2, max_side=2))
    t, d = draw(st.integers(1, 4)), 2 * draw(st.integers(1, 4))
    x = draw(hnp.arrays(float, (*lead, t, d), elements=TENTHS))
    return x, draw(hnp.arrays(np.int64, t, elements=st.integers(0, largest)))


def pair_of(i, d, interleaved):
    """Return where the two numbers of a pair stand."""
    return (2 * i, 2 * i + 1) if interleaved else (i, i + d // 2)


def by_definition(x, positions, interleaved, base=10000.0):
    """Return the vectors, one pair turned after the other."""
    result, d = x.copy(), x.shape[-1]
    for place in np.ndindex(x.shape[:-1]):
        for i in range(d // 2):
            angle = int(positions[place[-1]]) * base ** (-2 * i / d)
            j, k = pair_of(i, d, interleaved)
            a, b = x[place][j], x[place][k]
            result[place][j] = a * math.cos(angle) - b * math.sin(angle)
            result[place][k] = a * math.sin(angle) + b * math.cos(angle)
    return result


@pytest.mark.parametrize(
    ("interleaved", "expected"),
    [
        (True, [0.5403023059, 0.8414709848, 0.0, 0.0]),
        (False, [0.5403023059, 0.0, 0.8414709848, 0.0]),
    ],
    ids=["interleaved", "halves"],
)
def test_one_unit_vector(submission, interleaved, expected):
    """Turns (1, 0) at position 1 by one radian, to (cos 1, sin 1)."""
    x = np.array([[1.0, 0.0, 0.0, 0.0]])
    result = submission.rotate(x, np.array([1]), interleaved=interleaved)
    check(result, np.array([expected]))


@given(texts(), LAYOUTS, BASES)
def test_matches_the_definition(submission, text, interleaved, base):
    """Turns each pair by its own angle."""
    expected = by_definition(*text, interleaved, base)
    check(submission.rotate(*text, interleaved=interleaved, base=base), expected)


@given(texts(), LAYOUTS, st.integers(0, 900_000))
def test_scores_depend_on_the_distance_alone(submission, text, interleaved, shift):
    """Gives a query and a key the same score wherever both are shifted to."""
    x, positions = text
    here, there = (
        check_array(submission.rotate(x, at, interleaved=interleaved), x.shape)
        for at in (positions, positions + shift)
    )
    scores = there @ there.swapaxes(-1, -2)
    check(scores, here @ here.swapaxes(-1, -2), atol=1e-7)


@given(texts(largest=10**6), LAYOUTS)
def test_lengths_stay(submission, text, interleaved):
    """Keeps the length of every vector."""
    result = submission.rotate(*text, interleaved=interleaved)
    result = check_array(result, text[0].shape)
    check((result**2).sum(axis=-1), (text[0] ** 2).sum(axis=-1))


@given(texts(largest=10**5), LAYOUTS, st.integers(0, 10**5))
def test_turning_twice(submission, text, interleaved, more):
    """Turns by the sum of two positions when it is applied twice."""
    x, positions = text
    once = submission.rotate(x, positions, interleaved=interleaved)
    twice = submission.rotate(once, positions * 0 + more, interleaved=interleaved)
    whole = submission.rotate(x, positions + more, interleaved=interleaved)
    check(twice, whole, atol=1e-7)


@st.composite
def projections(draw):
    """Draw hidden states, weights of queries and of keys, and a number of heads."""
    n_heads, d_head = draw(st.integers(1, 3)), 2 * draw(st.integers(1, 4))
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    x = rng.integers(-9, 10, (4, 3)) / 3
    return x, *rng.integers(-9, 10, (2, 3, n_heads * d_head)) / 3, n_heads


def scores(projected, positions, n_heads, interleaved):
    """Return each head's scores of rotated queries and keys."""
    query, key = (
        by_definition(np.stack(np.split(part, n_heads, axis=1)), positions, interleaved)
        for part in projected
    )
    return query @ key.swapaxes(1, 2)


@given(projections())
def test_converted_weights_give_the_same_scores(submission, case):
    """Leaves every head's scores as they were, with the other layout."""
    x, *weights, n_heads = case
    positions = np.array([0, 1, 7, 30])
    converted = [
        check_array(submission.to_half_split(weight, n_heads), weight.shape)
        for weight in weights
    ]
    result = scores([x @ w for w in converted], positions, n_heads, interleaved=False)
    expected = scores([x @ w for w in weights], positions, n_heads, interleaved=True)
    check(result, expected)


@given(projections())
def test_converting_moves_columns(submission, case):
    """Moves columns within their head, and changes none of them."""
    _, weight, _, n_heads = case
    weight = weight + np.arange(weight.shape[1]) * 10.0  # no two columns are equal
    result = check_array(submission.to_half_split(weight, n_heads), weight.shape)
    for before, after in zip(
        np.split(weight, n_heads, axis=1),
        np.split(result, n_heads, axis=1),
        strict=True,
    ):
        check(after[:, np.lexsort(after)], before[:, np.lexsort(before)])


@pytest.mark.edge_cases
def test_default_base(submission):
    """Takes a base of 10,000 where none is given."""
    x, positions = CALL["x"], CALL["positions"]
    result = submission.rotate(x, positions, interleaved=False)
    check(result, by_definition(x, positions, interleaved=False))


@pytest.mark.numerics
@pytest.mark.parametrize("interleaved", [True, False], ids=["interleaved", "halves"])
def test_float32_far_out(submission, rng, interleaved):
    """Returns float32 for float32, and takes angles in float64 at 1,000,000."""
    x = rng.normal(size=(6, 8)).astype(np.float32)
    positions = 1_000_000 - rng.permutation(6)
    result = submission.rotate(x, positions, interleaved=interleaved)
    check(str(result.dtype), "float32")
    expected = by_definition(x.astype(float), positions, interleaved)
    check(result, expected.astype(np.float32), rtol=1e-5, atol=1e-5)


@pytest.mark.validation
@pytest.mark.parametrize(
    "arguments",
    refusals(
        CALL,
        {
            "three numbers": {"x": np.ones((2, 3, 3)), "interleaved": False},
            "positions for each": {"positions": np.array([[0, 1, 5], [0, 1, 5]])},
            "one position for all": {"positions": np.array([4])},
            "positions": "shorter",
            "a column": {
                "x": np.ones((3, 3, 4)),
                "positions": np.array([[0], [1], [5]]),
            },
        },
    ),
)
def test_refuses(submission, arguments):
    """Raises ValueError where d is odd, or positions is not of shape (t,)."""
    with pytest.raises(ValueError):
        submission.rotate(**arguments)
