"""Checks of accuracy under imbalance: every score is counted, in fractions."""

from fractions import Fraction

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
    requiring,
)

DEMAND = {"n_ones": 2, "n_zeros": 18, "accuracy_gap": 10, "f1_gap": 20}
test_contract_scores = contract(
    "scores",
    {"labels": np.array([1, 0, 0, 0]), "predictions": np.array([1, 1, 0, 0])},
    returns=(float, float, float),
)
test_contract_models = contract(
    "two_models", DEMAND, returns=tuple(array(20, kind="i") for _ in range(3))
)


@st.composite
def demands(draw):
    """Draw what two_models may be asked for, up to the limits."""
    n_ones = draw(st.integers(1, 400))
    accuracy_gap = draw(st.integers(1, 40))
    n_zeros = n_ones * draw(st.integers(3, 12)) + draw(st.integers(0, 9))
    f = n_ones + -(-accuracy_gap * (n_ones + n_zeros) // 100)
    most = 160 * n_ones // (2 * n_ones + f)
    f1_gap = draw(st.just(most) | st.integers(1, most))
    return {"n_ones": n_ones, "n_zeros": n_zeros, "accuracy_gap": accuracy_gap,
            "f1_gap": f1_gap}  # fmt: skip


@st.composite
def rows(draw):
    """Draw labels, of which both classes have some, and predictions."""
    bits = st.integers(0, 1)
    pairs = draw(st.lists(st.tuples(bits, bits), max_size=30))
    pairs += [(0, draw(bits)), (1, draw(bits))]
    return tuple(np.array(draw(st.permutations(pairs))).T.copy())


def scores_by_definition(labels, predictions):
    """Return accuracy, balanced accuracy and F1 as fractions."""
    pairs = list(zip(labels.tolist(), predictions.tolist(), strict=True))
    tp, fn, fp, tn = (pairs.count(p) for p in ((1, 1), (1, 0), (0, 1), (0, 0)))
    balanced = (Fraction(tp, tp + fn) + Fraction(tn, fp + tn)) / 2
    f1 = Fraction(2 * tp, 2 * tp + fp + fn) if tp else Fraction(0)
    return Fraction(tp + tn, len(pairs)), balanced, f1


@requiring("Returns as many ones and zeros as asked, and predictions of 0 and 1.")
def models_of(result, demand):
    """Demand labels of the right numbers and predictions of 0 and 1."""
    if not isinstance(result, tuple) or len(result) != 3:
        raise Wrong("expected labels and two arrays of predictions")
    n = demand["n_ones"] + demand["n_zeros"]
    arrays = [check_array(one, (n,), kind="iu") for one in result]
    for name, values in zip(("labels", "first", "second"), arrays, strict=True):
        odd = set(values.tolist()) - {0, 1}
        assert not odd, f"{name} holds {min(odd)}"
    found = int(arrays[0].sum())
    assert found == demand["n_ones"], f"{found} labels are 1, not {demand['n_ones']}"
    return arrays


def require_the_first_more_accurate(result, demand):
    """Demand the gap in accuracy."""
    labels, first, second = models_of(result, demand)
    one, other = (scores_by_definition(labels, p)[0] for p in (first, second))
    assert 100 * (one - other) >= demand["accuracy_gap"], (
        f"accuracies of {float(one):.4g} and {float(other):.4g}; a gap of "
        f"{demand['accuracy_gap']} points is asked"
    )


def require_the_second_better_in_f1(result, demand):
    """Demand the gap in F1."""
    labels, first, second = models_of(result, demand)
    one, other = (scores_by_definition(labels, p)[2] for p in (first, second))
    assert 100 * (other - one) >= demand["f1_gap"], (
        f"F1 of {float(one):.4g} and {float(other):.4g}; a gap of "
        f"{demand['f1_gap']} points is asked"
    )


@given(rows())
def test_scores_by_definition(submission, case):
    """Counts what is right, over all rows, within each class, and around class 1."""
    expected = tuple(map(float, scores_by_definition(*case)))
    check(submission.scores(*case), expected)


@given(rows(), st.integers(2, 50))
def test_more_zeros_flatter_accuracy_alone(submission, case, times):
    """Changes accuracy alone when zeros that are right and wrong are repeated alike."""
    labels, predictions = case
    keep = np.where(labels == 1, 1, times)
    more = tuple(np.repeat(values, keep) for values in case)
    accuracy, balanced, f1 = map(float, scores_by_definition(*more))
    assert abs(balanced - float(scores_by_definition(*case)[1])) < 1e-12
    check(submission.scores(*more), (accuracy, balanced, f1))
    check(submission.scores(labels, predictions)[1], balanced)


@given(rows())
def test_the_classes_trade_places(submission, case):
    """Keeps accuracy and balanced accuracy, not F1, when ones and zeros swap names."""
    labels, predictions = case
    expected = tuple(map(float, scores_by_definition(1 - labels, 1 - predictions)))
    check(submission.scores(1 - labels, 1 - predictions), expected)


@pytest.mark.edge_cases
@pytest.mark.parametrize("value", [0, 1], ids=["all 0", "all 1"])
def test_a_constant_model(submission, value):
    """Gives half in balanced accuracy to a model that always says the same."""
    labels = np.array([1] + [0] * 99)
    accuracy, f1 = (0.99, 0.0) if value == 0 else (0.01, 2 / 101)
    check(submission.scores(labels, np.full(100, value)), (accuracy, 0.5, f1))


@given(demands())
def test_the_first_is_more_accurate(submission, demand):
    """Has as many ones and zeros as asked, and a first model that is more accurate."""
    require_the_first_more_accurate(submission.two_models(**demand), demand)


@given(demands())
def test_the_second_is_better_in_f1(submission, demand):
    """Has a second model that is better in F1 by the gap."""
    require_the_second_better_in_f1(submission.two_models(**demand), demand)


@pytest.mark.edge_cases
@pytest.mark.parametrize(
    "numbers",
    [(1, 3, 50, 32), (7, 21, 50, 32), (9, 16, 28, 42), (43, 57, 14, 48)],
    ids=["a single 1", "seven of 1", "28 % of 25 rows are 7", "14 % of 100 rows"],
)
def test_no_zero_to_spare(submission, numbers):
    """Finds models also with hardly any zero to spare, for the largest gap in F1."""
    demand = dict(zip(DEMAND, numbers, strict=True))
    result = submission.two_models(**demand)
    require_the_first_more_accurate(result, demand)
    require_the_second_better_in_f1(result, demand)


@pytest.mark.validation
@pytest.mark.parametrize(
    "arguments",
    refusals(
        DEMAND,
        {
            "accuracy_gap": "zero",
            "f1_gap": "zero",
            "too few zeros": {"n_zeros": 2},
            "a gap too wide": {"accuracy_gap": 81},
        },
    ),
)
def test_refuses(submission, arguments):
    """Raises ValueError where no such models are promised."""
    with pytest.raises(ValueError):
        submission.two_models(**arguments)
