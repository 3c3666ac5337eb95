"""Grader for the repair of a transformer: the interviewer's side of the table."""

from math import exp, log, pi, sqrt, tanh

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graders.harness import Exercise, check, check_array

EXERCISE = Exercise(
    minutes=45,
    difficulty="hard",
    asked=2,
    hints=(
        "Do not read yet. Which laws fail, and which hold? A law that holds clears "
        "the lines that could break it.",
        "Try each law on two tokens, one layer and numbers that you know. Print the "
        "attention weights and the shapes, and follow a single number on its way.",
        "What may row i see? Which token does row i predict? What does a sum start "
        "from? In which order does a reshape read, and which axes must it not tear?",
    ),
    follow_ups=(
        "Give it a KV cache. What must equal what, and how would you test it?",
        "Turn it into a classifier of texts. Which position's stream does the head "
        "read when texts are padded?",
        "With two of the mistakes the loss falls far below that of any good model. "
        "Which, and what should have made your colleague suspicious?",
        "Which of the laws would you keep as tests that run with every commit?",
    ),
    bugs=(  # what the stub has wrong: four mistakes, the second in two places
        ("np.triu(np.ones(scores.shape[2:]), k=1)",
         "np.triu(np.ones(scores.shape[2:]), k=2)"),
        ("(batch, t, n_heads, d_model // n_heads).swapaxes(1, 2)",
         "(batch, n_heads, t, d_model // n_heads)"),
        ("return heads.swapaxes(1, 2).reshape(batch, t, n_heads * d_head)",
         "return heads.reshape(batch, t, n_heads * d_head)"),
        ("return x + _gelu(", "return y + _gelu("),
        ("log_chances[:, :-1]", "log_chances[:, 1:]"),
    ),
    pitfalls={  # mistake: patches of the solution, or the function as mistaken
        # Each bug left in alone. Their names tell the law, never the line.
        "still lets a token see what comes after it": (("k=1)", "k=2)"),),
        "still lets heads and tokens mix": (
            ("(batch, t, n_heads, d_model // n_heads).swapaxes(1, 2)",
             "(batch, n_heads, t, d_model // n_heads)"),
            ("return heads.swapaxes(1, 2).reshape(", "return heads.reshape("),
        ),
        "still loses the stream on its way through a layer": (
            ("return x + _gelu(", "return y + _gelu("),
        ),
        "still scores what the logits do not predict": (
            ("log_chances[:, :-1]", "log_chances[:, 1:]"),
        ),
        # Repairs that do not.
        "masks after the softmax, so that the weights sum to less than one": (
            ("    scores = np.where(hidden, -np.inf, scores)\n", ""),
            ("np.exp(_log_softmax(scores))",
             "np.where(hidden, 0, np.exp(_log_softmax(scores)))"),
        ),
        "sets the hidden scores to 0, which is no mask": (
            ("hidden, -np.inf, scores", "hidden, 0, scores"),
        ),
        "adds 1e9 to the hidden scores instead of taking it away": (
            ("np.where(hidden, -np.inf, scores)", "scores + 1e9 * hidden"),
        ),
        "masks with -1e9, below which huge scores lie": (
            ("hidden, -np.inf, scores", "hidden, -1e9, scores"),
        ),
        "hides the past instead of the future": (
            ("hidden = np.triu(np.ones(scores.shape[2:]), k=1)",
             "hidden = np.tril(np.ones(scores.shape[2:]), k=-1)"),
        ),
        "hides each token from itself": (("k=1)", "k=0)"),),
        "puts the heads in order on the way in, but not on the way out": (
            ("return heads.swapaxes(1, 2).reshape(", "return heads.reshape("),
        ),
        "puts the heads in order on the way out, but not on the way in": (
            ("(batch, t, n_heads, d_model // n_heads).swapaxes(1, 2)",
             "(batch, n_heads, t, d_model // n_heads)"),
        ),
        "gives a head every n_heads-th column": (
            ("(batch, t, n_heads, d_model // n_heads).swapaxes(1, 2)",
             "(batch, t, d_model // n_heads, n_heads).transpose(0, 3, 1, 2)"),
            ("heads.swapaxes(1, 2).reshape(", "heads.transpose(0, 2, 3, 1).reshape("),
        ),
        "adds what attention found to the normalised stream": (
            ("x = x + _attention(", "x = y + _attention("),
        ),
        "adds nothing to the stream but replaces it": (
            ("return x + _gelu(", "return _gelu("),
        ),
        "normalises after adding, not before": """
def _block(x, layer, n_heads):
    x = _layer_norm(x + _attention(x, layer, n_heads), layer["norm_1"])
    added = _gelu(x @ layer["up"]) @ layer["down"]
    return _layer_norm(x + added, layer["norm_2"])
""",
        "shifts the targets the wrong way": (
            ("log_chances[:, :-1]", "log_chances[:, 1:]"),
            ("tokens[:, 1:, np.newaxis]", "tokens[:, :-1, np.newaxis]"),
        ),
        "shifts by a roll, so the last position predicts the first token": (
            ("tokens[:, 1:, np.newaxis]",
             "np.roll(tokens, -1, axis=1)[:, :, np.newaxis]"),
            ("log_chances[:, :-1]", "log_chances"),
        ),
        "sums the loss instead of averaging it": (
            ("axis=2).mean())", "axis=2).sum())"),
        ),
        "scales by d_model, not by d_head": (("queries.shape[3])", "y.shape[2])"),),
        "does not scale the scores": ((" / np.sqrt(queries.shape[3])", ""),),
        "normalises the weights over the queries": (
            ("_log_softmax(scores)",
             "_log_softmax(scores.swapaxes(2, 3)).swapaxes(2, 3)"),
        ),
        "does not shift before exp": (
            ("shifted = logits - logits.max(axis=-1, keepdims=True)",
             "shifted = logits"),
        ),
        "takes the log of chances that have become 0": (
            ("log_chances = _log_softmax(logits)",
             "log_chances = np.log(np.exp(_log_softmax(logits)))"),
        ),
        "normalises each number over the tokens": """
def _layer_norm(x, gain_and_bias):
    centred = x - x.mean(axis=1, keepdims=True)
    variance = (centred**2).mean(axis=1, keepdims=True)
    gain, bias = gain_and_bias
    return centred / np.sqrt(variance + EPSILON) * gain + bias
""",
        "divides the variance by d_model - 1": (
            ("(centred**2).mean(axis=-1, keepdims=True)",
             "(centred**2).sum(axis=-1, keepdims=True) / max(x.shape[-1] - 1, 1)"),
        ),
        "adds epsilon outside the root": (
            ("np.sqrt(variance + EPSILON)", "(np.sqrt(variance) + EPSILON)"),
        ),
        "forgets the last norm": (
            ('_layer_norm(x, parameters["norm"]) @ table.T', "x @ table.T"),
        ),
        "leaves the positions out": (
            (' + parameters["position"][: tokens.shape[1]]', ""),
        ),
        "lets a token of -1 mean the last one": (("tokens.min() < 0 or ", ""),),
    },
)  # fmt: skip

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
