"""The formula term by term, in logarithms; the search by bisection."""

import math

import numpy as np


def plan(**p):
    at_peak = p["requests_per_day"] * p["peak_factor"] / (24 * 60 * 60)
    work = at_peak * p["candidates"] * p["batch_milliseconds"] / p["batch"] / 1e3
    return {
        "requests": at_peak,
        "batches": at_peak * p["candidates"] / p["batch"],
        "busy": work,
        "workers": float(np.ceil(work / p["utilisation"]) + p["spare"]),
        "gigabytes": p["rows"] * p["dimension"] * p["bits"] / 8e9,
    }


def queue_wait(arrivals, services, workers):
    if arrivals < 0:
        raise ValueError("arrivals")
    if services <= 0:
        raise ValueError("services")
    if workers < 1:
        raise ValueError("workers")
    if arrivals == 0:
        return 0.0
    if arrivals >= services * workers:
        return float("inf")
    a = arrivals / services
    logs = np.array([k * math.log(a) - math.lgamma(k + 1) for k in range(workers + 1)])
    logs[-1] -= math.log1p(-a / workers)
    shares = np.exp(logs - logs.max())
    return float(shares[-1] / shares.sum() / (services * workers - arrivals))


def workers_for_wait(arrivals, services, longest):
    low, high = 0, 2
    while queue_wait(arrivals, services, high) > longest:
        low, high = high, 2 * high
    while high - low > 1:
        middle = (low + high) // 2
        if queue_wait(arrivals, services, middle) > longest:
            low = middle
        else:
            high = middle
    return high
