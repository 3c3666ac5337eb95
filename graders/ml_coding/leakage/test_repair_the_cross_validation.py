"""Checks of the repaired cross-validation: laws of any sound one, then each step.

The oracle follows the prompt one fold, one row and one column at a time.
"""

from statistics import median

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from graders.harness import Wrong, array, check, contract, refusals

CALL = {
    "numbers": np.array([[1.0, 5.0], [2.0, np.nan], [4.0, 1.0], [3.0, 2.0]]),
    "categories": np.array([7, 7, 8, 8]),
    "labels": np.array([0, 1, 1, 0]),
    "groups": np.array([3, 1, 2, 4]),
    "n_folds": 2,
    "n_columns": 2,
}
test_contract = contract("out_of_fold_scores", CALL, returns=array(4))


@st.composite
def data(draw, all_columns=False):
    """Draw rows whose numbers are in no relation, so that no correlations tie."""
    n_folds = draw(st.integers(2, 4))
    n_groups = draw(st.integers(n_folds, 10))
    groups = [*range(n_groups)]
    groups += draw(st.lists(st.integers(0, n_groups - 1), min_size=8, max_size=30))
    n, d = len(groups), draw(st.integers(1, 4))
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    labels = rng.integers(0, 2, n)
    numbers = rng.normal(size=(n, d)) + 0.7 * labels[:, None]
    if all_columns:
        numbers *= draw(st.sampled_from([1.0, 1e-7]))  # small is not constant
    numbers[rng.random((n, d)) < draw(st.sampled_from([0.0, 0.2]))] = np.nan
    case = {
        "numbers": numbers,
        "categories": rng.integers(0, draw(st.integers(1, 6)), n),
        "labels": labels,
        "groups": rng.permutation(groups) * 3 - 5,
        "n_folds": n_folds,
        "n_columns": d + 1 if all_columns else draw(st.integers(1, d + 1)),
    }
    fold = folds(case)
    for f in range(n_folds):
        known = fold != f
        assume(not np.isnan(numbers[known]).all(axis=0).any())
        assume(0 < labels[known].sum() < known.sum())
    return case


def folds(case):
    """Return the fold of each row."""
    order = sorted(set(case["groups"].tolist()))
    return np.array([order.index(g) % case["n_folds"] for g in case["groups"].tolist()])


def mean(values):
    """Return the mean."""
    return sum(values) / len(values)


def spread(values):
    """Return the standard deviation of the population."""
    middle = mean(values)
    return mean([(value - middle) ** 2 for value in values]) ** 0.5


def encoded_as(i, others, case):
    """Return what stands for the category of row i, from some other rows."""
    labels, categories = case["labels"].tolist(), case["categories"].tolist()
    prior = mean([labels[j] for j in others])
    same = [labels[j] for j in others if categories[j] == categories[i] and j != i]
    return (sum(same) + 2 * prior) / (len(same) + 2)


def correlation(column, labels):
    """Return the size of a correlation."""
    width = spread(column)
    if width < 1e-9:
        return 0.0
    middle = mean(column)
    products = [(a - middle) * b for a, b in zip(column, labels, strict=True)]
    return abs(mean(products) / width / spread(labels))


def scores_by_definition(case):
    """Return the scores, and the smallest gap between two correlations in a choice."""
    n, d = case["numbers"].shape
    fold, labels = folds(case), case["labels"].tolist()
    scores, gap = np.zeros(n), np.inf
    for f in range(case["n_folds"]):
        train = [i for i in range(n) if fold[i] != f]
        columns = []
        for column in case["numbers"].T.tolist():
            middle = median([column[i] for i in train if column[i] == column[i]])
            columns.append([middle if v != v else v for v in column])
        columns.append([encoded_as(i, train, case) for i in range(n)])
        known = [labels[i] for i in train]
        sizes = [correlation([c[i] for i in train], known) for c in columns]
        order = sorted(range(d + 1), key=lambda c: -sizes[c])
        best, rest = order[: case["n_columns"]], order[case["n_columns"] :]
        if rest and sizes[best[-1]] > 0:
            gap = min(gap, sizes[best[-1]] - sizes[rest[0]])
        rows = np.zeros((n, len(best)))
        for k, c in enumerate(best):
            some = [columns[c][i] for i in train]
            width = spread(some)
            width = 1 if width < 1e-9 else width
            rows[:, k] = (np.array(columns[c]) - mean(some)) / width
        # Least squares with the penalty as rows of its own, an intercept without.
        penalty = np.hstack([np.eye(len(best)), np.zeros((len(best), 1))])
        left = np.vstack([np.hstack([rows[train], np.ones((len(train), 1))]), penalty])
        right = np.array([*known, *[0] * len(best)], float)
        weights = np.linalg.lstsq(left, right, rcond=None)[0]
        at = fold == f
        scores[at] = rows[at] @ weights[:-1] + weights[-1]
    return scores, gap


def unmoved(submission, case, changed, rows, what):
    """Demand that the scores of some rows stay when something else changes."""
    before = submission.out_of_fold_scores(**case)
    after = submission.out_of_fold_scores(**changed)
    check(before, np.zeros(len(rows)), atol=np.inf)
    check(after, np.zeros(len(rows)), atol=np.inf)
    try:
        check(after[rows], before[rows])
    except Wrong as error:
        raise Wrong(f"scores moved when {what}: {error}") from None


@given(data(), st.data())
def test_tested_labels_do_not_matter(submission, case, more):
    """Scores a fold alike, whatever the labels of its own rows are."""
    f = more.draw(st.integers(0, case["n_folds"] - 1))
    tested = folds(case) == f
    labels = np.where(tested, 1 - case["labels"], case["labels"])
    changed = {**case, "labels": labels}
    unmoved(submission, case, changed, tested, f"labels of fold {f} were flipped")


@given(data(), st.data())
def test_a_tested_row_does_not_move_another(submission, case, more):
    """Scores a row alike, whatever another row of its fold holds."""
    fold = folds(case)
    row = more.draw(st.integers(0, fold.size - 1))
    others = (fold == fold[row]) & (np.arange(fold.size) != row)
    assume(others.any())
    numbers, categories = case["numbers"].copy(), case["categories"].copy()
    numbers[row], categories[row] = 1e3, 77
    changed = {**case, "numbers": numbers, "categories": categories}
    unmoved(submission, case, changed, others, f"row {row} of that fold was changed")


@given(data(all_columns=True))
def test_categories_of_their_own_tell_nothing(submission, case):
    """Scores alike with any categories, where every row has one of its own."""
    n = case["labels"].size
    first = {**case, "categories": np.arange(n)}
    changed = {**case, "categories": np.arange(n)[::-1] + 100}
    unmoved(submission, first, changed, np.arange(n), "categories were renamed")


@given(data(), st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(submission, case, random):
    """Gives each row the same score when the rows come in another order."""
    assume(scores_by_definition(case)[1] > 1e-6)  # else rounding may choose columns
    order = [*range(case["labels"].size)]
    random.shuffle(order)
    rows = ("numbers", "categories", "labels", "groups")
    shuffled = {**case, **{name: case[name][order] for name in rows}}
    scores = submission.out_of_fold_scores(**case)
    check(scores, np.zeros(len(order)), atol=np.inf)
    check(submission.out_of_fold_scores(**shuffled), scores[order])


@given(data(all_columns=True))
def test_all_columns(submission, case):
    """Imputes, encodes, scales and fits as described, with all columns kept."""
    expected, _ = scores_by_definition(case)
    check(submission.out_of_fold_scores(**case), expected)


@given(data())
def test_selected_columns(submission, case):
    """Keeps the columns that correlate most in the training rows of each fold."""
    expected, gap = scores_by_definition(case)
    assume(gap > 1e-6)
    check(submission.out_of_fold_scores(**case), expected)


@pytest.mark.edge_cases
@given(data(all_columns=True))
def test_a_column_that_is_constant(submission, case):
    """Takes a column that is constant in training rows for what it is: of no use."""
    # The mean of equal numbers may be off by rounding: of 0.1, but not of 2. Where that
    # spread is taken for real, tested rows with another number get huge values.
    halfway = np.where(folds(case) == 0, 0.3, 0.1)
    constant = np.full(halfway.size, 2.0)
    columns = np.column_stack([constant, halfway, case["numbers"]])
    case = {**case, "numbers": columns}
    case["n_columns"] += 2
    expected, _ = scores_by_definition(case)
    check(submission.out_of_fold_scores(**case), expected)


@pytest.mark.validation
@pytest.mark.parametrize(
    "arguments",
    refusals(
        CALL,
        {
            "a label missing": {"labels": np.array([0, 1, 1])},
            "a category missing": {"categories": np.array([7, 7, 8])},
            "a group missing": {"groups": np.array([3, 1, 2])},
            "a row missing": {"numbers": CALL["numbers"][:3]},
            "more folds than groups": {"n_folds": 5},
        },
    ),
)
def test_refuses(submission, arguments):
    """Raises ValueError where rows do not fit together, or groups do not suffice."""
    with pytest.raises(ValueError):
        submission.out_of_fold_scores(**arguments)
