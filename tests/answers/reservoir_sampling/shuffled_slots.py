"""Knuth's coin and slot apart, from Python's random, seeded by rng; random order."""

import random


def reservoir_sampling(stream, k, rng):
    """Return k items of a stream, every set of k places in it being equally likely."""
    if k < 0:
        raise ValueError("k")
    chance = random.Random(int(rng.integers(2**63)))
    seen = 0
    sample = {}
    while True:
        try:
            item = next(stream)
        except StopIteration:
            break
        seen += 1
        if len(sample) < k:
            sample[len(sample)] = item
        elif chance.random() * seen < k:
            sample[chance.randrange(k)] = item
    slots = list(sample)
    chance.shuffle(slots)
    return [sample[slot] for slot in slots]
