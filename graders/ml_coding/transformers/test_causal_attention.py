"""Checks of causal attention with a KV cache: what the interviewer looks for.

The oracle takes the definition one sequence, head and token at a time.
"""

from math import exp, log, sqrt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graders.harness import Wrong, array, check, check_array, contract, refusals

# A law makes up to nine calls an example, which on a busy machine, and with loops, take
# longer than the usual two seconds.
pytestmark = pytest.mark.timeout(10)

EYE = np.eye(4)
WEIGHTS = {"query": EYE, "key": EYE, "value": EYE, "output": EYE, "n_heads": 2}


def first_call(submission):
    """Return what a call on two sequences of three tokens gives."""
    return submission.CausalAttention(**WEIGHTS)(np.ones((2, 3, 4)))


def cached(submission):
    """Return the two arrays that the cache of the same call holds."""
    result = first_call(submission)
    return result[1].keys, result[1].values


test_contract_call = contract(
    "CausalAttention", first_call, returns=(array(2, 3, 4), "KVCache")
)
test_contract_cache = contract(
    "KVCache", cached, returns=(array(2, 2, 3, 2), array(2, 2, 3, 2))
)


@st.composite
def texts(draw, most=6):
    """Draw weights, a number of heads and a batch of tokens, all in thirds.

    float32 does not hold thirds, so an answer that rounds to it is noticed.
    """
    n_heads, d_head = draw(st.integers(1, 3)), draw(st.integers(1, 3))
    batch, t = draw(st.integers(1, 3)), draw(st.integers(1, most))
    d_model = n_heads * d_head
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    weights = rng.integers(-4, 5, (4, d_model, d_model)) / 3
    return weights, n_heads, rng.integers(-4, 5, (batch, t, d_model)) / 3


@st.composite
def continued_texts(draw):
    """Draw weights, heads, keys and values of some earlier tokens, and new tokens."""
    weights, n_heads, x = draw(texts())
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    past = (len(x), n_heads, draw(st.integers(1, 5)), x.shape[2] // n_heads)
    keys, values = rng.integers(-4, 5, (2, *past)) / 3
    return weights, n_heads, keys, values, x


def start(submission, weights, n_heads):
    """Return the answer's attention with these weights."""
    return submission.CausalAttention(*weights, n_heads=n_heads)


def step(attend, x, **cache):
    """Return the output and the cache of a call."""
    result = attend(x, **cache)
    if not isinstance(result, tuple) or len(result) != 2:
        raise Wrong("expected a tuple of an output and a cache")
    return check_array(result[0], x.shape), result[1]


def held(cache):
    """Return the two arrays that a cache holds, once they are known to be that."""
    keys, values = getattr(cache, "keys", None), getattr(cache, "values", None)
    return check_array(keys, (None,) * 4), check_array(values, (None,) * 4)


def check_to_float64(actual, expected):
    """Demand more digits than the 7 of float32, which the usual tolerance allows."""
    check(actual, expected, rtol=1e-11, atol=1e-11)


def split(x, n_heads):
    """Return (batch, n_heads, t, d_head), head by head."""
    return np.stack(np.split(x, n_heads, axis=2), axis=1)


def continued(weights, n_heads, keys, values, x):
    """Return the output, and all keys and values, by the definition."""
    past = keys.shape[2]
    queries = split(x @ weights[0], n_heads)
    keys = np.concatenate([keys, split(x @ weights[1], n_heads)], axis=2)
    values = np.concatenate([values, split(x @ weights[2], n_heads)], axis=2)
    result = np.zeros(queries.shape)
    for b, h, i in np.ndindex(queries.shape[:3]):
        visible = range(past + i + 1)
        scores = [queries[b, h, i] @ keys[b, h, j] for j in visible]
        shares = [exp(score / sqrt(keys.shape[3])) for score in scores]
        result[b, h, i] = sum(shares[j] * values[b, h, j] for j in visible)
        result[b, h, i] /= sum(shares)
    joined = np.concatenate(list(result.swapaxes(0, 1)), axis=2)
    return joined @ weights[3], (keys, values)


def test_two_tokens_by_hand(submission):
    """Gives a key that leads by log 3, after scaling, three times the other's share."""
    attend = start(submission, [sqrt(2) * log(3) * EYE, EYE, EYE, EYE], 2)
    x = np.array([[[1.0, 0.0, 1.0, 0.0], [0.0, 1.0, 1.0, 0.0]]])
    expected = np.array([[[1.0, 0.0, 1.0, 0.0], [0.25, 0.75, 1.0, 0.0]]])
    check(step(attend, x)[0], expected)


@given(texts())
def test_matches_the_definition(submission, case):
    """Equals what the definition gives, one head and one token at a time."""
    weights, n_heads, x = case
    nothing = split(x[:, :0], n_heads)
    output, cache = step(start(submission, weights, n_heads), x)
    expected = continued(weights, n_heads, nothing, nothing, x)
    check_to_float64((output, held(cache)), expected)


@given(continued_texts())
def test_continues_from_any_cache(submission, case):
    """Attends to whatever keys and values the cache holds, and then to the new ones."""
    weights, n_heads, keys, values, x = case
    cache = submission.KVCache(keys=keys, values=values)
    output, cache = step(start(submission, weights, n_heads), x, cache=cache)
    check_to_float64((output, held(cache)), continued(*case))


@given(texts(), st.sets(st.integers(1, 5)))
def test_chunks_equal_one_pass(submission, case, cuts):
    """Gives the same, and caches the same, however the text is cut into chunks."""
    weights, n_heads, x = case
    attend = start(submission, weights, n_heads)
    whole, whole_cache = step(attend, x)
    outputs, cache = [], None
    for chunk in np.split(x, sorted(c for c in cuts if c < x.shape[1]), axis=1):
        output, cache = step(attend, chunk, cache=cache)
        outputs.append(output)
    check(np.concatenate(outputs, axis=1), whole)
    check(held(cache), held(whole_cache))


@given(texts(most=40), st.integers(1, 40))
def test_the_future_never_leaks(submission, case, known):
    """Does not change the first outputs when later tokens do."""
    weights, n_heads, x = case
    attend = start(submission, weights, n_heads)
    other = np.concatenate([x[:, :known], 1 - x[:, known:]], axis=1)
    check(step(attend, other)[0][:, :known], step(attend, x)[0][:, :known])


@given(texts(most=40))
def test_the_past_has_no_order(submission, case):
    """Gives the last token the same output when those before it are reversed."""
    weights, n_heads, x = case
    attend = start(submission, weights, n_heads)
    turned = np.concatenate([x[:, -2::-1], x[:, -1:]], axis=1)
    check(step(attend, turned)[0][:, -1], step(attend, x)[0][:, -1])


@given(texts(), st.integers(1, 6))
def test_branches_do_not_meet(submission, case, known):
    """Continues twice from one cache, each time as if the other had not been."""
    weights, n_heads, x = case
    attend = start(submission, weights, n_heads)
    prompt, branches = x[:, :known], (x, 1 - x)
    _, root = step(attend, prompt)
    caches = [step(attend, branch, cache=root)[1] for branch in branches]
    check(held(root), tuple(split(prompt @ w, n_heads) for w in weights[1:3]))
    outputs = [step(attend, x, cache=cache)[0] for cache in caches]
    for branch, output in zip(branches, outputs, strict=True):
        text = np.concatenate([prompt, branch, x], axis=1)
        check(output, step(attend, text)[0][:, -x.shape[1] :])


@pytest.mark.validation
@pytest.mark.parametrize(
    "arguments",
    refusals(
        WEIGHTS,
        {
            "3 heads of 4": {"n_heads": 3},
            "no heads": {"n_heads": 0},
            "-2 heads": {"n_heads": -2},
            "a larger key": {"key": np.eye(5)},
            "a narrow output": {"output": EYE[:, :2]},
        },
    ),
)
def test_refuses(submission, arguments):
    """Raises ValueError for weights of other shapes, or heads that do not divide."""
    with pytest.raises(ValueError):
        submission.CausalAttention(**arguments)


@pytest.mark.numerics
@pytest.mark.parametrize(
    "scale",
    [1e3, 1e12, -1e3, -1e12],
    ids=["scale 1e3", "scale 1e12", "scale -1e3", "scale -1e12"],
)
def test_huge_scores(submission, scale):
    """Gives all weight to the best visible key when scores are huge, of either sign."""
    eye = np.eye(1)
    attend = start(submission, [scale * eye, eye, eye, eye], 1)
    # The first token sees itself alone, at -1e12 in the end: the lowest score allowed.
    x = np.array([[[1.0], [0.5], [0.75], [-0.5]]])
    best = [1.0, 1.0, 1.0, -0.5] if scale > 0 else [1.0, 0.5, 0.5, 1.0]
    check(step(attend, x)[0], np.array(best).reshape(x.shape))


@pytest.mark.efficiency
@pytest.mark.memory(100)
def test_one_more_token(submission, reference, rng):
    """Takes O(s) memory for one token after s > 16,000 in the cache, and keeps all."""
    # No clock: what takes O(s^2) time here also holds a table of s by s, which is 256
    # MB of booleans at the least. Right answers take 5 to 25 MB.
    s = int(rng.integers(16_000, 17_000))
    weights, token = rng.normal(size=(4, 16, 16)) / 4, rng.normal(size=(1, 1, 16))
    keys, values = rng.normal(size=(2, 1, 2, s, 8))
    actual, expected = (
        step(start(m, weights, 2), token, cache=m.KVCache(keys=keys, values=values))
        for m in (submission, reference)
    )
    check(actual[0], expected[0])
    check(held(actual[1]), held(expected[1]))
