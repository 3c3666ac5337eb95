"""A convolutional layer, forward and backward.

Write the layer that deep learning calls a convolution, with stride and zero padding,
and its backward pass. NumPy only. All arrays are float64 and none is empty.
"""

from collections.abc import Iterator

import numpy as np


def conv2d(
    images: np.ndarray,
    kernels: np.ndarray,
    bias: np.ndarray,
    *,
    stride: int = 1,
    padding: int = 0,
) -> np.ndarray:
    """Return each kernel's products with the windows of each image.

    Pad the images with `padding` zeros on all four sides, to height H and width W. A
    window is as large as a kernel, (c, kh, kw); the window of output row y and column x
    begins at row y * stride and column x * stride, and lies within the padded image.
    The output is the sum of window times kernel, number by number, plus the bias. The
    kernel is not flipped.

    Args:
        images: (n, c, h, w) of finite numbers; h and w may differ, as may kh and kw.
        kernels: (o, c, kh, kw)
        bias: (o,)
        stride: Of rows and of columns, 1 or more; it may exceed the kernel.
        padding: 0 or more.

    Returns:
        (n, o, (H - kh) // stride + 1, (W - kw) // stride + 1)

    Raises:
        ValueError: If images and kernels differ in c, bias is not of shape (o,), or a
            kernel is higher or wider than a padded image.

    Example:
        >>> image = np.array([[[[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]]])
        >>> conv2d(image, np.array([[[[1.0, 10.0]]]]), np.zeros(1))
        array([[[[21., 32.],
                 [54., 65.]]]])
    """
    _require_fit(images, kernels, bias, padding)
    padded = _pad(images, padding)
    result = 0.0
    for i, j, window in _windows(padded, kernels, stride):
        result = result + np.tensordot(kernels[:, :, i, j], window, axes=(1, 1))
    return (result + bias[:, None, None, None]).swapaxes(0, 1)


def conv2d_backward(
    gradient: np.ndarray,
    images: np.ndarray,
    kernels: np.ndarray,
    *,
    stride: int = 1,
    padding: int = 0,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the gradients of a loss by images, kernels and bias, of their shapes.

    Args:
        gradient: The gradient of the loss by what conv2d returned, of its shape.
        images: As conv2d took them, as are the others.
        kernels: (o, c, kh, kw)
        stride: 1 or more.
        padding: 0 or more.
    """
    padded = _pad(images, padding)
    by_padded, by_kernels = np.zeros(padded.shape), np.zeros(kernels.shape)
    targets = _windows(by_padded, kernels, stride)  # views, to be added to
    for i, j, window in _windows(padded, kernels, stride):
        _, _, target = next(targets)
        by_kernels[:, :, i, j] = np.tensordot(gradient, window, ([0, 2, 3], [0, 2, 3]))
        spread = np.tensordot(gradient, kernels[:, :, i, j], axes=(1, 0))
        target += np.moveaxis(spread, 3, 1)  # (n, c, rows, columns)
    h, w = images.shape[2:]
    by_images = by_padded[:, :, padding : padding + h, padding : padding + w]
    return by_images, by_kernels, gradient.sum(axis=(0, 2, 3))


def _pad(images: np.ndarray, padding: int) -> np.ndarray:
    sides = (padding, padding)
    return np.pad(images, ((0, 0), (0, 0), sides, sides))


def _windows(
    padded: np.ndarray, kernels: np.ndarray, stride: int
) -> Iterator[tuple[int, int, np.ndarray]]:
    """Yield each place of a kernel, and the numbers that it meets in all windows."""
    kh, kw = kernels.shape[2:]
    rows, columns = padded.shape[2] - kh + 1, padded.shape[3] - kw + 1
    for i in range(kh):
        for j in range(kw):
            yield i, j, padded[:, :, i : i + rows : stride, j : j + columns : stride]


def _require_fit(
    images: np.ndarray, kernels: np.ndarray, bias: np.ndarray, padding: int
) -> None:
    if images.shape[1] != kernels.shape[1]:
        raise ValueError(f"channels differ: {images.shape} and {kernels.shape}")
    if bias.shape != kernels.shape[:1]:
        raise ValueError(f"bias {bias.shape} does not fit {kernels.shape}")
    if min(np.subtract(images.shape[2:], kernels.shape[2:])) + 2 * padding < 0:
        raise ValueError(f"{kernels.shape} is larger than {images.shape}, padded")
