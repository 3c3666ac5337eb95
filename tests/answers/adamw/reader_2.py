"""Written from the prompt alone: one number at a time, in plain floats."""

import math

import numpy as np


class AdamW:
    def __init__(
        self,
        parameters: list[np.ndarray],
        *,
        learning_rate: float = 1e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        epsilon: float = 1e-8,
        weight_decay: float = 0.01,
    ) -> None:
        self.parameters = [parameter.copy() for parameter in parameters]
        self.learning_rate = learning_rate
        self.betas = betas
        self.epsilon = epsilon
        self.weight_decay = weight_decay
        self.m = [[0.0] * parameter.size for parameter in parameters]
        self.v = [[0.0] * parameter.size for parameter in parameters]
        self.t = 0

    def step(self, gradients: list[np.ndarray]) -> list[np.ndarray]:
        if len(gradients) != len(self.parameters):
            raise ValueError("there must be one gradient for each parameter")
        for parameter, gradient in zip(self.parameters, gradients, strict=True):
            if parameter.shape != gradient.shape:
                raise ValueError("a gradient has another shape than its parameter")
        self.t += 1
        beta1, beta2 = self.betas
        for i, gradient in enumerate(gradients):
            m, v = self.m[i], self.v[i]
            old = self.parameters[i]
            weights = [float(w) for w in old.ravel()]
            for j, g in enumerate(float(g) for g in gradient.ravel()):
                m[j] = beta1 * m[j] + (1 - beta1) * g
                v[j] = beta2 * v[j] + (1 - beta2) * g * g
                m_hat = m[j] / (1 - beta1**self.t)
                v_hat = v[j] / (1 - beta2**self.t)
                weights[j] *= 1 - self.learning_rate * self.weight_decay
                weights[j] -= (
                    self.learning_rate * m_hat / (math.sqrt(v_hat) + self.epsilon)
                )
            new = np.array(weights, dtype=np.float64).reshape(old.shape)
            self.parameters[i] = new.astype(old.dtype)
        return [parameter.copy() for parameter in self.parameters]
