"""Repair the transformer.

A colleague wrote this small GPT. Its loss falls as no loss should, and what it writes
is no text. Find and repair its four mistakes, one of which takes two lines. NumPy only.

The docstrings, signatures and the parameters' names and shapes are right. All else may
be written anew. A right model obeys laws:

- The past does not depend on the future: logits do not change when later tokens do.
- Heads are independent: where a head's rows of "output" are 0, the head's queries,
  keys and values do not matter.
- Attention takes means: without positions, a text that is one token over and over gets
  the same logits everywhere.
- A layer that adds nothing, its "output" and "down" being 0, could as well be missing.
- Tokens are mere names: to rename them, in table and text, is to rename the logits.
- The loss follows from the logits alone: it is the mean surprise at what comes next.

Say first how you would try each law on code that you have not read; then read.
"""

import numpy as np

EPSILON = 1e-5  # of layer norm

_OF_A_LAYER = ("norm_1", "query", "key", "value", "output", "norm_2", "up", "down")


def forward(
    tokens: np.ndarray, parameters: dict[str, np.ndarray], *, n_heads: int
) -> np.ndarray:
    """Return the logits for the token after each one.

    The stream starts as x = token[tokens] + position[:t]. Each layer in turn does

        x <- x + attention(norm_1(x))
        x <- x + gelu(norm_2(x) @ up) @ down

    and the logits are norm(x) @ token.T. A norm is layer norm over the d_model numbers
    of a token: divide by the root of (variance + EPSILON), the variance being the mean
    square. gelu(a) is a / 2 * (1 + tanh(sqrt(2 / pi) * (a + 0.044715 * a**3))). Head h
    owns columns h * d_head to (h + 1) * d_head of queries, keys and values; scores are
    divided by sqrt(d_head); the heads' results side by side, times output, are what
    attention returns.

    Args:
        tokens: (batch, t) of integers in [0, vocab); batch and t are 1 or more.
        parameters: token (vocab, d_model), position (context, d_model), norm
            (2, d_model), and stacked by layers: norm_1, norm_2 (n_layers, 2, d_model),
            query, key, value, output (n_layers, d_model, d_model), up (n_layers,
            d_model, d_ff), down (n_layers, d_ff, d_model). Of a norm, the gain comes
            first, then the bias.
        n_heads: A positive divisor of d_model.

    Returns:
        (batch, t, vocab) logits, finite however large the scores are.

    Raises:
        ValueError: If tokens is not (batch, t), t is above context, or a token is
            outside [0, vocab).

    Source: Radford et al. (2019), "Language Models are Unsupervised Multitask
        Learners"; Vaswani et al. (2017), arXiv:1706.03762.
    """
    _require_valid(tokens, parameters)
    table = parameters["token"]
    x = table[tokens] + parameters["position"][: tokens.shape[1]]
    for i in range(len(parameters["query"])):
        layer = {name: parameters[name][i] for name in _OF_A_LAYER}
        x = _block(x, layer, n_heads)
    return _layer_norm(x, parameters["norm"]) @ table.T


def loss(
    tokens: np.ndarray, parameters: dict[str, np.ndarray], *, n_heads: int
) -> float:
    """Return the mean cross-entropy, in nats, of predicting each token from the past.

    Every token but the first of its sequence counts, all of them equally. Takes what
    forward takes, with t of 2 or more; finite however large the logits are.

    Example:
        >>> blank = {"token": np.zeros((8, 2)), "position": np.zeros((3, 2))}
        >>> blank |= {"norm": np.zeros((2, 2)), "query": np.zeros((0, 2, 2))}
        >>> round(loss(np.array([[7, 0, 5]]), blank, n_heads=1), 6)  # log 8
        2.079442
    """
    logits = forward(tokens, parameters, n_heads=n_heads)
    log_chances = _log_softmax(logits)
    at = tokens[:, 1:, np.newaxis]
    return float(-np.take_along_axis(log_chances[:, 1:], at, axis=2).mean())


def _block(x: np.ndarray, layer: dict[str, np.ndarray], n_heads: int) -> np.ndarray:
    """Apply one layer: attention, then the same two matrices for each token."""
    y = _layer_norm(x, layer["norm_1"])
    x = x + _attention(y, layer, n_heads)
    y = _layer_norm(x, layer["norm_2"])
    return y + _gelu(y @ layer["up"]) @ layer["down"]


def _layer_norm(x: np.ndarray, gain_and_bias: np.ndarray) -> np.ndarray:
    gain, bias = gain_and_bias
    centred = x - x.mean(axis=-1, keepdims=True)
    variance = (centred**2).mean(axis=-1, keepdims=True)
    return centred / np.sqrt(variance + EPSILON) * gain + bias


def _attention(y: np.ndarray, layer: dict[str, np.ndarray], n_heads: int) -> np.ndarray:
    queries = _split(y @ layer["query"], n_heads)
    keys = _split(y @ layer["key"], n_heads)
    values = _split(y @ layer["value"], n_heads)

    # One row for each query, one column for each key.
    scores = queries @ keys.swapaxes(2, 3) / np.sqrt(queries.shape[3])
    hidden = np.triu(np.ones(scores.shape[2:]), k=2)
    scores = np.where(hidden, -np.inf, scores)
    weights = np.exp(_log_softmax(scores))
    return _join(weights @ values) @ layer["output"]


def _split(columns: np.ndarray, n_heads: int) -> np.ndarray:
    """Return (batch, n_heads, t, d_head) of the (batch, t, d_model)."""
    batch, t, d_model = columns.shape
    return columns.reshape(batch, n_heads, t, d_model // n_heads)


def _join(heads: np.ndarray) -> np.ndarray:
    """Return (batch, t, d_model) of the (batch, n_heads, t, d_head)."""
    batch, n_heads, t, d_head = heads.shape
    return heads.reshape(batch, t, n_heads * d_head)


def _log_softmax(logits: np.ndarray) -> np.ndarray:
    shifted = logits - logits.max(axis=-1, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))


def _gelu(a: np.ndarray) -> np.ndarray:
    return a / 2 * (1 + np.tanh(np.sqrt(2 / np.pi) * (a + 0.044715 * a**3)))


def _require_valid(tokens: np.ndarray, parameters: dict[str, np.ndarray]) -> None:
    vocab, context = len(parameters["token"]), len(parameters["position"])
    if tokens.ndim != 2 or tokens.shape[1] > context:
        raise ValueError(f"not (batch, t), t up to {context}: {tokens.shape}")
    if tokens.min() < 0 or tokens.max() >= vocab:
        raise ValueError(f"tokens outside [0, {vocab})")
