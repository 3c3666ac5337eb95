"""SciPy's Poisson distribution: all are busy with pmf(c) / cdf(c), if none may wait."""

import math

from scipy import stats


def plan(
    *, requests_per_day, peak_factor, candidates, batch, batch_milliseconds,
    utilisation, spare, rows, dimension, bits,
):  # fmt: skip
    requests = peak_factor * requests_per_day / 86400
    batches = candidates / batch * requests
    busy = batch_milliseconds * 1e-3 * batches
    return {
        "gigabytes": rows * dimension * (bits / 8) * 1e-9,
        "workers": -int(-busy // utilisation) + spare,
        "busy": busy,
        "batches": batches,
        "requests": requests,
    }


def queue_wait(arrivals, services, workers):
    if not (arrivals >= 0 and services > 0 and workers >= 1):
        raise ValueError((arrivals, services, workers))
    a = arrivals / services
    if a >= workers:
        return math.inf
    poisson = stats.poisson(a)
    lost = poisson.pmf(workers) / poisson.cdf(workers)
    waits = workers * lost / (workers - a * (1 - lost))
    return float(waits / (workers * services - arrivals))


def workers_for_wait(arrivals, services, longest):
    c = 1
    while queue_wait(arrivals, services, c) > longest:
        c += 1
    return c
