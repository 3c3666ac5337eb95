"""Checks of naive Bayes: what the interviewer looks for.

The oracles are the definitions, one class, row and feature at a time, in Python floats.
"""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from graders.harness import array, check, check_array, contract, refusals, strategies

COUNTS = np.array([[3, 0, 1], [0, 2, 0], [1, 1, 0]])
LABELS = np.array([8, -5, 8])
CALL = {"train": COUNTS, "labels": LABELS, "queries": np.array([[1, 0, 2], [0, 0, 0]])}
seeds = st.integers(0, 2**32 - 1)

CLOUDS = {
    "train": np.array([[1.0, 0.0], [2.0, 2.0], [5.0, 3.0], [6.0, 1.0]]),
    "labels": np.array([0, 0, 1, 1]),
    "queries": np.array([[2.0, 1.0]]),
}
test_contract_multinomial = contract("multinomial", CALL, returns=array(2, 2))
test_contract_gaussian = contract("gaussian", CLOUDS, returns=array(1, 2))


def labels_for(n):
    """Draw labels of up to three classes."""
    return hnp.arrays(np.int64, n, elements=st.sampled_from([8, -5, 10**12]))


@st.composite
def texts(draw):
    """Draw counts of words, most of them small, their labels, and queries."""
    counts = strategies.matrices((1, 7), draw(st.integers(1, 4)), st.integers(0, 5))
    counts = counts.map(lambda drawn: drawn.astype(int))
    train = draw(counts)
    return train, draw(labels_for(len(train))), draw(counts)


@st.composite
def measurements(draw):
    """Draw rows of which not all are equal, their labels, and queries."""
    d = draw(st.integers(1, 3))
    train = draw(strategies.matrices((2, 8), d).filter(lambda x: np.ptp(x, 0).any()))
    return train, draw(labels_for(len(train))), draw(strategies.matrices((1, 4), d))


def posterior(joints):
    """Return the normalised logarithms of one query."""
    top = max(joints)
    total = top + math.log(math.fsum(math.exp(joint - top) for joint in joints))
    return [joint - total for joint in joints]


def rows_by_class(train, labels):
    """Return the prior and the rows, as lists, of each class in ascending order."""
    pairs = list(zip(labels.tolist(), train.tolist(), strict=True))
    names = sorted({label for label, _ in pairs})
    groups = [[row for label, row in pairs if label == name] for name in names]
    return [(len(rows) / len(pairs), rows) for rows in groups]


def multinomial_by_definition(train, labels, queries, smoothing):
    """Return the log-probabilities, word by word."""
    answers, v = [], train.shape[1]
    for query in queries.tolist():
        joints = []
        for prior, rows in rows_by_class(train, labels):
            total = sum(map(sum, rows)) + smoothing * v
            words = [
                (sum(row[w] for row in rows) + smoothing) / total for w in range(v)
            ]
            terms = [n * math.log(p) for n, p in zip(query, words, strict=True)]
            joints.append(math.log(prior) + math.fsum(terms))
        answers.append(posterior(joints))
    return np.array(answers)


def variance(values):
    """Return the mean squared deviation."""
    mean = math.fsum(values) / len(values)
    return math.fsum((value - mean) ** 2 for value in values) / len(values)


def gaussian_by_definition(train, labels, queries, floor):
    """Return the log-probabilities, feature by feature."""
    least = floor * max(map(variance, train.T.tolist()))
    answers = []
    for query in queries.tolist():
        joints = []
        for prior, rows in rows_by_class(train, labels):
            joint = math.log(prior)
            for x, values in zip(query, zip(*rows, strict=True), strict=True):
                spread = variance(values) + least
                off = x - math.fsum(values) / len(values)
                joint -= (off**2 / spread + math.log(2 * math.pi * spread)) / 2
            joints.append(joint)
        answers.append(posterior(joints))
    return np.array(answers)


def test_three_texts(submission):
    """Smooths and weighs two classes as you would on paper."""
    # Class -5 has a prior of 1/3 and words (1, 3, 1) / 5, class 8 one of 2/3 and
    # (5, 2, 2) / 9. A query of no words keeps the priors.
    first, second = 1 / 3 * (1 / 5) ** 3, 2 / 3 * 5 / 9 * (2 / 9) ** 2
    shares = np.array([[first, second], [first + second, 0]]) / (first + second)
    shares[1] = 1 / 3, 2 / 3
    check(submission.multinomial(**CALL), np.log(shares))


def test_two_bells(submission):
    """Weighs two normal densities as you would on paper."""
    train, labels = np.array([[0.0], [2.0], [5.0], [9.0]]), np.array([1, 1, 0, 0])
    result = submission.gaussian(train, labels, np.array([[3.0]]), floor=1e-12)
    # Class 0 has mean 7 and variance 4, class 1 mean 1 and variance 1.
    first, second = math.exp(-(4**2) / 8) / 2, math.exp(-(2**2) / 2)
    expected = np.log(np.array([[first, second]]) / (first + second))
    check(result, expected)


@given(texts(), st.sampled_from([1e-10, 0.01, 0.5, 1.0, 3.0]))
def test_multinomial_by_the_definition(submission, case, smoothing):
    """Gives what the definition gives, word by word."""
    result = submission.multinomial(*case, smoothing=smoothing)
    check(result, multinomial_by_definition(*case, smoothing))


@given(measurements(), st.sampled_from([0.01, 0.25, 2.0]))
def test_gaussian_by_the_definition(submission, case, floor):
    """Gives what the definition gives, feature by feature."""
    result = submission.gaussian(*case, floor=floor)
    check(result, gaussian_by_definition(*case, floor), atol=1e-8)


@given(seeds, st.integers(2, 60), st.integers(1, 30))
def test_evidence_adds_up(submission, seed, n, v):
    """Adds the evidence of two texts that are joined, and counts the prior once."""
    rng = np.random.default_rng(seed)
    train, labels = rng.poisson(1.0, (n, v)), rng.integers(0, 3, n)
    first, second = rng.poisson(2.0, (2, 1, v))
    joined, a, b, prior = (
        check_array(submission.multinomial(train, labels, query), (1, None))
        for query in (first + second, first, second, 0 * first)
    )
    odds = a + b - prior
    check(joined - joined[:, :1], odds - odds[:, :1], atol=1e-7)


@pytest.mark.edge_cases
def test_a_constant_feature(submission):
    """Adds 1e-9 of the largest variance by default, so that none is 0."""
    train = np.array([[1.0, 0.0], [1.0, 4.0], [2.0, 6.0]])
    labels = np.array([0, 0, 1])
    queries = np.array([[1.0, 2.0], [1.0001, 2.0], [2.0, 6.0]])
    expected = gaussian_by_definition(train, labels, queries, 1e-9)
    check(submission.gaussian(train, labels, queries), expected, rtol=1e-6)


@pytest.mark.numerics
@given(seeds, st.integers(10, 4000))
def test_long_texts(submission, seed, v):
    """Keeps every class's logarithm finite in texts of 10,000 words."""
    rng = np.random.default_rng(seed)
    train, labels = rng.poisson(0.5, (6, v)), np.array([0, 0, 1, 1, 2, 2])
    queries = rng.multinomial([1, 10_000], np.full(v, 1 / v))
    expected = multinomial_by_definition(train, labels, queries, 1.0)
    check(submission.multinomial(train, labels, queries), expected, atol=1e-7)


@pytest.mark.numerics
def test_tiny_smoothing(submission):
    """Takes the logarithm of a probability of 1e-12 as it is."""
    train, labels = np.array([[100, 0], [0, 100]]), np.array([0, 1])
    result = submission.multinomial(train, labels, np.array([[3, 1]]), smoothing=1e-10)
    # Of four words class 1 lacks three and class 0 one, each 1e-12 times as likely.
    check(result, np.array([[0.0, 2 * math.log(1e-12)]]))


@pytest.mark.numerics
@pytest.mark.parametrize("scale", [0.01, 100.0])
def test_many_features(submission, rng, scale):
    """Stays finite for 400 features, whose variances multiply to 0 or infinity."""
    train, labels = scale * rng.normal(size=(6, 400)), np.array([0, 0, 0, 1, 1, 1])
    queries = scale * rng.normal(size=(2, 400))
    expected = gaussian_by_definition(train, labels, queries, 0.25)
    check(submission.gaussian(train, labels, queries, floor=0.25), expected, atol=1e-8)


@pytest.mark.numerics
@given(measurements(), st.sampled_from([1e6, -1e6]))
def test_far_from_the_origin(submission, case, shift):
    """Gives the same when all features are shifted by 1e6."""
    train, labels, queries = case
    expected = gaussian_by_definition(train, labels, queries, 0.25)
    result = submission.gaussian(train + shift, labels, queries + shift, floor=0.25)
    check(result, expected, rtol=1e-6, atol=1e-6)


@pytest.mark.validation
@pytest.mark.parametrize(
    "arguments",
    refusals(
        CALL,
        {
            "train": "negative",
            "no smoothing": {"smoothing": 0.0},
            "negative smoothing": {"smoothing": -1.0},
        },
    ),
)
def test_refuses(submission, arguments):
    """Raises ValueError for a negative count, and where nothing smooths."""
    with pytest.raises(ValueError):
        submission.multinomial(**arguments)
