"""Checks of trees against lines: each claim is computed from the data by definition."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graders.harness import Wrong, array, check_array, contract, requiring


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


@requiring("Returns data of a size that is allowed, with targets that vary.")
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


def data_in(n_features):
    """Return what a contract asks for: features and targets."""
    return array(None, n_features, kind="fiu"), array(None, kind="fiu")


test_contract_tree = contract(
    "tree_wins", {"depth": 2, "n_features": 3, "margin": 0.5}, returns=data_in(3)
)
test_contract_line = contract(
    "line_wins", {"depth": 2, "n_features": 8, "margin": 0.7}, returns=data_in(8)
)


@pytest.mark.parametrize(
    ("depth", "n_features", "margin"), [(1, 1, 0.2), (1, 2, 0.5), (2, 2, 0.5)]
)
def test_a_tree_of_a_depth_or_two(submission, depth, n_features, margin):
    """Finds where one split, or two, beat a line."""
    result = submission.tree_wins(depth, n_features, margin)
    require_tree_wins(result, depth, n_features, margin)


@given(demands_of_the_tree())
def test_the_tree_wins(submission, demand):
    """Lets the greedy tree of the depth beat least squares by the margin asked for."""
    require_tree_wins(submission.tree_wins(**demand), **demand)


@given(demands_of_the_tree())
def test_the_depth_is_needed(submission, demand):
    """Lets no tree that is shallower by one beat the line by the margin."""
    require_no_shallower_tree_wins(submission.tree_wins(**demand), **demand)


@given(demands_of_the_line())
def test_the_line_wins(submission, demand):
    """Lets least squares beat the greedy tree of the depth by the margin asked for."""
    require_line_wins(submission.line_wins(**demand), **demand)


@pytest.mark.edge_cases
@pytest.mark.parametrize("margin", [0.1, 0.9], ids=["small margin", "large margin"])
@pytest.mark.parametrize(
    "depth", [1, 2, 3, 4], ids=["depth 1", "depth 2", "depth 3", "depth 4"]
)
def test_the_tree_goes_to_the_limits(submission, depth, margin):
    """Lets the tree win at either end of every range, and no shallower one."""
    for n_features in (depth, 10):
        result = submission.tree_wins(depth, n_features, margin)
        require_tree_wins(result, depth, n_features, margin)
        require_no_shallower_tree_wins(result, depth, n_features, margin)


@pytest.mark.edge_cases
@pytest.mark.parametrize(
    ("depth", "n_features"),
    [(d, n) for n in (2, 4, 5, 8, 10) for d in range(1, min(n, 5))],
)
def test_the_line_goes_to_the_limits(submission, depth, n_features):
    """Lets the line win by all of 1 - depth / n_features."""
    margin = 1 - depth / n_features
    result = submission.line_wins(depth, n_features, margin)
    require_line_wins(result, depth, n_features, margin)


@pytest.mark.edge_cases
def test_the_line_wins_by_little(submission):
    """Lets the line win by a tenth where the tree is deep."""
    require_line_wins(submission.line_wins(4, 10, 0.1), 4, 10, 0.1)
