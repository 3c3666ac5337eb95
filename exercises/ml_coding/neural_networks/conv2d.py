"""A convolutional layer, forward and backward.

Write the layer that deep learning calls a convolution, with stride and zero padding,
and its backward pass. NumPy only. All arrays are float64 and none is empty.
"""

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
    raise NotImplementedError


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
    raise NotImplementedError
