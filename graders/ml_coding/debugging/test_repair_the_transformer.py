"""Checks of the repaired transformer: what the interviewer looks for."""

from math import exp, log, pi, sqrt, tanh

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graders.harness import array, check, check_array, contract, refusals

OF_A_LAYER = ("norm_1", "query", "key", "value", "output", "norm_2", "up", "down")


@st.composite
def models(draw, *, least=1):
    """Draw texts, parameters and a number of heads; the parameters are quarters."""
    n_heads, n_layers, batch = (draw(st.integers(1, 2)) for _ in range(3))
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


CALL = {
    "tokens": np.array([[0, 1, 2]]),
    "parameters": {name: np.ones(s) for name, s in shapes_of(1, 4, 3, 4).items()},
    "n_heads": 2,
}

test_contract_forward = contract("forward", CALL, returns=array(1, 3, 3))
test_contract_loss = contract("loss", CALL, returns=float)


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


@given(models())
def test_logits_match_the_definition(submission, model):
    """Gives the logits of the definition, worked out one token and head at a time."""
    check(logits_of(submission, *model), logits_by_definition(*model))


def test_a_longer_text_matches_the_definition(submission, rng):
    """Gives the logits of the definition for dozens of tokens, layers and heads too."""
    n_layers, n_heads, t = rng.integers([3, 3, 40], [5, 5, 70]).tolist()
    shapes = shapes_of(n_layers, 3 * n_heads, 9, t, d_ff=7)
    parameters = {name: rng.normal(size=shape) for name, shape in shapes.items()}
    model = rng.integers(9, size=(2, t)), parameters, n_heads
    check(logits_of(submission, *model), logits_by_definition(*model))


@given(models(least=2))
def test_the_loss_follows_from_the_logits(submission, model):
    """Scores the logits that forward gives, right or wrong, by what comes next."""
    tokens, parameters, n_heads = model
    loss = submission.loss(tokens, parameters, n_heads=n_heads)
    check(loss, surprise(tokens, logits_of(submission, *model)))


@given(models(least=2), st.integers(1, 4))
def test_the_future_never_leaks(submission, model, known):
    """Gives the first tokens the same logits when later tokens change."""
    tokens, parameters, n_heads = model
    other = tokens.copy()
    other[:, known:] = (other[:, known:] + 1) % len(parameters["token"])
    changed = logits_of(submission, other, parameters, n_heads)
    check(changed[:, :known], logits_of(submission, *model)[:, :known])


@pytest.mark.validation
@pytest.mark.parametrize(
    "arguments",
    refusals(
        CALL,
        {
            "a token that is not in the table": {"tokens": np.array([[0, 1, 3]])},
            "a token far outside the table": {"tokens": np.array([[0, 9, 1]])},
            "a negative token": {"tokens": np.array([[0, -1, 1]])},
            "longer than the context": {"tokens": np.array([[0, 1, 2, 0, 1]])},
            "no batch": {"tokens": np.array([0, 1, 2])},
        },
    ),
)
def test_refuses(submission, arguments):
    """Raises ValueError for tokens that do not fit the parameters."""
    with pytest.raises(ValueError):
        submission.forward(**arguments)


@pytest.mark.edge_cases
@pytest.mark.parametrize("dtype", [np.uint8, np.int16])
def test_tokens_of_any_integers(submission, dtype):
    """Takes tokens of any dtype of integers."""
    tokens, parameters, n_heads = CALL.values()
    expected = logits_by_definition(tokens, parameters, n_heads)
    check(logits_of(submission, tokens.astype(dtype), parameters, n_heads), expected)


@pytest.mark.numerics
@pytest.mark.parametrize(
    "scale",
    [1e12, 1e100, -1e12, -1e100],
    ids=["scale 1e12", "scale 1e100", "scale -1e12", "scale -1e100"],
)
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
@pytest.mark.parametrize("gain", [1e3, 1e6], ids=["gain 1e3", "gain 1e6"])
def test_huge_logits(submission, gain):
    """Gives a finite loss when a token has a chance that no float can hold."""
    parameters = {name: np.zeros(s) for name, s in shapes_of(1, 4, 3, 3).items()}
    parameters["token"] = np.array([[1.0, 2, 3, 5], [4, 3, 2, -1], [0, 0, 0, 1]])
    parameters["norm_2"][0, 0], parameters["norm"][0] = 1, gain
    tokens = np.array([[2, 2, 2]])
    expected = surprise(tokens, logits_of(submission, tokens, parameters, 2))
    check(submission.loss(tokens, parameters, n_heads=2), expected)
