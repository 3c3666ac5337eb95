"""Checks of softmax cross-entropy: what the interviewer looks for.

The oracle takes the definition in Decimals of fifty digits, and differences of it for
the gradient.
"""

import math
from decimal import Decimal, localcontext

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from graders.harness import array, check, contract, refusals
from graders.harness.authoring.strategies import quarters

LN2, LN3 = math.log(2), math.log(3)
INF, NAN = math.inf, math.nan
CALL = {"logits": np.array([[0.0, LN3], [0.0, 0.0]]), "targets": np.array([0, 1])}

test_contract_softmax = contract(
    "softmax", {"logits": np.array([[0.0, 1.0, 2.0], [0.0, 0.0, 0.0]])},
    returns=array(2, 3),
)  # fmt: skip
test_contract_loss = contract(
    "softmax_cross_entropy", CALL, returns=(float, array(2, 2))
)


@st.composite
def batches(draw):
    """Draw logits in quarters, targets of which some are -100, and a smoothing."""
    n, c = draw(st.integers(1, 4)), draw(st.integers(1, 4))
    logits = draw(hnp.arrays(float, (n, c), elements=quarters))
    classes = st.sampled_from([*range(c), -100])
    targets = np.array(draw(st.lists(classes, min_size=n, max_size=n)))
    return logits, targets, draw(st.sampled_from([0.0, 0.25, 1.0]))


def graded(submission, logits, targets, smoothing=0.0):
    """Return the loss and the gradient that the answer gives."""
    return submission.softmax_cross_entropy(logits, targets, label_smoothing=smoothing)


def row_loss(row, target, smoothing):
    """Return the loss of one row of Decimals by its definition."""
    odds = [logit.exp() for logit in row]
    q = [Decimal(smoothing) / len(row)] * len(row)
    q[target] += 1 - Decimal(smoothing)
    return -sum(w * (o / sum(odds)).ln() for w, o in zip(q, odds, strict=True))


def loss_and_slopes(logits, targets, smoothing):
    """Return the loss by its definition, and the gradient by differences of it."""
    step, n_counted = Decimal("1e-20"), max(int((targets != -100).sum()), 1)
    loss, gradient = Decimal(0), np.zeros(logits.shape)
    with localcontext(prec=50):
        for i, target in enumerate(targets.tolist()):
            if target == -100:
                continue
            row = [Decimal(x) for x in logits[i].tolist()]
            loss += row_loss(row, target, smoothing)
            for j in range(len(row)):
                ends = [
                    row_loss([*row[:j], x, *row[j + 1 :]], target, smoothing)
                    for x in (row[j] - step, row[j] + step)
                ]
                gradient[i, j] = (ends[1] - ends[0]) / (2 * step * n_counted)
        return float(loss / n_counted), gradient


@pytest.mark.parametrize(
    ("logits", "targets", "smoothing", "loss", "gradient"),
    [
        pytest.param([[0, 0]], [0], 0.0, LN2, [[-1 / 2, 1 / 2]], id="equal"),
        pytest.param([[0, LN3], [0, 0]], [0, 1], 0.0, 1.5 * LN2,
                     [[-3 / 8, 3 / 8], [1 / 4, -1 / 4]], id="the mean of two rows"),
        pytest.param([[0, LN3], [0, 0]], [-100, 1], 0.0, LN2,
                     [[0, 0], [1 / 2, -1 / 2]], id="one of two rows ignored"),
        pytest.param([[0, 0, 0, 0]], [1], 0.4, 2 * LN2,
                     [[0.15, -0.45, 0.15, 0.15]], id="smoothed"),
    ],
)  # fmt: skip
def test_by_hand(submission, logits, targets, smoothing, loss, gradient):
    """Gives the losses and gradients that you would work out by hand."""
    answer = graded(submission, np.array(logits, float), np.array(targets), smoothing)
    check(answer, (loss, np.array(gradient, float)))


@given(batches())
def test_softmax_matches_the_definition(submission, case):
    """Gives each logit's exponential over the sum of its row's."""
    logits, _, _ = case
    odds = [[math.exp(x) for x in row] for row in logits.tolist()]
    chances = [[o / math.fsum(row) for o in row] for row in odds]
    check(submission.softmax(logits), np.array(chances), atol=0)


@settings(max_examples=40)  # the oracle is slow
@given(batches())
def test_loss_and_gradient_match_the_definition(submission, case):
    """Returns the mean of -sum(q * log(p)) over the rows that count, and its slopes."""
    logits, targets, smoothing = case
    spoilt = np.where(targets[:, None] == -100, NAN, logits)  # ignored, whatever it is
    check(graded(submission, spoilt, targets, smoothing), loss_and_slopes(*case))


@given(batches(), st.integers(-4, 4))
def test_moving_a_row_changes_nothing(submission, case, trillions):
    """Gives the same loss, gradient and softmax when 2^40 is added to each logit."""
    logits, targets, smoothing = case
    moved = logits + trillions * 2.0**40  # exact: the logits are quarters
    expected = graded(submission, logits, targets, smoothing)
    check(graded(submission, moved, targets, smoothing), expected)
    check(submission.softmax(moved), submission.softmax(logits))


@pytest.mark.edge_cases
@pytest.mark.parametrize("n", [0, 3], ids=["no rows", "three rows"])
def test_no_row_counts(submission, n):
    """Returns 0.0 and a gradient of zeros where no row counts, or there is none."""
    answer = submission.softmax_cross_entropy(np.ones((n, 2)), np.full(n, -100))
    check(answer, (0.0, np.zeros((n, 2))))
    check(submission.softmax(np.empty((0, 3))), np.empty((0, 3)))


@pytest.mark.edge_cases
@pytest.mark.parametrize(
    "index", [-1, 0, 1, 7], ids=["index -1", "index 0", "index 1", "index 7"]
)
def test_any_integer_can_mean_ignore(submission, index):
    """Ignores the rows whose target is ignore_index, be it a class or not."""
    logits, targets = np.zeros((3, 2)), np.array([0, index, 1])
    counts = targets != index
    gradient = (0.5 - np.eye(2)[[0, 0, 1]]) * counts[:, None] / counts.sum()
    answer = submission.softmax_cross_entropy(logits, targets, ignore_index=index)
    check(answer, (LN2, gradient))


@pytest.mark.edge_cases
@pytest.mark.parametrize("dtype", ["int64", "int8", "uint8", "float16", "float32"])
def test_numbers_of_any_dtype(submission, dtype):
    """Computes in float64 whatever the logits are, with nothing that wraps."""
    logits = np.array([[0, 1, 100], [2, 2, 1]], dtype)
    exact = {"rtol": 1e-11, "atol": 1e-11}  # float32 has 7 digits, as many as usual
    expected = submission.softmax(logits.astype(float))
    check(submission.softmax(logits), expected, **exact)
    expected = graded(submission, logits.astype(float), np.array([1, 0]))
    check(graded(submission, logits, np.array([1, 0])), expected, **exact)


@pytest.mark.edge_cases
@pytest.mark.parametrize("dtype", ["uint8", "int8", "uint64"])
def test_targets_of_any_dtype(submission, dtype):
    """Takes targets of eight bits for a hundred classes, and unsigned ones."""
    logits, targets = np.zeros((300, 100)), np.arange(300) % 100
    expected = graded(submission, logits, targets)
    check(graded(submission, logits, targets.astype(dtype)), expected)


@pytest.mark.edge_cases
def test_classes_that_are_ruled_out(submission):
    """Gives a class whose logit is -inf no probability and no gradient."""
    # Losses 2 LN2, 0 and LN2. No finite number is below all logits, as -inf is.
    logits = np.array([[0.0, -INF, LN3], [-INF, 5.0, -INF], [-1e300, -INF, -1e300]])
    chances = np.array([[0.25, 0, 0.75], [0, 1, 0], [0.5, 0, 0.5]])
    check(submission.softmax(logits), chances)
    slopes = np.array([[-0.75, 0, 0.75], [0, 0, 0], [-0.5, 0, 0.5]]) / 3
    check(graded(submission, logits, np.array([0, 1, 0])), (LN2, slopes))


@pytest.mark.validation
@pytest.mark.parametrize(
    "arguments",
    refusals(
        CALL,
        {
            "targets": ("shorter", "column"),
            "class c": {"targets": np.array([0, 2])},
            "class -100": {  # neither the first from the end nor ignored
                "logits": np.zeros((2, 100)),
                "targets": np.array([0, -100]),
                "ignore_index": -1,
            },
            "targets of floats": {"targets": np.array([0.0, 1.0])},
        },
    ),
)
def test_refuses(submission, arguments):
    """Raises ValueError for targets that are no classes, or do not fit the logits."""
    with pytest.raises(ValueError):
        submission.softmax_cross_entropy(**arguments)


@pytest.mark.numerics
@pytest.mark.parametrize(
    ("logits", "loss", "gradient"),
    [
        pytest.param([800, 0], 0.0, [0, 0], id="sure and right"),
        pytest.param([0, 800], 800.0, [-1, 1], id="sure and wrong"),
        pytest.param([-800, -800], LN2, [-0.5, 0.5], id="both far below"),
        pytest.param([1e300, 1e300], LN2, [-0.5, 0.5], id="both huge"),
        pytest.param([-1e300, 1e300], 2e300, [-1, 1], id="as far apart as they get"),
    ],
)
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
    slopes = np.array([[-0.75, 0.75], [0, 0], [0.5, -0.5]]) / 3
    check(graded(submission, logits, np.array([0, 0, 1])), (LN2, slopes))


@pytest.mark.efficiency
@pytest.mark.memory(256)
def test_a_large_vocabulary(submission, reference, rng):
    """Takes O(n c) memory for 4 rows of 20,000 classes; c by c takes 3,200 MB."""
    # No clock: it cannot tell loops over NumPy scalars from Jacobians of a few thousand
    # classes, while 256 MB are 400 times what the logits take.
    logits, targets = rng.normal(size=(4, 20_000)), rng.integers(0, 20_000, 4)
    expected = reference.softmax_cross_entropy(logits, targets, label_smoothing=0.1)
    check(graded(submission, logits, targets, 0.1), expected)
