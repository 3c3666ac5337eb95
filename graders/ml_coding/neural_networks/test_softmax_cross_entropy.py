"""Grader for softmax cross-entropy: the interviewer's side of the table."""

import math
from decimal import Decimal, localcontext

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graders.harness import Wrong, check, check_array, check_number

LN2, LN3, LN4 = math.log(2), math.log(3), math.log(4)
INF, NAN = math.inf, math.nan


@st.composite
def batches(draw):
    """Draw logits in quarters, targets of which some are -100, and a smoothing."""
    n, c = draw(st.integers(1, 4)), draw(st.integers(1, 4))
    row = st.lists(st.integers(-40, 40), min_size=c, max_size=c)
    quarters = np.array(draw(st.lists(row, min_size=n, max_size=n)))
    classes = st.sampled_from([*range(c), -100])
    targets = np.array(draw(st.lists(classes, min_size=n, max_size=n)))
    return quarters / 4, targets, draw(st.sampled_from([0.0, 0.25, 1.0]))


def pair(answer, shape):
    """Return an answer's loss and gradient, made sure of."""
    if not isinstance(answer, tuple) or len(answer) != 2:
        raise Wrong("expected a tuple of the loss and its gradient")
    return check_number(answer[0]), check_array(answer[1], shape)


def graded(submission, logits, targets, smoothing):
    """Return the loss and the gradient that the answer gives."""
    answer = submission.softmax_cross_entropy(
        logits, targets, label_smoothing=smoothing
    )
    return pair(answer, logits.shape)


def row_loss(row, target, smoothing):
    """Return the loss of one row of Decimals by its definition."""
    odds = [logit.exp() for logit in row]
    q = [Decimal(smoothing) / len(row)] * len(row)
    q[target] += 1 - Decimal(smoothing)
    return -sum(w * (o / sum(odds)).ln() for w, o in zip(q, odds, strict=True))


def mean_loss(logits, targets, smoothing):
    """Return the loss by its definition. An oracle may be slow, never clever."""
    with localcontext(prec=50):
        losses = [
            row_loss([Decimal(x) for x in row], target, smoothing)
            for row, target in zip(logits.tolist(), targets.tolist(), strict=True)
            if target != -100
        ]
        return float(sum(losses) / max(len(losses), 1))


def slopes(logits, targets, smoothing):
    """Return the gradient by differences of the loss, taken with fifty digits."""
    step, n_counted = Decimal("1e-20"), int((targets != -100).sum())
    gradient = np.zeros(logits.shape)
    with localcontext(prec=50):
        for i, j in np.ndindex(*logits.shape):
            if targets[i] == -100:
                continue
            up, down = ([Decimal(x) for x in logits[i].tolist()] for _ in range(2))
            up[j] += step
            down[j] -= step
            rise = row_loss(up, targets[i], smoothing) - row_loss(
                down, targets[i], smoothing
            )
            gradient[i, j] = rise / (2 * step * n_counted)
    return gradient


@pytest.mark.parametrize(
    ("logits", "expected"),
    [
        pytest.param([[0, 0]], [[0.5, 0.5]], id="equal"),
        pytest.param([[0, LN3], [LN2, 0]], [[1 / 4, 3 / 4], [2 / 3, 1 / 3]], id="rows"),
        pytest.param(
            [[0, 0], [0, 0], [LN3, 0]],
            [[0.5, 0.5], [0.5, 0.5], [0.75, 0.25]],
            id="more rows than classes",
        ),
        pytest.param([[7], [-7]], [[1], [1]], id="one class"),
    ],
)
def test_known_probabilities(submission, logits, expected):
    """Gives the probabilities that you would work out by hand."""
    check(submission.softmax(np.array(logits, float)), np.array(expected, float))


@pytest.mark.parametrize(
    ("logits", "targets", "smoothing", "loss", "gradient"),
    [
        pytest.param([[0, 0]], [0], 0.0, LN2, [[-1 / 2, 1 / 2]], id="equal"),
        pytest.param([[0, LN3], [0, 0]], [0, 1], 0.0, 1.5 * LN2,
                     [[-3 / 8, 3 / 8], [1 / 4, -1 / 4]], id="the mean of two rows"),
        pytest.param([[0, LN3], [0, 0]], [-100, 1], 0.0, LN2,
                     [[0, 0], [1 / 2, -1 / 2]], id="one of two rows ignored"),
        pytest.param([[0, 0, 0, 0]], [1], 0.4, LN4,
                     [[0.15, -0.45, 0.15, 0.15]], id="smoothed"),
        pytest.param([[0, LN3]], [1], 0.5, LN4 - 0.75 * LN3,
                     [[0, 0]], id="smoothed to the softmax"),
    ],
)  # fmt: skip
def test_known_losses(submission, logits, targets, smoothing, loss, gradient):
    """Gives the losses and gradients that you would work out by hand."""
    answer = submission.softmax_cross_entropy(
        np.array(logits, float), np.array(targets), label_smoothing=smoothing
    )
    check(answer, (loss, np.array(gradient, float)))


@settings(max_examples=30)
@given(batches())
def test_softmax_matches_the_definition(submission, case):
    """Gives each logit's exponential over the sum of its row's."""
    logits, _, _ = case
    odds = [[math.exp(x) for x in row] for row in logits.tolist()]
    chances = [[o / math.fsum(row) for o in row] for row in odds]
    check(submission.softmax(logits), np.array(chances), atol=0)


@settings(max_examples=50)
@given(batches())
def test_loss_matches_the_definition(submission, case):
    """Returns the mean of -sum(q * log(p)) over the rows that count."""
    loss, _ = graded(submission, *case)
    check(loss, mean_loss(*case))


@settings(max_examples=30)
@given(batches())
def test_gradient_is_the_slope_of_the_loss(submission, case):
    """Returns as gradient what differences of the exact loss give."""
    _, gradient = graded(submission, *case)
    check(gradient, slopes(*case))


@settings(max_examples=30)
@given(batches(), st.integers(-4, 4))
def test_moving_a_row_changes_nothing(submission, case, trillions):
    """Gives the same loss, gradient and softmax when 2^40 is added to each logit."""
    logits, targets, smoothing = case
    moved = logits + trillions * 2.0**40  # exact: the logits are quarters
    loss, gradient = graded(submission, logits, targets, smoothing)
    check(graded(submission, moved, targets, smoothing), (loss, gradient))
    expected = check_array(submission.softmax(logits), logits.shape)
    check(submission.softmax(moved), expected)


@settings(max_examples=30)
@given(batches())
def test_rows_sum_as_they_must(submission, case):
    """Gives softmax rows that sum to one, and gradient rows that sum to zero."""
    chances = check_array(submission.softmax(case[0]), case[0].shape)
    check(chances.sum(axis=1), np.ones(len(chances)))
    _, gradient = graded(submission, *case)
    check(gradient.sum(axis=1), np.zeros(len(gradient)))


@settings(max_examples=30)
@given(batches(), st.integers(1, 3))
def test_classes_have_no_order(submission, case, places):
    """Returns the same loss, and the gradient's columns turned, when classes are."""
    logits, targets, smoothing = case
    turned = np.where(targets < 0, targets, (targets + places) % logits.shape[1])
    loss, gradient = graded(submission, logits, targets, smoothing)
    answer = graded(submission, np.roll(logits, places, axis=1), turned, smoothing)
    check(answer, (loss, np.roll(gradient, places, axis=1)))


@settings(max_examples=30)
@given(batches())
def test_ignored_rows_might_as_well_be_absent(submission, case):
    """Returns the loss of the other rows alone, whatever an ignored row holds."""
    logits, targets, smoothing = case
    counts = targets != -100
    loss, gradient = graded(submission, logits[counts], targets[counts], smoothing)
    expected = np.zeros(logits.shape)
    expected[counts] = gradient
    spoilt = np.where(counts[:, None], logits, NAN)
    check(graded(submission, spoilt, targets, smoothing), (loss, expected))


@settings(max_examples=30)
@given(batches())
def test_smoothing_mixes_two_losses(submission, case):
    """Returns for a smoothing of 0.25 three quarters of none and a quarter of all."""
    logits, targets, _ = case
    sharp, sharp_gradient = graded(submission, logits, targets, 0.0)
    flat, flat_gradient = graded(submission, logits, targets, 1.0)
    mixture = 0.75 * sharp_gradient + 0.25 * flat_gradient
    answer = graded(submission, logits, targets, 0.25)
    check(answer, (0.75 * sharp + 0.25 * flat, mixture))


@pytest.mark.edge_cases
@pytest.mark.parametrize("n", [0, 1, 3])
def test_no_row_counts(submission, n):
    """Returns 0.0 and a gradient of zeros where no row counts, or there is none."""
    answer = submission.softmax_cross_entropy(np.ones((n, 2)), np.full(n, -100))
    check(answer, (0.0, np.zeros((n, 2))))


@pytest.mark.edge_cases
def test_softmax_of_no_rows(submission):
    """Returns (0, c) for (0, c)."""
    check(submission.softmax(np.empty((0, 3))), np.empty((0, 3)))


@pytest.mark.edge_cases
@pytest.mark.parametrize("index", [-100, -1, 0, 1, 7])
def test_any_integer_can_mean_ignore(submission, index):
    """Ignores the rows whose target is ignore_index, be it a class or not."""
    logits, targets = np.zeros((3, 2)), np.array([0, index, 1])
    counts = targets != index
    gradient = (0.5 - np.eye(2)[[0, 0, 1]]) * counts[:, None] / counts.sum()
    answer = submission.softmax_cross_entropy(logits, targets, ignore_index=index)
    check(answer, (LN2, gradient))


@pytest.mark.edge_cases
@pytest.mark.parametrize(
    "logits",
    [
        pytest.param(np.array([[0, 1, 3], [2, 2, 0]]), id="int64"),
        pytest.param(np.array([[-(2**62), 2**62, 0], [2, 2, 0]]), id="huge int64"),
        pytest.param(np.array([[-100, 100, 0], [2, 2, 0]], "int8"), id="int8"),
        pytest.param(np.array([[0, 1, 100], [2, 2, 0]], "uint8"), id="uint8"),
    ],
)
def test_whole_numbers(submission, logits):
    """Returns floats for logits of whole numbers, which neither wrap nor truncate."""
    targets = np.array([1, 0])
    expected = submission.softmax(logits.astype(float))
    check(submission.softmax(logits), check_array(expected, (2, 3)))
    loss, gradient = graded(submission, logits.astype(float), targets, 0.0)
    check(submission.softmax_cross_entropy(logits, targets), (loss, gradient))


@pytest.mark.edge_cases
def test_classes_that_are_ruled_out(submission):
    """Gives a class whose logit is -inf no probability and no gradient."""
    logits = np.array([[0.0, -INF, LN3], [-INF, 5.0, -INF]])
    check(submission.softmax(logits), np.array([[0.25, 0, 0.75], [0, 1, 0]]))
    answer = submission.softmax_cross_entropy(logits, np.array([0, 1]))
    check(answer, (LN2, np.array([[-0.375, 0, 0.375], [0, 0, 0]])))


@pytest.mark.edge_cases
@pytest.mark.parametrize(
    ("target", "smoothing", "gradient"),
    [
        pytest.param(1, 0.0, [0.25, -1, 0.75], id="the target"),
        pytest.param(2, 0.6, [0.05, -0.2, 0.15], id="a class of the smoothing"),
    ],
)
def test_ruling_out_what_is_wanted(submission, target, smoothing, gradient):
    """Returns an infinite loss, and p - q still, where a wanted class is ruled out."""
    answer = submission.softmax_cross_entropy(
        np.array([[0.0, -INF, LN3]]), np.array([target]), label_smoothing=smoothing
    )
    check(answer, (INF, np.array([gradient])))


@pytest.mark.edge_cases
@pytest.mark.parametrize(
    "logits",
    [
        pytest.param([[0.0, 1.0], [0.0, NAN]], id="NaN"),
        pytest.param([[0.0, INF], [0.0, 1.0]], id="infinity"),
        pytest.param([[0.0, 1.0], [-INF, -INF]], id="a row all -inf"),
        pytest.param([[-INF, NAN], [0.0, 1.0]], id="NaN beside -inf"),
        pytest.param([0.0, 1.0], id="(c,)"),
        pytest.param([[[0.0, 1.0]], [[0.0, 1.0]]], id="(n, 1, c)"),
    ],
)
def test_refuses_logits_without_a_softmax(submission, logits):
    """Raises ValueError for logits that are not (n, c), NaN, +inf, or a row of -inf."""
    logits = np.array(logits)
    with pytest.raises(ValueError):
        submission.softmax(logits)
    with pytest.raises(ValueError):
        submission.softmax_cross_entropy(logits, np.zeros(len(logits), int))


@pytest.mark.edge_cases
@pytest.mark.parametrize(
    ("targets", "options"),
    [
        pytest.param([0, 2], {}, id="class c"),
        pytest.param([0, -1], {}, id="class -1"),
        pytest.param([0, -100], {"ignore_index": -1}, id="-100 is not ignore_index"),
        pytest.param([0], {}, id="too few targets"),
        pytest.param([0, 1, 0], {}, id="too many targets"),
        pytest.param([[0], [1]], {}, id="targets (n, 1)"),
        pytest.param([[1, 0], [0, 1]], {}, id="one-hot targets"),
        pytest.param([0.0, 1.0], {}, id="targets of floats"),
        pytest.param([0, 3], {}, id="a target far too high"),
        pytest.param([0, 1], {"label_smoothing": -0.1}, id="negative smoothing"),
        pytest.param([0, 1], {"label_smoothing": 1.1}, id="smoothing above one"),
        pytest.param([0, 1], {"label_smoothing": NAN}, id="NaN smoothing"),
        pytest.param([-100, -100], {"label_smoothing": 2.0}, id="all ignored"),
    ],
)
def test_refuses_what_is_no_target(submission, targets, options):
    """Raises ValueError for targets that are no classes, and smoothing off [0, 1]."""
    with pytest.raises(ValueError):
        submission.softmax_cross_entropy(np.zeros((2, 2)), np.array(targets), **options)


@pytest.mark.numerics
@pytest.mark.parametrize(
    ("logits", "loss", "gradient"),
    [
        pytest.param([800, 0], 0.0, [0, 0], id="sure and right"),
        pytest.param([0, 800], 800.0, [-1, 1], id="sure and wrong"),
        pytest.param([0, -800], 0.0, [0, 0], id="the other far below"),
        pytest.param([-800, -800], LN2, [-0.5, 0.5], id="both far below"),
        pytest.param([1e300, 1e300], LN2, [-0.5, 0.5], id="both huge"),
        pytest.param([-1e300, 1e300], 2e300, [-1, 1], id="as far apart as they get"),
        pytest.param([1e300, -1e300], 0.0, [0, 0], id="the same, and right"),
        pytest.param([1e12, 1e12 + 1], math.log1p(math.e),
                     [1 / (1 + math.e) - 1, math.e / (1 + math.e)], id="near 1e12"),
    ],
)  # fmt: skip
def test_logits_of_any_size(submission, logits, loss, gradient):
    """Neither overflows nor loses digits, however large the logits are."""
    answer = submission.softmax_cross_entropy(np.array([logits], float), np.array([0]))
    check(answer, (loss, np.array([gradient], float)))
    chances = np.array([gradient], float) + np.array([1, 0])  # p = gradient + q
    check(submission.softmax(np.array([logits], float)), chances)


@pytest.mark.numerics
def test_each_row_has_a_scale_of_its_own(submission):
    """Keeps a row near 0 intact beside one near 1e300 and one near -1e300."""
    logits = np.array([[0.0, LN3], [1e300, 0.0], [-1e300, -1e300]])
    check(submission.softmax(logits), np.array([[0.25, 0.75], [1, 0], [0.5, 0.5]]))
    loss, gradient = graded(submission, logits, np.array([0, 0, 1]), 0.0)
    check(loss, LN2)
    check(gradient, np.array([[-0.75, 0.75], [0, 0], [0.5, -0.5]]) / 3)


@pytest.mark.efficiency
@pytest.mark.memory(256)
def test_a_large_vocabulary(submission, reference, rng):
    """Takes O(n c) memory for 4 rows of 20,000 classes; c by c takes 3,200 MB."""
    # No clock: it cannot tell loops over NumPy scalars from Jacobians of a few thousand
    # classes, while 256 MB are 400 times what the logits take.
    logits, targets = rng.normal(size=(4, 20_000)), rng.integers(0, 20_000, 4)
    expected = reference.softmax_cross_entropy(logits, targets, label_smoothing=0.1)
    check(graded(submission, logits, targets, 0.1), expected)
