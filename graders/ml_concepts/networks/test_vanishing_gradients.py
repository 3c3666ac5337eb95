"""Checks of vanishing gradients: each claim is computed from the weights.

The oracle of a gradient is its definition: nudge a number, and see what the loss does.
The nudge is imaginary and tiny, so that nothing is lost to rounding.
"""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graders.harness import array, check, check_array, contract, requiring

CALL = {"weights": np.full((3, 2, 2), 0.5), "x": np.array([0.1, -0.2])}
LEAST, SIZES = 0.05, (0.5, 2.0)
test_contract_gradients = contract("gradients", CALL, returns=array(4, 2))
test_contract_vanishing = contract(
    "vanishing", {"depth": 6, "width": 3}, returns=array(6, 3, 3)
)
test_contract_kept = contract("kept", {"depth": 6, "width": 3}, returns=array(6, 3, 3))
demands = st.tuples(st.integers(5, 100), st.integers(2, 16))
to_the_limits = pytest.mark.parametrize(
    "demand",
    [(5, 2), (5, 16), (100, 2), (100, 16)],
    ids=["shallow, narrow", "shallow, wide", "deep, narrow", "deep, wide"],
)


@st.composite
def networks(draw, most_layers=5, most_units=4):
    """Draw weights around those of orthogonal layers, an input, and skips or none."""
    depth, width = draw(st.integers(1, most_layers)), draw(st.integers(1, most_units))
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    scale = draw(st.sampled_from([0.5, 1.0, 2.0]))
    weights = rng.normal(size=(depth, width, width)) * scale / width**0.5
    return weights, rng.normal(size=width), draw(st.booleans())


def passed_on(weights, h, residual):
    """Return every h, from the first one to the last."""
    found = [h]
    for layer in weights:
        activation = np.tanh(layer @ found[-1])
        found.append(found[-1] + activation if residual else activation)
    return found


def gradients_by_definition(weights, x, residual):
    """Return what the loss does when one number of one h is nudged."""
    rows = []
    for at, h in enumerate(passed_on(weights, x, residual)):
        row = []
        for unit in range(x.size):
            nudged = h.astype(complex)
            nudged[unit] += 1e-30j
            loss = passed_on(weights[at:], nudged, residual)[-1].sum()
            row.append(loss.imag / 1e-30)
        rows.append(row)
    return np.array(rows)


def sizes_by_layer(weights, residual):
    """Return the sizes of the gradients by each h, as shares of the last one's."""
    x = np.full(weights.shape[1], 0.1)
    gradient, sizes = np.ones(x.size), [1.0]
    inputs = passed_on(weights, x, residual)[:-1]
    for layer, h in zip(weights[::-1], inputs[::-1], strict=True):
        # The slope of tanh, to full precision where tanh is almost 1.
        flat = np.exp(-2 * np.abs(layer @ h))
        back = layer.T @ (4 * flat / (1 + flat) ** 2 * gradient)
        gradient = gradient + back if residual else back
        sizes.append(np.linalg.norm(gradient) / x.size**0.5)
    return sizes[::-1]


@requiring("Returns weights of at most 1000 in size, one square layer for each.")
def weights_of(function, demand):
    """Return weights, once they are known to be such as are asked for."""
    depth, width = demand
    weights = check_array(function(depth, width), (depth, width, width)).astype(float)
    largest = float(np.abs(weights).max())
    assert largest <= 1000, f"a weight has size {largest:g}; at most 1000 is asked"
    return weights


def require_same(found, expected):
    """Demand the same but for rounding, which many layers may blow up."""
    largest = max(1.0, float(np.abs(expected).max()))
    check(found, expected, rtol=1e-6, atol=1e-7 * largest)


def activations(weights):
    """Return the root of the mean square of each h, and the largest number in it."""
    states = passed_on(weights, np.full(weights.shape[1], 0.1), False)
    return [(float(np.sqrt((h**2).mean())), float(np.abs(h).max())) for h in states]


def require_healthy(weights, most=1.0):
    """Demand that activations neither die nor exceed what is allowed."""
    for at, (found, largest) in enumerate(activations(weights)):
        assert found >= LEAST, (
            f"h_{at} has a root mean square of {found:.3g}; at least {LEAST} is asked"
        )
        assert largest <= most, f"h_{at} holds a number of size {largest:.4g}"


def require_kept(weights, residual):
    """Demand that the gradient has about the same size everywhere."""
    low, high = SIZES
    for at, size in enumerate(sizes_by_layer(weights, residual)):
        assert low <= size <= high, (
            f"the gradient by h_{at} has {size:.4g} times the size of the last one's"
            f"{' with skips' if residual else ''}; from {low:g} to {high:g} is asked"
        )


def require_vanished(weights):
    """Demand that next to nothing is left of the gradient."""
    size = sizes_by_layer(weights, False)[0]
    assert size <= 1e-9, f"the gradient by x has {size:.3g} of the size of the last one"


@pytest.mark.parametrize("residual", [False, True], ids=["plain", "with skips"])
def test_two_layers_on_paper(submission, residual):
    """Multiplies, layer by layer, what you would work out on paper."""
    weights = np.array([[[0.0, 2.0], [0.0, 0.0]], [[3.0, 0.0], [1.0, 0.0]]])
    expected = np.array([[0.0, 8.0], [4.0, 0.0], [1.0, 1.0]])
    if residual:
        expected = np.array([[5.0, 11.0], [5.0, 1.0], [1.0, 1.0]])
    found = submission.gradients(weights, np.zeros(2), residual=residual)
    check(found, expected)


@given(networks())
def test_matches_the_definition(submission, network):
    """Gives the gradients that you see when you nudge one number at a time."""
    weights, x, residual = network
    expected = gradients_by_definition(weights, x, residual)
    check(submission.gradients(weights, x, residual=residual), expected)


@given(networks(12, 8), st.data())
def test_later_layers_are_a_network(submission, network, data):
    """Gives later layers the gradients of the network that they are on their own."""
    weights, x, residual = network
    cut = data.draw(st.integers(0, len(weights) - 1))
    h = passed_on(weights, x, residual)[cut]
    part = submission.gradients(weights[cut:], h, residual=residual)
    whole = submission.gradients(weights, x, residual=residual)
    require_same(part, check_array(whole, (len(weights) + 1, x.size))[cut:])


@given(networks(12, 8), st.randoms(use_true_random=False))
def test_units_stand_in_no_order(submission, network, random):
    """Reorders the gradients when the units are reordered, and no more."""
    weights, x, residual = network
    order = random.sample(range(x.size), x.size)
    turned = submission.gradients(
        weights[:, order][:, :, order], x[order], residual=residual
    )
    whole = submission.gradients(weights, x, residual=residual)
    require_same(turned, check_array(whole, (len(weights) + 1, x.size))[:, order])


@given(demand=demands)
def test_the_gradient_vanishes(submission, demand):
    """Returns weights with which 1e-9 of the gradient is left, or less."""
    require_vanished(weights_of(submission.vanishing, demand))


@given(demand=demands)
def test_activations_look_healthy(submission, demand):
    """Does so without activations that die: they do not fall below 0.05."""
    require_healthy(weights_of(submission.vanishing, demand))


@given(demand=demands)
def test_skips_rescue_the_gradient(submission, demand):
    """Returns such weights that skip connections keep the gradient."""
    require_kept(weights_of(submission.vanishing, demand), True)


@given(demand=demands)
def test_the_gradient_is_kept(submission, demand):
    """Returns weights that keep the gradient from layer to layer, by 0.5 to 2."""
    require_kept(weights_of(submission.kept, demand), False)


@given(demand=demands)
def test_kept_with_live_activations(submission, demand):
    """Keeps it with activations that neither die nor come near 1."""
    weights = weights_of(submission.kept, demand)
    require_healthy(weights, most=0.9)


@pytest.mark.numerics
@pytest.mark.parametrize("residual", [False, True], ids=["plain", "with skips"])
def test_saturated_units(submission, residual):
    """Gives finite gradients where tanh is 1 or -1: with weights of 1000, say."""
    weights = np.array([np.diag([1000.0, -1000.0]), np.eye(2)])
    # The slope of the first tanh is 4 exp(-1600), which is 0; then h_1 is 1 and -1, or
    # 1.8 and -0.2 with skips. The slope of the second tanh is 1 / cosh(h_1)^2.
    above = residual + np.cosh([1.8, 0.2] if residual else [1.0, 1.0]) ** -2.0
    expected = np.array([residual * above, above, [1.0, 1.0]])
    found = submission.gradients(weights, np.full(2, 0.8), residual=residual)
    check(found, expected)


@pytest.mark.edge_cases
@to_the_limits
def test_to_the_limits(submission, demand):
    """Does both for 5 layers and for 100, of 2 units and of 16."""
    weights = weights_of(submission.vanishing, demand)
    require_vanished(weights)
    require_healthy(weights)
    require_kept(weights, True)
    weights = weights_of(submission.kept, demand)
    require_kept(weights, False)
    require_healthy(weights, most=0.9)
