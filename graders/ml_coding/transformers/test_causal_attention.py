"""Grader for causal attention with a KV cache: the interviewer's side of the table."""

from math import exp, log, sqrt

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graders.harness import array, check, check_array, contract


def first_tokens(module):
    """Return the output for three tokens, and the keys and values of its cache."""
    attend = module.CausalAttention(*np.eye(4)[None].repeat(4, axis=0), n_heads=2)
    output, cache = attend(np.ones((1, 3, 4)))
    return output, cache.keys, cache.values


test_contract_cache = contract(
    "KVCache",
    lambda module: module.CausalAttention(
        *np.eye(4)[None].repeat(4, axis=0), n_heads=2
    )(np.ones((1, 3, 4)))[1],
    returns="KVCache",
)
test_contract = contract(
    "CausalAttention.__call__",
    first_tokens,
    returns=(array(1, 3, 4), array(1, 2, 3, 2), array(1, 2, 3, 2)),
)


@st.composite
def texts(draw, *, batch=(1, 2)):
    """Draw weights, a number of heads and a batch of tokens, all in quarters."""
    n_heads, d_head = draw(st.integers(1, 3)), draw(st.integers(1, 3))
    t, d_model = draw(st.integers(1, 6)), n_heads * d_head
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    weights = rng.integers(-4, 5, (4, d_model, d_model)) / 4
    return (
        weights,
        n_heads,
        rng.integers(-4, 5, (draw(st.integers(*batch)), t, d_model)) / 4,
    )


@st.composite
def continued_texts(draw):
    """Draw weights, heads, keys and values of some earlier tokens, and new tokens."""
    weights, n_heads, x = draw(texts())
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    past = (len(x), n_heads, draw(st.integers(0, 4)), x.shape[2] // n_heads)
    keys, values = rng.integers(-4, 5, (2, *past)) / 4
    return weights, n_heads, keys, values, x


def start(submission, weights, n_heads):
    """Return the answer's attention with these weights."""
    return submission.CausalAttention(*weights, n_heads=n_heads)


def step(attend, x, **cache):
    """Return the output and the cache of a call."""
    return output_and_cache(attend(x, **cache), x.shape)


def output_and_cache(result, shape):
    """Return what a call returned, once it is known to be two things."""
    pair = isinstance(result, tuple) and len(result) == 2
    assert pair, f"expected (output, cache), got {type(result).__name__}"
    return check_array(result[0], shape), result[1]


def held(cache):
    """Return the two arrays that a cache holds, once they are known to be that."""
    keys, values = getattr(cache, "keys", None), getattr(cache, "values", None)
    return check_array(keys, (None,) * 4), check_array(values, (None,) * 4)


def split(x, n_heads):
    """Return (batch, n_heads, t, d_head), head by head."""
    return np.stack(np.split(x, n_heads, axis=2), axis=1)


def continued(weights, n_heads, keys, values, x):
    """Return the output by its definition. An oracle may be slow, never clever."""
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
    return np.concatenate(list(result.swapaxes(0, 1)), axis=2) @ weights[3]


def test_two_tokens_by_hand(submission):
    """Gives a key that leads by log 3, after scaling, three times the other's share."""
    eye = np.eye(4)
    attend = start(submission, [sqrt(2) * log(3) * eye, eye, eye, eye], 2)
    x = np.array([[[1.0, 0.0, 1.0, 0.0], [0.0, 1.0, 1.0, 0.0]]])
    expected = np.array([[[1.0, 0.0, 1.0, 0.0], [0.25, 0.75, 1.0, 0.0]]])
    check(step(attend, x)[0], expected)


@settings(max_examples=50)
@given(texts())
def test_matches_the_definition(submission, case):
    """Equals what the definition gives, one head and one token at a time."""
    weights, n_heads, x = case
    nothing = split(x[:, :0], n_heads)
    attend = start(submission, weights, n_heads)
    check(step(attend, x)[0], continued(weights, n_heads, nothing, nothing, x))


@settings(max_examples=50)
@given(continued_texts())
def test_continues_from_any_cache(submission, case):
    """Attends to whatever keys and values the cache holds, and then to the new ones."""
    weights, n_heads, keys, values, x = case
    attend = start(submission, weights, n_heads)
    cache = submission.KVCache(keys=keys, values=values)
    check(step(attend, x, cache=cache)[0], continued(*case))


@settings(max_examples=50)
@given(texts(), st.lists(st.integers(0, 6), max_size=4))
def test_chunks_equal_one_pass(submission, case, cuts):
    """Gives the same, and caches the same, however the text is cut into chunks."""
    weights, n_heads, x = case
    attend = start(submission, weights, n_heads)
    outputs, cache = [], None
    for chunk in np.split(x, sorted(cuts), axis=1):
        output, cache = step(attend, chunk, cache=cache)
        outputs.append(output)
    whole, whole_cache = step(attend, x)
    check(np.concatenate(outputs, axis=1), whole)
    check(held(cache), held(whole_cache))


@settings(max_examples=50)
@given(texts())
def test_caches_every_head(submission, case):
    """Caches each head's keys and values, (batch, n_heads, t, d_head), oldest first."""
    weights, n_heads, x = case
    _, cache = step(start(submission, weights, n_heads), x)
    check(held(cache), (split(x @ weights[1], n_heads), split(x @ weights[2], n_heads)))


@settings(max_examples=50)
@given(texts(), st.integers(0, 6))
def test_the_future_never_leaks(submission, case, known):
    """Does not change the first outputs when later tokens do."""
    weights, n_heads, x = case
    attend = start(submission, weights, n_heads)
    other = np.concatenate([x[:, :known], 1 - x[:, known:]], axis=1)
    check(step(attend, other)[0][:, :known], step(attend, x)[0][:, :known])


@settings(max_examples=50)
@given(texts())
def test_the_past_has_no_order(submission, case):
    """Gives the last token the same output when those before it are reversed."""
    weights, n_heads, x = case
    attend = start(submission, weights, n_heads)
    turned = np.concatenate([x[:, -2::-1], x[:, -1:]], axis=1)
    check(step(attend, turned)[0][:, -1], step(attend, x)[0][:, -1])


@settings(max_examples=50)
@given(texts(batch=(2, 3)), st.integers(0, 6))
def test_sequences_never_mix(submission, case, known):
    """Gives each sequence of a batch, prompt and continuation, what it gets alone."""
    weights, n_heads, x = case
    attend = start(submission, weights, n_heads)

    def in_two_chunks(x):
        _, cache = step(attend, x[:, :known])
        return step(attend, x[:, known:], cache=cache)[0]

    check(in_two_chunks(x)[-1:], in_two_chunks(x[-1:]))


@settings(max_examples=30)
@given(texts(), st.integers(0, 6))
def test_branches_do_not_meet(submission, case, known):
    """Continues twice from one cache, each time as if the other had not been."""
    weights, n_heads, x = case
    attend = start(submission, weights, n_heads)
    prompt, branches = x[:, :known], (x[:, known:], 1 - x)
    _, root = step(attend, prompt)
    caches = [step(attend, branch, cache=root)[1] for branch in branches]
    check(held(root), tuple(split(prompt @ w, n_heads) for w in weights[1:3]))
    outputs = [step(attend, x, cache=cache)[0] for cache in caches]
    for branch, output in zip(branches, outputs, strict=True):
        text = np.concatenate([prompt, branch, x], axis=1)
        check(output, step(attend, text)[0][:, -x.shape[1] :])


def test_no_cache_is_a_fresh_start(submission):
    """Remembers nothing between calls but what the cache carries."""
    eye = np.eye(1)
    attend = start(submission, [0 * eye, eye, eye, eye], 1)
    x, expected = np.array([[[1.0], [3.0]]]), np.array([[[1.0], [2.0]]])
    check(step(attend, x)[0], expected)
    check(step(attend, x)[0], expected)


@pytest.mark.edge_cases
def test_no_tokens(submission):
    """Returns an empty output for an empty chunk, and caches nothing new."""
    eye = np.eye(4)
    attend = start(submission, [eye, eye, eye, eye], 2)
    output, cache = step(attend, np.zeros((3, 0, 4)))
    check(output, np.zeros((3, 0, 4)))
    check(held(cache), (np.zeros((3, 2, 0, 2)), np.zeros((3, 2, 0, 2))))
    _, cache = step(attend, np.ones((3, 1, 4)), cache=cache)
    output, cache = step(attend, np.zeros((3, 0, 4)), cache=cache)
    check(output, np.zeros((3, 0, 4)))
    check(held(cache), (np.ones((3, 2, 1, 2)), np.ones((3, 2, 1, 2))))


@pytest.mark.edge_cases
@pytest.mark.parametrize(
    ("shapes", "n_heads"),
    [
        pytest.param([(4, 4)] * 4, 3, id="3 heads of 4"),
        pytest.param([(4, 4)] * 4, 8, id="more heads than dimensions"),
        pytest.param([(4, 4)] * 4, 0, id="no heads"),
        pytest.param([(4, 4)] * 4, -2, id="-2 heads"),
        pytest.param([(2, 2), (4, 4), (4, 4), (4, 4)], 2, id="another query"),
        pytest.param([(4, 4), (2, 2), (4, 4), (4, 4)], 2, id="another key"),
        pytest.param([(4, 4), (4, 4), (2, 2), (4, 4)], 2, id="another value"),
        pytest.param([(4, 4), (4, 4), (4, 4), (2, 2)], 2, id="another output"),
        pytest.param([(4, 4), (4, 4), (4, 4), (4, 2)], 2, id="a narrow output"),
        pytest.param([(4, 2)] * 4, 2, id="not square"),
    ],
)
def test_refuses_weights_that_do_not_fit(submission, shapes, n_heads):
    """Raises ValueError for weights of other shapes, or heads that do not divide."""
    with pytest.raises(ValueError):
        submission.CausalAttention(*map(np.ones, shapes), n_heads=n_heads)


@pytest.mark.edge_cases
@pytest.mark.parametrize("shape", [(3, 4), (1, 1, 3, 4), (1, 4, 3), (2, 3, 2), (4,)])
def test_refuses_tokens_that_do_not_fit(submission, shape):
    """Raises ValueError unless x is (batch, t, d_model)."""
    attend = start(submission, [np.eye(4)] * 4, 2)
    with pytest.raises(ValueError):
        attend(np.ones(shape))


@pytest.mark.edge_cases
@pytest.mark.parametrize(("cached", "new"), [(1, 2), (2, 1), (2, 3)])
def test_refuses_a_cache_of_another_batch(submission, cached, new):
    """Raises ValueError when the cache holds more or fewer sequences than x."""
    attend = start(submission, [np.eye(4)] * 4, 2)
    _, cache = step(attend, np.ones((cached, 3, 4)))
    with pytest.raises(ValueError):
        attend(np.ones((new, 1, 4)), cache=cache)


@pytest.mark.numerics
@pytest.mark.parametrize("scale", [1e3, 1e12, 1e300, -1e3, -1e12, -1e300])
def test_huge_scores(submission, scale):
    """Gives all weight to the best visible key when scores are huge, of either sign."""
    eye = np.eye(1)
    attend = start(submission, [scale * eye, eye, eye, eye], 1)
    x = np.array([[[2.0], [1.0], [3.0], [-1.0]]])
    best = [2.0, 2.0, 3.0, -1.0] if scale > 0 else [2.0, 1.0, 1.0, 3.0]
    check(step(attend, x)[0], np.array(best).reshape(x.shape))


@pytest.mark.efficiency
@pytest.mark.memory(100)
def test_one_more_token(check_slowdown):
    """Takes O(s) time and memory for one token after s = 16,000 in the cache."""

    def sample(rng):
        weights = rng.normal(size=(4, 16, 16)) / 4
        return *weights, *rng.normal(size=(2, 1, 2, 16_000, 8)), np.ones((1, 1, 16))

    def run(module, query, key, value, output, keys, values, token):
        attend = module.CausalAttention(query, key, value, output, n_heads=2)
        return attend(token, cache=module.KVCache(keys=keys, values=values))

    def verify(actual, expected):
        check(output_and_cache(actual, (1, 1, 16))[0], expected[0])

    # The reference takes 0.3 to 0.9 ms and 5 MB. A table of what s tokens see of each
    # other takes 250 MB of booleans or 2 GB of floats, which the memory forbids; where
    # memory is not limited, that of floats takes 4,000 to 10,000 times as long. Python
    # loops over numbers or over rows take 110 to 320 times, and 25 MB.
    check_slowdown(run, sample, limit=1500, verify=verify)
