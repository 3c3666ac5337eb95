"""All parameters in one vector, the corrections folded into step size and epsilon."""

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
        self.parameters = parameters
        self.ends = np.cumsum([p.size for p in parameters])[:-1]
        self.rate, self.betas, self.epsilon = learning_rate, betas, epsilon
        self.decay = weight_decay
        self.moments = np.zeros((2, sum(p.size for p in parameters)))
        self.powers = np.ones(2)

    def step(self, gradients):
        if [np.shape(g) for g in gradients] != [p.shape for p in self.parameters]:
            raise ValueError("shapes")
        flat = np.concatenate([np.ravel(g) for g in gradients]).astype(np.float64)
        betas = np.array(self.betas)
        self.moments *= betas[:, None]
        self.moments += (1 - betas)[:, None] * np.stack([flat, flat**2])
        self.powers *= betas
        first, root = 1 - self.powers[0], np.sqrt(1 - self.powers[1])
        move = self.moments[0] / (np.sqrt(self.moments[1]) + self.epsilon * root)
        move *= self.rate * root / first
        kept = 1 - self.rate * self.decay
        parts = np.split(move, self.ends)
        self.parameters = [
            (kept * p.astype(np.float64) - part.reshape(p.shape)).astype(p.dtype)
            for p, part in zip(self.parameters, parts, strict=True)
        ]
        return list(self.parameters)
