"""The AdamW optimizer.

Implement Adam with decoupled weight decay, for several arrays at once. NumPy only.
"""

import numpy as np


class AdamW:
    """Adam with decoupled weight decay.

    Step t = 1, 2, ... with gradient g, where the moments m and v start at 0:

        w <- w * (1 - learning_rate * weight_decay)
        m <- beta1 * m + (1 - beta1) * g
        v <- beta2 * v + (1 - beta2) * g**2
        w <- w - learning_rate * m_hat / (sqrt(v_hat) + epsilon)

    where m_hat = m / (1 - beta1**t) and v_hat = v / (1 - beta2**t). Moments and steps
    are float64, whatever the dtype of a parameter.

    Source: Loshchilov and Hutter, 2019, arXiv:1711.05101.
    """

    def __init__(
        self,
        parameters: list[np.ndarray],
        *,
        learning_rate: float = 1e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        epsilon: float = 1e-8,
        weight_decay: float = 0.01,
    ) -> None:
        """Start with moments of 0.

        Args:
            parameters: One or more arrays of any shapes, float32 or float64.
            learning_rate: The size of a step, above 0.
            betas: What is kept of the first and the second moment, each in [0, 1).
            epsilon: Added to the root, not under it; above 0.
            weight_decay: The share of w that a step removes, by unit of learning rate.
        """
        self._parameters = list(parameters)
        self._learning_rate = learning_rate
        self._betas = betas
        self._epsilon = epsilon
        self._weight_decay = weight_decay
        self._first = [np.zeros(parameter.shape) for parameter in parameters]
        self._second = [np.zeros(parameter.shape) for parameter in parameters]
        self._steps = 0

    def step(self, gradients: list[np.ndarray]) -> list[np.ndarray]:
        """Take one step, and return the new parameters.

        Args:
            gradients: One array for each parameter, of its shape.

        Returns:
            One array for each parameter, of its dtype, which the caller leaves as it
            is; the next step goes on from these, as they are rounded.

        Raises:
            ValueError: If a gradient is missing, one too many, or of another shape.

        Example:
            >>> optimizer = AdamW([np.array([1.0, -2.0])], weight_decay=0.0)
            >>> optimizer.step([np.array([0.5, -0.5])])
            [array([ 0.999, -1.999])]
        """
        shapes = [gradient.shape for gradient in gradients]
        if shapes != [parameter.shape for parameter in self._parameters]:
            raise ValueError(f"gradients of shapes {shapes} do not fit the parameters")
        self._steps += 1
        for at, gradient in enumerate(gradients):
            self._update(at, gradient.astype(float))
        return list(self._parameters)

    def _update(self, at: int, gradient: np.ndarray) -> None:
        beta1, beta2 = self._betas
        first = beta1 * self._first[at] + (1 - beta1) * gradient
        second = beta2 * self._second[at] + (1 - beta2) * gradient**2
        self._first[at], self._second[at] = first, second

        first_hat = first / (1 - beta1**self._steps)
        second_hat = second / (1 - beta2**self._steps)
        old = self._parameters[at]
        kept = old.astype(float) * (1 - self._learning_rate * self._weight_decay)
        move = first_hat / (np.sqrt(second_hat) + self._epsilon)
        self._parameters[at] = (kept - self._learning_rate * move).astype(old.dtype)
