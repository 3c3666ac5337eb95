"""Grader for logistic regression: the interviewer's side of the table."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graders.harness import check, check_array, check_number

ENOUGH = 1e-8  # how far above its minimum F may be: the prompt's word

# Chances of two fits on up to 12 rows. The mean of p (1 - p) dz^2 is at most twice
# ENOUGH, so that p (1 - p) dz is below sqrt(12 / 4 * 2e-8) = 2.5e-4 in each of them.
CLOSE = {"rtol": 0, "atol": 1e-3}


@st.composite
def tables(draw):
    """Draw features of small integers, labels with both classes present, and l2."""
    n, d = draw(st.integers(2, 12)), draw(st.integers(1, 3))
    row = st.lists(st.integers(-3, 3), min_size=d, max_size=d)
    features = np.array(draw(st.lists(row, min_size=n, max_size=n)), float)
    labels = np.array(draw(st.lists(st.integers(0, 1), min_size=n, max_size=n)))
    labels[draw(st.integers(0, n - 1))] ^= labels.min() == labels.max()
    return features, labels, draw(st.sampled_from([1.0, 0.1, 0.01]))


def fitted(module, features, labels, l2):
    """Return the module's model of a table."""
    return module.LogisticRegression(l2=l2).fit(features, labels)


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


def possible_gains(features, labels, l2, w, b):
    """Return by how much F falls, at least, if one parameter alone is bettered.

    Along a parameter with curvature at most c, a slope g promises g^2 / (2 c).
    """
    table = np.column_stack([features, np.ones(len(labels))])
    error = [chance(z) for z in log_odds(features, w, b)] - labels
    penalty = np.append(np.full(len(w), l2), 0)
    slope = table.T @ error / len(labels) + penalty * np.append(w, b)
    return slope**2 / (2 * ((table**2).mean(axis=0) / 4 + penalty))


def require_optimum(submission, reference, features, labels, l2):
    """Demand that the answer's F is at most ENOUGH above that of the reference."""
    w, b = parameters(fitted(submission, features, labels, l2), features.shape[1])
    best = fitted(reference, features, labels, l2)
    least = objective(features, labels, l2, best.coefficients, best.intercept)
    excess = check_number(objective(features, labels, l2, w, b) - least)
    assert excess <= ENOUGH, f"F lies {excess:.3g} above its minimum; 1e-8 is allowed"


def require_no_slope(model, features, labels, l2):
    """Demand that no change of a single parameter lowers F by more than ENOUGH."""
    w, b = parameters(model, features.shape[1])
    gain = check_number(possible_gains(features, labels, l2, w, b).max())
    assert gain <= ENOUGH, f"a change of one parameter lowers F by {gain:.3g} or more"


@pytest.mark.parametrize(
    ("features", "labels", "l2", "w", "b"),
    [
        # By symmetry b is 0, and the slope vanishes where l2 w = 1 / (1 + exp(w)).
        pytest.param([[-1], [1]], [0, 1], 1 / (1 + math.e), [1], 0, id="symmetric"),
        pytest.param([[2], [4]], [0, 1], 1 / (1 + math.e), [1], -3, id="shifted"),
        pytest.param([[-1], [1]], [1, 0], 1 / (1 + math.e), [-1], 0, id="falling"),
        pytest.param(
            [[-1, -1], [1, 1]],
            [0, 1],
            2 / (1 + math.e),
            [0.5, 0.5],
            0,
            id="a column twice",
        ),
        pytest.param([[0]] * 4, [1, 1, 0, 1], 0.5, [0], math.log(3), id="zeros"),
        pytest.param([[1], [1], [2], [2]], [0, 1, 0, 1], 0.5, [0], 0, id="no signal"),
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
    require_optimum(submission, reference, *case)


@settings(max_examples=25)
@given(tables())
def test_leaves_no_slope(submission, case):
    """Leaves no parameter whose change alone would lower F by more than 1e-8."""
    require_no_slope(fitted(submission, *case), *case)


@settings(max_examples=25)
@given(tables())
def test_chances_add_up_to_the_ones(submission, case):
    """Gives chances of a 1 whose mean is the share of ones, for b is not penalised."""
    features, labels, l2 = case
    model = fitted(submission, features, labels, l2)
    chances = check_array(model.predict_proba(features), (len(labels), 2))
    # The slope of b: its square over 2 * 1/4 is at most 1e-8, so it is below 7.1e-5.
    check(chances[:, 1].mean(), labels.mean(), rtol=0, atol=1e-4)


@settings(max_examples=15)
@given(tables(), st.integers(2, 3))
def test_repeating_the_table_changes_nothing(submission, case, times):
    """Gives the same chances when every row is there twice: the loss is a mean."""
    features, labels, l2 = case
    repeated = np.tile(features, (times, 1)), np.tile(labels, times)
    model, other = fitted(submission, *case), fitted(submission, *repeated, l2)
    expected = check_array(model.predict_proba(features), (len(labels), 2))
    check(other.predict_proba(features), expected, **CLOSE)


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
@given(tables())
def test_swapping_the_classes_swaps_the_chances(submission, case):
    """Gives the two chances in the other order when 0 and 1 change their roles."""
    features, labels, l2 = case
    model, other = (
        fitted(submission, *case),
        fitted(submission, features, 1 - labels, l2),
    )
    expected = check_array(model.predict_proba(features), (len(labels), 2))
    check(other.predict_proba(features), expected[:, ::-1], **CLOSE)


@settings(max_examples=25)
@given(tables(), st.integers(0, 5))
def test_predicts_from_its_parameters(submission, case, n_new):
    """Gives chances, labels and log-loss that follow from w and b, also on new rows."""
    features, labels, l2 = case
    model = fitted(submission, features, labels, l2)
    w, b = parameters(model, features.shape[1])
    new = 2 * features[:n_new] + 1
    expected = [[chance(-z), chance(z)] for z in log_odds(new, w, b)]
    check(model.predict_proba(new), np.array(expected).reshape(-1, 2))
    check(model.log_loss(features, labels), log_loss(features, labels, w, b))


@settings(max_examples=25)
@given(tables())
def test_predicts_the_likelier_class(submission, case):
    """Predicts 1 where the chance of a 1 is at least 0.5, and else 0, as integers."""
    features, labels, l2 = case
    model = fitted(submission, features, labels, l2)
    predicted = check_array(model.predict(features), labels.shape, kind="iu")
    chances = check_array(model.predict_proba(features), (len(labels), 2))[:, 1]
    # Within rounding of one half either label will do.
    expected = np.where(
        abs(chances - 0.5) < 1e-9, predicted, (chances >= 0.5).astype(int)
    )
    check(predicted, expected)


def test_second_fit_forgets_the_first(submission):
    """Fits afresh when it is fitted again, be it to other columns."""
    model = fitted(submission, np.array([[-1.0], [1.0]]), np.array([0, 1]), 0.01)
    features, labels = np.array([[0.0, 1], [2, 1], [3, 0]]), np.array([1, 0, 1])
    model.fit(features, labels)
    require_no_slope(model, features, labels, 0.01)


def test_default_strength(submission):
    """Takes l2 = 1 unless told otherwise."""
    features, labels = np.array([[-1.0], [1.0], [2.0]]), np.array([0, 1, 1])
    model = submission.LogisticRegression().fit(features, labels)
    require_no_slope(model, features, labels, 1.0)


@pytest.mark.edge_cases
def test_a_tie_is_a_one(submission):
    """Predicts 1 where the chances are equal."""
    model = fitted(submission, np.array([[0.0], [0.0]]), np.array([0, 1]), 1.0)
    chances = check_array(model.predict_proba(np.array([[5.0]])), (1, 2))
    check(model.predict(np.array([[5.0]])), np.array([int(chances[0, 1] >= 0.5)]))


@pytest.mark.edge_cases
def test_either_side_of_one_half(submission):
    """Predicts 0 where the chance of a 1 is 0.49975, and 1 where it is 0.50025."""
    model = fitted(submission, np.array([[-1.0], [1.0]]), np.array([0, 1]), 0.1)
    w, b = parameters(model, 1)
    features = (np.array([[-0.001], [0.001]]) - b) / w
    check(model.predict(features), np.array([0, 1]))


@pytest.mark.edge_cases
def test_no_rows_and_whole_numbers(submission):
    """Takes integers as features, and no rows at all once it is fitted."""
    features, labels = np.array([[-200, 1], [100, 1], [300, 1]]), np.array([0, 1, 0])
    model = fitted(submission, features, labels, 0.1)
    require_no_slope(model, features, labels, 0.1)
    check(model.predict_proba(np.empty((0, 2))), np.empty((0, 2)))
    check(model.predict(np.empty((0, 2))), np.empty(0, int))


@pytest.mark.edge_cases
@pytest.mark.parametrize("l2", [0.0, -0.1, math.nan, math.inf])
def test_refuses_to_go_without_a_penalty(submission, l2):
    """Raises ValueError when it is made with an l2 that is not positive and finite."""
    with pytest.raises(ValueError):
        submission.LogisticRegression(l2=l2)


@pytest.mark.edge_cases
@pytest.mark.parametrize(
    ("features", "labels"),
    [
        pytest.param([[1.0], [2.0]], [1, 1], id="no zeros"),
        pytest.param([[1.0], [2.0]], [0, 0], id="no ones"),
        pytest.param(np.empty((0, 2)), np.empty(0, int), id="no rows"),
        pytest.param([[1.0], [2.0]], [-1, 1], id="labels -1 and 1"),
        pytest.param([[1.0], [2.0], [3.0]], [0, 1, 2], id="label 2"),
        pytest.param([[1.0], [math.nan]], [0, 1], id="NaN"),
        pytest.param([[1.0], [math.inf]], [0, 1], id="infinity"),
        pytest.param([1.0, 2.0], [0, 1], id="features (n,)"),
        pytest.param([[[1.0]], [[2.0]]], [0, 1], id="features (n, 1, 1)"),
        pytest.param([[1.0], [2.0]], [[0], [1]], id="labels (n, 1)"),
        pytest.param([[1.0], [2.0], [3.0]], [0, 1], id="too few labels"),
        pytest.param([[1.0], [2.0]], [0, 1, 1], id="too many labels"),
    ],
)
def test_refuses_to_fit(submission, features, labels):
    """Raises ValueError where fit has no table, or no optimum."""
    model = submission.LogisticRegression()
    with pytest.raises(ValueError):
        model.fit(np.array(features), np.array(labels))


@pytest.mark.edge_cases
@pytest.mark.parametrize(
    "features",
    [
        pytest.param([[1.0, 2.0]], id="a column too many"),
        pytest.param(np.empty((1, 0)), id="a column too few"),
        pytest.param(np.empty((0, 2)), id="no rows of other columns"),
        pytest.param([1.0], id="features (d,)"),
        pytest.param([[[1.0]]], id="features (1, m, d)"),
        pytest.param([[math.nan]], id="NaN"),
        pytest.param([[-math.inf]], id="infinity"),
    ],
)
def test_refuses_to_predict(submission, features):
    """Raises ValueError for features that are not (m, d), d as in fit, and finite."""
    features = np.array(features)
    model = fitted(submission, np.array([[1.0], [2.0]]), np.array([0, 1]), 1.0)
    with pytest.raises(ValueError):
        model.predict_proba(features)
    with pytest.raises(ValueError):
        model.predict(features)
    with pytest.raises(ValueError):
        model.log_loss(features, np.ones(len(features), int))


@pytest.mark.edge_cases
def test_refuses_to_predict_before_fit(submission):
    """Raises ValueError when it is asked before it is fitted."""
    model = submission.LogisticRegression()
    with pytest.raises(ValueError):
        model.predict_proba(np.array([[1.0]]))
    with pytest.raises(ValueError):
        model.predict(np.array([[1.0]]))
    with pytest.raises(ValueError):
        model.log_loss(np.array([[1.0]]), np.array([1]))


@pytest.mark.edge_cases
@pytest.mark.parametrize(
    ("features", "labels"),
    [
        pytest.param(np.empty((0, 1)), np.empty(0, int), id="no rows"),
        pytest.param([[1.0], [2.0]], [1], id="too few labels"),
        pytest.param([[1.0], [2.0]], [[0], [1]], id="labels (m, 1)"),
        pytest.param([[1.0], [2.0]], [-1, 1], id="label -1"),
    ],
)
def test_refuses_a_loss_of_what_is_not_labelled(submission, features, labels):
    """Raises ValueError where log_loss has no rows, or not one label for each."""
    model = fitted(submission, np.array([[1.0], [2.0]]), np.array([0, 1]), 1.0)
    with pytest.raises(ValueError):
        model.log_loss(np.array(features), np.array(labels))


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
    require_optimum(submission, reference, features, labels, 0.01)


@pytest.mark.numerics
def test_separable_classes(submission, reference):
    """Reaches the optimum where a line separates the classes and l2 is 0.0001."""
    features = np.array([[-3.0], [-1.0], [-1.0], [1.0], [2.0]])
    require_optimum(submission, reference, features, np.array([0, 0, 0, 1, 1]), 1e-4)


@pytest.mark.numerics
@pytest.mark.parametrize(
    ("features", "labels", "l2"),
    [
        pytest.param([[-3, -2], [1, 0], [-59, -24], [139, -6], [1, -2]],
                     [0, 0, 1, 1, 1], 0.01, id="full Newton steps overshoot"),
        pytest.param([[-300], [0], [4], [-1], [0]],
                     [0, 0, 1, 0, 0], 1.0, id="the loss must rise to save penalty"),
    ],
)  # fmt: skip
def test_rows_far_out(submission, reference, features, labels, l2):
    """Reaches the optimum where a few rows lie far from the others."""
    features, labels = np.array(features, float), np.array(labels)
    require_optimum(submission, reference, features, labels, l2)


@pytest.mark.numerics
def test_tails_keep_their_precision(submission):
    """Gives chances as small as exp(-700) to seven digits, of a 0 and of a 1 alike."""
    model = fitted(submission, np.array([[-1.0], [1.0]]), np.array([0, 1]), 0.1)
    w, b = parameters(model, 1)
    features = (np.array([[-700.0], [-300], [-40], [40], [300], [700]]) - b) / w
    expected = [[chance(-z), chance(z)] for z in log_odds(features, w, b)]
    check(model.predict_proba(features), np.array(expected), atol=0)


@pytest.mark.numerics
def test_nothing_overflows(submission):
    """Gives chances of 0 and 1, and a finite log-loss, however large z is."""
    model = fitted(submission, np.array([[-1.0], [1.0]]), np.array([0, 1]), 0.1)
    features = np.array([[-1e300], [-1e5], [1e5], [1e300]])
    right = np.array([0, 0, 1, 1])
    check(model.predict_proba(features), np.column_stack([1.0 - right, right]))
    check(model.log_loss(features, right), 0.0)
    wrong = features[1:3], 1 - right[1:3]
    check(model.log_loss(*wrong), log_loss(*wrong, *parameters(model, 1)))


@pytest.mark.efficiency
@pytest.mark.memory(256)
def test_ten_thousand_rows(submission, rng):
    """Fits 10,000 rows in O(n d) memory; a matrix of n by n takes 800 MB."""
    features = rng.normal(size=(10_000, 3))
    labels = (features[:, 0] > rng.normal(size=10_000)).astype(int)
    require_no_slope(fitted(submission, features, labels, 0.1), features, labels, 0.1)
