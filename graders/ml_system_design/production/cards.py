"""Properties dealt from shuffled decks, as cards are.

Worlds differ less than if each property were drawn by itself, so levels may be closer
to what a good answer reaches.
"""

from __future__ import annotations

import numpy as np

_HALF = (0.105, 0.319, 0.549, 0.812, 1.150, 1.732)
# Quantiles of the standard normal distribution, at 1/24, 3/24 ... 23/24.
SPREAD = np.array([*(-x for x in _HALF[::-1]), *_HALF])


def dealt(rng: np.random.Generator, cards: np.ndarray, n: int) -> np.ndarray:
    """Deal n cards from one deck after another, each of them shuffled.

    Args:
        rng: By which each deck is shuffled.
        cards: (k,) of a deck.
        n: How many are dealt.

    Returns:
        (n,) the cards; each k of them, from the first on, are one deck.
    """
    decks = np.tile(cards, (n // cards.size + 1, 1))
    return rng.permuted(decks, axis=1).ravel()[:n]
