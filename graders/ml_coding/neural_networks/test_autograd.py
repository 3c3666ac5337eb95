"""Checks of the scalar autograd engine: what the interviewer looks for.

The oracle works on complex numbers: an imaginary step, too small to change the real
part of a result, leaves the slope in the imaginary part (Squire and Trapp, 1998).
"""

import cmath
import math
import operator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graders.harness import check, check_number, contract
from graders.harness.authoring.strategies import quarters

# Each operation on values is a message, and a law has hundreds of them: on a busy
# machine they take longer than the usual two seconds.
pytestmark = pytest.mark.timeout(20)

STEP = 1e-30
ON_COMPLEX = {
    "exp": cmath.exp,
    "log": cmath.log,
    "tanh": cmath.tanh,
    "relu": lambda a: a if a.real > 0 else 0j,
}


def calls(name):
    """Return the operation that calls a method of a value."""

    def operation(a):
        return ON_COMPLEX[name](a) if isinstance(a, complex) else getattr(a, name)()

    return operation


# What random graphs are made of: smooth, with moderate slopes, for operands from -10
# to 10. (No rounding takes a drawn number across 0.123.)
UNARY = (
    operator.neg,
    lambda a: a + 2,
    lambda a: 2 + a,
    lambda a: a - 0.5,
    lambda a: 3 - a,
    lambda a: a * -1.5,
    lambda a: 2 * a,
    lambda a: a / 4,
    lambda a: 2 / (a - 11),
    lambda a: (a + 11) ** -1,
    lambda a: (a + 11) ** 0.5,
    lambda a: a**3,
    lambda a: calls("log")(a + 11),
    lambda a: calls("relu")(a - 0.123),
    calls("exp"),
    calls("tanh"),
)
BINARY = (operator.add, operator.sub, operator.mul, lambda a, b: a / (b - 11))


@st.composite
def graphs(draw):
    """Draw numbers to start from, and operations on any of the values before them."""
    starts = draw(st.lists(quarters, min_size=1, max_size=3))
    numbers, steps = list(starts), []
    for _ in range(draw(st.integers(1, 7))):
        operation = draw(st.sampled_from(UNARY + BINARY))
        newest = len(numbers) - 1
        recent = st.integers(0, min(newest, 3))  # how long ago: dense graphs
        places = [newest - draw(recent) for _ in range(1 + (operation in BINARY))]
        operands = [numbers[place] for place in places]
        if max(map(abs, operands)) <= 10:
            numbers.append(operation(*map(complex, operands)).real)
            steps.append((operation, places))
    return starts, steps


def built(starts, steps):
    """Return the start values and the results of the operations, in order."""
    values = list(starts)
    for operation, places in steps:
        values.append(operation(*(values[place] for place in places)))
    return values


def slope(graph, of, by):
    """Return the slope of one value by another: let the other move, and look."""
    starts, steps = graph
    cut = max(by - len(starts) + 1, 0)
    before = built(map(complex, starts), steps[:cut])
    before[by] += STEP * 1j
    return built(before, steps[cut:])[of].imag / STEP


def after_backward(module):
    """Return data and grad of a value that went through two operations."""
    value = module.Value(3.0)
    result = value * value + 1
    result.backward()
    return result.data, value.grad


test_contract_value = contract(
    "Value", lambda module: module.Value(2.0) + 1, returns="Value"
)
test_contract_backward = contract(
    "Value.backward", after_backward, returns=(float, float)
)


def check_grads(values, expected):
    """Judge the grad of each value."""
    for value, grad in zip(values, expected, strict=True):
        check(value.grad, grad)


OPERATIONS = {
    "a + a": (lambda a: a + a, 3.0, 6.0, 2.0),
    "3 + a": (lambda a: 3 + a, 2.0, 5.0, 1.0),
    "a - 3": (lambda a: a - 3, 2.0, -1.0, 1.0),
    "3 - a": (lambda a: 3 - a, 2.0, 1.0, -1.0),
    "4 * a": (lambda a: 4 * a, 3.0, 12.0, 4.0),
    "a / 4": (lambda a: a / 4, 2.0, 0.5, 0.25),
    "4 / a": (lambda a: 4 / a, 2.0, 2.0, -1.0),
    "a ** 3": (lambda a: a**3, -2.0, -8.0, 12.0),
    "a ** -2": (lambda a: a**-2, -2.0, 0.25, 0.25),
    "a ** 3.0": (lambda a: a**3.0, -2.0, -8.0, 12.0),
    "a ** -2.0": (lambda a: a**-2.0, -2.0, 0.25, 0.25),
    "a ** 0.5": (lambda a: a**0.5, 0.25, 0.5, 1.0),
    "exp": (lambda a: a.exp(), 1.0, math.e, math.e),
    "log": (lambda a: a.log(), 4.0, math.log(4), 0.25),
    "tanh": (lambda a: a.tanh(), math.log(2), 0.6, 0.64),
    "relu of 3": (lambda a: a.relu(), 3.0, 3.0, 1.0),
    "relu of -3": (lambda a: a.relu(), -3.0, 0.0, 0.0),
}
AT_ZERO = {
    "relu": (lambda a: a.relu(), 0.0, 0.0, 0.0),
    "a ** 0": (lambda a: a**0, 0.0, 1.0, 0.0),
    "a ** 1": (lambda a: a**1, 0.0, 0.0, 1.0),
    "a ** 1.5": (lambda a: a**1.5, 0.0, 0.0, 0.0),
}
FAR_OUT = {
    "tanh of 1000": (lambda a: a.tanh(), 1000.0, 1.0, 0.0),
    "tanh of -1000": (lambda a: a.tanh(), -1000.0, -1.0, 0.0),
    "exp of -1000": (lambda a: a.exp(), -1000.0, 0.0, 0.0),
    "log of 1e-300": (lambda a: a.log(), 1e-300, -690.775527898214, 1e300),
}


def check_operation(submission, function, at, result, expected):
    """Judge what one operation gives, and its slope."""
    a = submission.Value(at)
    b = function(a)
    check(b.data, result)
    b.backward()
    check(a.grad, expected)


@pytest.mark.parametrize("case", OPERATIONS.values(), ids=OPERATIONS)
def test_each_operation(submission, case):
    """Gets each operation and its slope right, with the number on either side."""
    check_operation(submission, *case)


@pytest.mark.edge_cases
@pytest.mark.parametrize("case", AT_ZERO.values(), ids=AT_ZERO)
def test_at_zero(submission, case):
    """Has the slopes that the prompt gives where a is 0."""
    check_operation(submission, *case)


@pytest.mark.numerics
@pytest.mark.parametrize("case", FAR_OUT.values(), ids=FAR_OUT)
def test_far_out(submission, case):
    """Is exact far out, where exponentials overflow and a small addend would show."""
    check_operation(submission, *case)


def test_a_start_of_its_own(submission):
    """Starts with grad 0.0; the slope of a value by itself is 1."""
    a = submission.Value(3)
    check(a.data, 3.0)
    check(a.grad, 0.0)
    a.backward()
    check(a.grad, 1.0)


def test_descent(submission):
    """Trains w on (w - 3)², with data set after each step and grad set to 0.0."""
    w = submission.Value(7.0)
    for gap in (2.0, 1.0, 0.5):
        loss = (w - 3) ** 2
        loss.backward()
        w.data = w.data - 0.25 * w.grad
        w.grad = 0.0
        check(w.data, 3 + gap)


@given(graphs())
def test_matches_the_complex_step(submission, graph):
    """Gives every value of a random graph its slope, those between included."""
    starts, steps = graph
    values = built(map(submission.Value, starts), steps)
    values[-1].backward()
    for value, number in zip(values, built(map(complex, starts), steps), strict=True):
        check(value.data, number.real)
    last = len(values) - 1
    check_grads(values, [slope(graph, last, by) for by in range(len(values))])


@given(graphs(), st.data())
def test_adds_to_what_was_there(submission, graph, data):
    """Adds exactly the slopes of each backward, whatever the grads were before."""
    values = built(map(submission.Value, graph[0]), graph[1])
    grads = [data.draw(quarters) for _ in values]
    for value, grad in zip(values, grads, strict=True):
        value.grad = grad
    for _ in range(2):
        of = data.draw(st.integers(0, len(values) - 1))
        values[of].backward()
        grads = [grad + slope(graph, of, by) for by, grad in enumerate(grads)]
    check_grads(values, grads)


@given(graphs(), quarters)
def test_scaling_the_result_scales_the_slopes(submission, graph, factor):
    """Multiplies every slope by a number when the result is multiplied by it."""
    slopes = []
    for scale in (1, factor):
        values = built(map(submission.Value, graph[0]), graph[1])
        (scale * values[-1]).backward()
        slopes.append([check_number(value.grad) for value in values])
    check(slopes[1], [factor * slope for slope in slopes[0]])


@pytest.mark.edge_cases
@pytest.mark.parametrize(
    "function",
    [lambda a: a + 0, lambda a: a * 1, lambda a: a**1, lambda a: a.relu()],
    ids=["a + 0", "a * 1", "a ** 1", "relu"],
)
def test_each_result_is_a_new_value(submission, function):
    """Returns a new value also where the number stays the same."""
    a = submission.Value(2.0)
    b = function(a)
    b.data = 5.0
    check(a.data, 2.0)


@pytest.mark.validation
@pytest.mark.parametrize("at", [-4.0, -0.25], ids=["at -4", "at -0.25"])
@pytest.mark.parametrize("exponent", [0.5, -1.5], ids=["power 0.5", "power -1.5"])
def test_refuses_roots_of_negative_numbers(submission, at, exponent):
    """Raises ValueError where a power is no real number."""
    with pytest.raises(ValueError):
        submission.Value(at) ** exponent


@pytest.mark.efficiency
@pytest.mark.timeout(60)  # to make 20,000 values
def test_a_deep_graph(check_slowdown, submission, reference):
    """Goes back through 20,000 operations, each on the two before, in linear time."""
    ends = {}
    for module in (submission, reference):
        first, older, newer = (module.Value(x) for x in (1.0, 1.0, 2.0))
        older = older + first
        for _ in range(20_000):
            older, newer = newer, newer - older  # comes back after six steps
        ends[module is reference] = first, newer

    def run(module):
        first, newest = ends[module is reference]
        newest.backward()
        return first.grad, newest.data

    # A right answer takes up to 3.1 times as long as the solution, one that looks for
    # what it has visited in a list at least 50 times.
    check_slowdown(run, lambda rng: (), limit=10)
