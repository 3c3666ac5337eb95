"""Written from the prompt alone: a bucket for each count, and three-way partitions."""

import random


def top_k_frequent(items: list[str], k: int) -> list[str]:
    counts = {}
    for item in items:
        counts[item] = counts.get(item, 0) + 1
    buckets = [[] for _ in range(len(items) + 1)]
    for item, count in counts.items():  # in the order of first occurrence
        buckets[count].append(item)
    result = []
    for bucket in reversed(buckets):
        for item in bucket:
            if len(result) == k:
                return result
            result.append(item)
    return result


def quickselect(values: list[float], k: int) -> float:
    if not 1 <= k <= len(values):
        raise ValueError("k must be from 1 to the number of values")
    left = list(values)
    while True:
        pivot = random.choice(left)
        below = [value for value in left if value < pivot]
        above = [value for value in left if value > pivot]
        equal = len(left) - len(below) - len(above)
        if k <= len(below):
            left = below
        elif k <= len(below) + equal:
            return pivot
        else:
            k -= len(below) + equal
            left = above
