"""Written from the prompt alone: exact fractions, and Erlang B by its recursion."""

import math
from fractions import Fraction


def plan(
    *,
    requests_per_day: float,
    peak_factor: float,
    candidates: int,
    batch: int,
    batch_milliseconds: float,
    utilisation: float,
    spare: int,
    rows: int,
    dimension: int,
    bits: int,
) -> dict[str, float]:
    """Multiply as fractions, so that only the results are rounded."""
    requests = Fraction(requests_per_day) * Fraction(peak_factor) / (24 * 60 * 60)
    batches = requests * candidates / batch
    busy = batches * Fraction(batch_milliseconds) / 1000
    # A float such as 0.7 is a little off; one more or less is never a matter of 1e-6.
    workers = math.ceil(busy / Fraction(utilisation) - Fraction(1, 10**9))
    return {
        "requests": float(requests),
        "batches": float(batches),
        "busy": float(busy),
        "workers": max(workers, 1) + spare,
        "gigabytes": float(Fraction(rows * dimension * bits, 8 * 10**9)),
    }


def queue_wait(arrivals: float, services: float, workers: int) -> float:
    """Build up the probability of loss one worker at a time, then turn it into C."""
    if not (arrivals >= 0 and services > 0 and workers >= 1):
        raise ValueError("arrivals of 0 or more, services above 0, 1 worker or more")
    if arrivals >= workers * services:
        return math.inf
    lost = 1.0
    for c in range(1, workers + 1):
        lost = _with_one_more(lost, arrivals / services, c)
    return _wait(lost, arrivals, services, workers)


def workers_for_wait(arrivals: float, services: float, longest: float) -> int:
    """Add workers one by one until the wait is short enough."""
    lost = 1.0
    c = 0
    while True:
        c += 1
        lost = _with_one_more(lost, arrivals / services, c)
        if arrivals < c * services and _wait(lost, arrivals, services, c) <= longest:
            return c


def _with_one_more(lost: float, load: float, c: int) -> float:
    """Return Erlang's B of c workers from that of c - 1."""
    return load * lost / (c + load * lost)


def _wait(lost: float, arrivals: float, services: float, c: int) -> float:
    """Return the mean wait from Erlang's B."""
    free = 1 - arrivals / (c * services)
    waits = lost / (free + (1 - free) * lost)
    return waits / (c * services - arrivals)
