"""SciPy's correlate2d forward; backward a full convolution of the dilated gradient."""

import numpy as np
from scipy import signal


def _pad(images, padding):
    return np.pad(images, [(0, 0), (0, 0), (padding, padding), (padding, padding)])


def conv2d(images, kernels, bias, *, stride=1, padding=0):
    x = _pad(images, padding)
    if x.shape[1] != kernels.shape[1] or bias.shape != (kernels.shape[0],):
        raise ValueError("channels or bias")
    if (np.array(x.shape[2:]) < kernels.shape[2:]).any():
        raise ValueError("no window fits")
    out = [
        [
            sum(
                signal.correlate2d(plane, part, mode="valid")
                for plane, part in zip(image, kernel, strict=True)
            )[::stride, ::stride]
            + b
            for kernel, b in zip(kernels, bias, strict=True)
        ]
        for image in x
    ]
    return np.array(out)


def conv2d_backward(gradient, images, kernels, *, stride=1, padding=0):
    x = _pad(images, padding)
    n, c, height, width = x.shape
    kh, kw = kernels.shape[2:]
    dense = np.zeros((n, len(kernels), height - kh + 1, width - kw + 1))
    dense[:, :, ::stride, ::stride] = gradient
    by_x, by_kernels = np.zeros(x.shape), np.zeros(kernels.shape)
    for s in range(n):
        for k in range(len(kernels)):
            for channel in range(c):
                by_x[s, channel] += signal.convolve2d(dense[s, k], kernels[k, channel])
                by_kernels[k, channel] += signal.correlate2d(
                    x[s, channel], dense[s, k], mode="valid"
                )
    inner = slice(padding, height - padding), slice(padding, width - padding)
    return by_x[:, :, inner[0], inner[1]], by_kernels, gradient.sum(axis=(0, 2, 3))
