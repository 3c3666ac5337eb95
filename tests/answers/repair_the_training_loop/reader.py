"""Written from the prompt alone: one flat vector of parameters, and row after row."""

import math

import numpy as np


def train(
    parameters: dict[str, np.ndarray],
    training: tuple[np.ndarray, np.ndarray],
    validation: tuple[np.ndarray, np.ndarray],
    rng: np.random.Generator,
    *,
    batch_size: int,
    n_epochs: int,
    learning_rate: float,
    decay: float,
    max_norm: float,
    dropout: float,
) -> tuple[dict[str, np.ndarray], list[float]]:
    features, targets = training
    d, h = parameters["w1"].shape
    vector = np.concatenate([parameters["w1"].ravel(), parameters["w2"]])
    best, history = vector, []
    for epoch in range(n_epochs):
        order = rng.permutation(len(targets))
        for start in range(0, len(order), batch_size):
            rows = order[start : start + batch_size]
            draws = rng.random((len(rows), h))
            gradient = np.zeros(d * h + h)
            for row, drawn in zip(rows, draws, strict=True):
                mask = np.where(drawn < dropout, 0.0, 1 / (1 - dropout))
                gradient += _gradient(vector, features[row], targets[row], mask)
            gradient /= len(rows)
            length = math.sqrt(gradient @ gradient)
            if length > max_norm:
                gradient *= max_norm / length
            vector = vector - learning_rate * decay**epoch * gradient

        loss = _loss(vector, *validation)
        if not history or loss < min(history):
            best = vector
        history.append(loss)
    return {"w1": best[: d * h].reshape(d, h), "w2": best[d * h :]}, history


def _gradient(
    vector: np.ndarray, row: np.ndarray, target: float, mask: np.ndarray
) -> np.ndarray:
    d, h = len(row), len(mask)
    w1, w2 = vector[: d * h].reshape(d, h), vector[d * h :]
    hidden = np.tanh(row @ w1)
    by_output = 2 * ((mask * hidden) @ w2 - target)
    by_input = by_output * w2 * mask * (1 - hidden**2)
    return np.concatenate([np.outer(row, by_input).ravel(), by_output * mask * hidden])


def _loss(vector: np.ndarray, features: np.ndarray, targets: np.ndarray) -> float:
    d = features.shape[1]
    h = len(vector) // (d + 1)
    w1, w2 = vector[: d * h].reshape(d, h), vector[d * h :]
    total = 0.0
    for row, target in zip(features, targets, strict=True):
        total += float(np.tanh(row @ w1) @ w2 - target) ** 2
    return total / len(targets)
