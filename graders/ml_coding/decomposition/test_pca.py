"""Checks of principal component analysis: what the interviewer looks for.

Components are known by what holds of them, whichever algorithm found them: they are
orthonormal eigenvectors of the covariance, with its largest eigenvalues.
"""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graders.harness import Wrong, array, check, check_array, contract, refusals

# Four points around (1, 2): five to either side along (0.6, 0.8), one across.
CROSS = np.array([[4.0, 6.0], [-2.0, -2.0], [1.8, 1.4], [0.2, 2.6]])
CALL = {"x": CROSS, "k": 2}

test_contract_components = contract(
    "PCA.components", lambda m: m.PCA(1).fit(CROSS).components, returns=array(1, 2)
)
test_contract_variance = contract(
    "PCA.explained_variance",
    lambda m: m.PCA(2).fit(CROSS).explained_variance,
    returns=array(2),
)
test_contract_transform = contract(
    "PCA.transform", lambda m: m.PCA(1).fit(CROSS).transform(CROSS), returns=array(4, 1)
)
test_contract_inverse = contract(
    "PCA.inverse_transform",
    lambda m: m.PCA(1).fit(CROSS).inverse_transform(np.ones((3, 1))),
    returns=array(3, 2),
)


@st.composite
def clouds(draw, rows=(2, 40), most=8):
    """Draw correlated rows around a mean far from 0, and a k that they allow."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    n, d = draw(st.integers(*rows)), draw(st.integers(1, most))
    x = rng.normal(size=(n, d)) @ rng.normal(size=(d, d)) + 10 * rng.normal(size=d)
    return x, draw(st.integers(1, min(n - 1, d)))


def covariance(x):
    """Return the covariance of the columns, divided by n - 1."""
    centred = x - x.mean(axis=0)
    return centred.T @ centred / (len(x) - 1)


def parts_of(model, k, d):
    """Return components and variances, type and shape demanded."""
    components = check_array(model.components, (k, d))
    return components, check_array(model.explained_variance, (k,))


def demand_signs(components):
    """Demand that the entry largest in size is positive, either of two that tie."""
    for row in components:
        if row.max() < -row.min() - 1e-9:
            raise Wrong(f"the largest entry of {row} is {row.min():.6g}")


def test_a_cross(submission):
    """Finds the arms of a cross around (1, 2), as you would on paper."""
    model = submission.PCA(2).fit(CROSS)
    check(model.components, np.array([[0.6, 0.8], [0.8, -0.6]]))
    check(model.explained_variance, np.array([50 / 3, 2 / 3]))
    check(
        model.transform(np.array([[1.0, 2.0], [4.0, 6.0]])),
        np.array([[0.0, 0], [5, 0]]),
    )
    check(model.inverse_transform(np.array([[0.0, 1.0]])), np.array([[1.8, 1.4]]))


@given(clouds())
def test_largest_variances(submission, cloud):
    """Has the k largest variances that any directions have, in descending order."""
    x, k = cloud
    _, variances = parts_of(submission.PCA(k).fit(x), k, x.shape[1])
    spectrum = np.linalg.eigvalsh(covariance(x))[::-1]
    check(variances, spectrum[:k], rtol=1e-6, atol=1e-9 * float(spectrum[0]))


@given(clouds())
def test_orthonormal_eigenvectors(submission, cloud):
    """Has orthonormal components, each an eigenvector of the covariance."""
    x, k = cloud
    components, variances = parts_of(submission.PCA(k).fit(x), k, x.shape[1])
    check(components @ components.T, np.eye(k), atol=1e-8)
    matrix = covariance(x)
    atol = 1e-8 * float(np.trace(matrix))
    check(components @ matrix, variances[:, np.newaxis] * components, atol=atol)
    demand_signs(components)


@given(clouds(), clouds(most=1))
def test_new_rows(submission, cloud, other):
    """Maps new rows there and back by the components and the fitted mean."""
    x, k = cloud
    model = submission.PCA(k).fit(x)
    components, _ = parts_of(model, k, x.shape[1])
    rows = other[0] + np.arange(x.shape[1])  # (m, d)
    coordinates = (rows - x.mean(axis=0)) @ components.T
    check(model.transform(rows), coordinates, atol=1e-8)
    back = coordinates @ components + x.mean(axis=0)
    check(model.inverse_transform(coordinates), back, atol=1e-8)


@given(clouds())
def test_what_is_lost(submission, cloud):
    """Loses by compression just the variance that is not explained."""
    x, k = cloud
    model = submission.PCA(k).fit(x)
    _, variances = parts_of(model, k, x.shape[1])
    back = check_array(model.inverse_transform(model.transform(x)), x.shape)
    total = float(np.trace(covariance(x)))
    lost = float(np.square(x - back).sum()) / (len(x) - 1)
    check(lost, total - float(variances.sum()), atol=1e-8 * total)


@given(clouds(rows=(4, 40)), st.integers(0, 2**32 - 1))
def test_turning_and_shifting(submission, cloud, seed):
    """Finds the same coordinates, up to sign, when the rows are rotated and shifted."""
    x, _ = cloud
    d = x.shape[1]
    rng = np.random.default_rng(seed)
    moved = x @ np.linalg.qr(rng.normal(size=(d, d)))[0] + rng.normal(size=d)
    before = check_array(submission.PCA(1).fit(x).transform(x), (len(x), 1))
    after = check_array(submission.PCA(1).fit(moved).transform(moved), (len(x), 1))
    first, second, *_ = *np.linalg.eigvalsh(covariance(x))[::-1], 0.0
    if first - second > 1e-4 * first:  # else any direction between the two will do
        check(abs(after), abs(before), atol=1e-7 * float(abs(before).max()))


@pytest.mark.edge_cases
def test_fit_again(submission):
    """Forgets the first rows when it is fitted to others, and shares nothing."""
    model = submission.PCA(1)
    model.fit(np.array([[9.0, 9.0], [8.0, 8.0]]))
    model.fit(CROSS)
    submission.PCA(2).fit(np.eye(3, 2))  # another model, which changes nothing
    check(model.components, np.array([[0.6, 0.8]]))
    check(model.transform(np.array([[1.0, 2.0]])), np.zeros((1, 1)))


@pytest.mark.edge_cases
@pytest.mark.parametrize(
    ("n", "d"),
    [(2, 1), (2, 9), (3, 9), (9, 3)],
    ids=[
        "2 rows, 1 column",
        "2 rows, 9 columns",
        "3 rows, 9 columns",
        "9 rows, 3 columns",
    ],
)
def test_as_many_as_there_are(submission, rng, n, d):
    """Loses nothing with min(n - 1, d) components."""
    x = rng.normal(size=(n, d)) + 5.0
    model = submission.PCA(min(n - 1, d)).fit(x)
    back = check_array(model.inverse_transform(model.transform(x)), (n, d))
    check(back, x, atol=1e-8)


@pytest.mark.numerics
@given(st.integers(0, 2**32 - 1), st.integers(8, 60))
def test_small_variances(submission, seed, n):
    """Is right where the standard deviations are 1, 1e-3, 1e-5 and 1e-7."""
    rng = np.random.default_rng(seed)
    scores = rng.normal(size=(n, 4))
    scores = np.linalg.qr(scores - scores.mean(axis=0))[0]  # mean 0, uncorrelated
    axes = np.linalg.qr(rng.normal(size=(4, 4)))[0]
    deviations = np.array([1.0, 1e-3, 1e-5, 1e-7])
    x = np.sqrt(n - 1) * scores * deviations @ axes
    components, variances = parts_of(submission.PCA(4).fit(x), 4, 4)
    check(np.sqrt(variances), deviations, rtol=1e-5, atol=0.0)
    check(abs(components @ axes.T), np.eye(4), atol=1e-5)


@pytest.mark.numerics
def test_small_variances_of_wide_rows(submission):
    """Is right for fewer rows than columns, with deviations of 1 and 1.7e-7."""
    x = np.zeros((3, 4))
    x[:, 0], x[:, 2] = [1, -1, 0], [1e-7, 1e-7, -2e-7]
    components, variances = parts_of(submission.PCA(2).fit(x), 2, 4)
    check(variances, np.array([1.0, 3e-14]), rtol=2e-5, atol=0.0)
    check(components, np.eye(4)[[0, 2]], atol=1e-5)


@pytest.mark.efficiency
@pytest.mark.memory(128)
@pytest.mark.timeout(60)  # rotations in plain Python take 2 s of CPU
def test_memory(submission, rng):
    """Fits 12 rows of 4,500 columns in 128 MB, where (d, d) alone takes 162 MB."""
    x = rng.normal(size=(12, 4500))
    model = submission.PCA(3).fit(x)
    _, variances = parts_of(model, 3, 4500)
    small = (x - x.mean(axis=0)) @ (x - x.mean(axis=0)).T / 11
    check(variances, np.linalg.eigvalsh(small)[::-1][:3], rtol=1e-6)


@pytest.mark.validation
@pytest.mark.parametrize(
    "arguments",
    refusals(
        CALL,
        {
            "k": ["zero", "negative"],
            "more than columns": {"k": 3},
            "more than rows": {"x": np.eye(2, 5)},
        },
    ),
)
def test_refuses(submission, arguments):
    """Raises ValueError where k is not from 1 to min(n - 1, d)."""
    with pytest.raises(ValueError):
        submission.PCA(arguments["k"]).fit(arguments["x"])
