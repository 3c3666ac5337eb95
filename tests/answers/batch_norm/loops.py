"""One channel at a time, in Python floats, by partial derivatives."""

import math

import numpy as np


class BatchNorm:
    def __init__(self, gain, bias, *, momentum=0.1, epsilon=1e-5):
        self.parameters = list(zip(gain.tolist(), bias.tolist(), strict=True))
        self.momentum, self.epsilon = momentum, epsilon
        self.running_mean = np.array([0.0] * len(gain))
        self.running_variance = np.array([1.0] * len(gain))
        self.last = []

    def __call__(self, x, *, training):
        if x.shape[1] != len(self.parameters):
            raise ValueError("channels")
        if training and x[:, 0].size < 2:
            raise ValueError("one value")
        out = np.empty(x.shape)
        if training:
            self.last = []
        for c, (gain, bias) in enumerate(self.parameters):
            values = x[:, c].ravel().tolist()
            mean, variance = self._used(c, values, training)
            inverse = 1 / math.sqrt(variance + self.epsilon)
            if training:
                self.last.append(([v - mean for v in values], inverse))
            result = [(v - mean) * inverse * gain + bias for v in values]
            out[:, c] = np.reshape(result, x[:, c].shape)
        return out

    def _used(self, c, values, training):
        if not training:
            return float(self.running_mean[c]), float(self.running_variance[c])
        m = len(values)
        mean = sum(values) / m
        squares = sum((v - mean) ** 2 for v in values)
        for running, new in (
            (self.running_mean, mean),
            (self.running_variance, squares / (m - 1)),
        ):
            running[c] += self.momentum * (new - running[c])
        return mean, squares / m

    def backward(self, gradient):
        by_x, by_gain, by_bias = np.empty(gradient.shape), [], []
        for c, (centred, inverse) in enumerate(self.last):
            out, m = gradient[:, c].ravel().tolist(), len(centred)
            gain = self.parameters[c][0]
            by_gain.append(
                sum(g * v * inverse for g, v in zip(out, centred, strict=True))
            )
            by_bias.append(sum(out))
            by_variance = -0.5 * gain * inverse**2 * by_gain[-1]
            by_mean = -gain * inverse * by_bias[-1]
            row = [
                g * gain * inverse + by_variance * 2 * v / m + by_mean / m
                for g, v in zip(out, centred, strict=True)
            ]
            by_x[:, c] = np.reshape(row, gradient[:, c].shape)
        return by_x, np.array(by_gain), np.array(by_bias)
