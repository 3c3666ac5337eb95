"""Searches for whole blocks of visits that do it, and names contexts at random."""

import random

import numpy as np


def _blocks(n_contexts, ratio, naive_margin, true_margin):
    """Return how many blocks mislead, in either way, and how many do not."""
    for total in range(n_contexts, 100):
        for few in range(1, (total - n_contexts) // 2 + 2):
            naive = few * ratio / (few * ratio + total - few)
            if 2 * naive - 1 >= naive_margin and 1 - 2 * few / total >= true_margin:
                return few, total - 2 * few
    raise ArithmeticError("none found")


def offline_winner_loses_online(
    n_contexts, n_actions, one_in, naive_margin, true_margin
):
    """Let A and B differ by context, and rewards be integers."""
    ratio = one_in - n_actions + 1
    few, rest = _blocks(n_contexts, ratio, naive_margin, true_margin)
    sizes = [few, few] + [1] * (n_contexts - 3) + [rest - (n_contexts - 3)]
    # Per kind of context: whether A and B are right, and what the old policy likes.
    kinds = [(1, 1, 0), (0, 0, 1)] + [(0, 1, 2)] * (n_contexts - 2)
    rng = random.Random(0)
    order = rng.sample(range(n_contexts), n_contexts)
    counts = np.ones((n_contexts, n_actions), dtype=int)
    means = np.zeros((n_contexts, n_actions), dtype=int)
    policies = np.zeros((2, n_contexts), dtype=int)
    for x, size, (a_is_right, b_is_right, liked) in zip(
        order, sizes, kinds, strict=True
    ):
        actions = rng.sample(range(n_actions), 3)
        counts[x] = size
        counts[x, actions[liked]] = size * ratio
        means[x, actions[0]], means[x, actions[1]] = a_is_right, b_is_right
        policies[:, x] = actions[:2]
    return counts, means, policies[0], policies[1]


def inverse_propensity_value(contexts, actions, rewards, propensities, policy):
    """Add up in each context what agrees, then over the contexts."""
    n = len(contexts)
    if not len(actions) == len(rewards) == len(propensities) == n:
        raise ValueError("lengths")
    if set(contexts.tolist()) - set(range(len(policy))) or min(propensities) <= 0:
        raise ValueError("contexts or propensities")
    total = 0.0
    for x, action in enumerate(policy):
        agree = (contexts == x) & (actions == action)
        total += (rewards[agree] / propensities[agree]).sum()
    return total / n
