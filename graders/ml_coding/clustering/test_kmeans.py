"""Grader for k-means: the interviewer's side of the table."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from graders.harness import Wrong, array, check, check_array, check_number, contract

LINE = np.array([[0.0], [1.0], [9.0], [11.0]])
test_contract_start = contract(
    "kmeans_plus_plus",
    lambda module: module.kmeans_plus_plus(LINE, 2, np.random.default_rng(0)),
    returns=array(2, 1),
)
test_contract_lloyd = contract(
    "lloyd",
    {"points": LINE, "centres": LINE[:2]},
    returns=(array(2, 1), array(4, kind="i"), float),
)


def points_of(draw, n, d):
    """Draw points on a small grid, so that they repeat and tie."""
    return draw(hnp.arrays(float, (n, d), elements=st.integers(-4, 4)))


@st.composite
def point_sets(draw):
    """Draw points with repeated rows, and a number of centres."""
    n, d = draw(st.integers(1, 8)), draw(st.integers(1, 2))
    return points_of(draw, n, d), draw(st.integers(1, n))


@st.composite
def starts(draw):
    """Draw points, and centres to start from, of which some may stay empty."""
    n, k, d = draw(st.integers(1, 8)), draw(st.integers(1, 4)), draw(st.integers(1, 2))
    return points_of(draw, n, d), points_of(draw, k, d)


class UndecidedError(Exception):
    """The definition leaves to rounding what the next step is."""


def squared_distance(a, b):
    """Return the squared Euclidean distance of two lists."""
    return sum((x - y) ** 2 for x, y in zip(a, b, strict=True))


def nearest(point, centres, moved):
    """Return the index of the nearest centre, the lowest of several.

    A mean like 1/3 is rounded, so a tie with a centre that has moved is undecided.
    """
    distances = [squared_distance(point, centre) for centre in centres]
    least = min(distances)
    tied = [j for j, distance in enumerate(distances) if distance == least]
    if len(tied) > 1 and moved.intersection(tied):
        raise UndecidedError
    return tied[0]


def lloyd_by_definition(points, centres, max_iterations, tolerance=0.0):
    """Return centres, labels and inertia in exact arithmetic."""
    points = [[Fraction(x) for x in row] for row in points.tolist()]
    centres = [[Fraction(x) for x in row] for row in centres.tolist()]
    moved = set()
    for _ in range(max_iterations):
        labels = [nearest(point, centres, moved) for point in points]
        before = centres
        centres = list(centres)
        for j in set(labels):
            own = [p for p, label in zip(points, labels, strict=True) if label == j]
            centres[j] = [
                sum(coordinate) / len(own) for coordinate in zip(*own, strict=True)
            ]
        moved.update(labels)
        farthest = max(map(squared_distance, centres, before))
        if farthest == tolerance**2 != 0:
            raise UndecidedError
        if farthest <= tolerance**2:
            break
    labels = [nearest(point, centres, moved) for point in points]
    inertia = sum(
        squared_distance(p, centres[j]) for p, j in zip(points, labels, strict=True)
    )
    return np.array(centres, dtype=float), np.array(labels), float(inertia)


def expected_of(*arguments):
    """Return what the definition gives, or drop the example if rounding decides."""
    try:
        return lloyd_by_definition(*arguments)
    except UndecidedError:
        assume(False)


def parts_of(result):
    """Return the three parts of what lloyd returned."""
    if not isinstance(result, tuple) or len(result) != 3:
        raise Wrong("expected a tuple of centres, labels and inertia")
    return result


def column(*values):
    """Return an (n, 1) array."""
    return np.array(values, dtype=float)[:, np.newaxis]


@pytest.mark.parametrize(
    ("max_iterations", "centres", "labels", "inertia"),
    [
        (0, [0, 1], [0, 1, 1, 1], 164.0),
        (1, [0, 7], [0, 0, 1, 1], 21.0),
        (2, [0.5, 10], [0, 0, 1, 1], 2.5),
        (100, [0.5, 10], [0, 0, 1, 1], 2.5),
    ],
)
def test_by_hand(submission, max_iterations, centres, labels, inertia):
    """Goes through the iterations on 0, 1, 9 and 11 as you would by hand."""
    points = column(0, 1, 9, 11)
    actual = submission.lloyd(points, points[:2], max_iterations=max_iterations)
    check(actual, (column(*centres), np.array(labels), inertia))


@given(starts(), st.integers(0, 4))
def test_matches_the_definition(submission, start, max_iterations):
    """Gives the centres, labels and inertia that loops in exact fractions give."""
    expected = expected_of(*start, max_iterations)
    check(submission.lloyd(*start, max_iterations=max_iterations), expected)


@settings(max_examples=50)
@given(starts(), st.sampled_from([0.25, 0.5, 1.0, 2.0]))
def test_matches_the_definition_with_a_tolerance(submission, start, tolerance):
    """Ends after the first iteration in which no centre moves past the tolerance."""
    expected = expected_of(*start, 100, tolerance)
    check(submission.lloyd(*start, tolerance=tolerance), expected)


@settings(max_examples=50)
@given(starts(), st.integers(0, 3))
def test_inertia_never_rises(submission, start, max_iterations):
    """Never has more inertia after one more iteration."""
    before, after = (
        check_number(parts_of(submission.lloyd(*start, max_iterations=t))[2], low=0.0)
        for t in (max_iterations, max_iterations + 1)
    )
    assert after <= before + 1e-9, (
        f"the inertia rises from {before!r} to {after!r} in iteration "
        f"{max_iterations + 1}"
    )


@settings(max_examples=30)
@given(starts(), st.integers(0, 2), st.integers(0, 2))
def test_iterations_add_up(submission, start, first, second):
    """Gives after a + b iterations what b more give from the centres after a."""
    points, centres = start
    at_once = expected_of(*start, first + second)
    midway = parts_of(submission.lloyd(*start, max_iterations=first))[0]
    midway = check_array(midway, centres.shape)
    check(submission.lloyd(points, midway, max_iterations=second), at_once)


@settings(max_examples=30)
@given(starts(), st.randoms(use_true_random=False))
def test_the_order_of_the_points_does_not_matter(submission, start, random):
    """Gives the same centres, and labels that follow, for points in another order."""
    points, centres = start
    rows = list(range(len(points)))
    random.shuffle(rows)
    centres_expected, labels, inertia = expected_of(*start, 100)
    actual = submission.lloyd(points[rows], centres)
    check(actual, (centres_expected, labels[rows], inertia))


@settings(max_examples=30)
@given(starts())
def test_the_unit_of_length_does_not_matter(submission, start):
    """Goes on until no centre moves, though all is scaled down by 2**-30."""
    points, centres = start
    expected, labels, inertia = expected_of(*start, 100)
    scale = 2.0**-30
    actual = submission.lloyd(points * scale, centres * scale)
    # Inertia is about 1e-18 here, so the absolute tolerance has to go.
    check(actual, (expected * scale, labels, inertia * scale**2), atol=1e-23)


@settings(max_examples=60)
@given(point_sets(), st.integers(0, 2**32 - 1))
def test_seeds_are_points_and_differ(submission, case, seed):
    """Draws points, no position twice while one is left without a centre."""
    points, k = case
    rng = np.random.default_rng(seed)
    centres = submission.kmeans_plus_plus(points, k, rng)
    centres = check_array(centres, (k, points.shape[1]))
    positions = set(map(tuple, points.tolist()))
    drawn = set(map(tuple, centres.tolist()))
    assert drawn <= positions, f"{sorted(drawn - positions)} are not among the points"
    wanted = min(k, len(positions))
    assert len(drawn) == wanted, (
        f"{k} centres stand on {len(drawn)} positions; they should on {wanted}, as the "
        f"points stand on {len(positions)}"
    )


@settings(max_examples=5)
@given(st.integers(0, 2**32 - 1))
def test_the_same_generator_gives_the_same_seeds(submission, seed):
    """Draws the same centres again from a generator in the same state."""
    points = np.arange(50.0).reshape(25, 2)
    first, again = (
        submission.kmeans_plus_plus(points, 5, np.random.default_rng(seed))
        for _ in range(2)
    )
    check(again, check_array(first, (5, 2)))


def test_the_law_of_the_draws(submission, rng):
    """Draws the first seed uniformly and the second in proportion to D squared."""
    # 100 points at (0, 0), 100 at (1, 0) and one so far from both that it alone has
    # half of the sum of D**2. It is drawn second with a chance of 0.498; by D itself
    # the chance would be 0.09, uniformly 0.005. The first stands at (0, 0) with a
    # chance of 0.498. A binomial count of 600 such trials leaves [210, 390] with a
    # probability of at most 1.4e-13, computed exactly; two counts are judged.
    far = [0.5, 10.0]
    points = np.array([[0.0, 0.0]] * 100 + [[1.0, 0.0]] * 100 + [far])
    first_at_origin = second_far = 0
    for child in rng.spawn(600):
        seeds = check_array(submission.kmeans_plus_plus(points, 2, child), (2, 2))
        first_at_origin += seeds[0].tolist() == [0.0, 0.0]
        second_far += seeds[1].tolist() == far
    assert 210 <= first_at_origin <= 390, (
        f"the first of 600 seeds is one of the first 100 of 201 points "
        f"{first_at_origin} times; 299 are expected"
    )
    assert 210 <= second_far <= 390, (
        f"a point with half of all squared distance is the second of 600 seeds "
        f"{second_far} times; 299 are expected"
    )


def test_any_point_may_come_first(submission, rng):
    """Draws each of three points, the last one too, as the first of 80 seeds."""
    # One of the three is missing with a probability of 3 (2/3)**80 = 2.5e-14.
    points = column(0, 1, 2)
    seeds = [submission.kmeans_plus_plus(points, 1, child) for child in rng.spawn(80)]
    firsts = {float(check_array(seed, (1, 1))[0, 0]) for seed in seeds}
    check(sorted(firsts), [0.0, 1.0, 2.0])


@pytest.mark.edge_cases
@pytest.mark.parametrize(
    ("points", "centres", "expected"),
    [
        pytest.param(
            column(0, 2), column(9, 1), (column(9, 1), [1, 1], 2.0), id="far away"
        ),
        pytest.param(
            column(0, 2), column(1, 1, 5), (column(1, 1, 5), [0, 0], 2.0), id="twice"
        ),
        pytest.param(
            column(1, 3), column(0, 4, 2), (column(1, 3, 2), [0, 1], 0.0), id="a tie"
        ),
        pytest.param(
            column(6, 6), column(7, 5), (column(6, 5), [0, 0], 0.0), id="one position"
        ),
        pytest.param(column(5), column(1, 9), (column(5, 9), [0], 0.0), id="k above n"),
    ],
)
def test_empty_clusters_and_ties(submission, points, centres, expected):
    """Leaves a centre without points where it is; gives ties to the lowest index."""
    centres_expected, labels, inertia = expected
    actual = submission.lloyd(points, centres)
    check(actual, (centres_expected, np.array(labels), inertia))


@pytest.mark.edge_cases
@pytest.mark.parametrize(
    ("tolerance", "centres"),
    [
        pytest.param(5.0, [[10.0, 3.0], [4.0, 8.0]], id="just as far"),
        pytest.param(4.9, [[14.0, 1.0], [5.0, 6.5]], id="farther"),
        pytest.param(0.0, [[14.0, 1.0], [5.0, 6.5]], id="zero"),
    ],
)
def test_tolerance_is_a_distance(submission, tolerance, centres):
    """Stops after both centres have moved by (4, 3), if the tolerance is 5 or more."""
    points = np.array([[4.0, 8.0], [6.0, 5.0], [14.0, 1.0]])
    start = np.array([[6.0, 0.0], [0.0, 11.0]])
    actual = submission.lloyd(points, start, tolerance=tolerance)
    check(actual, lloyd_by_definition(points, np.array(centres), 0))


@pytest.mark.edge_cases
def test_one_far_move_is_enough_to_go_on(submission):
    """Goes on while a single centre still moves farther than the tolerance."""
    # The centres move by 5 and 2.2 at first, then by 0.5 and 2.
    points = np.array([[0.0, 15.0], [2.0, 11.0], [7.0, 12.0], [7.0, 13.0]])
    start = np.array([[11.0, 9.0], [2.0, 11.0]])
    actual = submission.lloyd(points, start, tolerance=4.5)
    centres = np.array([[7.0, 12.5], [1.0, 13.0]])
    check(actual, (centres, np.array([1, 1, 0, 0]), 10.5))


@pytest.mark.edge_cases
@pytest.mark.parametrize("n", [1, 5])
def test_identical_points(submission, rng, n):
    """Draws as many seeds as asked for when all points are identical."""
    points = np.full((n, 2), 3.5)
    check(submission.kmeans_plus_plus(points, n, rng), points)


NOT_ROWS = [
    pytest.param(np.zeros(3), id="one dimension"),
    pytest.param(np.zeros((2, 2, 2)), id="three dimensions"),
    pytest.param(np.zeros((0, 2)), id="no rows"),
    pytest.param(np.zeros((2, 0)), id="no columns"),
    pytest.param(np.array([[0.0, np.nan]]), id="NaN"),
    pytest.param(np.array([[0.0, np.inf]]), id="infinity"),
]


@pytest.mark.edge_cases
@pytest.mark.parametrize("rows", NOT_ROWS)
def test_refuses_other_arrays(submission, rng, rows):
    """Raises ValueError for arrays of other shapes, without rows, or not finite."""
    good = np.zeros((2, 2))
    with pytest.raises(ValueError):
        submission.kmeans_plus_plus(rows, 1, rng)
    with pytest.raises(ValueError):
        submission.lloyd(rows, good)
    with pytest.raises(ValueError):
        submission.lloyd(good, rows)


@pytest.mark.edge_cases
@pytest.mark.parametrize("k", [-1, 0, 4])
def test_refuses_k_out_of_range(submission, rng, k):
    """Raises ValueError for fewer than one seed or more seeds than points."""
    with pytest.raises(ValueError):
        submission.kmeans_plus_plus(column(1, 2, 3), k, rng)


def test_a_small_move_is_the_last(submission):
    """Stops after moves of 1 and 2.5 if the tolerance is 3, whatever would follow."""
    actual = submission.lloyd(column(0, 4, 13), column(1, 6), tolerance=3.0)
    check(actual, (column(0, 8.5), np.array([0, 0, 1]), 36.25))


@pytest.mark.edge_cases
@pytest.mark.parametrize(("width", "other"), [(1, 2), (2, 1), (2, 3)])
def test_refuses_centres_of_another_width(submission, width, other):
    """Raises ValueError when points and centres differ in their number of columns."""
    table = np.zeros((3, width)), np.ones((2, other))
    with pytest.raises(ValueError):
        submission.lloyd(*table)
    with pytest.raises(ValueError):
        submission.lloyd(*table, max_iterations=0)


@pytest.mark.edge_cases
@pytest.mark.parametrize(
    "options",
    [{"max_iterations": -1}, {"tolerance": -0.5}, {"tolerance": np.nan}],
    ids=["iterations", "negative tolerance", "NaN tolerance"],
)
def test_refuses_limits_below_zero(submission, options):
    """Raises ValueError for max_iterations or a tolerance below zero, or NaN."""
    with pytest.raises(ValueError):
        submission.lloyd(np.zeros((3, 2)), np.ones((2, 2)), **options)


@pytest.mark.numerics
@settings(max_examples=30)
@given(starts(), st.integers(0, 3))
def test_far_from_the_origin(submission, start, max_iterations):
    """Gives the same labels and inertia when all is shifted by 1e8."""
    points, centres = start
    expected, labels, inertia = expected_of(*start, max_iterations)
    actual = submission.lloyd(
        points + 1e8, centres + 1e8, max_iterations=max_iterations
    )
    # Floats near 1e8 are 1.5e-8 apart, and a sum of 16 squares feels each of them.
    check(actual, (expected + 1e8, labels, inertia), rtol=1e-14, atol=1e-5)


@pytest.mark.numerics
@settings(max_examples=30)
@given(point_sets(), st.integers(0, 2**32 - 1))
def test_seeds_far_from_the_origin(submission, case, seed):
    """Draws no position twice when the points lie 1e8 from the origin either."""
    points, k = case
    rng = np.random.default_rng(seed)
    centres = submission.kmeans_plus_plus(points + 1e8, k, rng)
    centres = check_array(centres, (k, points.shape[1]))
    wanted = min(k, len(np.unique(points, axis=0)))
    drawn = len(np.unique(centres, axis=0))
    assert drawn == wanted, f"{k} centres on {drawn} positions, not on {wanted}"


@pytest.mark.efficiency
@pytest.mark.memory(128)
@pytest.mark.timeout(120)  # pure Python loops take 5 s, and 40 s on a busy machine
def test_twenty_thousand_points(submission, reference, rng):
    """Seeds and groups 20,000 points without an array of (n, k, d) numbers."""
    # Good answers take 16 to 64 MB, pure Python lists included. An array of (n, k, d)
    # takes 256 MB, and in float32, with the temporary that squaring it takes, as much.
    points = rng.normal(size=(20_000, 32))
    seeds = submission.kmeans_plus_plus(points, 50, rng)
    seeds = check_array(seeds, (50, 32))
    expected = reference.lloyd(points, seeds, max_iterations=1)
    centres, labels, inertia = parts_of(
        submission.lloyd(points, seeds, max_iterations=1)
    )
    check_array(centres, (50, 32))
    check_array(labels, (20_000,), kind="iu")
    # A point on the border may go either way, which changes less than a millionth.
    check(inertia, expected[2], rtol=1e-6)
