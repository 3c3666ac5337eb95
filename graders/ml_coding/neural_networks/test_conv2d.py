"""Checks of a convolutional layer: what the interviewer looks for.

The oracles are the definitions in plain loops: over images, kernels, rows, columns,
and the places of a window.
"""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graders.harness import array, check, check_array, contract, refusals

IMAGES = np.arange(48.0).reshape(2, 2, 3, 4)
KERNELS = np.arange(24.0).reshape(3, 2, 2, 2)
CALL = {"images": IMAGES, "kernels": KERNELS, "bias": np.array([0.0, 1.0, -1.0])}
test_contract_forward = contract("conv2d", CALL, returns=array(2, 3, 2, 3))
test_contract_backward = contract(
    "conv2d_backward",
    {"gradient": np.ones((2, 3, 2, 3)), "images": IMAGES, "kernels": KERNELS},
    returns=(array(2, 2, 3, 4), array(3, 2, 2, 2), array(3)),
)


def arrays(*shape):
    """Draw an array of whole numbers from -9 to 9, as bytes: there are hundreds.

    As many are drawn for most shapes, so that a smaller array keeps its first numbers
    when hypothesis looks for a simpler example.
    """
    n = math.prod(shape)
    size = max(64, 1 << (n - 1).bit_length())

    def numbers(drawn):
        return ((np.frombuffer(drawn[:n], np.uint8) + 9.0) % 19 - 9).reshape(shape)

    return st.binary(min_size=size, max_size=size).map(numbers)


@st.composite
def layers(draw, largest=4):
    """Draw images, kernels, bias, stride and padding that fit together."""
    n, c, o = (draw(st.integers(1, 2)) for _ in "nco")
    kh, kw, stride = (draw(st.integers(1, 3)) for _ in "hws")
    padding = draw(st.integers(0, 2))
    h, w = (draw(st.integers(max(1, k - 2 * padding), largest + k)) for k in (kh, kw))
    parts = arrays(n, c, h, w), arrays(o, c, kh, kw), arrays(o)
    return [draw(part) for part in parts], {"stride": stride, "padding": padding}


def padded(images, padding):
    """Return images with zeros around them."""
    n, c, h, w = images.shape
    result = np.zeros((n, c, h + 2 * padding, w + 2 * padding))
    result[:, :, padding : padding + h, padding : padding + w] = images
    return result


def size_of(images, kernels, stride):
    """Return how many windows fit, down and across, counted one by one."""
    return tuple(
        len([at for at in range(0, whole, stride) if at + part <= whole])
        for whole, part in zip(images.shape[2:], kernels.shape[2:], strict=True)
    )


def forward(images, kernels, bias, stride, padding):
    """Return conv2d by its definition."""
    images, kernel_shape = padded(images, padding), kernels.shape[1:]
    result = np.zeros((len(images), len(kernels), *size_of(images, kernels, stride)))
    for s, k, y, x in np.ndindex(result.shape):
        result[s, k, y, x] = bias[k] + sum(
            kernels[k, c, i, j] * images[s, c, y * stride + i, x * stride + j]
            for c, i, j in np.ndindex(kernel_shape)
        )
    return result


def backward(gradient, images, kernels, stride, padding):
    """Return the three gradients, product by product."""
    whole = padded(images, padding)
    by_whole, by_kernels = 0 * whole, 0 * kernels
    for s, k, y, x in np.ndindex(gradient.shape):
        for c, i, j in np.ndindex(kernels.shape[1:]):
            place = s, c, y * stride + i, x * stride + j
            by_whole[place] += gradient[s, k, y, x] * kernels[k, c, i, j]
            by_kernels[k, c, i, j] += gradient[s, k, y, x] * whole[place]
    h, w = images.shape[2:]
    by_images = by_whole[:, :, padding : padding + h, padding : padding + w]
    by_bias = [part.sum() for part in gradient.swapaxes(0, 1)]
    return by_images, by_kernels, np.array(by_bias)


def test_an_edge_by_hand(submission):
    """Finds the edge of a bright square: a step up on its left, down on its right."""
    image = np.zeros((1, 1, 3, 5))
    image[0, 0, 1:, 1:4] = 5.0
    result = submission.conv2d(image, np.array([[[[-1.0, 1.0]]]]), np.zeros(1))
    row = [5.0, 0.0, 0.0, -5.0]
    check(result, np.array([[[[0.0] * 4, row, row]]]))


@given(layers())
def test_matches_the_definition(submission, layer):
    """Gives the sum of window times kernel, and the bias, at every place."""
    arguments, options = layer
    check(submission.conv2d(*arguments, **options), forward(*arguments, **options))


@given(layers(), st.data())
def test_backward_matches_the_definition(submission, layer, data):
    """Gives each number the sum of what it is multiplied by; 0 if no window has it."""
    (images, kernels, bias), options = layer
    shape = forward(images, kernels, bias, **options).shape
    gradient = data.draw(arrays(*shape))
    result = submission.conv2d_backward(gradient, images, kernels, **options)
    check(result, backward(gradient, images, kernels, **options))


@given(layers(largest=9), st.integers(0, 2**32))
def test_backward_is_the_adjoint(submission, layer, seed):
    """Gives gradients that account for all of the output: both passes agree."""
    (images, kernels, bias), options = layer
    output = submission.conv2d(images, kernels, bias, **options)
    output = check_array(output, (len(images), len(kernels), None, None))
    gradient = np.random.default_rng(seed).integers(-9, 10, output.shape) / 1.0
    result = submission.conv2d_backward(gradient, images, kernels, **options)
    by_images, by_kernels, by_bias = (
        check_array(part, like.shape)
        for part, like in zip(result, (images, kernels, bias), strict=True)
    )
    from_bias = float((by_bias * bias).sum())
    whole = float((gradient * output).sum())
    check(float((by_images * images).sum()) + from_bias, whole)
    check(float((by_kernels * kernels).sum()) + from_bias, whole)


@given(layers(largest=9))
def test_a_stride_leaves_out(submission, layer):
    """Gives with a stride what stands at every so many places without it."""
    arguments, options = layer
    stride = options["stride"]
    dense = submission.conv2d(*arguments, padding=options["padding"])
    dense = check_array(dense, (None,) * 4)
    check(submission.conv2d(*arguments, **options), dense[:, :, ::stride, ::stride])


@given(layers(largest=9))
def test_height_and_width(submission, layer):
    """Gives the transposed output for transposed images and kernels."""
    (images, kernels, bias), options = layer
    turned = images.swapaxes(2, 3).copy(), kernels.swapaxes(2, 3).copy(), bias
    upright = submission.conv2d(images, kernels, bias, **options)
    upright = check_array(upright, (None,) * 4)
    check(submission.conv2d(*turned, **options), upright.swapaxes(2, 3))


@pytest.mark.edge_cases
def test_defaults(submission):
    """Takes a stride of 1 and no padding where none is given."""
    check(submission.conv2d(**CALL), forward(**CALL, stride=1, padding=0))
    gradient = np.arange(36.0).reshape(2, 3, 2, 3)
    expected = backward(gradient, IMAGES, KERNELS, stride=1, padding=0)
    check(submission.conv2d_backward(gradient, IMAGES, KERNELS), expected)


@pytest.mark.edge_cases
def test_pixels_that_no_window_reaches(submission):
    """Gives the last column gradient 0 where the stride steps over it."""
    image, kernel = np.ones((1, 1, 2, 4)), np.full((1, 1, 2, 1), 3.0)
    by_images, _, _ = submission.conv2d_backward(
        np.ones((1, 1, 1, 2)), image, kernel, stride=2
    )
    check(by_images, np.array([[[[3.0, 0.0, 3.0, 0.0]] * 2]]))


@pytest.mark.edge_cases
def test_backward_of_other_images(submission):
    """Goes back through the images it is given, whatever conv2d was given last."""
    gradient, images = np.arange(36.0).reshape(2, 3, 2, 3), 2.0 - IMAGES
    submission.conv2d(**CALL)
    result = submission.conv2d_backward(gradient, images, KERNELS)
    check(result, backward(gradient, images, KERNELS, stride=1, padding=0))


@pytest.mark.numerics
def test_sums_in_float64(submission):
    """Keeps 2**24 + 1, which float32 does not hold."""
    image, one = np.full((1, 1, 1, 1), 2.0**24 + 1), np.ones((1, 1, 1, 1))
    check(submission.conv2d(image, one, np.zeros(1)), image, rtol=0)


@pytest.mark.validation
@pytest.mark.parametrize(
    "arguments",
    refusals(
        CALL,
        {
            "kernels of one channel for two": {"kernels": KERNELS[:, :1]},
            "one bias for all": {"bias": np.ones(1)},
            "a column of biases": {"bias": np.ones((3, 1))},
            "too high": {"kernels": np.ones((3, 2, 4, 2))},
            "too wide": {"kernels": np.ones((3, 2, 2, 7)), "padding": 1},
        },
    ),
)
def test_refuses(submission, arguments):
    """Raises ValueError where channels or bias do not fit, or no window does."""
    with pytest.raises(ValueError):
        submission.conv2d(**arguments)
