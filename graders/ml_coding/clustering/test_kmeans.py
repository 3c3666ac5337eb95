"""Checks of k-means: what the interviewer looks for.

The oracle iterates in exact fractions. It drops an example where rounding may decide: a
tie, even of a mean with a centre on the same place, or a move of just the tolerance.
"""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from graders.harness import Wrong, array, check, check_array, contract, refusals

POINTS = np.array([[0.0, 1.0], [2.0, 1.0], [9.0, 4.0], [8.0, 6.0]])
SEEDING = {"points": POINTS, "k": 2, "rng": np.random.default_rng(0)}
seeds = st.integers(0, 2**32 - 1)

test_contract_seeding = contract("kmeans_plus_plus", SEEDING, returns=array(2, 2))
test_contract_lloyd = contract(
    "lloyd", {"points": POINTS, "centres": POINTS[1:3]},
    returns=(array(2, 2), array(4, kind="i"), float),
)  # fmt: skip


@st.composite
def starts(draw):
    """Draw points on a grid and centres off it, so that ties are rare at first."""
    n, d = draw(st.integers(1, 8)), draw(st.integers(1, 2))
    k, grid = draw(st.integers(1, n)), st.integers(-4, 4)
    centres = draw(hnp.arrays(float, (k, d), elements=grid))
    centres += np.arange(1, k + 1)[:, np.newaxis] / 32
    return draw(hnp.arrays(float, (n, d), elements=grid)), centres


def column(*values):
    """Return an (n, 1) array."""
    return np.array(values, float)[:, np.newaxis]


def parts_of(result):
    """Return the three parts of what lloyd returned."""
    if not isinstance(result, tuple) or len(result) != 3:
        raise Wrong("expected a tuple of centres, labels and inertia")
    return result


def squared_distance(a, b):
    """Return the squared Euclidean distance of two lists."""
    return sum((x - y) ** 2 for x, y in zip(a, b, strict=True))


def nearest(point, centres):
    """Return the index of the nearest centre, and the squared distance to it."""
    distances = [squared_distance(point, centre) for centre in centres]
    least, *others = sorted(distances)
    assume(not others or others[0] - least > 1e-5)  # at 1e8, rounding is felt to 3e-6
    return distances.index(least), least


def lloyd_by_definition(points, centres, max_iterations, tolerance=0.0):
    """Return centres, labels and inertia in exact arithmetic."""
    points = [[Fraction(x) for x in row] for row in points.tolist()]
    centres = [[Fraction(x) for x in row] for row in centres.tolist()]
    for _ in range(max_iterations):
        labels = [nearest(point, centres)[0] for point in points]
        before, centres = centres, list(centres)
        for j in set(labels):
            own = [p for p, label in zip(points, labels, strict=True) if label == j]
            centres[j] = [sum(axis) / len(own) for axis in zip(*own, strict=True)]
        farthest = max(map(squared_distance, centres, before))
        assume(farthest != tolerance**2 or tolerance == 0)
        if farthest <= tolerance**2:
            break
    labels, squared = zip(*(nearest(p, centres) for p in points), strict=True)
    return np.array(centres, float), np.array(labels), float(sum(squared))


@pytest.mark.parametrize(
    ("options", "centres", "labels", "inertia"),
    [
        ({"max_iterations": 0}, [-2, 3], [0, 1, 1, 1], 108.0),
        ({"max_iterations": 1}, [0, 7], [0, 0, 1, 1], 21.0),
        ({"tolerance": 4.1}, [0, 7], [0, 0, 1, 1], 21.0),  # moves of 2 and 4
        ({"tolerance": 4.0}, [0, 7], [0, 0, 1, 1], 21.0),
        ({"tolerance": 3.9}, [0.5, 10], [0, 0, 1, 1], 2.5),
        ({}, [0.5, 10], [0, 0, 1, 1], 2.5),
    ],
    ids=["no iteration", "one", "small moves", "just as far", "far moves", "defaults"],
)
def test_by_hand(submission, options, centres, labels, inertia):
    """Goes through the iterations on 0, 1, 9 and 11 as you would by hand."""
    actual = submission.lloyd(column(0, 1, 9, 11), column(-2, 3), **options)
    check(actual, (column(*centres), np.array(labels), inertia))


# A move by (-1, 2) is farther than 2, though neither coordinate moves farther.
@example((np.array([[0, 6], [2, 1], [3, 0.0]]), np.array([[2, 3], [4, -2.0]])), 4, 2.0)
@given(starts(), st.integers(0, 4), st.sampled_from([0.0, 0.25, 0.5, 1.0, 2.0]))
def test_matches_the_definition(submission, start, iterations, tolerance):
    """Gives the centres, labels and inertia that loops in exact fractions give."""
    expected = lloyd_by_definition(*start, iterations, tolerance)
    options = {"max_iterations": iterations, "tolerance": tolerance}
    check(submission.lloyd(*start, **options), expected)


@given(seeds)
def test_ends_where_nothing_moves(submission, seed):
    """Ends with points at their nearest centre and centres at their points' mean."""
    rng = np.random.default_rng(seed)
    points = rng.normal(size=rng.integers([8, 1], [81, 6]))
    start = points[: rng.integers(1, 9)]
    result = parts_of(submission.lloyd(points, start))
    centres = check_array(result[0], start.shape)
    squared = np.square(points[:, np.newaxis] - centres).sum(axis=2)
    labels = squared.argmin(axis=1)
    check(result, (centres, labels, float(squared.min(axis=1).sum())))
    for j in np.unique(labels):
        check(centres[j], points[labels == j].mean(axis=0))


@given(starts(), st.sampled_from([0.0, 1e8]), seeds)
def test_seeds_are_points_and_differ(submission, start, shift, seed):
    """Draws points, no position twice while one is left without a centre."""
    points, k = start[0] / 8 + shift, len(start[1])
    centres = submission.kmeans_plus_plus(points, k, np.random.default_rng(seed))
    positions = set(map(tuple, points.tolist()))
    drawn = set(map(tuple, check_array(centres, (k, points.shape[1])).tolist()))
    if strange := drawn - positions:
        raise Wrong(f"{sorted(strange)} are not among the points")
    if len(drawn) < (most := min(k, len(positions))):
        raise Wrong(f"{k} centres stand on {len(drawn)} positions, not on {most}")


@given(seeds)
def test_the_same_generator_gives_the_same_seeds(submission, seed):
    """Draws the same centres again from a generator in the same state."""
    points, rngs = column(*range(25)), [np.random.default_rng(seed) for _ in range(2)]
    first, again = (submission.kmeans_plus_plus(points, 5, rng) for rng in rngs)
    check(again, check_array(first, (5, 1)))


def test_the_law_of_the_draws(submission, rng):
    """Draws the first seed uniformly, the others by squared distance to the nearest."""
    values = np.array([0.0, 1.0, 2.0, 2.0, 8.0, 12.0, 14.0])
    squared = np.square(values[:, np.newaxis] - values)
    second = squared / squared.sum(axis=1, keepdims=True)  # (first, second)
    third = np.minimum(squared[:, np.newaxis], squared)  # (first, second, third)
    third = second[..., np.newaxis] * third / third.sum(axis=2, keepdims=True)
    expected = np.array([np.full(7, 1 / 7), second.mean(0), third.mean(0).sum(0)])
    # Off by 0.13 in one of 21 shares: a chance of 8e-11 at most (Hoeffding). Plain
    # distance and the better of two draws are off by 0.22; a point never first, 1/7.
    shares, equal = np.zeros((3, 7)), (values == values[:, np.newaxis]).sum(axis=0)
    for child in rng.spawn(800):
        drawn = submission.kmeans_plus_plus(column(*values), 3, child)
        shares += (check_array(drawn, (3, 1)) == values) / equal / 800
    for i, j in np.argwhere(abs(shares - expected) > 0.13):
        often = f"{shares[i, j]:.0%} of 800 trials, not {expected[i, j]:.0%}"
        raise Wrong(f"draw {i + 1} from {values.tolist()} is {values[j]:g} in {often}")


@pytest.mark.edge_cases
@pytest.mark.parametrize(
    ("points", "start", "centres", "labels", "inertia"),
    [
        ([0, 2], [9, 1], [9, 1], [1, 1], 2.0),
        ([0, 2, 1], [1, 1, 5], [1, 1, 5], [0, 0, 0], 2.0),
        ([1, 3, 2], [0, 4, 2], [1, 3, 2], [0, 1, 2], 0.0),
    ],
    ids=["far away", "twice", "a tie"],
)
def test_empty_clusters_and_ties(submission, points, start, centres, labels, inertia):
    """Leaves a centre without points where it is; gives ties to the lowest index."""
    actual = submission.lloyd(column(*points), column(*start))
    check(actual, (column(*centres), np.array(labels), inertia))


@pytest.mark.validation
@pytest.mark.parametrize(
    "arguments",
    refusals(SEEDING, {"points": ("nan", "inf"), "k": "zero", "k > n": {"k": 5}}),
)
def test_refuses(submission, arguments):
    """Raises ValueError for points that are not finite, and for k out of range."""
    with pytest.raises(ValueError):
        submission.kmeans_plus_plus(**arguments)


@pytest.mark.numerics
@pytest.mark.parametrize(
    ("scale", "shift", "tolerances"),
    # An inertia of 1e-18 leaves no room for an absolute tolerance. Floats near 1e8 are
    # 1.5e-8 apart, and a sum of 16 squares feels each of them.
    [(2.0**-30, 0.0, {"atol": 1e-23}), (1.0, 1e8, {"rtol": 1e-14, "atol": 1e-5})],
    ids=["small", "far from the origin"],
)
@given(start=starts())
def test_unit_and_origin(submission, scale, shift, tolerances, start):
    """Gives the same when all is scaled down by 2**-30, or shifted by 1e8."""
    centres, labels, inertia = lloyd_by_definition(*start, 100)
    expected = centres * scale + shift, labels, inertia * scale**2
    actual = submission.lloyd(*(part * scale + shift for part in start))
    check(actual, expected, **tolerances)


@pytest.mark.efficiency
@pytest.mark.memory(128)
@pytest.mark.timeout(120)  # loops in plain Python take 5 s of CPU
def test_twenty_thousand_points(submission, reference, rng):
    """Seeds and groups 20,000 points without an array of (n, k, d) numbers."""
    # No clock: every right answer does n k d operations. Good ones take 16 to 64 MB,
    # lists of plain Python included; an array of (n, k, d) takes 256 MB.
    points = rng.normal(size=(20_000, 32))
    start = check_array(submission.kmeans_plus_plus(points, 50, rng), (50, 32))
    inertia = reference.lloyd(points, start, max_iterations=1)[2]
    actual = parts_of(submission.lloyd(points, start, max_iterations=1))[2]
    # A point on the border may go either way, which changes less than a millionth.
    check(actual, inertia, rtol=1e-6)
