"""Written from the prompt alone: one kernel cell at a time over strided slices."""

import numpy as np


def padded(images: np.ndarray, padding: int) -> np.ndarray:
    n, c, h, w = images.shape
    result = np.zeros((n, c, h + 2 * padding, w + 2 * padding))
    result[:, :, padding : padding + h, padding : padding + w] = images
    return result


def steps(start: int, count: int, stride: int) -> slice:
    return slice(start, start + (count - 1) * stride + 1, stride)


def conv2d(
    images: np.ndarray,
    kernels: np.ndarray,
    bias: np.ndarray,
    *,
    stride: int = 1,
    padding: int = 0,
) -> np.ndarray:
    n, c = images.shape[:2]
    o, c_kernel, kh, kw = kernels.shape
    if c != c_kernel:
        raise ValueError("images and kernels differ in channels")
    if bias.shape != (o,):
        raise ValueError("bias must have one number for each kernel")
    full = padded(images, padding)
    height, width = full.shape[2:]
    if kh > height or kw > width:
        raise ValueError("the kernel does not fit into the padded image")
    rows, columns = (height - kh) // stride + 1, (width - kw) // stride + 1
    result = np.zeros((n, o, rows, columns))
    for y in range(kh):
        for x in range(kw):
            seen = full[:, :, steps(y, rows, stride), steps(x, columns, stride)]
            result += np.einsum("ncyx,oc->noyx", seen, kernels[:, :, y, x])
    for kernel in range(o):
        result[:, kernel] += bias[kernel]
    return result


def conv2d_backward(
    gradient: np.ndarray,
    images: np.ndarray,
    kernels: np.ndarray,
    *,
    stride: int = 1,
    padding: int = 0,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    h, w = images.shape[2:]
    kh, kw = kernels.shape[2:]
    rows, columns = gradient.shape[2:]
    full = padded(images, padding)
    by_full = np.zeros_like(full)
    by_kernels = np.zeros(kernels.shape)
    for y in range(kh):
        for x in range(kw):
            down, across = steps(y, rows, stride), steps(x, columns, stride)
            seen = full[:, :, down, across]
            by_kernels[:, :, y, x] = np.einsum("noyx,ncyx->oc", gradient, seen)
            by_full[:, :, down, across] += np.einsum(
                "noyx,oc->ncyx", gradient, kernels[:, :, y, x]
            )
    by_images = by_full[:, :, padding : padding + h, padding : padding + w].copy()
    return by_images, by_kernels, gradient.sum(axis=(0, 2, 3))
