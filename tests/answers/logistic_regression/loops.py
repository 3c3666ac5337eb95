"""Newton's method in plain Python, with step halving and elimination by pivots."""

import math

import numpy as np


class LogisticRegression:
    def __init__(self, *, l2=1.0):
        self.l2 = l2
        self.parameters = None

    @property
    def coefficients(self):
        return np.array(self.parameters[:-1])

    @property
    def intercept(self):
        return self.parameters[-1]

    def fit(self, features, labels):
        rows, labels = rows_of(features), labels_of(labels, features)
        if sorted(set(labels)) != [0, 1]:
            raise ValueError("both classes must be present")
        d = len(rows[0]) - 1
        at, value = [0.0] * (d + 1), math.inf
        for _ in range(200):
            gradient, hessian = self.derivatives(rows, labels, at)
            step = solve(hessian, gradient)
            size = 1.0
            while size > 1e-12:
                tried = [a - size * s for a, s in zip(at, step, strict=True)]
                if self.objective(rows, labels, tried) <= value:
                    break
                size /= 2
            value = self.objective(rows, labels, tried)
            at = tried
            if sum(g * s for g, s in zip(gradient, step, strict=True)) < 1e-11:
                break
        self.parameters = at
        return self

    def objective(self, rows, labels, at):
        losses = (loss(dot(r, at), y) for r, y in zip(rows, labels, strict=True))
        return math.fsum(losses) / len(rows) + self.l2 / 2 * dot(at[:-1], at[:-1])

    def derivatives(self, rows, labels, at):
        size = len(at)
        gradient = [self.l2 * w for w in at[:-1]] + [0.0]
        hessian = [[0.0] * size for _ in range(size)]
        for j in range(size - 1):
            hessian[j][j] = self.l2
        for row, label in zip(rows, labels, strict=True):
            z = dot(row, at)
            p, q = sigmoid(z), sigmoid(-z)
            error = (-q if label else p) / len(rows)
            weight = p * q / len(rows)
            for j, x in enumerate(row):
                gradient[j] += error * x
                for k in range(size):
                    hessian[j][k] += weight * x * row[k]
        return gradient, hessian

    def predict_proba(self, features):
        rows = rows_of(features)
        odds = [dot(row, self.parameters) for row in rows]
        chances = [[sigmoid(-z), sigmoid(z)] for z in odds]
        return np.array(chances, dtype=float).reshape(-1, 2)

    def predict(self, features):
        return np.array([int(p >= 0.5) for _, p in self.predict_proba(features)], int)

    def log_loss(self, features, labels):
        rows = rows_of(features)
        total = 0.0
        for row, label in zip(rows, labels.tolist(), strict=True):
            total += loss(dot(row, self.parameters), label)
        return total / len(rows)


def sigmoid(z):
    if z >= 0:
        return 1 / (1 + math.exp(-z))
    return math.exp(z) / (1 + math.exp(z))


def loss(z, label):
    margin = z if label else -z
    if margin > 0:
        return math.log1p(math.exp(-margin))
    return -margin + math.log1p(math.exp(margin))


def dot(a, b):
    return sum(x * y for x, y in zip(a, b, strict=True))


def solve(matrix, right):
    rows = [[*row, r] for row, r in zip(matrix, right, strict=True)]
    size = len(rows)
    for i in range(size):
        best = max(range(i, size), key=lambda k: abs(rows[k][i]))
        rows[i], rows[best] = rows[best], rows[i]
        for k in range(i + 1, size):
            factor = rows[k][i] / rows[i][i]
            rows[k] = [a - factor * b for a, b in zip(rows[k], rows[i], strict=True)]
    solution = [0.0] * size
    for i in reversed(range(size)):
        rest = dot(rows[i][i + 1 : size], solution[i + 1 :])
        solution[i] = (rows[i][size] - rest) / rows[i][i]
    return solution


def rows_of(features):
    if features.ndim != 2:
        raise ValueError("features must be (n, d)")
    rows = features.tolist()
    if not all(math.isfinite(x) for row in rows for x in row):
        raise ValueError("features must be finite")
    return [[*row, 1.0] for row in rows]


def labels_of(labels, features):
    if labels.shape != (len(features),):
        raise ValueError("as many labels as rows")
    if any(label not in (0, 1) for label in labels.tolist()):
        raise ValueError("labels must be 0 or 1")
    return labels.tolist()
