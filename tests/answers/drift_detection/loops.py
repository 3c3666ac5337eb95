"""Plain Python: sorted lists, bisect, and one bin after the other."""

import math
from bisect import bisect_right


def psi(reference, current, n_bins):
    if n_bins < 2 or len(reference) == 0 or len(current) == 0:
        raise ValueError("too little")
    numbers = sorted(x for x in reference.tolist() if not math.isnan(x))
    edges = []
    for i in range(1, n_bins):
        place = i * (len(numbers) - 1) / n_bins
        low = math.floor(place)
        high = min(low + 1, len(numbers) - 1)
        part = place - low
        edges.append(numbers[low] * (1 - part) + numbers[high] * part)
        if numbers[low] == numbers[high]:
            edges[-1] = numbers[low]
    total = 0.0
    columns = [_counts(sample.tolist(), edges) for sample in (reference, current)]
    for r, c in zip(*columns, strict=True):
        total += (c - r) * (math.log(c) - math.log(r))
    return total


def _counts(sample, edges):
    counts = [0] * (len(edges) + 2)
    for x in sample:
        counts[-1 if math.isnan(x) else bisect_right(edges, x)] += 1
    return [max(count / len(sample), 0.0001) for count in counts]


def ks(reference, current):
    r, c = sorted(reference.tolist()), sorted(current.tolist())
    largest = 0.0
    for x in r + c:
        gap = bisect_right(r, x) / len(r) - bisect_right(c, x) / len(c)
        largest = max(largest, abs(gap))
    t = largest * math.sqrt(len(r) * len(c) / (len(r) + len(c)))
    if t < 0.2:
        return largest, 1.0
    p, sign, k = 0.0, 1, 1
    while (term := math.exp(-2 * k * k * t * t)) > 1e-18:
        p, sign, k = p + 2 * sign * term, -sign, k + 1
    return largest, p


def drifted(reference, batch, *, false_alarms, least):
    found = []
    d = len(reference[0])
    for j in range(d):
        statistic, p = ks(reference[:, j], batch[:, j])
        if statistic >= least and p * d <= false_alarms:
            found.append(j)
    return found
