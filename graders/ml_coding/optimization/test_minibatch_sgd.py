"""Checks of mini-batch SGD: what the interviewer looks for.

The gradient of the grader notes the weights and rows of each call. The oracle takes the
noted rows and walks the definition over them, one number at a time.
"""

from itertools import combinations, permutations, product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graders.harness import (
    Wrong,
    array,
    check,
    check_array,
    contract,
    refusals,
    shown,
    strategies,
)

OPTIONS = {"batch_size": 2, "learning_rate": 0.5, "n_epochs": 2}
seeds = st.integers(0, 2**32 - 1)
sizes = st.integers(1, 12)


def slopes(text, calls):
    """Return the gradient that a text defines; it notes what it is called with."""
    slope = eval(text, {"np": np})

    def gradient(weights, rows):
        weights = check_array(weights, (None,))
        rows = check_array(rows, (None,), kind="iu")
        calls.append((weights.tolist(), rows.tolist()))
        return slope(weights, rows)

    return shown(text, gradient)


def towards(targets):
    """Return the text of a gradient that leads to the mean target of the rows."""
    return f"lambda weights, rows: weights - np.array({targets.tolist()})[rows].mean(0)"


CALL = {
    "gradient": slopes(towards(np.array([[1.0], [2.0], [6.0]])), []),
    "weights": np.zeros(1),
    "n_rows": 3,
    "rng": np.random.default_rng(1),
    **OPTIONS,
}
test_contract = contract("minibatch_sgd", CALL, returns=array(1))
options = st.fixed_dictionaries(
    {
        "batch_size": sizes,
        "learning_rate": st.sampled_from([0.25, 0.5, 0.125]),
        "n_epochs": st.integers(0, 4),
    },
    optional={
        "momentum": st.sampled_from([0.25, 0.5, 0.75]),
        "nesterov": st.booleans(),
    },
)


def walk(targets, start, calls, learning_rate, momentum=0.0, nesterov=False, **_):
    """Yield the weights before each of the noted batches, and after the last."""
    weights, velocity = start.tolist(), [0.0] * len(start)
    yield weights
    for _, rows in calls:
        after = []
        for i, weight in enumerate(weights):
            slope = weight - sum(targets[row, i] for row in rows) / len(rows)
            velocity[i] = momentum * velocity[i] + slope
            step = slope + momentum * velocity[i] if nesterov else velocity[i]
            after.append(weight - learning_rate * step)
        weights = after
        yield weights


def require_epochs(calls, n_rows, batch_size, n_epochs):
    """Demand that each epoch's batches hold each row once, and have their sizes."""
    per_epoch = -(-n_rows // batch_size)
    if len(calls) != n_epochs * per_epoch:
        raise Wrong(f"{n_epochs * per_epoch} calls expected, {len(calls)} made")
    for number in range(n_epochs):
        batches = [rows for _, rows in calls[number * per_epoch :][:per_epoch]]
        if sorted(row for rows in batches for row in rows) != list(range(n_rows)):
            raise Wrong(f"epoch {number} does not have each row once: {batches}")
        if any(len(rows) != batch_size for rows in batches[:-1]):
            raise Wrong(f"epoch {number} has batches of other sizes: {batches}")


def orders_drawn(submission, rng, n_rows, batch_size, n_epochs):
    """Return the order of each epoch, (n_epochs, n_rows), batches checked."""
    calls, sizes = [], {"batch_size": batch_size, "n_epochs": n_epochs}
    flat = slopes("lambda weights, rows: np.zeros(1)", calls)
    submission.minibatch_sgd(flat, np.zeros(1), n_rows, rng, learning_rate=1.0, **sizes)
    require_epochs(calls, n_rows, **sizes)
    return np.reshape([rows for _, rows in calls], (n_epochs, n_rows))


def require_equal_shares(found, outcomes, room, what):
    """Demand that all outcomes have equal shares, but for some room."""
    even = 1 / len(outcomes)
    for outcome in outcomes:
        share = found.count(list(outcome)) / len(found)
        if abs(share - even) > room:
            raise Wrong(f"{share:.1%} of {what} {outcome}, not {even:.1%}")


@pytest.mark.parametrize(
    ("momentum", "nesterov", "expected"),
    # The first slope is -8; with nesterov the first step is half as long again.
    [(0.0, False, 6.0), (0.5, False, 8.0), (0.5, True, 8.5), (0.0, True, 6.0)],
)
def test_two_steps(submission, momentum, nesterov, expected):
    """Takes the two steps from 0 towards 8 that you would work out on paper."""
    gradient = slopes("lambda weights, rows: weights - 8.0", [])
    rng = np.random.default_rng(0)
    result = submission.minibatch_sgd(
        gradient, np.zeros(1), 1, rng, **OPTIONS, momentum=momentum, nesterov=nesterov
    )
    check(result, np.array([expected]))


@given(sizes, options, seeds)
def test_each_row_once_an_epoch(submission, n_rows, options, seed):
    """Calls the gradient for each row once in every epoch, the last batch short."""
    calls, rng = [], np.random.default_rng(seed)
    gradient = slopes("lambda weights, rows: 0 * weights", calls)
    result = submission.minibatch_sgd(gradient, np.ones(2), n_rows, rng, **options)
    require_epochs(calls, n_rows, options["batch_size"], options["n_epochs"])
    check(result, np.ones(2))


@given(strategies.matrices((1, 9), 2), strategies.vectors(2), options, seeds)
def test_walks_by_the_definition(submission, targets, start, options, seed):
    """Calls the gradient at the weights, and ends where, the update leads."""
    calls, rng = [], np.random.default_rng(seed)
    gradient = slopes(towards(targets), calls)
    result = submission.minibatch_sgd(gradient, start, len(targets), rng, **options)
    expected = list(walk(targets, start, calls, **options))
    check([weights for weights, _ in calls], expected[:-1])
    check(result, np.array(expected[-1]))


@given(sizes, options)
def test_a_constant_slope(submission, n_rows, options):
    """Gains speed over all epochs on a constant slope, as the geometric series says."""
    gradient = slopes("lambda weights, rows: np.ones(1)", [])
    rng, momentum = np.random.default_rng(3), options.get("momentum", 0.0)
    result = submission.minibatch_sgd(gradient, np.zeros(1), n_rows, rng, **options)
    n_steps = options["n_epochs"] * -(-n_rows // options["batch_size"])
    ahead = int(options.get("nesterov", False))
    total = sum(1 - momentum ** (t + ahead) for t in range(1, n_steps + 1))
    expected = -options["learning_rate"] * total / (1 - momentum)
    check(result, np.array([expected]))


@given(strategies.matrices((2, 9), 2), options, seeds)
def test_the_state_decides(submission, targets, options, seed):
    """Ends at the same weights again from a generator in the same state."""
    ends = [
        submission.minibatch_sgd(
            slopes(towards(targets), []), np.zeros(2), len(targets),
            np.random.default_rng(seed), **options,
        )
        for _ in range(2)
    ]  # fmt: skip
    check(ends[1], check_array(ends[0], (2,)))


@pytest.mark.timeout(20)
def test_every_order(submission, rng):
    """Draws a new order in each epoch from the caller's rng, all equally likely."""
    pairs = [orders_drawn(submission, own, 3, 1, 2) for own in rng.spawn(600)]
    firsts, seconds = np.stack(pairs, axis=1)  # (600, 3) each
    turns = np.take_along_axis(firsts.argsort(axis=1), seconds, axis=1).tolist()
    orders = list(permutations(range(3)))
    # Off by 0.11 in one of six: a chance of 1.1e-11 (binomial distribution).
    require_equal_shares(firsts.tolist(), orders, 0.11, "first epochs take the order")
    require_equal_shares(turns, orders, 0.11, "second epochs reorder the first by")


def test_any_two_rows_share_a_batch(submission, rng):
    """Puts any two of four rows into the first batch, all pairs equally likely."""
    found = np.sort(orders_drawn(submission, rng, 4, 2, 600)[:, :2]).tolist()
    require_equal_shares(found, [*combinations(range(4), 2)], 0.11, "first pairs are")


def test_any_row_in_any_batch(submission, rng):
    """Fills each batch, of 100 of 400 rows, with low and high rows alike."""
    orders = orders_drawn(submission, rng, 400, 100, 200).ravel()
    found = np.column_stack([np.tile(np.arange(400), 200), orders]) // 100
    # A batch has 20,000 rows in all: a chance of 8e-15 for each share (Hoeffding).
    pairs = list(product(range(4), repeat=2))
    require_equal_shares(found.tolist(), pairs, 0.03 / 4, "(batch, row // 100) are")


@pytest.mark.validation
@pytest.mark.parametrize(
    "arguments",
    refusals(
        CALL,
        {
            "batch_size": ("zero", "negative"),
            "negative momentum": {"momentum": -0.1},
            "momentum of 1": {"momentum": 1.0},
            "momentum above 1": {"momentum": 1.5},
        },
    ),
)
def test_refuses(submission, arguments):
    """Raises ValueError for a batch size or momentum out of range."""
    with pytest.raises(ValueError):
        submission.minibatch_sgd(**arguments)
