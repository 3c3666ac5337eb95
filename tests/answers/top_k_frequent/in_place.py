"""A dictionary and a stable sort; quickselect in place with three parts."""

import random


def top_k_frequent(items, k):
    counts = {}
    for item in items:
        counts[item] = counts.get(item, 0) + 1
    ranking = list(counts.items())
    ranking.sort(key=lambda pair: pair[1], reverse=True)
    return [item for item, _ in ranking[:k]]


def quickselect(values, k):
    if k < 1 or k > len(values):
        raise ValueError("no such rank")
    values = list(values)
    low, high, target = 0, len(values) - 1, k - 1
    while True:
        pivot = values[random.randint(low, high)]
        smaller, at, larger = low, low, high
        while at <= larger:
            if values[at] < pivot:
                values[at], values[smaller] = values[smaller], values[at]
                smaller += 1
                at += 1
            elif values[at] > pivot:
                values[at], values[larger] = values[larger], values[at]
                larger -= 1
            else:
                at += 1
        if target < smaller:
            high = smaller - 1
        elif target > larger:
            low = larger + 1
        else:
            return pivot
