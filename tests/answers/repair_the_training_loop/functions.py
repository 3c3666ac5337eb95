"""Functions without state: one flat vector, einsum, every epoch's parameters kept."""

import numpy as np


def train(
    parameters,
    training,
    validation,
    rng,
    *,
    batch_size,
    n_epochs,
    learning_rate,
    decay,
    max_norm,
    dropout,
):
    d, h = parameters["w1"].shape
    x, y = training

    def split(flat):
        return flat[: d * h].reshape(d, h), flat[d * h :]

    def gradient(flat, x, y, mask):
        w1, w2 = split(flat)
        z = np.tanh(np.einsum("nd,dh->nh", x, w1))
        error = np.einsum("nh,nh,h->n", z, mask, w2) - y
        by_w1 = np.einsum("nd,n,nh,h,nh->dh", x, error, mask, w2, 1 - z * z)
        by_w2 = np.einsum("n,nh,nh->h", error, mask, z)
        return np.concatenate([by_w1.ravel(), by_w2]) * (2 / len(y))

    def loss(flat):
        w1, w2 = split(flat)
        return float(
            np.mean(np.square(np.tanh(validation[0] @ w1) @ w2 - validation[1]))
        )

    flat = np.concatenate([parameters["w1"].ravel(), parameters["w2"]])
    after = []
    for epoch in range(n_epochs):
        order = rng.permutation(len(y))
        for rows in np.split(order, range(batch_size, len(y), batch_size)):
            mask = np.where(rng.random((len(rows), h)) < dropout, 0, 1 / (1 - dropout))
            g = gradient(flat, x[rows], y[rows], mask)
            length = np.linalg.norm(g)
            if length > max_norm:
                g = g * (max_norm / length)
            flat = flat - learning_rate * decay**epoch * g
        after.append(flat)
    losses = [loss(flat) for flat in after]
    w1, w2 = split(after[int(np.argmin(losses))])
    return {"w1": w1, "w2": w2}, losses
