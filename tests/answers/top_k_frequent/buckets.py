"""Buckets by count; the value from NumPy's own selection."""

import numpy as np


def top_k_frequent(items, k):
    seen = {}
    for item in items:
        seen[item] = seen.get(item, 0) + 1
    buckets = [[] for _ in range(len(items) + 1)]
    for item, count in seen.items():
        buckets[count].append(item)
    found = [item for bucket in reversed(buckets) for item in bucket]
    return found[:k]


def quickselect(values, k):
    if not values or not 0 < k <= len(values):
        raise ValueError(f"k = {k}")
    return float(np.partition(np.array(values), k - 1)[k - 1])
