"""Grader for trees against lines: the interviewer's side of the table."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graders.harness import Exercise, Wrong, check_array

EXERCISE = Exercise(
    minutes=35,
    difficulty="hard",
    many_answers=True,
    hints=(
        "On XOR no line explains anything, and neither does any single split. What "
        "does a greedy tree do there, and what must you change a little?",
        "For the tree at depth 1: a tree sees only the order of a feature, a line its "
        "values. For the line: with ten features that all matter alike, how much can "
        "the three questions on a path explain?",
        "tree_wins: x1 x2 ... xk of features -1 and 1, plus a tenth of x1, of x1 x2 "
        "and so on; at depth 1, a step with an outlier at 1000. line_wins: the sum of "
        "all features, on all corners of the cube.",
    ),
    follow_ups=(
        "A boosted ensemble of stumps fits your line_wins data well, but not your "
        "tree_wins data. Why?",
        "Which new column would let the line win on your tree_wins data? And the tree "
        "of depth 1 on your line_wins data?",
        "All of this was on the training rows. Which of the two would you trust on "
        "values outside the range of the features?",
        "Does the order of the wins change when you take the logarithm of a feature? "
        "For which of the two models?",
        "On your data, would looking two splits ahead help the tree? What would it "
        "cost?",
    ),
    pitfalls={  # mistake: patches of the solution, or definitions as mistaken
        "shows XOR to a greedy tree, whose first split gains nothing": (
            (" + 0.1 * products[:, :-1].sum(axis=1)", ""),
        ),
        "leads the tree to its first split alone": (
            ("0.1 * products[:, :-1].sum(axis=1)", "0.1 * products[:, 0]"),
        ),
        "leads the tree by hints as large as the product itself": (
            ("0.1 * products", "1.0 * products"),
        ),
        "takes the product of two features at any depth": """
def tree_wins(depth, n_features, margin):
    _require(1 <= depth <= 4 and depth <= n_features <= 10, "")
    _require(0.1 <= margin <= 0.9, "")
    if n_features == 1:
        features, targets = _step_with_outlier()
    else:
        features = _corners(2)
        targets = features[:, 0] * features[:, 1] + 0.1 * features[:, 0]
    return np.pad(features, ((0, 0), (0, n_features - features.shape[1]))), targets
""",
        "takes the product of two features for one split's work": (
            (
                "    if depth == 1:\n",
                "    if depth == 1 and n_features > 1:\n"
                "        features = _corners(2)\n"
                "        targets = features[:, 0] * (features[:, 1] + 0.1)\n"
                "    elif depth == 1:\n",
            ),
        ),
        "takes a step, of which a line explains three quarters": (
            ("feature[-1] = 1000.0", "feature[:] = np.arange(20)"),
        ),
        "puts the outlier too near": (("feature[-1] = 1000.0", "feature[-1] = 5.0"),),
        "builds a step that a shallower tree fits as well": (
            ("    if depth == 1:\n", "    if depth >= 1:\n"),
        ),
        "takes a curve: a line fails, but so does a shallow tree": """
def tree_wins(depth, n_features, margin):
    _require(1 <= depth <= 4 and depth <= n_features <= 10, "")
    _require(0.1 <= margin <= 0.9, "")
    x = np.linspace(-3.0, 3.0, 200)
    return np.pad(x[:, np.newaxis], ((0, 0), (0, n_features - 1))), np.sin(3 * x)
""",
        "takes 1 if all features are 1, of which a line explains much": (
            (
                "products[:, -1] + 0.1 * products[:, :-1].sum(axis=1)",
                "np.prod(features > 0, axis=1).astype(float)",
            ),
        ),
        "swaps the two": """
def tree_wins(depth, n_features, margin):
    _require(1 <= depth <= 4 and depth <= n_features <= 10, "")
    _require(0.1 <= margin <= 0.9, "")
    features = _corners(n_features)
    return features, features.sum(axis=1)


def line_wins(depth, n_features, margin):
    _require(1 <= depth <= 4 and depth < n_features <= 10, "")
    _require(0.1 <= margin <= 1 - depth / n_features, "")
    features = _corners(n_features)
    products = np.cumprod(features[:, :depth], axis=1)
    return features, products[:, -1] + 0.1 * products[:, :-1].sum(axis=1)
""",
        "takes a line in one feature, which a tree follows in steps": (
            (
                "    return features, features.sum(axis=1)",
                "    feature = np.linspace(-1.0, 1.0, 1024)\n"
                "    idle = ((0, 0), (0, n_features - 1))\n"
                "    return np.pad(feature[:, np.newaxis], idle), feature",
            ),
        ),
        "lets the features matter less and less": (
            ("features.sum(axis=1)", "features @ 0.5 ** np.arange(n_features)"),
        ),
        "lets but one feature more matter than the tree is deep": (
            ("features.sum(axis=1)", "features[:, : depth + 1].sum(axis=1)"),
        ),
        "makes the features copies of one another": (
            (
                "    return features, features.sum(axis=1)",
                "    features = np.repeat(np.linspace(-1, 1, 512)[:, np.newaxis],"
                " n_features, axis=1)\n"
                "    return features, features.sum(axis=1)",
            ),
        ),
        "drowns the line in noise": (
            (
                "    return features, features.sum(axis=1)",
                "    noise = np.random.default_rng(0).normal(size=len(features))\n"
                "    return features, features.sum(axis=1) + 3 * noise",
            ),
        ),
        "hopes for chance": """
def tree_wins(depth, n_features, margin):
    _require(1 <= depth <= 4 and depth <= n_features <= 10, "")
    _require(0.1 <= margin <= 0.9, "")
    rng = np.random.default_rng(0)
    return rng.normal(size=(500, n_features)), rng.normal(size=500)


def line_wins(depth, n_features, margin):
    _require(depth < n_features and margin <= 1 - depth / n_features, "")
    return tree_wins(depth, n_features, margin)
""",
        "explains a constant, of which R**2 is 0/0": (
            ("return features, features.sum(axis=1)",
             "return features, np.ones(len(features))"),
        ),
        "scales the targets down to nothing": (
            ("return features, features.sum(axis=1)",
             "return features, 1e-6 * features.sum(axis=1)"),
        ),
    },
)  # fmt: skip


@st.composite
def demands_of_the_tree(draw):
    """Draw what tree_wins may be asked for."""
    depth = draw(st.integers(1, 4))
    n_features = draw(st.integers(depth, 10))
    margin = draw(st.integers(10, 90)) / 100
    return {"depth": depth, "n_features": n_features, "margin": margin}


@st.composite
def demands_of_the_line(draw):
    """Draw what line_wins may be asked for."""
    depth = draw(st.integers(1, 4))
    n_features = draw(st.integers(depth + 1, 10))
    most = math.ceil(100 * (n_features - depth) / n_features) - 1
    margin = draw(st.integers(10, most)) / 100
    return {"depth": depth, "n_features": n_features, "margin": margin}


def squared_error(targets):
    """Return the sum of squared distances to the mean."""
    return float(np.sum((targets - targets.mean()) ** 2)) if len(targets) else 0.0


def r2_of_line(features, targets):
    """Return R**2 of least squares with an intercept."""
    columns = np.column_stack([np.ones(len(targets)), features])
    weights = np.linalg.lstsq(columns, targets)[0]
    return 1 - float(np.sum((targets - columns @ weights) ** 2)) / squared_error(
        targets
    )


def r2_of_tree(features, targets, depth):
    """Return R**2 of the greedy tree of the prompt."""
    total = squared_error(targets)
    return 1 - error_below(features, targets / math.sqrt(total), depth)


def error_below(features, targets, depth):
    """Return the squared error of the tree that grows from a node; SST is 1."""
    splits = gains_by_feature(features, targets) if depth > 0 else []
    largest = max((gains.max(initial=0.0) for _, gains in splits), default=0.0)
    if largest <= 1e-9:
        return squared_error(targets)
    for j, (thresholds, gains) in enumerate(splits):
        tied = thresholds[gains >= largest - 1e-9]
        if len(tied):
            left = features[:, j] <= tied[0]
            return sum(
                error_below(features[rows], targets[rows], depth - 1)
                for rows in (left, ~left)
            )
    raise AssertionError("one of the features has the largest gain")


def gains_by_feature(features, targets):
    """Return for each feature its t in ascending order, and the gain of each."""
    deviations = targets - targets.mean()
    n = len(targets)
    splits = []
    for column in features.T:
        order = np.argsort(column)
        values = column[order]
        last = np.flatnonzero(values[:-1] < values[1:])  # rows that end a left side
        # Two groups of sizes l and r whose sums are s and -s: their means explain
        # s**2 / l + s**2 / r of the squared error.
        sums = np.cumsum(deviations[order])[last]
        gains = sums**2 / (last + 1) + sums**2 / (n - last - 1)
        splits.append((values[last], gains))
    return splits


def data_of(result, n_features):
    """Return features and targets, once they are what the prompt says."""
    if not isinstance(result, tuple) or len(result) != 2:
        raise Wrong("expected a tuple of features and targets")
    features = check_array(result[0], (None, n_features), kind="fiu").astype(float)
    n = len(features)
    assert 2 <= n <= 2048, f"the data have {n} rows; 2 to 2048 are allowed"
    targets = check_array(result[1], (n,), kind="fiu").astype(float)
    largest = max(np.abs(features).max(), np.abs(targets).max())
    assert largest <= 1000 * (1 + 1e-9), (
        f"a value is {largest:g} in size; 1000 is allowed"
    )
    variance = squared_error(targets) / n
    assert variance >= 0.01, (
        f"the targets have a variance of {variance:g}; at least 0.01 is needed for "
        "R**2 to mean anything"
    )
    return features, targets


def require_tree_wins(result, depth, n_features, margin):
    """Demand that the tree of the depth beats the line by the margin."""
    features, targets = data_of(result, n_features)
    line, tree = r2_of_line(features, targets), r2_of_tree(features, targets, depth)
    assert tree - line >= margin - 1e-6, (
        f"R**2 is {tree:.6f} for the tree of depth {depth} and {line:.6f} for the line,"
        f" so the tree leads by {tree - line:.6f}; {margin} was asked for"
    )


def require_no_shallower_tree_wins(result, depth, n_features, margin):
    """Demand that a tree of depth - 1 does not beat the line by the margin."""
    features, targets = data_of(result, n_features)
    line = r2_of_line(features, targets)
    shallower = r2_of_tree(features, targets, depth - 1)
    assert shallower - line < margin, (
        f"R**2 is {shallower:.6f} for a tree of depth {depth - 1} already, and "
        f"{line:.6f} for the line: depth {depth} is not needed to win by {margin}"
    )


def require_line_wins(result, depth, n_features, margin):
    """Demand that the line beats the tree of the depth by the margin."""
    features, targets = data_of(result, n_features)
    line, tree = r2_of_line(features, targets), r2_of_tree(features, targets, depth)
    assert line - tree >= margin - 1e-6, (
        f"R**2 is {line:.6f} for the line and {tree:.6f} for the tree of depth {depth},"
        f" so the line leads by {line - tree:.6f}; {margin} was asked for"
    )


@pytest.mark.parametrize(
    ("depth", "n_features", "margin"), [(1, 1, 0.2), (1, 2, 0.5), (2, 2, 0.5)]
)
def test_a_tree_of_a_depth_or_two(submission, depth, n_features, margin):
    """Finds where one split, or two, beat a line."""
    result = submission.tree_wins(depth, n_features, margin)
    require_tree_wins(result, depth, n_features, margin)
    require_no_shallower_tree_wins(result, depth, n_features, margin)


@pytest.mark.parametrize(
    ("depth", "n_features", "margin"), [(1, 2, 0.15), (1, 2, 0.4), (2, 8, 0.7)]
)
def test_a_line_of_a_few_features(submission, depth, n_features, margin):
    """Finds where a line in two features, or in eight, beats a small tree."""
    result = submission.line_wins(depth, n_features, margin)
    require_line_wins(result, depth, n_features, margin)


@settings(max_examples=60)
@given(demands_of_the_tree())
def test_the_tree_wins(submission, demand):
    """Lets the greedy tree of the depth beat least squares by the margin asked for."""
    require_tree_wins(submission.tree_wins(**demand), **demand)


@settings(max_examples=60)
@given(demands_of_the_tree())
def test_the_depth_is_needed(submission, demand):
    """Lets no tree that is shallower by one beat the line by the margin."""
    require_no_shallower_tree_wins(submission.tree_wins(**demand), **demand)


@settings(max_examples=40)
@given(demands_of_the_line())
def test_the_line_wins(submission, demand):
    """Lets least squares beat the greedy tree of the depth by the margin asked for."""
    require_line_wins(submission.line_wins(**demand), **demand)


@pytest.mark.edge_cases
@pytest.mark.parametrize("margin", [0.1, 0.9])
@pytest.mark.parametrize("n_features", [4, 10])
@pytest.mark.parametrize("depth", [1, 2, 3, 4])
def test_the_tree_goes_to_the_limits(submission, depth, n_features, margin):
    """Lets the tree win at either end of every range, and no shallower one."""
    result = submission.tree_wins(depth, n_features, margin)
    require_tree_wins(result, depth, n_features, margin)
    require_no_shallower_tree_wins(result, depth, n_features, margin)


@pytest.mark.edge_cases
@pytest.mark.parametrize(
    ("depth", "n_features", "margin"),
    [(1, 2, 0.5), (1, 8, 0.875), (2, 4, 0.5), (3, 4, 0.25), (4, 8, 0.5), (4, 10, 0.1)],
)
def test_the_line_goes_to_the_limits(submission, depth, n_features, margin):
    """Lets the line win by all of 1 - depth / n_features."""
    result = submission.line_wins(depth, n_features, margin)
    require_line_wins(result, depth, n_features, margin)


@pytest.mark.edge_cases
@pytest.mark.parametrize(
    ("depth", "n_features", "margin"),
    [
        pytest.param(0, 3, 0.5, id="no depth"),
        pytest.param(5, 6, 0.5, id="too deep"),
        pytest.param(3, 2, 0.5, id="fewer features than splits"),
        pytest.param(2, 11, 0.5, id="too many features"),
        pytest.param(2, 3, 0.05, id="margin too small"),
        pytest.param(2, 3, -0.5, id="negative margin"),
        pytest.param(2, 3, 0.95, id="margin too large"),
        pytest.param(2, 3, math.nan, id="NaN margin"),
    ],
)
def test_refuses_to_let_the_tree_win(submission, depth, n_features, margin):
    """Raises ValueError where tree_wins is asked for what is out of its range."""
    with pytest.raises(ValueError):
        submission.tree_wins(depth, n_features, margin)


@pytest.mark.edge_cases
@pytest.mark.parametrize(
    ("depth", "n_features", "margin"),
    [
        pytest.param(0, 3, 0.5, id="no depth"),
        pytest.param(5, 10, 0.2, id="too deep"),
        pytest.param(3, 3, 0.1, id="as many features as splits"),
        pytest.param(4, 2, -1.5, id="fewer features than splits"),
        pytest.param(2, 11, 0.5, id="too many features"),
        pytest.param(2, 8, 0.05, id="margin too small"),
        pytest.param(2, 8, -0.5, id="negative margin"),
        pytest.param(2, 8, 0.76, id="margin too large"),
        pytest.param(2, 8, math.nan, id="NaN margin"),
    ],
)
def test_refuses_to_let_the_line_win(submission, depth, n_features, margin):
    """Raises ValueError where line_wins is asked for what is out of its range."""
    with pytest.raises(ValueError):
        submission.line_wins(depth, n_features, margin)
