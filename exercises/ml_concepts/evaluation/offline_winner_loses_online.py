"""The offline winner loses online.

Two new recommendation policies were compared on the log of the old one: for each, the
mean reward of those visits in which the old policy happened to show what the new one
would have shown. The better of the two went live, and lost. Build a log on which just
that happens, by any margins that you are given; then write the estimate that would have
told. NumPy only. Inputs are read-only.

Say first for whom the old policy shows what A would have shown, and what a visit that
it shows only once in twenty times should count.
"""

import numpy as np


def offline_winner_loses_online(
    n_contexts: int,
    n_actions: int,
    one_in: int,
    naive_margin: float,
    true_margin: float,
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Return a log, the mean rewards, and policies A and B that the log misjudges.

    The log is a whole population, so that nothing hangs on luck. In counts[x, a] visits
    context x came up and the old policy took action a; their mean reward is exactly
    means[x, a]. With n[x] visits in context x and N in all, its propensity for action a
    there is counts[x, a] / n[x]. It explores: no propensity is below 1 / one_in. A new
    policy always takes action policy[x] in context x.

    - Its naive value is the mean reward of the visits that agree with it, the sum over
      x of counts[x, policy[x]] * means[x, policy[x]] over that of counts[x, policy[x]].
    - Its true value is what it earns when it is live, the sum over x of
      n[x] / N * means[x, policy[x]].

    A's naive value exceeds B's by naive_margin or more, and B's true value exceeds A's
    by true_margin or more; each may fall short by 1e-6, for rounding.

    Args:
        n_contexts: From 3 to 5.
        n_actions: From 3 to 5.
        one_in: From n_actions + 1 to 30.
        naive_margin: Above 0, at most 0.6.
        true_margin: Above 0, at most 0.6. Such a log always exists: with
            odds(m) = (1 + m) / (1 - m), odds(naive_margin) * odds(true_margin) is at
            most 0.8 * (one_in - n_actions + 1).

    Returns:
        (counts, means, policy_a, policy_b): counts, (n_contexts, n_actions) of integers
        of 1 or more with a sum of 3000 at most; means, of the same shape, from 0 to 1;
        the policies, (n_contexts,) of integers from 0 to n_actions - 1.

    Example:
        >>> counts, means, policy_a, policy_b = offline_winner_loses_online(
        ...     3, 4, 20, naive_margin=0.5, true_margin=0.5
        ... )
        >>> counts.shape, policy_a.shape
        ((3, 4), (3,))

    Source: Li, Chu, Langford and Wang (2011), doi:10.1145/1935826.1935878, whose
        estimate is the naive one: theirs is right, because they log at random.
    """
    raise NotImplementedError


def inverse_propensity_value(
    contexts: np.ndarray,
    actions: np.ndarray,
    rewards: np.ndarray,
    propensities: np.ndarray,
    policy: np.ndarray,
) -> float:
    """Return the estimate of a policy's true value by inverse propensity scoring.

    It is the mean, over all n visits of a log, of reward / propensity where the action
    is the policy's, and of 0 where it is not; nothing is clipped or normalised.

    Args:
        contexts: (n,) of integers from 0 to n_contexts - 1; n is at least 1.
        actions: (n,) of integers, what the old policy did.
        rewards: (n,) of finite floats.
        propensities: (n,) of floats above 0, at most 1: the chance that the old policy
            had of taking that action in that context.
        policy: (n_contexts,) of integers, the action to take in each context.

    Raises:
        ValueError: If the first four differ in shape, a context is out of range, or a
            propensity is not above 0.

    Example:
        >>> contexts, actions = np.array([0, 0, 1]), np.array([1, 0, 1])
        >>> rewards, propensities = np.array([2.0, 8.0, 3.0]), np.array([0.5, 0.5, 0.2])
        >>> inverse_propensity_value(
        ...     contexts, actions, rewards, propensities, policy=np.array([1, 1])
        ... )
        6.333333333333333

    Source: Horvitz and Thompson (1952), doi:10.1080/01621459.1952.10483446.
    """
    raise NotImplementedError
