"""Plan the capacity of a model service.

A service scores candidates with a model on a GPU. Say how many workers it needs at the
peak and how much memory its embeddings take, then how long requests wait in a queue.
Only the standard library is needed.
"""


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
    """Return what the service needs at the peak.

    The candidates of all requests are scored in batches, which are always full. A
    worker runs one batch at a time.

    Args:
        requests_per_day: On average; above 0.
        peak_factor: The rate at the peak over the average rate; 1 or more.
        candidates: Of a request; 1 or more.
        batch: How many candidates are in a batch; 1 or more.
        batch_milliseconds: How long a worker takes for a batch; above 0.
        utilisation: The share of the time, above 0 and at most 1, that a worker may be
            busy at the peak.
        spare: Workers that are added to those needed, for failures and deploys.
        rows: Of the table of embeddings.
        dimension: How many numbers a row has.
        bits: Of a number.

    Returns:
        "requests", "batches": a second, at the peak;
        "busy": the mean number of workers that are busy at the peak, not rounded;
        "workers": the least whole number for that utilisation, and the spare ones. No
        case is asked for that is within 1e-6 of needing one more or less;
        "gigabytes": of the table, of 1e9 bytes each.

    Example:
        >>> plan(requests_per_day=8.64e7, peak_factor=3, candidates=200, batch=100,
        ...      batch_milliseconds=5, utilisation=0.7, spare=2, rows=10**8,
        ...      dimension=64, bits=16)["workers"]
        45

    Source: Little (1961), doi:10.1287/opre.9.3.383, for "busy".
    """
    raise NotImplementedError


def queue_wait(arrivals: float, services: float, workers: int) -> float:
    """Return the mean seconds that a job waits before a worker begins with it.

    Jobs come at random (Poisson), take a random time (exponential), and wait in one
    queue for the first worker that is free: the queue M/M/c. With a = arrivals /
    services and c workers, a job has to wait with probability

        C = a^c / (c! (1 - a/c)) / (sum of a^k / k! for k < c, plus the numerator)

    and waits C / (c * services - arrivals) on average. If work comes at least as fast
    as all workers together can do it, the wait is infinite.

    Args:
        arrivals: Jobs a second.
        services: Jobs a second that one worker can do.
        workers: Up to 2,000.

    Returns:
        Seconds, right to one part in a million or to 1e-12.

    Raises:
        ValueError: If arrivals is negative, services is not above 0, or workers is
            below 1.

    Example:
        >>> queue_wait(arrivals=8.0, services=10.0, workers=1)
        0.4

    Source: Erlang (1917); Kleinrock, Queueing Systems 1 (1975), section 3.5.
    """
    raise NotImplementedError


def workers_for_wait(arrivals: float, services: float, longest: float) -> int:
    """Return the least number of workers with which the mean wait is at most longest.

    Args:
        arrivals: Jobs a second, above 0.
        services: Jobs a second that one worker can do, above 0. At most 1,000 times as
            many arrive.
        longest: Seconds, 1e-6 or more. No case is asked for in which the wait comes
            within one part in a million of it.

    Example:
        >>> workers_for_wait(arrivals=8.0, services=10.0, longest=0.1)
        2
    """
    raise NotImplementedError
