"""Written from the prompt alone: a channel at a time, the mean taken out twice."""

import math

import numpy as np


class BatchNorm:
    def __init__(
        self,
        gain: np.ndarray,
        bias: np.ndarray,
        *,
        momentum: float = 0.1,
        epsilon: float = 1e-5,
    ) -> None:
        self.gain = gain.copy()
        self.bias = bias.copy()
        self.momentum = momentum
        self.epsilon = epsilon
        self.running_mean = np.zeros(len(gain))
        self.running_variance = np.ones(len(gain))

    def __call__(self, x: np.ndarray, *, training: bool) -> np.ndarray:
        c = len(self.gain)
        if x.ndim < 2 or x.shape[1] != c:
            raise ValueError("x has another number of channels")
        m = x.size // c
        if training and m == 1:
            raise ValueError("one value has no variance")
        result = np.empty(x.shape)
        if training:
            self.normal = np.empty(x.shape)
            self.scale = np.empty(c)
        for channel in range(c):
            values = x[:, channel]
            if training:
                mean = values.mean()
                centred = values - mean
                rest = centred.mean()
                centred = centred - rest
                squares = float((centred * centred).sum())
                variance = squares / m
                keep, take = 1 - self.momentum, self.momentum
                self.running_mean[channel] = keep * self.running_mean[
                    channel
                ] + take * (mean + rest)
                self.running_variance[channel] = keep * self.running_variance[
                    channel
                ] + take * squares / (m - 1)
            else:
                centred = values - self.running_mean[channel]
                variance = self.running_variance[channel]
            scale = 1 / math.sqrt(variance + self.epsilon)
            normal = centred * scale
            if training:
                self.normal[:, channel] = normal
                self.scale[channel] = scale
            result[:, channel] = self.gain[channel] * normal + self.bias[channel]
        return result

    def backward(
        self, gradient: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        c = len(self.gain)
        by_x = np.empty(gradient.shape)
        by_gain, by_bias = np.empty(c), np.empty(c)
        for channel in range(c):
            slope, normal = gradient[:, channel], self.normal[:, channel]
            by_bias[channel] = slope.sum()
            by_gain[channel] = (slope * normal).sum()
            by_x[:, channel] = (
                self.gain[channel]
                * self.scale[channel]
                * (slope - slope.mean() - normal * (slope * normal).mean())
            )
        return by_x, by_gain, by_bias
