"""Grader for the repair of a transformer: the interviewer's side of the table."""

from math import exp, log, pi, sqrt, tanh

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graders.harness import check, check_array

OF_A_LAYER = ("norm_1", "query", "key", "value", "output", "norm_2", "up", "down")


@st.composite
def models(draw, *, n_heads=None, least=1):
    """Draw texts, parameters and a number of heads; the parameters are quarters."""
    n_heads = n_heads or draw(st.integers(1, 2))
    n_layers, batch = draw(st.integers(1, 2)), draw(st.integers(1, 2))
    d_model = n_heads * draw(st.integers(1, 3))
    t, vocab = draw(st.integers(least, 5)), draw(st.integers(2, 4))
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    shapes = shapes_of(n_layers, d_model, vocab, t + draw(st.integers(0, 1)))
    parameters = {name: rng.integers(-4, 5, s) / 4 for name, s in shapes.items()}
    return rng.integers(vocab, size=(batch, t)), parameters, n_heads


def shapes_of(n_layers, d_model, vocab, context, d_ff=2):
    """Return the shape of each parameter."""
    square = (n_layers, d_model, d_model)
    return {
        "token": (vocab, d_model),
        "position": (context, d_model),
        "norm_1": (n_layers, 2, d_model),
        "query": square,
        "key": square,
        "value": square,
        "output": square,
        "norm_2": (n_layers, 2, d_model),
        "up": (n_layers, d_model, d_ff),
        "down": (n_layers, d_ff, d_model),
        "norm": (2, d_model),
    }


def logits_of(submission, tokens, parameters, n_heads):
    """Return the answer's logits, once they are known to be such."""
    logits = submission.forward(tokens, parameters, n_heads=n_heads)
    return check_array(logits, (*tokens.shape, len(parameters["token"])))


def logits_by_definition(tokens, parameters, n_heads):
    """Return the logits, token by token. An oracle may be slow, never clever."""
    result = []
    for text in tokens:
        x = [parameters["token"][a] + parameters["position"][i]
             for i, a in enumerate(text)]  # fmt: skip
        for k in range(len(parameters["query"])):
            layer = {name: parameters[name][k] for name in OF_A_LAYER}
            y = [normal(row, layer["norm_1"]) for row in x]
            for i in range(len(x)):
                x[i] = x[i] + attended(y[: i + 1], layer, n_heads) @ layer["output"]
                y_i = normal(x[i], layer["norm_2"])
                x[i] = x[i] + [gelu(a) for a in y_i @ layer["up"]] @ layer["down"]
        result.append([normal(row, parameters["norm"]) for row in x])
    return np.array(result) @ parameters["token"].T


def attended(y, layer, n_heads):
    """Return what the last token gets from itself and those before, head by head."""
    heads = []
    for own in np.split(np.arange(len(y[0])), n_heads):
        query, keys, values = (
            y @ layer[name][:, own] for name in ("query", "key", "value")
        )
        scores = [query[-1] @ key / sqrt(len(own)) for key in keys]
        shares = [exp(score - max(scores)) for score in scores]
        heads.append(sum(s * v for s, v in zip(shares, values, strict=True)))
        heads[-1] /= sum(shares)
    return np.concatenate(heads)


def normal(row, gain_and_bias):
    """Return the layer norm of one token's numbers."""
    mean = sum(row) / len(row)
    variance = sum((a - mean) ** 2 for a in row) / len(row)
    gain, bias = gain_and_bias
    return (row - mean) / sqrt(variance + 1e-5) * gain + bias


def gelu(a):
    """Return gelu in its tanh form."""
    return a / 2 * (1 + tanh(sqrt(2 / pi) * (a + 0.044715 * a**3)))


def surprise(tokens, logits):
    """Return the mean cross-entropy of each next token, one after the other."""
    costs = []
    for text, rows in zip(tokens, logits, strict=True):
        for token, row in zip(text[1:], rows, strict=False):
            top = max(row)
            costs.append(top + log(sum(exp(a - top) for a in row)) - row[token])
    return sum(costs) / len(costs)


def test_logits_that_you_can_work_out(submission):
    """Gives the products of table and bias where the last norm has a gain of 0."""
    parameters = {n: np.zeros(s) for n, s in shapes_of(1, 2, 3, 4).items()}
    parameters["token"] = np.array([[1.0, 0.0], [0.0, 1.0], [1.0, 1.0]])
    parameters["norm"] = np.array([[0.0, 0.0], [1.0, 2.0]])
    tokens = np.array([[2, 0, 0]])
    expected = np.array([[[1.0, 2.0, 3.0]] * 3])
    check(logits_of(submission, tokens, parameters, 1), expected)


def test_a_loss_that_you_can_work_out(submission):
    """Costs log(vocab) a token where all logits are 0."""
    parameters = {n: np.zeros(s) for n, s in shapes_of(1, 2, 7, 4).items()}
    tokens = np.array([[6, 0, 2], [3, 3, 3]])
    check(submission.loss(tokens, parameters, n_heads=2), log(7))


@settings(max_examples=25)
@given(models())
def test_logits_match_the_definition(submission, model):
    """Gives the logits of the definition, worked out one token and head at a time."""
    check(logits_of(submission, *model), logits_by_definition(*model))


@settings(max_examples=15)
@given(models(least=2))
def test_loss_matches_the_definition(submission, model):
    """Gives the loss that follows from the logits of the definition."""
    tokens, parameters, n_heads = model
    expected = surprise(tokens, logits_by_definition(*model))
    check(submission.loss(tokens, parameters, n_heads=n_heads), expected)


@settings(max_examples=15)
@given(models(least=2))
def test_the_loss_follows_from_the_logits(submission, model):
    """Scores the logits that forward gives, right or wrong, by what comes next."""
    tokens, parameters, n_heads = model
    loss = submission.loss(tokens, parameters, n_heads=n_heads)
    check(loss, surprise(tokens, logits_of(submission, *model)))


@settings(max_examples=25)
@given(models(least=2), st.integers(1, 4))
def test_the_future_never_leaks(submission, model, known):
    """Gives the first tokens the same logits when later tokens change."""
    tokens, parameters, n_heads = model
    other = tokens.copy()
    other[:, known:] = (other[:, known:] + 1) % len(parameters["token"])
    changed = logits_of(submission, other, parameters, n_heads)
    check(changed[:, :known], logits_of(submission, *model)[:, :known])


@settings(max_examples=25)
@given(models(n_heads=2, least=2), st.integers(0, 1))
def test_heads_are_independent(submission, model, head):
    """Ignores the queries, keys and values of a head of which "output" takes 0."""
    tokens, parameters, n_heads = model
    own = np.split(np.arange(parameters["token"].shape[1]), n_heads)[head]
    silent = {name: parameter.copy() for name, parameter in parameters.items()}
    silent["output"][:, own] = 0
    other = {name: parameter.copy() for name, parameter in silent.items()}
    for name in ("query", "key", "value"):
        other[name][:, :, own] = 1 - other[name][:, :, own]
    changed = logits_of(submission, tokens, other, n_heads)
    check(changed, logits_of(submission, tokens, silent, n_heads))


@settings(max_examples=25)
@given(models(), st.integers(0, 1))
def test_a_layer_that_adds_nothing_may_be_missing(submission, model, place):
    """Gives the same logits with one more layer whose "output" and "down" are 0."""
    tokens, parameters, n_heads = model
    deeper = dict(parameters)
    for name in OF_A_LAYER:
        adds = name in ("output", "down")
        more = 0 * parameters[name][0] if adds else 1 - parameters[name][0]
        deeper[name] = np.insert(parameters[name], place, more, axis=0)
    changed = logits_of(submission, tokens, deeper, n_heads)
    check(changed, logits_of(submission, *model))


@settings(max_examples=15)
@given(models(n_heads=1))
def test_attention_takes_means(submission, model):
    """Gives one token over and over, without positions, the same logits everywhere."""
    tokens, parameters, n_heads = model
    parameters["position"] = 0 * parameters["position"]
    once = np.zeros_like(tokens) + tokens[:, :1]
    logits = logits_of(submission, once, parameters, n_heads)
    check(logits, np.repeat(logits[:, :1], tokens.shape[1], axis=1))


@settings(max_examples=15)
@given(models())
def test_sequences_never_mix(submission, model):
    """Gives each sequence of a batch the logits that it gets alone."""
    tokens, parameters, n_heads = model
    alone = logits_of(submission, tokens[-1:], parameters, n_heads)
    check(logits_of(submission, *model)[-1:], alone)


@settings(max_examples=15)
@given(models(), st.randoms(use_true_random=False))
def test_tokens_are_mere_names(submission, model, random):
    """Renames the logits when tokens are renamed, in the table and in the texts."""
    tokens, parameters, n_heads = model
    names = np.arange(len(parameters["token"]))
    random.shuffle(names)
    table = np.zeros_like(parameters["token"])
    table[names] = parameters["token"]
    renamed = logits_of(
        submission, names[tokens], parameters | {"token": table}, n_heads
    )
    check(renamed[:, :, names], logits_of(submission, *model))


def lone(**changes):
    """Return a call of one layer of ones, two heads of two, with some changes."""
    parameters = {name: np.ones(s) for name, s in shapes_of(1, 4, 3, 3).items()}
    call = {"tokens": [[0, 1, 2]], "n_heads": 2} | changes
    return np.array(call["tokens"]), parameters, call["n_heads"]


@pytest.mark.edge_cases
@pytest.mark.parametrize("function", ["forward", "loss"])
@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"tokens": [[0, 1, 3]]}, id="a token that is not in the table"),
        pytest.param({"tokens": [[0, 9, 1]]}, id="a token far outside the table"),
        pytest.param({"tokens": [[0, -1, 1]]}, id="a negative token"),
        pytest.param({"tokens": [[0, 1, 2, 0]]}, id="longer than the context"),
        pytest.param({"tokens": [0, 1, 2]}, id="no batch"),
        pytest.param({"tokens": [[[0], [1], [2]]]}, id="a dimension too many"),
        pytest.param({"n_heads": 3}, id="3 heads of 4"),
        pytest.param({"n_heads": 0}, id="no heads"),
        pytest.param({"n_heads": -2}, id="-2 heads"),
        pytest.param({"n_heads": 8}, id="more heads than numbers"),
    ],
)
def test_refuses_what_does_not_fit(submission, function, changes):
    """Raises ValueError for tokens or heads that do not fit the parameters."""
    tokens, parameters, n_heads = lone(**changes)
    with pytest.raises(ValueError):
        getattr(submission, function)(tokens, parameters, n_heads=n_heads)


@pytest.mark.edge_cases
def test_refuses_empty_texts(submission):
    """Raises ValueError for texts of no tokens."""
    _, parameters, n_heads = lone()
    with pytest.raises(ValueError):
        submission.forward(np.zeros((2, 0), dtype=int), parameters, n_heads=n_heads)


@pytest.mark.edge_cases
def test_refuses_a_loss_of_one_token(submission):
    """Raises ValueError where there is no next token to predict."""
    tokens, parameters, n_heads = lone(tokens=[[0], [2]])
    with pytest.raises(ValueError):
        submission.loss(tokens, parameters, n_heads=n_heads)


@pytest.mark.edge_cases
@pytest.mark.parametrize("dtype", [np.uint8, np.int16])
def test_tokens_of_any_integers(submission, dtype):
    """Takes tokens of any dtype of integers."""
    tokens, parameters, n_heads = lone()
    expected = logits_by_definition(tokens, parameters, n_heads)
    check(logits_of(submission, tokens.astype(dtype), parameters, n_heads), expected)


@pytest.mark.numerics
@pytest.mark.parametrize("scale", [1e12, 1e100, -1e12, -1e100])
def test_huge_scores(submission, scale):
    """Gives for huge scores what it gives for large ones, where one key takes all."""
    tokens = np.array([[0, 1, 1, 0, 1]])
    parameters = {name: np.zeros(s) for name, s in shapes_of(1, 2, 2, 5).items()}
    parameters["token"] = np.array([[1.0, -1.0], [-0.5, 0.5]])
    parameters["norm_1"][0, 0] = parameters["norm"][0] = 1
    parameters["norm_2"][0, 0] = [1, 0.5]
    parameters["norm"][1] = [0.5, 0.25]
    parameters["query"][0, 0, 0], parameters["key"][0, 0, 0] = 1, 1
    parameters["value"][0], parameters["output"][0] = np.eye(2), [[0.5, 0], [1, 0]]

    def scored(factor):
        query = factor * parameters["query"]
        return logits_of(submission, tokens, parameters | {"query": query}, 1)

    check(scored(scale), scored(np.sign(scale) * 1e6))


@pytest.mark.numerics
@pytest.mark.parametrize("gain", [1e3, 1e6])
def test_huge_logits(submission, gain):
    """Gives a finite loss when a token has a chance that no float can hold."""
    parameters = {name: np.zeros(s) for name, s in shapes_of(1, 4, 3, 3).items()}
    parameters["token"] = np.array([[1.0, 2, 3, 5], [4, 3, 2, -1], [0, 0, 0, 1]])
    parameters["norm_2"][0, 0], parameters["norm"][0] = 1, gain
    tokens = np.array([[2, 2, 2]])
    expected = surprise(tokens, logits_of(submission, tokens, parameters, 2))
    check(submission.loss(tokens, parameters, n_heads=2), expected)
