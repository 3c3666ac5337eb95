"""Asks scikit-learn for a stump on the ranks of one feature, and again for a tie."""

import numpy as np
from sklearn.tree import DecisionTreeClassifier
from sklearn.utils import check_array


def best_split(features, labels, *, criterion="gini", min_samples_leaf=1):
    """Take the best stump of each feature, then the first that does as well."""
    features = check_array(features, dtype=float)
    if labels.shape != features.shape[:1]:
        raise ValueError("labels are not (n,)")
    options = {
        "max_depth": 1,
        "criterion": criterion,
        "min_samples_leaf": min_samples_leaf,
    }
    columns = [np.unique(x, return_inverse=True) for x in features.T]
    cuts = [_stump(ranks, labels, options) for _, ranks in columns]
    largest = max(gain for _, gain in cuts)
    if largest <= 1e-9:
        return None
    feature = next(j for j, (_, gain) in enumerate(cuts) if gain >= largest - 1e-9)
    values, ranks = columns[feature]
    # Only thresholds below the best one remain when the ranks above it are made equal.
    (cut, gain), earlier = cuts[feature], cuts[feature]
    while earlier[1] >= largest - 1e-9:
        cut, gain = earlier
        earlier = _stump(np.minimum(ranks, cut), labels, options)
    low, high = values[cut : cut + 2]
    return feature, (low + high) / 2, gain


def _stump(ranks, labels, options):
    tree = DecisionTreeClassifier(random_state=0, **options)
    tree = tree.fit(ranks[:, np.newaxis], labels).tree_
    if tree.node_count == 1:
        return 0, 0.0
    share = tree.n_node_samples[1:] / tree.n_node_samples[0]
    return int(tree.threshold[0]), tree.impurity[0] - share @ tree.impurity[1:]
