"""Checks of L1 against L2: claims about data follow from the conditions of a minimum.

Lasso's are: x_j . r / n is the penalty where a weight is positive, and within it where
a weight is 0. Ridge's are linear equations.
"""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from graders.harness import (
    Wrong,
    array,
    check,
    check_array,
    contract,
    requiring,
    strategies,
)

CALL = {"x": np.array([1.0, 2.0]), "y": np.array([3.0, 1.0]), "l1": 0.5, "l2": 1.0}
LEAST = 0.01
test_contract_weight = contract("one_weight", CALL, returns=float)
test_contract_sparse = contract(
    "sparse",
    {"n_kept": 2, "n_zero": 1, "penalty": 0.5},
    returns=(array(None, 3), array(None)),
)
test_contract_grouped = contract(
    "grouped", {"copies": 3, "penalty": 0.5}, returns=(array(None, 3), array(None))
)
forces = st.sampled_from([0.0, 0.25, 1.0, 2.5])
penalties = st.floats(0.2, 2.0)


@st.composite
def features(draw, largest=8):
    """Draw one feature, not all 0, and targets; both in quarters."""
    n = draw(st.integers(1, largest))
    x = draw(strategies.vectors(n).filter(lambda x: x.any()))
    return x, draw(strategies.vectors(n))


def weight_by_definition(x, y, l1, l2):
    """Return the best of three weights: 0, and the vertex of the parabola each side."""
    x, y = (list(map(Fraction, values.tolist())) for values in (x, y))
    l1, l2, n = Fraction(l1), Fraction(l2), len(x)
    slope = sum(a * b for a, b in zip(x, y, strict=True)) / n
    curvature = sum(a * a for a in x) / n + l2
    vertices = [(slope - l1) / curvature, (slope + l1) / curvature]

    def loss(w):
        error = sum((b - w * a) ** 2 for a, b in zip(x, y, strict=True)) / (2 * n)
        return error + l1 * abs(w) + l2 / 2 * w * w

    return float(min([Fraction(0), *vertices], key=loss))


@requiring("Returns data of a size that is allowed, whose squares have a mean of 1.")
def data_of(result, d):
    """Return x and y, once they are known to be such as are asked for."""
    if not isinstance(result, tuple) or len(result) != 2:
        raise Wrong("expected x and y")
    x = check_array(result[0], (None, d)).astype(float)
    y = check_array(result[1], (len(x),)).astype(float)
    assert 1 <= len(x) <= 1000, f"{len(x)} rows"
    largest = float(max(np.abs(x).max(), np.abs(y).max()))
    assert largest <= 1e6, f"a number has size {largest:g}"
    squares = (x**2).mean(axis=0)
    worst = int(np.abs(squares - 1).argmax())
    assert abs(squares[worst] - 1) <= 1e-6, (
        f"the squares in column {worst + 1} of {d} have a mean of "
        f"{squares[worst]:.7g}, not 1"
    )
    return x, y


def lasso(products, pulls, penalty):
    """Return the weights of lasso, one column after the other until none moves."""
    weights = np.zeros(pulls.size)
    for _ in range(2000):
        before = weights.copy()
        for j, pull in enumerate(pulls):
            own = products[j, j]
            pull = pull - products[j] @ weights + own * weights[j]
            weights[j] = np.sign(pull) * max(abs(pull) - penalty, 0.0) / own
        if np.abs(weights - before).max() < 1e-12:
            break
    return weights


def require_lasso(x, y, n_kept, penalty):
    """Demand that lasso keeps the first columns, and no other."""
    products, pulls = x.T @ x / len(x), x.T @ y / len(x)
    block = products[:n_kept, :n_kept]
    assert np.linalg.eigvalsh(block)[0] > 1e-9, "lasso's solution is not unique"
    weights = np.linalg.solve(block, pulls[:n_kept] - penalty)
    shares = np.abs(pulls - products[:, :n_kept] @ weights)[n_kept:] / penalty
    if weights.min() >= LEAST and shares.max() <= 0.999:
        return  # these are the conditions of lasso's minimum
    d, found = len(pulls), lasso(products, pulls, penalty)
    for j, weight in enumerate(found, 1):
        what = f"lasso gives column {j} of {d} the weight {weight:.4g}"
        assert j > n_kept or weight >= LEAST, f"{what}; {LEAST} or more is asked"
        assert j <= n_kept or abs(weight) < 1e-9, f"{what}; it is to drop it"
    worst = n_kept + int(shares.argmax())
    raise Wrong(
        f"lasso does not drop column {worst + 1} of {d}: |x_j . r| / n is "
        f"{shares.max():.6g} * penalty, and at most 0.999 * penalty is allowed"
    )


def ridge(x, y, penalty):
    """Return the weights of ridge."""
    products = x.T @ x / len(x) + penalty * np.eye(x.shape[1])
    return np.linalg.solve(products, x.T @ y / len(x))


def require_ridge(weights, kept):
    """Demand that ridge keeps all columns: by the sizes of weights, or by weights."""
    least = int(kept.argmin())
    assert kept[least] >= LEAST, (
        f"ridge does not keep column {least + 1} of {len(weights)}: its weight is "
        f"{weights[least]:.4g}, and {LEAST} or more is asked"
    )


def require_sparse(result, n_kept, n_zero, penalty):
    """Demand data on which lasso drops columns and ridge drops none."""
    x, y = data_of(result, n_kept + n_zero)
    require_lasso(x, y, n_kept, penalty)
    weights = ridge(x, y, penalty)
    require_ridge(weights, np.abs(weights))


def require_grouped(result, copies, penalty):
    """Demand near copies of which lasso takes one, and among which ridge shares."""
    x, y = data_of(result, copies)
    near = float((x.T @ x / len(x)).min())
    assert near >= 0.99, (
        f"x_i . x_j / n is {near:.4g} for a pair of columns; 0.99 or more is asked"
    )
    require_lasso(x, y, 1, penalty)
    weights = ridge(x, y, penalty)
    require_ridge(weights, weights)
    low, high = float(weights.min()), float(weights.max())
    assert high <= 1.25 * low, (
        f"ridge gives weights from {low:.4g} to {high:.4g}, which is "
        f"{high / low:.4g} times as much; at most 1.25 times is allowed"
    )


@pytest.mark.parametrize(
    ("l1", "l2", "expected"),
    [(0, 0, 1.5), (1, 0, 1.0), (0, 2, 0.75), (1, 2, 0.5), (3, 0, 0.0), (4, 1, 0.0)],
    ids=["no penalty", "L1", "L2", "both", "L1 at the slope", "strong L1 and L2"],
)
def test_on_paper(submission, l1, l2, expected):
    """Gives the weight that you would work out on paper."""
    x, y = np.array([1.0, -1.0, 2.0]), np.array([0.0, 1.0, 5.0])
    check(submission.one_weight(x, y, l1=l1, l2=l2), expected)
    check(submission.one_weight(x, -y, l1=l1, l2=l2), -expected)


@example((np.array([1e-3]), np.array([1e-3])), 0.0, 0.0)
@example((np.array([1.0]), np.array([1.000005])), 1.0, 0.0)
@given(features(), forces, forces)
def test_the_weight_is_best(submission, case, l1, l2):
    """Gives the weight whose loss is least."""
    expected = weight_by_definition(*case, l1, l2)
    check(submission.one_weight(*case, l1=l1, l2=l2), expected)


@given(features(100), forces, forces, st.integers(2, 4))
def test_copies_of_rows_do_not_matter(submission, case, l1, l2, times):
    """Gives the same weight when each row comes several times."""
    once = submission.one_weight(*case, l1=l1, l2=l2)
    check(once, 0.0, atol=np.inf)
    copied = [np.repeat(values, times) for values in case]
    check(submission.one_weight(*copied, l1=l1, l2=l2), once)


@given(features(100), st.integers(0, 3))
def test_who_gives_zero(submission, case, more):
    """Gives exactly 0.0 from a certain l1 on, and never for an l2 alone."""
    x, y = case
    slope = float(x @ y) / len(x)
    found = submission.one_weight(x, y, l1=abs(slope) + 0.5 + more, l2=1.0)
    check(found, 0.0, atol=0)
    shrunk = submission.one_weight(x, y, l1=0.0, l2=10.0**more)
    check(shrunk, slope / (float(x @ x) / len(x) + 10.0**more))


@given(demand=st.tuples(st.integers(1, 6), st.integers(1, 6), penalties))
def test_lasso_drops_columns(submission, demand):
    """Returns data on which lasso drops the last columns, and ridge drops none."""
    require_sparse(submission.sparse(*demand), *demand)


@given(demand=st.tuples(st.integers(2, 6), penalties))
def test_lasso_takes_one_copy(submission, demand):
    """Returns near copies, of which lasso takes one, and among which ridge shares."""
    require_grouped(submission.grouped(*demand), *demand)


@pytest.mark.edge_cases
@pytest.mark.parametrize("penalty", [0.2, 2.0], ids=["weak penalty", "strong penalty"])
@pytest.mark.parametrize("most", [False, True], ids=["few columns", "many columns"])
def test_to_the_limits(submission, most, penalty):
    """Does both with as few and as many columns as may be asked for."""
    n, copies = (6, 6) if most else (1, 2)
    require_sparse(submission.sparse(n, n, penalty), n, n, penalty)
    require_grouped(submission.grouped(copies, penalty), copies, penalty)
