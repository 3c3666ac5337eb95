"""Reads token by token and keeps keys and values, so that there is no mask."""

import numpy as np


class Reader:
    """One layer, which remembers what it has read."""

    def __init__(self, parameters, k, n_heads):
        names = ("norm_1", "query", "key", "value", "output", "norm_2", "up", "down")
        self.weights = {name: parameters[name][k] for name in names}
        self.n_heads = n_heads
        self.keys, self.values = [], []

    def read(self, x):
        """Return the stream of one more token of each sequence, (batch, d_model)."""
        w = self.weights
        y = normalised(x, w["norm_1"])
        self.keys.append(y @ w["key"])
        self.values.append(y @ w["value"])
        query = self.heads(y @ w["query"])
        keys, values = (self.heads(np.array(a)) for a in (self.keys, self.values))
        scores = (query * keys).sum(axis=-1) * query.shape[-1] ** -0.5  # (s, batch, h)
        shares = np.exp(scores - scores.max(axis=0))[..., None]
        found = (shares * values).sum(axis=0) / shares.sum(axis=0)
        x = x + found.reshape(x.shape) @ w["output"]
        a = normalised(x, w["norm_2"]) @ w["up"]
        gate = np.tanh((2 / np.pi) ** 0.5 * a * (1 + 0.044715 * a * a))
        return x + (a * (0.5 + 0.5 * gate)) @ w["down"]

    def heads(self, columns):
        """Return (..., n_heads, d_head)."""
        return columns.reshape(*columns.shape[:-1], self.n_heads, -1)


def normalised(x, gain_and_bias):
    """Return the layer norm."""
    spread = np.sqrt(x.var(axis=1) + 1e-5)[:, None]
    return (x - x.mean(axis=1)[:, None]) / spread * gain_and_bias[0] + gain_and_bias[1]


def forward(tokens, parameters, n_heads):
    """Return the logits."""
    vocab = len(parameters["token"])
    if tokens.ndim != 2 or tokens.shape[1] == 0:
        raise ValueError("no tokens")
    if not np.isin(tokens, np.arange(vocab)).all():
        raise ValueError("unknown tokens")
    if tokens.shape[1] > len(parameters["position"]):
        raise ValueError("longer than the context")
    layers = [Reader(parameters, k, n_heads) for k in range(len(parameters["up"]))]
    logits = []
    for place, column in enumerate(tokens.T):
        x = parameters["token"][column] + parameters["position"][place]
        for layer in layers:
            x = layer.read(x)
        logits.append(normalised(x, parameters["norm"]) @ parameters["token"].T)
    return np.stack(logits, axis=1)


def loss(tokens, parameters, n_heads):
    """Return the mean cross-entropy."""
    logits = forward(tokens, parameters, n_heads)[:, :-1]
    targets = tokens[:, 1:].astype(int)
    batch, place = np.indices(targets.shape)
    scored = logits[batch, place, targets]
    return (np.logaddexp.reduce(logits, axis=2) - scored).mean()
