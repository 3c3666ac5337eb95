"""Checks of the repaired training loop: laws of any right one, then each step.

The oracle follows the prompt one row and one number at a time.
"""

from math import sqrt, tanh

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from graders.harness import Wrong, array, check, check_number, contract

OPTIONS = {
    "batch_size": 2,
    "n_epochs": 3,
    "learning_rate": 0.25,
    "decay": 0.5,
    "max_norm": 1.0,
    "dropout": 0.5,
}
CALL = {
    "parameters": {"w1": np.full((2, 3), 0.5), "w2": np.ones(3)},
    "training": (np.array([[1.0, 0.0], [0.0, 1.0], [1.0, 1.0]]), np.arange(3.0)),
    "validation": (np.array([[1.0, 2.0]]), np.array([1.0])),
    "rng": np.random.default_rng(1),
    **OPTIONS,
}
test_contract = contract(
    "train", CALL, returns=({"w1": array(2, 3), "w2": array(3)}, [float])
)


@st.composite
def runs(draw, most=(7, 7, 3, 3), **fixed):
    """Draw a network, rows and options; some of the options may be fixed."""
    n, m, d, h = (draw(st.integers(1, size)) for size in most)
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    case = {
        "parameters": {"w1": rng.normal(size=(d, h)), "w2": rng.normal(size=h)},
        "training": (rng.normal(size=(n, d)), rng.normal(size=n)),
        "validation": (rng.normal(size=(m, d)), rng.normal(size=m)),
        "batch_size": draw(st.integers(1, n + 1)),
        "n_epochs": draw(st.integers(1, 4)),
        "learning_rate": draw(st.sampled_from([0.0, 0.0625, 0.25])),
        "decay": draw(st.sampled_from([0.5, 1.0, 1.5])),
        "max_norm": draw(st.sampled_from([0.25, 1.0, 16.0])),
        "dropout": draw(st.sampled_from([0.0, 0.25, 0.5])),
    }
    return {**case, **fixed}, draw(st.integers(0, 2**32))


def outcome(submission, case, seed):
    """Return the parameters and the history, once they are known to be such."""
    found = submission.train(**case, rng=np.random.default_rng(seed))
    check(found, (case["parameters"], [0.0] * case["n_epochs"]), atol=np.inf)
    return found


def require_lowest(loss, lowest):
    """Demand that the returned parameters have the lowest loss; say both losses."""
    try:
        check(loss, lowest)
    except Wrong:
        raise Wrong(
            f"the returned parameters have a loss of {loss:.7g}, "
            f"the lowest of the history is {lowest:.7g}"
        ) from None


def hidden_units(parameters, x):
    """Return the hidden units of one row."""
    return [tanh(sum(a * w for a, w in zip(x, column, strict=True)))
            for column in parameters["w1"].T]  # fmt: skip


def mean_loss(parameters, rows):
    """Return the mean squared error, without dropout."""
    errors = []
    for x, y in zip(*rows, strict=True):
        units = zip(hidden_units(parameters, x), parameters["w2"], strict=True)
        errors.append(sum(unit * w for unit, w in units) - y)
    return float(sum(error**2 for error in errors) / len(errors))


def add_gradient(total, parameters, x, y, mask, share):
    """Add the gradient of one row's squared error, times a share."""
    hidden = hidden_units(parameters, x)
    error = sum(hidden * mask * parameters["w2"]) - y
    for j, unit in enumerate(hidden):
        total["w2"][j] += share * 2 * error * mask[j] * unit
        back = share * 2 * error * mask[j] * parameters["w2"][j] * (1 - unit**2)
        for i, a in enumerate(x):
            total["w1"][i, j] += back * a


def by_definition(case, seed):
    """Return the parameters after each epoch, and the losses."""
    rng, (features, targets) = np.random.default_rng(seed), case["training"]
    now = {name: start.copy() for name, start in case["parameters"].items()}
    after, losses = [], []
    for epoch in range(case["n_epochs"]):
        order = rng.permutation(len(targets))
        for at in range(0, len(targets), case["batch_size"]):
            rows = order[at : at + case["batch_size"]]
            kept = rng.random((len(rows), now["w2"].size)) >= case["dropout"]
            total = {name: 0 * values for name, values in now.items()}
            for row, mask in zip(rows, kept / (1 - case["dropout"]), strict=True):
                share = 1 / len(rows)
                add_gradient(total, now, features[row], targets[row], mask, share)
            length = sqrt(sum(a * a for part in total.values() for a in part.flat))
            factor = min(1, case["max_norm"] / length) if length else 1
            rate = case["learning_rate"] * case["decay"] ** epoch * factor
            now = {name: now[name] - rate * total[name] for name in now}
        after.append(now)
        losses.append(mean_loss(now, case["validation"]))
    return after, losses


@pytest.mark.parametrize(
    ("max_norm", "w1"), [(10.0, 1.0), (1.0, 0.5)], ids=["not clipped", "clipped"]
)
def test_a_step_on_paper(submission, max_norm, w1):
    """Takes the step that you would work out on paper, clipped or not."""
    case = {**OPTIONS, "n_epochs": 1, "learning_rate": 0.5, "dropout": 0.0}
    case |= {"parameters": {"w1": np.zeros((1, 1)), "w2": np.ones(1)}}
    case |= {"training": (np.ones((1, 1)), np.ones(1)), "max_norm": max_norm}
    case |= {"validation": (np.zeros((1, 1)), np.array([3.0]))}
    expected = {"w1": np.array([[w1]]), "w2": np.ones(1)}, [9.0]
    check(submission.train(**case, rng=np.random.default_rng(0)), expected)


@given(runs(learning_rate=0.0))
def test_without_learning(submission, run):
    """Gives each loss that of the given parameters, where the learning rate is 0."""
    case, seed = run
    loss = mean_loss(case["parameters"], case["validation"])
    expected = case["parameters"], [loss] * case["n_epochs"]
    check(outcome(submission, case, seed), expected)


@given(runs((20, 20, 5, 5)))
def test_the_best_come_back(submission, run):
    """Returns parameters whose validation loss is the lowest of the history."""
    case, seed = run
    best, history = outcome(submission, case, seed)
    require_lowest(mean_loss(best, case["validation"]), min(history))


@given(runs((20, 20, 5, 5)))
def test_the_first_epoch_is_not_decayed(submission, run):
    """Gives the first epoch the same loss, whatever the decay."""
    case, seed = run
    first = outcome(submission, {**case, "decay": 0.125}, seed)[1][0]
    check(outcome(submission, {**case, "decay": 1.0}, seed)[1][0], first)


@given(runs((20, 20, 5, 5), n_epochs=1, batch_size=20, decay=1.0, dropout=0.0))
def test_epochs_add_up(submission, run):
    """Gives two epochs the losses of one, and of another one from where that ended."""
    case, seed = run
    best, first = outcome(submission, case, seed)
    _, second = outcome(submission, {**case, "parameters": best}, seed)
    _, both = outcome(submission, {**case, "n_epochs": 2}, seed)
    check(both, first + second, rtol=1e-6)


@given(runs((20, 20, 5, 5), n_epochs=1, batch_size=20))
def test_no_step_is_too_long(submission, run):
    """Moves both arrays together by at most learning_rate * max_norm in a step."""
    case, seed = run
    best, _ = outcome(submission, case, seed)
    start = case["parameters"]
    moved = sqrt(sum(((best[name] - start[name]) ** 2).sum() for name in start))
    check_number(moved, 0, case["learning_rate"] * case["max_norm"] * (1 + 1e-9))


@given(runs())
def test_matches_the_definition(submission, run):
    """Gives the parameters and losses of the prompt, followed row by row."""
    case, seed = run
    after, losses = by_definition(case, seed)
    low = losses.index(min(losses))
    others = [loss for loss in losses if loss != losses[low]]
    assume(min(others, default=np.inf) > losses[low] + 1e-9)
    check(outcome(submission, case, seed), (after[low], losses))


def test_the_first_of_equal_ones(submission):
    """Returns the first of epochs with equal losses, though parameters move on."""
    # Features of 0 are predicted as 0, so that each validation loss is 1.
    case = {**OPTIONS, "n_epochs": 2, "decay": 1.0, "dropout": 0.0}
    case["max_norm"] = 100.0
    case |= {"parameters": {"w1": np.ones((1, 2)), "w2": np.ones(2)}}
    case |= {"training": (np.array([[1.0], [2.0]]), np.array([1.0, 0.0]))}
    case |= {"validation": (np.zeros((1, 1)), np.ones(1))}
    first = by_definition({**case, "n_epochs": 1}, 0)[0][0]
    check(outcome(submission, case, 0), (first, [1.0, 1.0]))


def test_draws_without_dropout(submission):
    """Draws for each batch where dropout is 0 too, so that later epochs agree."""
    rng = np.random.default_rng(3)
    case = {**OPTIONS, "decay": 1.0, "max_norm": 16.0, "dropout": 0.0}
    case |= {"parameters": {"w1": rng.normal(size=(2, 3)), "w2": rng.normal(size=3)}}
    case |= {"training": (rng.normal(size=(9, 2)), rng.normal(size=9))}
    case |= {"validation": (rng.normal(size=(4, 2)), rng.normal(size=4))}
    after, losses = by_definition(case, 5)
    check(outcome(submission, case, 5), (after[np.argmin(losses)], losses))
