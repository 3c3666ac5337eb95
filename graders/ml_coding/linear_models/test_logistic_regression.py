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


@st.composite
def tables(draw):
    """Draw features of integers, labels with both classes present, and l2."""
    n, d = draw(st.integers(2, 20)), draw(st.integers(1, 4))
    row = st.lists(st.integers(-3, 3), min_size=d, max_size=d)
    features = np.array(draw(st.lists(row, min_size=n, max_size=n)), float)
    features[:, 0] += draw(st.integers(-20, 20))
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


def chance(z):
    """Return 1 / (1 + exp(-z)), by whichever form does not overflow."""
    return 1 / (1 + math.exp(-z)) if z >= 0 else math.exp(z) / (1 + math.exp(z))


def log_loss(features, labels, w, b):
    """Return the mean of -log(chance of the label) by its definition."""
    margins = np.where(labels == 1, 1, -1) * (features @ w + b)
    losses = [math.log1p(math.exp(-abs(m))) + max(-m, 0) for m in margins.tolist()]
    return sum(losses) / len(losses)


def objective(features, labels, l2, w, b):
    """Return F by its definition."""
    return log_loss(features, labels, w, b) + l2 / 2 * sum(v * v for v in w.tolist())


def require_optimum(model, reference, features, labels, l2):
    """Demand that a model's F is at most ENOUGH above that of the reference."""
    w, b = parameters(model, features.shape[1])
    best = fitted(reference, features, labels, l2)
    least = objective(features, labels, l2, best.coefficients, best.intercept)
    excess = check_number(objective(features, labels, l2, w, b) - least)
    assert excess <= ENOUGH, f"F lies {excess:.3g} above its minimum; 1e-8 is allowed"


ROWS, LABELS = np.array([[-1.0, 3.0], [1.0, 2.0]]), np.array([0, 1])


def model_of(module):
    """Return what one ordinary fit returns: the model."""
    model = module.LogisticRegression(l2=0.1).fit(ROWS, LABELS)
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
    lambda module: model_of(module).predict_proba(ROWS),
    returns=array(2, 2),
)
test_contract_predict = contract(
    "LogisticRegression.predict",
    lambda module: model_of(module).predict(ROWS),
    returns=array(2, kind="i"),
)
test_contract_log_loss = contract(
    "LogisticRegression.log_loss",
    lambda module: model_of(module).log_loss(ROWS, LABELS),
    returns=float,
)


@pytest.mark.parametrize(
    ("features", "labels", "l2", "w", "b"),
    [
        # By symmetry b is 0, and the slope vanishes where l2 w = 1 / (1 + exp(w)).
        pytest.param([[-1], [1]], [0, 1], 1 / (1 + math.e), [1], 0, id="symmetric"),
        pytest.param([[2], [4]], [0, 1], 1 / (1 + math.e), [1], -3, id="shifted"),
        pytest.param([[0]] * 4, [1, 1, 0, 1], 0.5, [0], math.log(3), id="zeros"),
    ],
)
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


@settings(max_examples=25)
@given(tables(), st.integers(0, 5))
def test_predicts_from_its_parameters(submission, case, n_new):
    """Gives chances and labels that follow from w and b, also on new rows or none."""
    model = fitted(submission, *case)
    new = 2 * case[0][:n_new] + 1
    w, b = parameters(model, new.shape[1])
    chances = [[chance(-z), chance(z)] for z in (new @ w + b).tolist()]
    expected = check_array(np.array(chances).reshape(-1, 2), (len(new), 2))
    check(model.predict_proba(new), expected)
    predicted = check_array(model.predict(new), (len(new),), kind="iu")
    # Within rounding of one half either label will do.
    unclear = abs(expected[:, 1] - 0.5) < 1e-9
    check(predicted, np.where(unclear, predicted, expected[:, 1] >= 0.5).astype(int))


@settings(max_examples=25)
@given(tables(), st.lists(st.integers(0, 1), min_size=1, max_size=4))
def test_loss_follows_from_the_parameters(submission, case, labels):
    """Gives the log-loss of w and b, also on rows of a single class."""
    model = fitted(submission, *case)
    new, labels = np.resize(case[0], (len(labels), case[0].shape[1])), np.array(labels)
    w, b = parameters(model, new.shape[1])
    check(model.log_loss(new, labels), log_loss(new, labels, w, b))


@pytest.mark.edge_cases
def test_second_fit_forgets_the_first(submission, reference):
    """Fits afresh when fitted again, to other columns, of integers, at l2 = 1."""
    model = submission.LogisticRegression()
    model.fit(np.array([[-1.0], [1.0]]), np.array([0, 1]))
    features, labels = np.array([[-200, 1], [100, 1], [300, 1]]), np.array([0, 1, 0])
    model.fit(features, labels)
    require_optimum(model, reference, features, labels, 1.0)


@pytest.mark.edge_cases
def test_a_chance_of_one_half(submission):
    """Predicts 1 where the chance of a 1 is 0.5, as on rows that tell nothing."""
    tied = fitted(submission, np.array([[0.0], [0.0]]), np.array([0, 1]), 1.0)
    chances = check_array(tied.predict_proba(np.array([[5.0]])), (1, 2))
    check(tied.predict(np.array([[5.0]])), np.array([int(chances[0, 1] >= 0.5)]))


@pytest.mark.numerics
def test_columns_of_unlike_scale(submission, reference, rng):
    """Reaches the optimum on a rate near 0.05 and incomes near 50,000."""
    rate = rng.normal(0.05, 0.02, 40).round(3)
    income = rng.normal(50_000, 12_000, 40).round(-2)
    risk = 60 * (rate - 0.05) - (income - 50_000) / 10_000
    labels = (rng.random(40) < 1 / (1 + np.exp(-risk))).astype(int)
    table = np.column_stack([rate, income]), labels, 0.01
    require_optimum(fitted(submission, *table), reference, *table)


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
    expected = [[chance(-z), chance(z)] for z in (features @ w + b).tolist()]
    check(model.predict_proba(features), np.array(expected), atol=0)


@pytest.mark.numerics
def test_nothing_overflows(submission):
    """Gives chances of 0 and 1, and a finite log-loss, however large z is."""
    model = fitted(submission, np.array([[-1.0], [1.0]]), np.array([0, 1]), 0.1)
    w, b = parameters(model, 1)
    near = float((-717 - b) / w[0])  # where math.exp(-z) raises
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
        {"features": ROWS, "labels": LABELS},
        {
            "features": ["shorter", "longer", "nan"],
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
