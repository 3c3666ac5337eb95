"""Reservoir sampling.

Requests stream past: too many to keep, and nobody knows how many will come. At the
end you must hold k of them, drawn so that every set of k was as likely as any other.
NumPy and the standard library.

Say first with what chance the next request must get in, and why it need not come
back for a second chance; then write the loop.
"""

from collections.abc import Iterator
from typing import Any

import numpy as np


def reservoir_sampling(
    stream: Iterator[Any], k: int, rng: np.random.Generator
) -> list[Any]:
    """Return k items of a stream, every set of k places in it being equally likely.

    Only places matter, not what the items are: they may be equal, None, or impossible
    to hash or compare.

    Args:
        stream: Any number of items, perhaps none. It has no length; read it once, and
            to its end, also if k is 0. Only O(k) of its items fit into memory.
        k: 0 or more.
        rng: The only source of chance: the same state of it gives the same sample.
            Which numbers you draw from it, and how many, is up to you.

    Returns:
        The sample, as a list in any order: k items, or the whole stream if it has
        fewer.

    Raises:
        ValueError: If k is negative.

    Example:
        >>> sorted(reservoir_sampling(iter("abc"), 5, np.random.default_rng(0)))
        ['a', 'b', 'c']

    Source: Vitter (1985), doi:10.1145/3147.3165, who credits Waterman.
    """
    raise NotImplementedError
