"""Checks of multi-head attention: what the interviewer looks for.

The oracle takes the definition one sequence, head and query at a time.
"""

from math import exp, log, sqrt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graders.harness import array, check, contract, refusals

EYE = np.eye(4)
CALL = {
    "queries": np.ones((2, 3, 4)),
    "context": np.ones((2, 5, 4)),
    "w_q": EYE,
    "w_k": EYE,
    "w_v": EYE,
    "w_o": EYE,
    "n_heads": 2,
}
test_contract = contract("multi_head_attention", CALL, returns=array(2, 3, 4))


@st.composite
def calls(draw, most=5, valid=True, causal=True):
    """Draw arguments; padding and a causal mask are drawn where they are allowed."""
    n_heads, d_head = draw(st.integers(1, 3)), draw(st.integers(1, 3))
    d = n_heads * d_head
    b, t_q, t_k = (draw(st.integers(1, n)) for n in (3, most, most))
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    share = draw(st.sampled_from([0.5, 0.9]))
    arguments = {
        "queries": rng.integers(-4, 5, (b, t_q, d)) / 3,
        "context": rng.integers(-4, 5, (b, t_k, d)) / 3,
        "n_heads": n_heads,
    }
    if valid and draw(st.booleans()):
        arguments["valid"] = rng.random((b, t_k)) < share
    if causal and draw(st.booleans()):
        arguments["causal"] = True
    for name in ("w_q", "w_k", "w_v", "w_o"):
        arguments[name] = rng.integers(-4, 5, (d, d)) / 3
    return arguments


def by_definition(queries, context, w_q, w_k, w_v, w_o, *, n_heads, **mask):
    """Return the output, one sequence, query and head at a time."""
    b, t_q, d = queries.shape
    t_k, d_head = context.shape[1], d // n_heads
    valid, causal = mask.get("valid", np.ones((b, t_k))), mask.get("causal", False)
    result = np.zeros((b, t_q, d))
    for s, i, head in np.ndindex(b, t_q, n_heads):
        own = slice(head * d_head, (head + 1) * d_head)
        seen = [j for j in range(t_k) if valid[s, j]]
        if causal:
            seen = [j for j in seen if j <= i + t_k - t_q]
        query = queries[s, i] @ w_q[:, own]
        shares = [
            exp(query @ (context[s, j] @ w_k[:, own]) / sqrt(d_head)) for j in seen
        ]
        for share, j in zip(shares, seen, strict=True):
            result[s, i, own] += share / sum(shares) * (context[s, j] @ w_v[:, own])
    return result @ w_o


def test_two_heads_by_hand(submission):
    """Gives each head its own weights: here 3 to 1 in the first, even in the second."""
    # In the first head the query is (log 3, 0), once it is scaled.
    queries = sqrt(2) * log(3) * np.array([[[1.0, 0.0, 0.0, 0.0]]])
    context = np.array([[[1.0, 0.0, 8.0, 0.0], [0.0, 1.0, 0.0, 2.0]]])
    expected = np.array([[[0.75, 0.25, 4.0, 1.0]]])
    result = submission.multi_head_attention(queries, context, *[EYE] * 4, n_heads=2)
    check(result, expected)


@given(calls())
def test_matches_the_definition(submission, call):
    """Equals what the definition gives, one head and one query at a time."""
    check(submission.multi_head_attention(**call), by_definition(**call))


@given(calls(most=20, causal=False))
def test_padding_is_as_good_as_absent(submission, call):
    """Gives each sequence of a padded batch what it gives alone, cut to its length."""
    valid = call.pop("valid", np.ones(call["context"].shape[:2], bool))
    valid[:, 0] = True
    whole = submission.multi_head_attention(**call, valid=valid)
    for s, seen in enumerate(valid):
        alone = {
            "queries": call["queries"][s : s + 1],
            "context": call["context"][s : s + 1, seen],
        }
        result = submission.multi_head_attention(**{**call, **alone})
        check(result, whole[s : s + 1])


@given(calls(most=20), st.sampled_from([np.nan, np.inf, 1.7e308]))
def test_padding_has_no_influence(submission, call, filling):
    """Gives the same whatever the padding holds, NaN and infinity included."""
    shape = call["context"].shape[:2]
    valid = call.pop("valid", np.tile(np.arange(shape[1]) > 0, (shape[0], 1)))
    filled = np.where(valid[..., None], call["context"], filling)
    result = submission.multi_head_attention(
        **{"valid": valid, **call, "context": filled}
    )
    check(result, submission.multi_head_attention(valid=valid, **call))


@given(calls(most=20, causal=False))
def test_a_context_has_no_order(submission, call):
    """Gives the same for a context that is turned around and written down twice."""
    twice = {"context": np.concatenate([call["context"][:, ::-1], call["context"]], 1)}
    if "valid" in call:
        twice["valid"] = np.concatenate([call["valid"][:, ::-1], call["valid"]], 1)
    result = submission.multi_head_attention(**{**call, **twice})
    check(result, submission.multi_head_attention(**call))


@given(calls(most=20, causal=False), st.integers(1, 20))
def test_the_last_queries_alone(submission, call, last):
    """Gives the last queries of causal self-attention what they get among all."""
    call["queries"] = call["context"]
    whole = submission.multi_head_attention(**call, causal=True)
    call["queries"] = call["context"][:, -last:]
    result = submission.multi_head_attention(**call, causal=True)
    check(result, whole[:, -last:])


@given(calls(most=20))
def test_the_order_of_heads(submission, call):
    """Gives the same when the heads change their places in all four matrices."""
    d = len(call["w_o"])
    turned = np.arange(d).reshape(call["n_heads"], -1)[::-1].ravel()
    other = {name: call[name][:, turned] for name in ("w_q", "w_k", "w_v")}
    result = submission.multi_head_attention(
        **{**call, **other, "w_o": call["w_o"][turned]}
    )
    check(result, submission.multi_head_attention(**call))


@pytest.mark.edge_cases
@pytest.mark.parametrize("causal", [False, True], ids=["all positions", "causal"])
def test_nothing_to_see(submission, causal):
    """Gives zeros, and no NaN, where a sequence is padding alone."""
    valid = np.array([[False] * 5, [True] * 5])
    result = submission.multi_head_attention(**{**CALL, "valid": valid}, causal=causal)
    check(result, np.stack([np.zeros((3, 4)), np.ones((3, 4))]))


@pytest.mark.edge_cases
def test_more_queries_than_context(submission):
    """Gives zeros to causal queries that stand before the context begins."""
    queries, context = np.ones((1, 4, 4)), np.arange(8.0).reshape(1, 2, 4)
    result = submission.multi_head_attention(
        queries, context, 0 * EYE, EYE, EYE, EYE, n_heads=2, causal=True
    )
    nothing, first = np.zeros((2, 4)), context[0, :1]
    check(result, np.concatenate([nothing, first, first + 2])[None])


@pytest.mark.numerics
@pytest.mark.parametrize("scale", [1e5, -1e5], ids=["scale 1e5", "scale -1e5"])
def test_huge_scores(submission, scale):
    """Gives all weight to the best key that is seen when scores are huge."""
    x, one = np.array([[[2.0], [1.0], [3.0], [-1.0]]]), np.eye(1)
    best = [2.0, 2.0, 3.0, -1.0] if scale > 0 else [2.0, 1.0, 1.0, 3.0]
    result = submission.multi_head_attention(
        x, x, scale * one, one, one, one, n_heads=1, causal=True
    )
    check(result, np.array(best).reshape(x.shape))


@pytest.mark.validation
@pytest.mark.parametrize(
    "arguments",
    refusals(
        CALL,
        {
            "3 heads of 4": {"n_heads": 3},
            "no heads": {"n_heads": 0},
            "-2 heads": {"n_heads": -2},
            "one context for all": {"context": np.ones((1, 5, 4))},
            "one mask for all": {"valid": np.ones((1, 5), bool)},
        },
    ),
)
def test_refuses(submission, arguments):
    """Raises ValueError where heads, batches or the mask do not fit."""
    with pytest.raises(ValueError):
        submission.multi_head_attention(**arguments)
