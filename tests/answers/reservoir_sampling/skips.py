"""Draws how many items to skip, so that most cost no random number (Li, 1994)."""

import math
from itertools import islice


def reservoir_sampling(stream, k, rng):
    """Return k items of a stream, every set of k places in it being equally likely."""
    if k < 0:
        raise ValueError("k")
    reservoir = list(islice(stream, k))
    if len(reservoir) < k or k == 0:
        for _ in stream:
            pass
        return reservoir
    largest = 1.0  # of the k smallest of uniform keys, were there such
    while True:
        largest *= math.exp(math.log(1.0 - rng.random()) / k)
        skip = math.floor(math.log(1.0 - rng.random()) / math.log1p(-largest))
        for item in islice(stream, skip, skip + 1):
            reservoir[int(rng.integers(k))] = item
            break
        else:
            return reservoir
