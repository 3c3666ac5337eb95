"""Meets the true margin by the rewards, in shares that are round; one-hot weights."""

import numpy as np


def offline_winner_loses_online(
    n_contexts, n_actions, one_in, naive_margin, true_margin
):
    """Round the small shares up, and pay what is too much back in the rewards."""
    margins = np.array([naive_margin, true_margin])
    ratio = one_in - n_actions + 1
    in_range = (
        min(n_contexts, n_actions) >= 3
        and max(n_contexts, n_actions) <= 5
        and n_actions < one_in <= 30
        and (margins > 0).all()
        and (margins <= 0.6).all()
    )
    if not in_range or np.prod((1 + margins) / (1 - margins)) > ratio:
        raise ValueError("out of range, or impossible")

    value_a = (1 - true_margin) / 2
    few = min(int(np.ceil(100 * value_a)), (100 - n_contexts + 2) // 2)
    reward = min(1.0, value_a / (few / 100))
    blocks = np.ones(n_contexts, dtype=np.uint16)
    blocks[:2] = few
    blocks[-1] = 0
    blocks[-1] = 100 - blocks.sum()

    a, b, neither = n_actions - 1, 0, 1
    logged = np.full(n_contexts, neither)
    logged[:2] = a, b
    counts = np.ones((n_contexts, n_actions), dtype=np.uint16)
    counts[np.arange(n_contexts), logged] = ratio
    means = np.zeros((n_contexts, n_actions), dtype=np.float32)
    means[0, a], means[:, b], means[1, b] = reward, 1, 1 - reward
    policies = np.tile([[a], [b]], n_contexts).astype(np.int8)
    return counts * blocks[:, np.newaxis], means, *policies


def inverse_propensity_value(contexts, actions, rewards, propensities, policy):
    """Multiply by the target policy's chance, 0 or 1, and by one over the logger's."""
    log = (contexts, actions, rewards, propensities)
    if policy.ndim != 1 or contexts.ndim != 1 or len({c.shape for c in log}) != 1:
        raise ValueError("shapes")
    if len(contexts) == 0 or not np.isin(contexts, np.arange(len(policy))).all():
        raise ValueError("contexts")
    if not np.isfinite(rewards).all() or not (propensities <= 1).all():
        raise ValueError("rewards or propensities")
    if propensities.min() <= 0:
        raise ValueError("propensities")
    target = np.equal(policy.take(contexts), actions).astype(float)
    return np.dot(target / propensities, rewards) / len(rewards)
