"""One number at a time, the state in dictionaries of plain floats."""

import math

import numpy as np


class AdamW:
    def __init__(
        self,
        parameters,
        *,
        learning_rate=1e-3,
        betas=(0.9, 0.999),
        epsilon=1e-8,
        weight_decay=0.01,
    ):
        self.weights = [p.ravel().tolist() for p in parameters]
        self.likes = [(p.shape, p.dtype) for p in parameters]
        self.m = [[0.0] * p.size for p in parameters]
        self.v = [[0.0] * p.size for p in parameters]
        self.options = learning_rate, *betas, epsilon, weight_decay
        self.t = 0

    def step(self, gradients):
        if len(gradients) != len(self.likes) or any(
            g.shape != shape
            for g, (shape, _) in zip(gradients, self.likes, strict=True)
        ):
            raise ValueError("gradients do not fit")
        rate, b1, b2, epsilon, decay = self.options
        self.t += 1
        found = []
        for k, gradient in enumerate(gradients):
            w, m, v = self.weights[k], self.m[k], self.v[k]
            for i, g in enumerate(gradient.ravel().tolist()):
                m[i] += (1 - b1) * (g - m[i])
                v[i] += (1 - b2) * (g * g - v[i])
                w[i] -= rate * decay * w[i]
                root = math.sqrt(v[i] / (1 - b2**self.t)) + epsilon
                w[i] -= rate * m[i] / (1 - b1**self.t) / root
            shape, dtype = self.likes[k]
            array = np.array(w, dtype).reshape(shape)
            self.weights[k] = array.ravel().tolist()
            found.append(array)
        return found
