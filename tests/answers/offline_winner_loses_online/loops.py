"""Pure Python: shares in single visits, actions that change by context, and fsum."""

import math

import numpy as np

N_VISITS = 2900


def _refuse(n_contexts, n_actions, one_in, naive_margin, true_margin):
    if n_contexts not in (3, 4, 5) or n_actions not in (3, 4, 5):
        raise ValueError("table")
    if one_in <= n_actions or one_in > 30:
        raise ValueError("exploration")
    for margin in (naive_margin, true_margin):
        if math.isnan(margin) or margin <= 0 or margin > 0.6:
            raise ValueError("margin")
    top = (1 + naive_margin) * (1 + true_margin)
    bottom = (1 - naive_margin) * (1 - true_margin)
    if top > bottom * (one_in - n_actions + 1):
        raise ValueError("impossible")


def offline_winner_loses_online(
    n_contexts, n_actions, one_in, naive_margin, true_margin
):
    """Let the last two contexts mislead; every context names the actions anew."""
    _refuse(n_contexts, n_actions, one_in, naive_margin, true_margin)
    few = math.floor(N_VISITS * (1 - true_margin) / 2 - 1e-6)
    few = min(few, (N_VISITS - 30 * (n_contexts - 2)) // 2)
    left = N_VISITS - 2 * few
    visits = [left // (n_contexts - 2)] * (n_contexts - 2)
    visits[0] += left - sum(visits)
    visits += [few, few]
    counts, means, a, b = [], [], [], []
    for x, n in enumerate(visits):
        action_a, action_b = x % n_actions, (x + 1) % n_actions
        neither = next(k for k in range(n_actions) if k not in (action_a, action_b))
        if x == n_contexts - 2:
            favourite, reward_a, reward_b = action_a, 1, 1
        elif x == n_contexts - 1:
            favourite, reward_a, reward_b = action_b, 0, 0
        else:
            favourite, reward_a, reward_b = neither, 0, 1
        rare = -(-n // one_in)
        counts.append([rare] * n_actions)
        counts[-1][favourite] = n - rare * (n_actions - 1)
        means.append([0] * n_actions)
        means[-1][action_a], means[-1][action_b] = reward_a, reward_b
        a.append(action_a)
        b.append(action_b)
    return np.array(counts), np.array(means), np.array(a), np.array(b)


def inverse_propensity_value(contexts, actions, rewards, propensities, policy):
    """Add up exactly, one visit at a time."""
    columns = (contexts, actions, rewards, propensities)
    n = contexts.size
    if policy.ndim != 1 or n == 0 or any(c.shape != (n,) for c in columns):
        raise ValueError("shapes")
    policy = policy.tolist()
    terms = []
    for x, action, reward, chance in zip(*(c.tolist() for c in columns), strict=True):
        if x not in range(len(policy)) or not math.isfinite(reward):
            raise ValueError("context or reward")
        if not 0 < chance <= 1:
            raise ValueError("propensity")
        if action == policy[x]:
            terms.append(reward / chance)
    return math.fsum(terms) / n
