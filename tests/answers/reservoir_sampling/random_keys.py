"""A random key for each item; a heap holds the k largest (Efraimidis, Spirakis)."""

import heapq


def reservoir_sampling(stream, k, rng):
    """Return k items of a stream, every set of k places in it being equally likely."""
    if k < 0:
        raise ValueError("k")
    heap = []
    for place, item in enumerate(stream):
        heapq.heappush(heap, (rng.random(), place, item))
        if len(heap) > k:
            heapq.heappop(heap)
    return [item for _, _, item in heap]
