"""Checks of logistic regression: what the interviewer looks for."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graders.harness import (
    Wrong,
    array,
    check,
    check_array,
    check_number,
    contract,
    refusals,
)

ENOUGH = 1e-8  # how far above its minimum F may be: the prompt's word

# Chances of two fits on up to 20 rows. The mean of p (1 - p) dz^2 is at most twice
# ENOUGH, so that p (1 - p) dz is below sqrt(20 / 4 * 2e-8) = 3.2e-4 in each of them.
CLOSE = {"rtol": 0, "atol": 1e-3}


@st.composite
def tables(draw):
    """Draw features of small integers, labels with both classes present, and l2."""
    n, d = draw(st.integers(2, 20)), draw(st.integers(1, 4))
    row = st.lists(st.integers(-3, 3), min_size=d, max_size=d)
    features = np.array(draw(st.lists(row, min_size=n, max_size=n)), float)
    labels = np.array(draw(st.lists(st.integers(0, 1), min_size=n, max_size=n)))
    labels[draw(st.integers(0, n - 1))] ^= labels.min() == labels.max()
    return features, labels, draw(st.sampled_from([1.0, 0.1, 0.01]))


def fitted(module, features, labels, l2):
    """Return the module's model of a table."""
    model = module.LogisticRegression(l2=l2)
    model.fit(features, labels)
    return model


def parameters(model, n_features):
    """Return w and b, made sure of."""
    w = check_array(model.coefficients, (n_features,))
    return w, check_number(model.intercept)


def log_odds(features, w, b):
    """Return features @ w + b, row by row."""
    return [
        sum(x * v for x, v in zip(row, w.tolist(), strict=True)) + b
        for row in features.tolist()
    ]


def chance(z):
    """Return 1 / (1 + exp(-z)), by whichever form does not overflow."""
    return 1 / (1 + math.exp(-z)) if z >= 0 else math.exp(z) / (1 + math.exp(z))


def log_loss(features, labels, w, b):
    """Return the mean of -log(chance of the label) by its definition."""
    margins = [
        z if label == 1 else -z
        for z, label in zip(log_odds(features, w, b), labels, strict=True)
    ]
    losses = [math.log1p(math.exp(-abs(m))) + max(-m, 0) for m in margins]
    return sum(losses) / len(losses)


def objective(features, labels, l2, w, b):
    """Return F by its definition. An oracle may be slow, never clever."""
    return log_loss(features, labels, w, b) + l2 / 2 * sum(v * v for v in w)


def require_optimum(model, reference, features, labels, l2):
    """Demand that a model's F is at most ENOUGH above that of the reference."""
    w, b = parameters(model, features.shape[1])
    best = fitted(reference, features, labels, l2)
    least = objective(features, labels, l2, best.coefficients, best.intercept)
    excess = check_number(objective(features, labels, l2, w, b) - least)
    assert excess <= ENOUGH, f"F lies {excess:.3g} above its minimum; 1e-8 is allowed"


CALL = {"features": np.array([[-1.0, 3.0], [1.0, 2.0]]), "labels": np.array([0, 1])}


def model_of(module):
    """Return what one ordinary fit returns: the model."""
    model = module.LogisticRegression(l2=0.1).fit(**CALL)
    if not hasattr(model, "predict_proba"):
        raise Wrong("fit did not return the model itself")
    return model


test_contract_coefficients = contract(
    "LogisticRegression.coefficients",
    lambda module: model_of(module).coefficients,
    returns=array(2),
)
test_contract_intercept = contract(
    "LogisticRegression.intercept",
    lambda module: model_of(module).intercept,
    returns=float,
)
test_contract_predict_proba = contract(
    "LogisticRegression.predict_proba",
    lambda module: model_of(module).predict_proba(CALL["features"]),
    returns=array(2, 2),
)
test_contract_predict = contract(
    "LogisticRegression.predict",
    lambda module: model_of(module).predict(CALL["features"]),
    returns=array(2, kind="i"),
)
test_contract_log_loss = contract(
    "LogisticRegression.log_loss",
    lambda module: model_of(module).log_loss(**CALL),
    returns=float,
)


@pytest.mark.parametrize(
    ("features", "labels", "l2", "w", "b"),
    [
        # By symmetry b is 0, and the slope vanishes where l2 w = 1 / (1 + exp(w)).
        pytest.param([[-1], [1]], [0, 1], 1 / (1 + math.e), [1], 0, id="symmetric"),
        pytest.param([[2], [4]], [0, 1], 1 / (1 + math.e), [1], -3, id="shifted"),
        pytest.param(
            [[-1, -1], [1, 1]], [0, 1], 2 / (1 + math.e), [0.5, 0.5], 0,
            id="a column twice",
        ),
        pytest.param([[0]] * 4, [1, 1, 0, 1], 0.5, [0], math.log(3), id="zeros"),
    ],
)  # fmt: skip
def test_known_answers(submission, features, labels, l2, w, b):
    """Gets right the cases you would work out by hand."""
    model = fitted(submission, np.array(features, float), np.array(labels), l2)
    # Within 1e-8 of the minimum of F, these parameters lie within 2e-3 of its place.
    check(model.coefficients, np.array(w, float), rtol=0, atol=2e-3)
    check(model.intercept, float(b), rtol=0, atol=2e-3)


@settings(max_examples=25)
@given(tables())
def test_reaches_the_optimum(submission, reference, case):
    """Brings F within 1e-8 of its minimum."""
    require_optimum(fitted(submission, *case), reference, *case)


@settings(max_examples=15)
@given(tables(), st.integers(-20, 20))
def test_moving_a_column_changes_nothing(submission, case, offset):
    """Gives the same chances when a constant is added to a column."""
    features, labels, l2 = case
    moved = features + np.eye(features.shape[1])[0] * offset
    model, other = fitted(submission, *case), fitted(submission, moved, labels, l2)
    expected = check_array(model.predict_proba(features), (len(labels), 2))
    check(other.predict_proba(moved), expected, **CLOSE)


@settings(max_examples=15)
@given(tables(), st.integers(2, 3))
def test_repeating_the_table_swaps_the_chances(submission, case, times):
    """Gives the same chances for repeated rows, and swaps them with the classes."""
    features, labels, l2 = case
    model = fitted(submission, *case)
    table = np.tile(features, (times, 1)), 1 - np.tile(labels, times)
    other = fitted(submission, *table, l2)
    expected = check_array(model.predict_proba(features), (len(labels), 2))
    check(other.predict_proba(features), expected[:, ::-1], **CLOSE)


@settings(max_examples=25)
@given(tables(), st.integers(0, 5))
def test_predicts_from_its_parameters(submission, case, n_new):
    """Gives chances and labels that follow from w and b, also on new rows or none."""
    features, labels, l2 = case
    model = fitted(submission, features, labels, l2)
    w, b = parameters(model, features.shape[1])
    new = 2 * features[:n_new] + 1
    expected = [[chance(-z), chance(z)] for z in log_odds(new, w, b)]
    expected = check_array(np.array(expected).reshape(-1, 2), (len(new), 2))
    check(model.predict_proba(new), expected)
    predicted = check_array(model.predict(new), (len(new),), kind="iu")
    # Within rounding of one half either label will do.
    unclear = abs(expected[:, 1] - 0.5) < 1e-9
    check(predicted, np.where(unclear, predicted, expected[:, 1] >= 0.5).astype(int))


@settings(max_examples=15)
@given(tables(), st.integers(1, 5))
def test_loss_follows_from_the_parameters(submission, case, n_new):
    """Gives the log-loss of w and b, also on rows of a single class."""
    features, labels, l2 = case
    model = fitted(submission, features, labels, l2)
    w, b = parameters(model, features.shape[1])
    check(model.log_loss(features, labels), log_loss(features, labels, w, b))
    for one_class in (np.zeros, np.ones):
        new, label = features[:n_new], one_class(len(features[:n_new]), int)
        check(model.log_loss(new, label), log_loss(new, label, w, b))


@pytest.mark.edge_cases
def test_second_fit_forgets_the_first(submission, reference):
    """Fits afresh when fitted again, to other columns, of integers, at l2 = 1."""
    model = submission.LogisticRegression()
    model.fit(np.array([[-1.0], [1.0]]), np.array([0, 1]))
    features, labels = np.array([[-200, 1], [100, 1], [300, 1]]), np.array([0, 1, 0])
    model.fit(features, labels)
    require_optimum(model, reference, features, labels, 1.0)


@pytest.mark.edge_cases
def test_either_side_of_one_half(submission):
    """Predicts 1 at a chance of one half, 0 at 0.49975 and 1 at 0.50025."""
    model = fitted(submission, np.array([[-1.0], [1.0]]), np.array([0, 1]), 0.1)
    w, b = parameters(model, 1)
    check(model.predict((np.array([[-0.001], [0.001]]) - b) / w), np.array([0, 1]))
    tied = fitted(submission, np.array([[0.0], [0.0]]), np.array([0, 1]), 1.0)
    chances = check_array(tied.predict_proba(np.array([[5.0]])), (1, 2))
    check(tied.predict(np.array([[5.0]])), np.array([int(chances[0, 1] >= 0.5)]))


@pytest.mark.numerics
def test_columns_of_unlike_scale(submission, reference, rng):
    """Reaches the optimum on a rate near 0.05, an age near 40, incomes near 50,000."""
    n_samples = 40
    rate = rng.normal(0.05, 0.02, n_samples).round(3)
    age = rng.integers(20, 61, n_samples)
    income = rng.normal(50_000, 12_000, n_samples).round(-2)
    risk = 60 * (rate - 0.05) - (age - 40) / 10 - (income - 50_000) / 10_000
    labels = (rng.random(n_samples) < 1 / (1 + np.exp(-risk))).astype(int)
    features = np.column_stack([rate, age, income])
    model = fitted(submission, features, labels, 0.01)
    require_optimum(model, reference, features, labels, 0.01)


@pytest.mark.numerics
@pytest.mark.parametrize(
    ("features", "labels", "l2"),
    [
        pytest.param([[-3], [-1], [-1], [1], [2]],
                     [0, 0, 0, 1, 1], 1e-4, id="a line separates the classes"),
        pytest.param([[-3, -2], [1, 0], [-59, -24], [139, -6], [1, -2]],
                     [0, 0, 1, 1, 1], 0.01, id="full Newton steps overshoot"),
        pytest.param([[-300], [0], [4], [-1], [0]],
                     [0, 0, 1, 0, 0], 1.0, id="the loss must rise to save penalty"),
    ],
)  # fmt: skip
def test_hard_tables(submission, reference, features, labels, l2):
    """Reaches the optimum on separable classes, and where a few rows lie far out."""
    features, labels = np.array(features, float), np.array(labels)
    model = fitted(submission, features, labels, l2)
    require_optimum(model, reference, features, labels, l2)


@pytest.mark.numerics
def test_tails_keep_their_precision(submission):
    """Gives chances as small as 1e-300 to seven digits, of a 0 and of a 1 alike."""
    model = fitted(submission, np.array([[-1.0], [1.0]]), np.array([0, 1]), 0.1)
    w, b = parameters(model, 1)
    features = (np.array([[-690.0], [-300], [-40], [40], [300], [690]]) - b) / w
    expected = [[chance(-z), chance(z)] for z in log_odds(features, w, b)]
    check(model.predict_proba(features), np.array(expected), atol=0)


@pytest.mark.numerics
def test_nothing_overflows(submission):
    """Gives chances of 0 and 1, and a finite log-loss, however large z is."""
    model = fitted(submission, np.array([[-1.0], [1.0]]), np.array([0, 1]), 0.1)
    w, b = parameters(model, 1)
    near = float((-717 - b) / w[0])  # where exp(-z) overflows
    features = np.array([[-1e300], [-1e5], [near], [-near], [1e5], [1e300]])
    right = np.array([0, 0, 0, 1, 1, 1])
    check(model.predict_proba(features), np.column_stack([1.0 - right, right]))
    check(model.log_loss(features, right), 0.0)
    wrong = features[1:5], 1 - right[1:5]
    check(model.log_loss(*wrong), log_loss(*wrong, w, b))


@pytest.mark.validation
@pytest.mark.parametrize(
    "arguments",
    refusals(
        CALL,
        {
            "labels": ["shorter", "longer"],
            "features": "nan",
            "no ones": {"labels": np.array([0, 0])},
            "labels -1 and 1": {"labels": np.array([-1, 1])},
        },
    ),
)
def test_refuses_to_fit(submission, arguments):
    """Raises ValueError where fit has no table, or no optimum."""
    model = submission.LogisticRegression()
    with pytest.raises(ValueError):
        model.fit(**arguments)


@pytest.mark.efficiency
@pytest.mark.memory(256)
def test_memory(submission, reference, rng):
    """Fits 8,000 rows in O(n d) memory; a matrix of n by n takes 512 MB."""
    features = rng.normal(size=(8_000, 3))
    labels = (features[:, 0] > rng.normal(size=8_000)).astype(int)
    model = fitted(submission, features, labels, 0.1)
    require_optimum(model, reference, features, labels, 0.1)
