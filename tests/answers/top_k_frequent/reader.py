"""Written from the stub alone, by a reader who had seen nothing else."""

import numpy as np


def top_k_frequent(items: list[str], k: int) -> list[str]:
    counts = {}
    for item in items:
        counts[item] = counts.get(item, 0) + 1
    buckets = [[] for _ in range(len(items) + 1)]
    for item, count in counts.items():
        buckets[count].append(item)
    result = []
    for bucket in reversed(buckets):
        result += bucket
        if len(result) >= k:
            break
    return result[:k]


def quickselect(values: list[float], k: int) -> float:
    if k < 1 or k > len(values):
        raise ValueError("k is out of range")
    return float(np.partition(np.array(values, dtype=float), k - 1)[k - 1])
