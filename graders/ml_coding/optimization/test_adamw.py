"""Checks of AdamW: what the interviewer looks for.

The oracle is the definition, one number at a time in Python floats.
"""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from graders.harness import array, check, contract

test_contract = contract(
    "AdamW.step",
    lambda module: module.AdamW([np.ones(2), np.zeros(2)]).step([np.ones(2)] * 2),
    returns=[array(2)],
)

NUMBERS = st.integers(-40, 40).map(lambda count: count / 8)
OPTIONS = st.fixed_dictionaries(
    {
        "learning_rate": st.sampled_from([0.001, 0.125, 1.0]),
        "betas": st.sampled_from([(0.9, 0.999), (0.5, 0.75), (0.0, 0.9), (0.9, 0.0)]),
        "epsilon": st.sampled_from([1e-8, 0.5]),
        "weight_decay": st.sampled_from([0.0, 0.01, 0.5]),
    }
)


@st.composite
def runs(draw):
    """Draw parameters, and gradients for some steps."""
    shapes = st.lists(hnp.array_shapes(max_dims=2, max_side=3), min_size=1, max_size=3)
    drawn = draw(shapes)

    def arrays():
        return [draw(hnp.arrays(float, shape, elements=NUMBERS)) for shape in drawn]

    return arrays(), [arrays() for _ in range(draw(st.integers(1, 4)))]


def by_definition(weight, gradients, learning_rate, betas, epsilon, weight_decay):
    """Yield one number after each of its gradients."""
    first = second = 0.0
    for t, gradient in enumerate(gradients, 1):
        weight *= 1 - learning_rate * weight_decay
        first = betas[0] * first + (1 - betas[0]) * gradient
        second = betas[1] * second + (1 - betas[1]) * gradient**2
        first_hat, second_hat = (
            first / (1 - betas[0] ** t),
            second / (1 - betas[1] ** t),
        )
        weight -= learning_rate * first_hat / (math.sqrt(second_hat) + epsilon)
        yield weight


@given(runs(), OPTIONS)
def test_matches_the_definition(submission, run, options):
    """Moves each number of each parameter as the update says, step after step."""
    parameters, steps = run
    optimizer = submission.AdamW(parameters, **options)
    results = [optimizer.step(gradients) for gradients in steps]
    for at, parameter in enumerate(parameters):
        start = parameter.ravel().tolist()
        histories = np.reshape([step[at] for step in steps], (len(steps), -1)).T
        paths = [
            list(by_definition(weight, history, **options))
            for weight, history in zip(start, histories.tolist(), strict=True)
        ]
        for result, values in zip(results, zip(*paths, strict=True), strict=True):
            check(result[at], np.reshape(values, parameter.shape))


@given(runs(), st.integers(1, 20))
def test_decay_alone(submission, run, steps):
    """Shrinks by the decay alone where all gradients are 0."""
    parameters, _ = run
    nothing = [np.zeros_like(parameter) for parameter in parameters]
    optimizer = submission.AdamW(parameters, learning_rate=0.25, weight_decay=0.5)
    for _ in range(steps):
        result = optimizer.step(nothing)
    check(result, [parameter * 0.875**steps for parameter in parameters])


@given(runs(), st.sampled_from([2.0**-20, 0.25, 2.0**20]))
def test_the_scale_of_gradients_does_not_matter(submission, run, scale):
    """Takes the same steps when all gradients are multiplied by one number."""
    parameters, steps = run
    options = {"learning_rate": 0.5, "epsilon": 1e-300}
    one = submission.AdamW(parameters, **options)
    other = submission.AdamW(parameters, **options)
    for gradients in steps:
        scaled = [scale * gradient for gradient in gradients]
        check(other.step(scaled), one.step(gradients))


@pytest.mark.edge_cases
@pytest.mark.parametrize(
    "gradient", [3.0, -1e-3], ids=["large, positive", "small, negative"]
)
def test_a_constant_gradient(submission, gradient):
    """Moves by the learning rate, 300 times, where the gradient is constant."""
    optimizer = submission.AdamW(
        [np.array([1.0])], learning_rate=0.5, epsilon=1e-12, weight_decay=0.0
    )
    for _ in range(300):
        [result] = optimizer.step([np.array([gradient])])
    check(result, np.array([1 - 150 * np.sign(gradient)]))


@pytest.mark.edge_cases
def test_defaults(submission):
    """Takes the defaults that the prompt's signature gives."""
    optimizer = submission.AdamW([np.array([2.0])])
    results = [optimizer.step([np.array([g])]) for g in (1.0, -3.0, 1e-8)]
    options = (1e-3, (0.9, 0.999), 1e-8, 0.01)
    expected = list(by_definition(2.0, [1.0, -3.0, 1e-8], *options))
    check(np.array([result[0][0] for result in results]), np.array(expected))


@pytest.mark.numerics
def test_float32_parameters(submission):
    """Returns float32 for a float32 parameter, and float64 for its neighbour."""
    parameters = [np.array([1.0], np.float32), np.array([1.0])]
    results = submission.AdamW(parameters).step([np.array([1.0], np.float32)] * 2)
    check([str(result.dtype) for result in results], ["float32", "float64"])


@pytest.mark.numerics
def test_goes_on_from_what_is_rounded(submission):
    """Goes on from the float32 that it returned, with nothing kept that was lost."""
    # 1 - 2e-8 is nearer to 1 than to 1 - 6e-8, the next float32.
    optimizer = submission.AdamW(
        [np.ones(1, np.float32)], learning_rate=2e-8, weight_decay=0.0
    )
    for _ in range(50):
        [result] = optimizer.step([np.ones(1, np.float32)])
    check(float(result[0]), 1.0, atol=1e-8)


@pytest.mark.numerics
def test_rounds_once(submission):
    """Rounds to float32 once, after decay and step, which are taken in float64."""
    optimizer = submission.AdamW(
        [np.array([6.375], np.float32)], learning_rate=0.1, weight_decay=0.1
    )
    [result] = optimizer.step([np.ones(1, np.float32)])
    # 6.375 * 0.99 - 0.1 is 6.21125; float32 has 6.2112498 and 6.2112503.
    check(float(result[0]), float(np.float32(6.21125)), rtol=1e-8)


@pytest.mark.numerics
def test_moments_in_float64(submission):
    """Keeps the moments in float64: the square of 1e-25 is 0 in float32."""
    tiny = np.array([1e-25], np.float32)
    optimizer = submission.AdamW(
        [np.array([1.0], np.float32)], learning_rate=0.125, epsilon=1e-60,
        weight_decay=0.0,
    )  # fmt: skip
    check(optimizer.step([tiny]), [np.array([0.875], np.float32)])


@pytest.mark.validation
@pytest.mark.parametrize(
    "gradients",
    [[np.ones(2)], [np.ones(2)] * 3, [np.ones(2), np.ones((2, 1))]],
    ids=["one missing", "one too many", "a column"],
)
def test_refuses(submission, gradients):
    """Raises ValueError where the gradients do not fit the parameters."""
    optimizer = submission.AdamW([np.ones(2), np.zeros(2)])
    with pytest.raises(ValueError):
        optimizer.step(gradients)
