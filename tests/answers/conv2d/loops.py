"""Seven loops over plain lists, forward and backward."""

import numpy as np


def _size(images, kernels, stride, padding):
    h = images.shape[2] + 2 * padding - kernels.shape[2]
    w = images.shape[3] + 2 * padding - kernels.shape[3]
    return h // stride + 1, w // stride + 1


def _inside(images, y, x):
    return 0 <= y < images.shape[2] and 0 <= x < images.shape[3]


def conv2d(images, kernels, bias, *, stride=1, padding=0):
    n, channels = images.shape[:2]
    o, kc, kh, kw = kernels.shape
    rows, columns = _size(images, kernels, stride, padding)
    if channels != kc or bias.shape != (o,) or rows < 1 or columns < 1:
        raise ValueError("shapes do not fit")
    pixels, weights = images.tolist(), kernels.tolist()
    out = [
        [[[b] * columns for _ in range(rows)] for b in bias.tolist()] for _ in pixels
    ]
    for s in range(n):
        for k in range(o):
            for y in range(rows):
                for x in range(columns):
                    total = out[s][k][y][x]
                    for c in range(channels):
                        for i in range(kh):
                            for j in range(kw):
                                v, u = (
                                    y * stride + i - padding,
                                    x * stride + j - padding,
                                )
                                if _inside(images, v, u):
                                    total += weights[k][c][i][j] * pixels[s][c][v][u]
                    out[s][k][y][x] = total
    return np.array(out, float)


def conv2d_backward(gradient, images, kernels, *, stride=1, padding=0):
    by_images, by_kernels = np.zeros(images.shape), np.zeros(kernels.shape)
    by_bias = np.zeros(len(kernels))
    pixels, weights = images.tolist(), kernels.tolist()
    for (s, k, y, x), g in np.ndenumerate(gradient):
        by_bias[k] += g
        for c, i, j in np.ndindex(kernels.shape[1:]):
            v, u = y * stride + i - padding, x * stride + j - padding
            if _inside(images, v, u):
                by_images[s, c, v, u] += g * weights[k][c][i][j]
                by_kernels[k, c, i, j] += g * pixels[s][c][v][u]
    return by_images, by_kernels, by_bias
