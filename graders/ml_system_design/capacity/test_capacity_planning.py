"""Checks of the capacity plan: units, the peak, and the formula of the queue.

The oracle of the queue is the prompt's formula in whole numbers, which never overflow.
"""

import math
from fractions import Fraction

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from graders.harness import check, contract, refusals

PLAN = {
    "requests_per_day": 8.64e7,
    "peak_factor": 3,
    "candidates": 200,
    "batch": 100,
    "batch_milliseconds": 5,
    "utilisation": 0.7,
    "spare": 2,
    "rows": 10**8,
    "dimension": 64,
    "bits": 16,
}
QUEUE = {"arrivals": 8.0, "services": 10.0, "workers": 2}
KEYS = ("requests", "batches", "busy", "workers", "gigabytes")
CLOSE = {"rtol": 1e-6, "atol": 1e-12}

test_contract_plan = contract("plan", PLAN, returns=dict.fromkeys(KEYS, float))
test_contract_wait = contract("queue_wait", QUEUE, returns=float)
test_contract_workers = contract(
    "workers_for_wait", {"arrivals": 8.0, "services": 10.0, "longest": 0.1}, returns=int
)

plans = st.fixed_dictionaries(
    {
        "requests_per_day": st.integers(10**3, 10**10),
        "peak_factor": st.integers(4, 40).map(lambda quarters: quarters / 4),
        "candidates": st.integers(1, 2000),
        "batch": st.integers(1, 512),
        "batch_milliseconds": st.integers(1, 500).map(lambda tenths: tenths / 10),
        "utilisation": st.integers(5, 20).map(lambda parts: parts / 20),
        "spare": st.integers(0, 9),
        "rows": st.integers(1, 10**10),
        "dimension": st.integers(1, 1024),
        "bits": st.sampled_from([1, 4, 8, 16, 32]),
    }
)


@st.composite
def queues(draw, most=60):
    """Draw arrivals and services, whole numbers of jobs a second, and workers."""
    workers = draw(st.integers(1, most))
    services = draw(st.integers(1, 500))
    per_mille = draw(st.integers(0, 995))  # of what all of them can do
    return workers * services * per_mille // 1000, services, workers


def wait_by_definition(arrivals, services, workers):
    """Return the mean wait by the prompt's formula, all terms times c! services^c."""
    a, s, c = arrivals, services, workers
    if a >= c * s:
        return math.inf
    term = math.factorial(c) * s**c  # of k = 0
    total = 0
    for k in range(c):
        total += term
        term = term * a // (s * (k + 1))  # which divides without a rest
    waiting = Fraction(term * c * s, c * s - a)
    return float(waiting / (total + waiting) / (c * s - a))


def plan_by_definition(case):
    """Return the plan in fractions, and how far it is from one worker more or less."""
    exact = {name: Fraction(str(value)) for name, value in case.items()}
    requests = exact["requests_per_day"] * exact["peak_factor"] / 86_400
    batches = requests * exact["candidates"] / exact["batch"]
    busy = batches * exact["batch_milliseconds"] / 1000
    needed = busy / exact["utilisation"]
    size = exact["rows"] * exact["dimension"] * exact["bits"] / 8 / 10**9
    return {
        "requests": float(requests),
        "batches": float(batches),
        "busy": float(busy),
        "workers": float(math.ceil(needed) + case["spare"]),
        "gigabytes": float(size),
    }, float(abs(needed - round(needed)) / max(needed, 1))


def test_a_plan_by_hand(submission):
    """Plans 86.4 million requests a day, three times as many at the peak."""
    # 30 are 70 % of 42.9 workers, so 43 and the spare ones.
    expected = dict(zip(KEYS, (3000.0, 6000.0, 30.0, 45.0, 12.8), strict=True))
    check(submission.plan(**PLAN), expected)


@pytest.mark.parametrize(
    ("bits", "gigabytes"), [(1, 0.8), (4, 3.2), (12, 9.6)], ids=["1 bit", "4", "12"]
)
def test_numbers_of_a_few_bits(submission, bits, gigabytes):
    """Packs numbers of fewer bits than a byte, or of a byte and a half."""
    check(submission.plan(**{**PLAN, "bits": bits})["gigabytes"], gigabytes)


@given(plans)
def test_plans_for_the_peak(submission, case):
    """Plans for the peak, in requests, batches, workers and gigabytes."""
    expected, room = plan_by_definition(case)
    assume(room > 2e-6)
    check(submission.plan(**case), expected)


@given(queues())
def test_waits_by_the_formula(submission, case):
    """Waits as long as the formula says."""
    check(submission.queue_wait(*case), wait_by_definition(*case), **CLOSE)


@given(queues(), st.sampled_from([2, 8, 64]))
def test_the_unit_of_time_does_not_matter(submission, case, faster):
    """Waits half as long where all happens twice as fast."""
    arrivals, services, workers = case
    slow = submission.queue_wait(float(arrivals), float(services), workers)
    fast = submission.queue_wait(arrivals / faster, services / faster, workers)
    check(fast, slow * faster, **CLOSE)


@given(st.integers(1, 99), st.integers(100, 10**6))
def test_one_worker(submission, per_cent, services):
    """Waits load / (services - arrivals) for a single worker."""
    arrivals = services * per_cent / 100
    expected = per_cent / 100 / (services - arrivals)
    check(submission.queue_wait(arrivals, float(services), 1), expected, **CLOSE)


@given(queues(12), st.sampled_from([1, 8, 256]), st.integers(0, 60))
@example((16, 15, 1), 8, 0)
@example((4, 6, 1), 8, 20)
def test_the_least_number_of_workers(submission, case, slower, tenths):
    """Takes the fewest workers whose wait is short enough, and no more."""
    arrivals, services, _ = case
    assume(arrivals > 0)
    longest = max(1e-6, slower * 10 ** (-tenths / 10) / services)
    fewest = 1
    while (wait := slower * wait_by_definition(arrivals, services, fewest)) > longest:
        assume(wait == math.inf or wait > longest * (1 + 2e-6))
        fewest += 1
    assume(wait < longest * (1 - 2e-6))
    rates = arrivals / slower, services / slower
    check(submission.workers_for_wait(*rates, longest), fewest)


@pytest.mark.edge_cases
@given(st.integers(1, 50), st.integers(1, 100), st.integers(0, 100))
def test_too_few_workers(submission, workers, services, more):
    """Waits for ever where work comes as fast as it is done, or faster."""
    arrivals = float(workers * services + more)
    check(submission.queue_wait(arrivals, float(services), workers), math.inf)


@pytest.mark.edge_cases
def test_nobody_comes(submission):
    """Waits for nothing where nothing arrives."""
    check(submission.queue_wait(0.0, 10.0, 3), 0.0)


@pytest.mark.numerics
@example(2000, 99)
@given(st.integers(171, 2000), st.integers(80, 99))
def test_many_workers(submission, workers, per_cent):
    """Stays finite and right for up to 2,000 workers, where factorials overflow."""
    case = (workers * per_cent // 10, 10, workers)
    check(submission.queue_wait(*case), wait_by_definition(*case), **CLOSE)


@pytest.mark.numerics
@pytest.mark.parametrize(
    "case",
    [(10_000, 10, 0.002), (1, 1, 1e-5), (100, 1, 1e-5)],
    ids=["1000 are busy", "1 is busy", "100 are busy"],
)
def test_many_workers_are_needed(submission, case):
    """Finds the workers for a thousand times one worker's work, and for short waits."""
    # Of the first: with 1,001 the wait is 96 ms, with 1,010 it is 6.6 ms.
    arrivals, services, longest = case
    expected = next(
        workers
        for workers in range(arrivals // services + 1, 2_000)
        if wait_by_definition(arrivals, services, workers) <= longest
    )
    check(submission.workers_for_wait(*case), expected)


@pytest.mark.validation
@pytest.mark.parametrize(
    "arguments",
    refusals(
        QUEUE,
        {
            "arrivals below 0": {"arrivals": -1.0},
            "a worker that does nothing": {"services": 0.0},
            "a worker that undoes": {"services": -1.0},
            "no workers": {"workers": 0},
        },
    ),
)
def test_refuses(submission, arguments):
    """Raises ValueError where there is no queue."""
    with pytest.raises(ValueError):
        submission.queue_wait(**arguments)
