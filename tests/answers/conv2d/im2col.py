"""im2col: windows as rows of one matrix, one product; np.add.at goes back."""

import numpy as np


def _columns(images, kernels, stride, padding):
    """Return the windows as a matrix, and which pixel each of its numbers is."""
    c = images.shape[1]
    kh, kw = kernels.shape[2:]
    number = np.arange(images.size).reshape(images.shape)
    p = ((0, 0), (0, 0), (padding, padding), (padding, padding))
    number = np.pad(number, p, constant_values=images.size)
    views = np.lib.stride_tricks.sliding_window_view(number, (kh, kw), axis=(2, 3))
    views = views[:, :, ::stride, ::stride]  # (n, c, rows, columns, kh, kw)
    where = views.transpose(0, 2, 3, 1, 4, 5)
    shape = where.shape[:3]
    where = where.reshape(-1, c * kh * kw)
    return np.append(images.ravel(), 0.0)[where], where, shape


def conv2d(images, kernels, bias, *, stride=1, padding=0):
    o, c, kh, kw = kernels.shape
    if images.shape[1] != c or bias.shape != (o,):
        raise ValueError("channels or bias")
    if kh > images.shape[2] + 2 * padding or kw > images.shape[3] + 2 * padding:
        raise ValueError("kernel too large")
    matrix, _, (n, rows, columns) = _columns(images, kernels, stride, padding)
    result = matrix @ kernels.reshape(o, -1).T + bias
    return result.reshape(n, rows, columns, o).transpose(0, 3, 1, 2)


def conv2d_backward(gradient, images, kernels, *, stride=1, padding=0):
    o = len(kernels)
    matrix, where, _ = _columns(images, kernels, stride, padding)
    rows = gradient.transpose(0, 2, 3, 1).reshape(-1, o)
    by_kernels = (rows.T @ matrix).reshape(kernels.shape)
    flat = np.zeros(images.size + 1)
    np.add.at(flat, where, rows @ kernels.reshape(o, -1))
    return flat[:-1].reshape(images.shape), by_kernels, rows.sum(axis=0)
