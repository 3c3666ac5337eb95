"""Checks of out-of-fold target encoding: what the interviewer looks for."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graders.harness import array, check, check_array, contract, refusals, strategies

smoothings = st.sampled_from([0, 0.5, 1, 2, 10.0])
rows = st.tuples(
    st.sampled_from("abc"), strategies.quarters, st.sampled_from([0, 1, 5])
)


@st.composite
def tables(draw, least=2):
    """Draw the levels, targets and folds of rows, in two folds if there are two."""
    table = draw(st.lists(rows, min_size=least, max_size=60))
    levels, targets, folds = map(np.array, zip(*table, strict=True))
    folds[-1] = -2 if np.ptp(folds) == 0 else folds[-1]
    return levels, targets, folds


def smoothed_mean(level, levels, targets, smoothing):
    """Return a level's encoding by its definition."""
    prior = sum(targets) / len(targets)
    own = [t for other, t in zip(levels, targets, strict=True) if other == level]
    if not own:
        return prior
    return (sum(own) + smoothing * prior) / (len(own) + smoothing)


TRAIN = {
    "levels": np.array(["a", "a", "b", "a"]),
    "targets": np.array([6.0, 8.0, 3.0, 1.0]),
    "folds": np.array([0, 0, 1, 1]),
    "smoothing": 1,
}
NEW = {"levels": np.array(["a", "a", "b"]), "targets": np.array([6.0, 8.0, 1.0])}
CALL_NEW = NEW | {"new_levels": np.array(["a", "b"]), "smoothing": 1}

test_contract_new = contract("encode_new", CALL_NEW, returns=array(2))
test_contract_train = contract("encode_train", TRAIN, returns=array(4))


@pytest.mark.parametrize(
    ("smoothing", "expected"),
    [
        pytest.param(0, [7.0, 1.0, 5.0, 7.0], id="no smoothing"),
        pytest.param(1, [19 / 3, 3.0, 5.0, 19 / 3], id="the prior worth one row"),
    ],
)
def test_new_rows_by_hand(submission, smoothing, expected):
    """Encodes new rows by the formula: a level of two rows, one of one, one of none."""
    new = np.array(["a", "b", "c", "a"])
    encodings = submission.encode_new(**NEW, new_levels=new, smoothing=smoothing)
    check(encodings, np.array(expected))


@pytest.mark.parametrize(
    ("smoothing", "expected"),
    [
        pytest.param(0, [1.0, 1.0, 3.0, 7.0, 5.0, 1.0], id="no smoothing"),
        pytest.param(1, [2.0, 2.0, 3.0, 19 / 3, 5.0, 3.0], id="worth one row"),
    ],
)
def test_folds_by_hand(submission, smoothing, expected):
    """Encodes each row by the formula over the rows of the other folds."""
    levels = np.array(["a", "a", "b", "a", "c", "b"])
    targets = np.array([6.0, 8.0, 1.0, 1.0, 5.0, 3.0])
    folds = np.array([0, 0, 0, 1, 1, 1])
    encodings = submission.encode_train(levels, targets, folds, smoothing=smoothing)
    check(encodings, np.array(expected))


@given(tables(), smoothings)
def test_train_matches_the_definition(submission, table, smoothing):
    """Equals the smoothed mean over the rows of other folds, counted one by one."""
    levels, targets, folds = table
    expected = [
        smoothed_mean(level, levels[folds != fold], targets[folds != fold], smoothing)
        for level, fold in zip(levels, folds, strict=True)
    ]
    encodings = submission.encode_train(*table, smoothing=smoothing)
    check(encodings, np.array(expected))


@given(tables(1), st.lists(st.sampled_from("abcd"), max_size=5), smoothings)
def test_new_matches_the_definition(submission, table, new_levels, smoothing):
    """Equals the smoothed mean over all rows, counted one by one."""
    levels, targets, _ = table
    expected = [smoothed_mean(new, levels, targets, smoothing) for new in new_levels]
    new = np.array(new_levels, dtype=str)
    encodings = submission.encode_new(levels, targets, new, smoothing=smoothing)
    check(encodings, np.array(expected, dtype=float))


@given(tables(), smoothings, strategies.quarters)
def test_own_targets_never_arrive(submission, table, smoothing, shift):
    """Keeps a fold's encodings when all targets of that fold change."""
    levels, targets, folds = table
    inside = folds == folds[0]
    changed = np.where(inside, shift - 2 * targets, targets)
    before = submission.encode_train(*table, smoothing=smoothing)
    after = submission.encode_train(levels, changed, folds, smoothing=smoothing)
    kept = check_array(before, folds.shape)[inside]
    check(check_array(after, folds.shape)[inside], kept)


@given(tables(), smoothings, st.permutations([-(10**12), -1, 3]), st.integers(0, 99))
def test_names_and_order_do_not_matter(submission, table, smoothing, names, seed):
    """Gives each row the same when rows are shuffled, and levels and folds renamed."""
    levels, targets, folds = table
    order = np.random.default_rng(seed).permutation(levels.size)
    renamed = np.array([names["abc".index(level)] for level in levels])
    before = submission.encode_train(*table, smoothing=smoothing)
    after = submission.encode_train(
        renamed[order], targets[order], -(2**32) * folds[order], smoothing=smoothing
    )
    check(after, check_array(before, folds.shape)[order])


@pytest.mark.edge_cases
@pytest.mark.parametrize("dtype", [bool, np.uint8, np.int64, np.float32])
def test_targets_of_any_width(submission, dtype):
    """Takes the means of booleans, bytes and short floats in 64-bit floats."""
    one = dtype(200)  # or True; the sum of two does not fit into a byte
    levels, targets = np.array([4, 4, 4, 4]), np.array([one, 0, one, one], dtype)
    value = float(one)
    encodings = submission.encode_train(levels, targets, np.arange(4), smoothing=0)
    check(encodings, np.array([2, 3, 2, 2]) * value / 3, rtol=1e-12)
    encodings = submission.encode_new(levels[:3], targets[:3], levels[:1], smoothing=1)
    check(encodings, np.array([2 * value / 3]), rtol=1e-12)


@pytest.mark.edge_cases
@pytest.mark.parametrize(
    "levels",
    [
        pytest.param(["N1", "N17", "E8"], id="one begins with the other"),
        pytest.param(["a", "A", ""], id="case and empty string"),
        pytest.param([" a", "a ", "a"], id="spaces"),
        pytest.param([7, 7 + 2**32, -7], id="integers above 32 bits"),
        pytest.param([2**53, 2**53 + 1, -7], id="integers above 53 bits"),
    ],
)
def test_levels_are_compared_whole(submission, levels):
    """Tells levels apart by letters, case and spaces, in both functions."""
    first, second, third = levels
    known, targets = np.array([first, first, third]), np.array([4.0, 6.0, 2.0])
    new = np.array([second, third, first])
    encodings = submission.encode_new(known, targets, new, smoothing=0)
    check(encodings, np.array([4.0, 2.0, 5.0]))
    table = np.append(known, new), np.append(targets, [9.0, 3.0, 1.0])
    folds = np.array([0, 0, 0, 1, 1, 1])
    encodings = submission.encode_train(*table, folds, smoothing=0)
    check(encodings, np.array([1.0, 1.0, 3.0, 4.0, 2.0, 5.0]))


@pytest.mark.numerics
def test_no_leak_through_rounding(submission):
    """Keeps a fold's huge targets out, which total minus own would leave behind."""
    levels = np.array(["a", "a", "b", "a", "b"])
    targets = np.array([1e17, 3e17, -2e17, 1.0, 3.0])
    folds = np.array([0, 0, 0, 1, 1])
    encodings = submission.encode_train(levels, targets, folds, smoothing=1)
    check(check_array(encodings, (5,))[:3], np.array([1.5, 1.5, 2.5]))


@pytest.mark.validation
@pytest.mark.parametrize(
    "arguments",
    refusals(
        TRAIN,
        {
            "targets": ["shorter", "nan"],
            "one fold": {"folds": np.array([3, 3, 3, 3])},
            "folds": "shorter",
            "smoothing": "negative",
        },
    ),
)
def test_train_refuses(submission, arguments):
    """Raises ValueError for folds that leave no other, and for bad shapes or values."""
    with pytest.raises(ValueError):
        submission.encode_train(**arguments)


N_ROWS = 50_000

# Dictionaries filled row by row take 4 to 9 times as long as the solution; the fastest
# mask over the rows for each level 43 to 75 times.


@pytest.mark.efficiency
@pytest.mark.timeout(30)
@pytest.mark.parametrize("n_levels", [N_ROWS, 1], ids=["many levels", "one level"])
def test_train_on_many_levels(check_slowdown, n_levels):
    """Encodes 50,000 rows of 30,000 levels, without a pass over them per level."""

    def sample(rng):
        levels = 10**9 + rng.integers(0, n_levels, N_ROWS)
        return levels, rng.normal(size=N_ROWS), rng.integers(0, 3, N_ROWS)

    def run(module, levels, targets, folds):
        return module.encode_train(levels, targets, folds, smoothing=10.0)

    check_slowdown(run, sample, limit=18)


@pytest.mark.efficiency
@pytest.mark.timeout(30)
def test_new_on_many_levels(check_slowdown):
    """Encodes 50,000 new rows, without a pass over the known ones for each."""

    def sample(rng):
        levels, new_levels = 10**9 + rng.integers(0, N_ROWS, (2, N_ROWS))
        return levels, rng.normal(size=N_ROWS), new_levels

    def run(module, levels, targets, new_levels):
        return module.encode_new(levels, targets, new_levels, smoothing=10.0)

    check_slowdown(run, sample, limit=18)
