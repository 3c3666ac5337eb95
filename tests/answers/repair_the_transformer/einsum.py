"""Cuts the weights into heads instead of the stream, and contracts with einsum."""

import numpy as np


def _norm(x, pair):
    x = x - np.mean(x, -1, keepdims=True)
    return x / np.sqrt(np.mean(x * x, -1, keepdims=True) + 1e-5) * pair[0] + pair[1]


def _softmax(scores):
    shares = np.exp(scores - np.max(scores, -1, keepdims=True))
    return np.einsum("...ij,...i->...ij", shares, 1 / np.sum(shares, -1))


def forward(tokens, parameters, *, n_heads):
    """Return the logits."""
    p = parameters
    d_model = p["token"].shape[1]
    if tokens.ndim != 2 or not 0 < tokens.shape[1] < len(p["position"]) + 1:
        raise ValueError(tokens.shape)
    if (tokens < 0).any() or (tokens >= p["token"].shape[0]).any():
        raise ValueError(tokens)
    one_hot = np.eye(len(p["token"]))[tokens]  # (batch, t, vocab)
    x = np.einsum("bnv,vm->bnm", one_hot, p["token"])
    x += p["position"][: tokens.shape[1]]
    past = np.arange(tokens.shape[1])[:, None] >= np.arange(tokens.shape[1])
    for k in range(p["output"].shape[0]):
        q, key, v = (
            np.einsum(
                "bnm,mhd->bhnd",
                _norm(x, p["norm_1"][k]),
                p[name][k].reshape(d_model, n_heads, -1),
            )
            for name in ("query", "key", "value")
        )
        scores = np.einsum("bhid,bhjd->bhij", q, key / np.sqrt(d_model / n_heads))
        scores[:, :, ~past] = -np.inf
        out = p["output"][k].reshape(n_heads, -1, d_model)
        x = x + np.einsum("bhij,bhjd,hdm->bim", _softmax(scores), v, out)
        a = np.einsum("bnm,mf->bnf", _norm(x, p["norm_2"][k]), p["up"][k])
        inner = np.sqrt(2 / np.pi) * (a + 0.044715 * a**3)
        x = x + np.einsum("bnf,fm->bnm", a / (1 + np.exp(-2 * inner)), p["down"][k])
    return np.einsum("bnm,vm->bnv", _norm(x, p["norm"]), p["token"])


def loss(tokens, parameters, *, n_heads):
    """Return the mean cross-entropy."""
    logits = forward(tokens, parameters, n_heads=n_heads)[:, :-1]
    shifted = logits - logits.max(2, keepdims=True)
    log_shares = shifted - np.log(np.exp(shifted).sum(2))[:, :, None]
    one_hot = np.eye(logits.shape[2])[tokens[:, 1:]]
    return -float((one_hot * log_shares).sum() / one_hot.sum())
