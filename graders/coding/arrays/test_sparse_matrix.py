"""Checks of the sparse matrix: what the interviewer looks for.

The oracles are the definitions, one cell after another.
"""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graders.harness import array, check, check_array, contract, refusals, strategies

CALL = {
    "rows": np.array([1, 0, 1]),
    "columns": np.array([2, 0, 2]),
    "values": np.array([1.5, 2.0, -1.0]),
    "shape": (3, 4),
}
CSR = np.array([0, 1, 1, 3]), np.array([1, 0, 2]), np.array([2.0, -1.5, 3.0])


def csr_of(n_rows, n_entries):
    """Return the contract of a CSR form."""
    sizes = (n_rows + 1, "i"), (n_entries, "i"), (n_entries, "f")
    return tuple(array(size, kind=kind) for size, kind in sizes)


test_contract_to_csr = contract("to_csr", CALL, returns=csr_of(3, 2))
test_contract_multiply = contract(
    "multiply", {"csr": CSR, "dense": np.ones((3, 2))}, returns=array(3, 2)
)
test_contract_transpose = contract(
    "transpose", {"csr": CSR, "n_columns": 4}, returns=csr_of(4, 3)
)


def csr_by_definition(cells, n_rows):
    """Return the CSR form of a dictionary from (row, column) to value."""
    indptr, indices, data = [0], [], []
    for row in range(n_rows):
        for column in sorted(j for i, j in cells if i == row):
            indices.append(column)
            data.append(cells[row, column])
        indptr.append(len(indices))
    return np.array(indptr, int), np.array(indices, int), np.array(data, float)


def places(n, d):
    """Draw cells of an (n, d) matrix, if it has any."""
    return (
        st.tuples(st.integers(0, n - 1), st.integers(0, d - 1))
        if n * d
        else st.nothing()
    )


@st.composite
def triplets(draw):
    """Draw triplets, in which cells occur again and values cancel, and the shape."""
    n, d = draw(st.integers(0, 5)), draw(st.integers(0, 5))
    cell = st.tuples(*(st.integers(0, max(size - 1, 0)) for size in (n, d)))
    most = 12 if n * d else 0
    return draw(st.lists(st.tuples(cell, strategies.quarters), max_size=most)), n, d


@st.composite
def large(draw):
    """Draw hundreds of triplets, and the generator that they came from."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    n, d, m = (draw(st.integers(1, most)) for most in (60, 60, 400))
    rows, columns = rng.integers(n, size=m), rng.integers(d, size=m)
    return rows, columns, rng.normal(size=m), (n, d), rng


@given(triplets())
def test_holds_one_entry_for_each_cell(submission, case):
    """Adds up what is of the same cell, and puts entries by row, then by column."""
    drawn, n, d = case
    cells = {}
    for cell, value in drawn:
        cells[cell] = cells.get(cell, 0.0) + value
    rows, columns = np.array([cell for cell, _ in drawn], int).reshape(-1, 2).T
    values = np.array([value for _, value in drawn], float)
    found = submission.to_csr(rows.copy(), columns.copy(), values, (n, d))
    check(found, csr_by_definition(cells, n))


@given(triplets(), st.integers(1, 3), st.integers(0, 2**32))
def test_multiplies(submission, case, k, seed):
    """Has in each cell the sum of entry times dense value, 0 in an empty row."""
    drawn, n, d = case
    cells = dict(drawn)
    dense = np.random.default_rng(seed).integers(-9, 10, (d, k)) / 4
    expected = np.zeros((n, k))
    for (row, column), value in cells.items():
        for c in range(k):
            expected[row, c] += value * dense[column, c]
    check(submission.multiply(csr_by_definition(cells, n), dense), expected)


@given(triplets())
def test_transposes(submission, case):
    """Has the entry of row i and column j in row j and column i."""
    drawn, n, d = case
    cells = dict(drawn)
    turned = csr_by_definition({(j, i): v for (i, j), v in cells.items()}, d)
    check(submission.transpose(csr_by_definition(cells, n), d), turned)


@given(large())
def test_order_of_triplets_does_not_matter(submission, case):
    """Gives the same whatever the order of hundreds of triplets."""
    *arrays, shape, rng = case
    order = rng.permutation(arrays[0].size)
    shuffled = submission.to_csr(*(part[order] for part in arrays), shape)
    check(shuffled, submission.to_csr(*arrays, shape))


@given(large())
def test_transposing_twice_gives_it_back(submission, case):
    """Gives the matrix itself when it is transposed twice."""
    rows, columns, values, (n, d), _ = case
    csr = submission.to_csr(rows, columns, values, (n, d))
    check(submission.transpose(submission.transpose(csr, d), n), csr)


@given(large())
def test_both_routes_agree(submission, case):
    """Gives y.T (A x) = (A.T y).T x for hundreds of entries."""
    *drawn, (n, d), rng = case
    csr = submission.to_csr(*drawn, (n, d))
    x, y = rng.normal(size=(d, 2)), rng.normal(size=(n, 3))
    product = check_array(submission.multiply(csr, x), (n, 2))
    back = check_array(submission.multiply(submission.transpose(csr, d), y), (d, 3))
    check(back.T @ x, y.T @ product)


@pytest.mark.edge_cases
def test_zeros_are_entries(submission):
    """Keeps an entry whose value is 0, and one whose values add up to 0."""
    rows, columns = np.array([1, 0, 1]), np.array([0, 1, 0])
    found = submission.to_csr(rows, columns, np.array([2.5, 0.0, -2.5]), (2, 2))
    check(found, (np.array([0, 1, 2]), np.array([1, 0]), np.zeros(2)))


@pytest.mark.edge_cases
@pytest.mark.parametrize("shape", [(0, 3), (3, 0), (2, 2)], ids=str)
def test_no_entries(submission, shape):
    """Has n + 1 zeros in indptr where there is no entry, and gives zeros."""
    n, d = shape
    none = np.array([], int)
    csr = (np.zeros(n + 1, int), none, np.array([]))
    check(submission.to_csr(none, none, np.array([]), shape), csr)
    check(submission.multiply(csr, np.ones((d, 2))), np.zeros((n, 2)))
    check(submission.transpose(csr, d), (np.zeros(d + 1, int), none, np.array([])))


@pytest.mark.numerics
def test_a_small_row_below_a_large_one(submission):
    """Adds up each row by itself, so that a large one costs others no digits."""
    csr = np.array([0, 1, 2]), np.array([0, 0]), np.array([1e16, 0.1])
    check(submission.multiply(csr, np.ones((1, 1))), np.array([[1e16], [0.1]]))


@pytest.mark.edge_cases
def test_a_huge_shape(submission):
    """Puts an entry into one of 2**59 cells, more than a float can tell apart."""
    place = np.array([2**14 - 1]), np.array([2**45 - 2]), np.array([1.0])
    indptr = np.zeros(2**14 + 1, int)
    indptr[-1] = 1
    check(submission.to_csr(*place, (2**14, 2**45)), (indptr, place[1], place[2]))


@pytest.mark.validation
@pytest.mark.parametrize(
    "arguments",
    refusals(
        CALL,
        {
            "one value": {"values": np.array([1.5])},
            "row -1": {"rows": np.array([1, -1, 1])},
            "row n": {"rows": np.array([1, 3, 1])},
            "column -1": {"columns": np.array([2, -1, 2])},
            "column d + 1": {"columns": np.array([2, 5, 2])},
        },
    ),
)
def test_refuses(submission, arguments):
    """Raises ValueError where triplets do not fit each other or the shape."""
    with pytest.raises(ValueError):
        submission.to_csr(**arguments)


@pytest.mark.efficiency
@pytest.mark.memory(150)
def test_makes_no_dense_array(submission, rng):
    """Has 150 MB for a matrix of 8,000 rows and columns, which is 512 MB dense."""
    size, m = 8_000, 4_000
    rows, columns, values = (
        rng.permutation(size)[:m],
        rng.permutation(size)[:m],
        rng.normal(size=m),
    )
    csr = submission.to_csr(rows, columns, values, (size, size))
    x, expected = rng.normal(size=(size, 1)), np.zeros((size, 1))
    expected[columns] = values[:, None] * x[rows]
    check(submission.multiply(submission.transpose(csr, size), x), expected)


@pytest.mark.efficiency
def test_makes_no_pass_for_each_row(check_slowdown):
    """Handles 80,000 rows and entries in time of their sum, not of their product."""

    def sample(rng):
        size = 80_000
        rows, columns = rng.integers(size, size=(2, size))
        return rows, columns, rng.normal(size=size), rng.normal(size=(size, 2))

    def run(module, rows, columns, values, x):
        size = x.shape[0]
        csr = module.to_csr(rows, columns, values, (size, size))
        return module.multiply(module.transpose(csr, size), x)

    check_slowdown(run, sample, limit=42)
