"""Checks of temperature, top-k and nucleus sampling: what the interviewer looks for.

The oracle is the definition, one token at a time in Python floats.
"""

import math

import numpy as np
import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from graders.harness import (
    array,
    check,
    check_array,
    check_number,
    contract,
    refusals,
)

CALL = {"logits": np.array([0.0, 2.0, 1.0]), "temperature": 1.0}
test_contract_filtered = contract("filtered", CALL, returns=array(3))
test_contract_sample = contract(
    "sample",
    lambda module: module.sample(np.array([0.0, 2.0]), np.random.default_rng(0)),
    returns=int,
)

LOGITS = st.lists(
    st.one_of(st.integers(-8, 8).map(lambda n: n / 2), st.just(-math.inf)),
    min_size=1,
    max_size=9,
).filter(lambda values: max(values) > -math.inf)
OPTIONS = st.fixed_dictionaries(
    {
        "temperature": st.sampled_from([0.0, 0.25, 1.0, 1.0, 3.0]),
        "top_k": st.one_of(st.none(), st.integers(1, 12)),
        "top_p": st.one_of(st.just(1.0), st.integers(1, 99).map(lambda n: n / 100)),
    }
)


def by_definition(logits, temperature, top_k, top_p):
    """Return the probabilities, and how near top_p is to a sum that decides."""
    order = sorted(range(len(logits)), key=lambda i: (-logits[i], i))
    if temperature == 0:
        return [float(i == order[0]) for i in range(len(logits))], 1.0
    largest = logits[order[0]]
    kept = {i: math.exp((logits[i] - largest) / temperature) for i in order[:top_k]}
    total, so_far, near = math.fsum(kept.values()), [], 1.0
    nucleus = {}
    for i, weight in kept.items():
        if top_p < 1 and math.fsum(so_far) >= top_p:
            break
        nucleus[i] = weight
        so_far.append(weight / total)
        near = min(near, abs(math.fsum(so_far) - top_p) if top_p < 1 else 1.0)
    whole = math.fsum(nucleus.values())
    return [nucleus.get(i, 0.0) / whole for i in range(len(logits))], near


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({"top_k": 3, "top_p": 0.43}, [0.0, 0.0, 0.0, 1.0]),
        ({"top_k": 3, "top_p": 0.46}, [0.0, 0.0, 3 / 7, 4 / 7]),
        ({"temperature": 0.5, "top_p": 0.52}, [0.0, 0.0, 0.0, 1.0]),
    ],
    ids=["top-k then top-p", "and the token that crosses", "temperature then top-p"],
)
def test_one_after_the_other(submission, options, expected):
    """Takes the nucleus of what temperature and top-k have left, renormalised."""
    logits = np.log([0.1, 0.2, 0.3, 0.4])
    check(submission.filtered(logits, **options), np.array(expected))


@given(LOGITS, OPTIONS)
@example([1e-8, 0.0], {"temperature": 1e-8, "top_k": None, "top_p": 1.0})
def test_matches_the_definition(submission, logits, options):
    """Applies temperature, then top-k, then top-p, ties by index."""
    expected, near = by_definition(logits, **options)
    assume(near > 1e-9)  # where rounding does not decide what belongs to the nucleus
    check(submission.filtered(np.array(logits), **options), np.array(expected))


@given(LOGITS, OPTIONS, st.sampled_from([2.0**13, -(2.0**20)]))
def test_a_shift_changes_nothing(submission, logits, options, shift):
    """Returns the same when all logits are shifted by one number, and stays finite."""
    _, near = by_definition(logits, **options)
    assume(near > 1e-9)
    expected = submission.filtered(np.array(logits), **options)
    check(submission.filtered(np.array(logits) + shift, **options), expected)


@given(st.integers(0, 2**32), st.integers(20, 1500), st.integers(1, 98))
def test_a_larger_nucleus_keeps_what_a_smaller_one_keeps(
    submission, seed, size, percent
):
    """Keeps a most likely set that sums to top_p, and without its last to less."""
    logits = np.random.default_rng(seed).normal(scale=2.0, size=size).round(1)
    plain = np.exp(logits - logits.max())
    plain /= plain.sum()
    result = submission.filtered(logits, top_p=percent / 100)
    kept = np.flatnonzero(check_array(result, (size,)))
    order = np.lexsort((np.arange(size), -logits))[: kept.size]
    check(kept, np.sort(order))
    mass = float(plain[order].sum())
    assert mass >= percent / 100 - 1e-9, f"kept {mass:.6f} of the probability"
    assert mass - plain[order[-1]] < percent / 100 + 1e-9, "kept a token too many"


@given(LOGITS, OPTIONS, st.integers(0, 2**32))
def test_draws_only_what_is_kept(submission, logits, options, seed):
    """Draws a token of the kept ones, and the same from the same state."""
    expected, near = by_definition(logits, **options)
    assume(near > 1e-9)
    one, other = (
        submission.sample(np.array(logits), np.random.default_rng(seed), **options)
        for _ in range(2)
    )
    check(one, other)
    token = int(check_number(one, 0, len(logits) - 1))
    assert expected[token] > 0, f"drew token {token}, whose probability is 0"


def require_shares(tokens, expected):
    """Demand that each token was drawn about as often as expected."""
    drawn = [int(check_number(token, 0, len(expected) - 1)) for token in tokens]
    for token, chance in enumerate(expected):
        share = drawn.count(token) / len(drawn)
        # Hoeffding: a false alarm in 2 exp(-2 * 1600 * 0.0875**2) = 5e-11 of runs.
        assert abs(share - chance) < 0.0875, (
            f"token {token} of probability {chance:.3f} was drawn in {share:.3f} of "
            f"{len(drawn)} draws"
        )


def test_draws_as_often_as_it_should(submission, rng):
    """Draws each token as often as its probability says."""
    # One token has 12 / 20, eight have 1 / 20 each: so uneven that an argmax with
    # another noise than Gumbel's shows, which gives the one 0.72.
    options = {"temperature": 2.0, "top_k": 9, "top_p": 1.0}
    logits = 2 * np.log([0.5, 1, 1, 12, 1, 1, 1, 1, 1, 1, 0.5])
    expected, _ = by_definition(logits.tolist(), **options)
    generators = map(np.random.default_rng, rng.integers(2**60, size=1600).tolist())
    tokens = [submission.sample(logits, one, **options) for one in generators]
    require_shares(tokens, expected)


@pytest.mark.edge_cases
@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({"temperature": 0.0}, [0.0, 1.0, 0.0, 0.0]),
        ({"top_k": 2}, [0.0, 0.5, 0.5, 0.0]),
        ({"top_p": 0.01}, [0.0, 1.0, 0.0, 0.0]),
        ({"top_k": 2, "top_p": 0.5}, [0.0, 1.0, 0.0, 0.0]),
        ({"top_k": 9}, [0.0, 0.25, 0.25, 0.5]),
    ],
    ids=["temperature 0", "top-k of 2", "a tiny top-p", "both", "top-k above v"],
)
def test_ties_and_ends(submission, options, expected):
    """Keeps the lower index of tied tokens, all where top_k exceeds v, one at least."""
    logits = [-math.inf, 0.0, 0.0, math.log(2.0) if "9" in str(options) else 0.0]
    check(submission.filtered(np.array(logits), **options), np.array(expected))


@pytest.mark.edge_cases
def test_integers(submission):
    """Takes logits that are integers."""
    result = submission.filtered(np.array([1, 2]), temperature=0.5)
    check(result, np.array([1, math.exp(2)]) / (1 + math.exp(2)))


@pytest.mark.numerics
def test_a_high_temperature(submission):
    """Divides logits by the temperature before exp, where one far below is 0."""
    # 800 apart is 8 apart at a temperature of 100, but exp(-800) is 0.
    result = submission.filtered(np.array([0.0, -800.0]), temperature=100.0)
    check(result, np.array([1, math.exp(-8)]) / (1 + math.exp(-8)))


@pytest.mark.numerics
def test_a_top_p_of_one_keeps_all(submission):
    """Keeps a token of probability 4e-18, though the sum before it rounds to 1."""
    result = submission.filtered(np.array([-40.0, 0.0]))
    check_number(check_array(result, (2,))[0], math.exp(-40) / 2, 2 * math.exp(-40))


@pytest.mark.validation
@pytest.mark.parametrize(
    "arguments",
    refusals(
        CALL,
        {
            "temperature": "negative",
            "temperature of infinity": {"temperature": math.inf},
            "top_k of 0 at temperature 0": {"top_k": 0, "temperature": 0.0},
            "top_p of 0": {"top_p": 0.0},
            "top_p above 1": {"top_p": 1.5},
        },
    ),
)
def test_refuses(submission, arguments):
    """Raises ValueError where an option is out of its range."""
    with pytest.raises(ValueError):
        submission.filtered(**arguments)
