"""Written from the stub alone, by a reader who had seen nothing else."""

import math

import numpy as np


class AdamW:
    def __init__(
        self,
        parameters: list[np.ndarray],
        *,
        learning_rate: float = 0.001,
        betas: tuple[float, float] = (0.9, 0.999),
        epsilon: float = 1e-08,
        weight_decay: float = 0.01,
    ) -> None:
        self.like = [np.array(p) for p in parameters]
        self.w = [[float(value) for value in p.flat] for p in parameters]
        self.m = [[0.0] * len(w) for w in self.w]
        self.v = [[0.0] * len(w) for w in self.w]
        self.learning_rate = learning_rate
        self.beta1, self.beta2 = betas
        self.epsilon = epsilon
        self.weight_decay = weight_decay
        self.t = 0

    def step(self, gradients: list[np.ndarray]) -> list[np.ndarray]:
        if len(gradients) != len(self.like):
            raise ValueError("wrong number of gradients")
        for gradient, like in zip(gradients, self.like, strict=True):
            if np.shape(gradient) != like.shape:
                raise ValueError("wrong shape of a gradient")
        self.t += 1
        root = math.sqrt(1 - self.beta2**self.t)
        size = self.learning_rate * root / (1 - self.beta1**self.t)
        result = []
        for w, m, v, gradient, like in zip(
            self.w, self.m, self.v, gradients, self.like, strict=True
        ):
            for i, g in enumerate(float(value) for value in np.asarray(gradient).flat):
                m[i] = self.beta1 * m[i] + (1 - self.beta1) * g
                v[i] = self.beta2 * v[i] + (1 - self.beta2) * g * g
                w[i] *= 1 - self.learning_rate * self.weight_decay
                w[i] -= size * m[i] / (math.sqrt(v[i]) + self.epsilon * root)
            new = np.array(w, dtype=like.dtype).reshape(like.shape)
            w[:] = [float(value) for value in new.flat]
            result.append(new)
        return result
