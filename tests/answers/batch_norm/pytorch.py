"""A translation of PyTorch's batch_norm_cpu kernels: saved mean and invstd.

After aten/src/ATen/native/Normalization.cpp, where the backward pass works on the input
with k = dotp * invstd**2 / n.
"""

import numpy as np


class BatchNorm:
    def __init__(self, gain, bias, *, momentum=0.1, epsilon=1e-5):
        self.weight, self.bias = gain, bias
        self.momentum, self.eps = momentum, epsilon
        self.running_mean = np.zeros_like(gain)
        self.running_variance = np.ones_like(gain)

    def __call__(self, x, *, training):
        if x.shape[1] != self.weight.shape[0]:
            raise ValueError("expected as many channels as weights")
        rows = np.moveaxis(x, 1, 0).reshape(x.shape[1], -1)
        if not training:
            mean = self.running_mean
            invstd = 1 / np.sqrt(self.running_variance + self.eps)
        else:
            n = rows.shape[1]
            if n == 1:
                raise ValueError("expected more than 1 value per channel")
            mean = np.average(rows, axis=1)
            var_sum = np.square(rows - mean[:, None]).sum(axis=1)
            invstd = 1 / np.sqrt(var_sum / n + self.eps)
            old = self.running_mean, self.running_variance
            new = mean, var_sum / (n - 1)
            self.running_mean, self.running_variance = (
                self.momentum * b + (1 - self.momentum) * a
                for a, b in zip(old, new, strict=True)
            )
            self.saved = rows, mean, invstd
        alpha = self.weight * invstd
        beta = self.bias - mean * alpha
        out = rows * alpha[:, None] + beta[:, None]
        return self._like(out, x)

    def backward(self, gradient):
        rows, mean, invstd = self.saved
        out = np.moveaxis(gradient, 1, 0).reshape(rows.shape)
        n = rows.shape[1]
        centred = rows - mean[:, None]
        dotp = (out * centred).sum(axis=1)
        k = dotp * invstd**2 / n
        by_x = out - out.mean(axis=1, keepdims=True) - centred * k[:, None]
        by_x *= (invstd * self.weight)[:, None]
        return self._like(by_x, gradient), dotp * invstd, out.sum(axis=1)

    def _like(self, rows, x):
        shape = (x.shape[1], x.shape[0], *x.shape[2:])
        return np.moveaxis(rows.reshape(shape), 0, 1)
