"""Run a fraud detection system.

We take card payments, 1,200 a day, and about one in 80 is fraud. Today a fixed rule
decides: it declines what is RULE_AMOUNT or more from an account younger than
RULE_ACCOUNT_DAYS. Build the system that replaces it. It learns from our history,
decides on every payment, goes on learning from labels that come weeks late, and tells
us when something is wrong. We then run it for 120 days in each of two simulated worlds,
a new system in each.

Say first what you would build and what you would watch; then write it. NumPy and the
standard library only. Arrays that come in are read-only.

A day has six batches, at the same hours each day and of random sizes. The fifth, from
16 to 20 hours, is the peak: it has about 30 % of the day's payments, and PEAK_BUDGET
units a payment; the others have BUDGET. Payments come in the order of their id: whole
numbers, 0 for the first of the history, one more for each that follows. What is known
of a payment at once:

    amount        in euros, above 0
    category      of the shop, a whole number from 0 to 7, in no order
    account_days  the age of the account in days, above 0
    foreign       1.0 if the card is from abroad, else 0.0

and what must be looked up, at LOOKUP_COST units of the batch's budget a payment:

    velocity      payments of the card within a day, 1.0 or more
    device        how well the device model knows the device, between 0.0 and 1.0

Any field but amount and category may be NaN, which means missing; to look it up costs
the same then. In the worlds this happens in the outage alone, to all payments of its
days, and never in the history.

Money. Approved fraud costs its amount and CHARGEBACK_FEE. A declined good payment costs
DECLINE_COST and DECLINE_SHARE of its amount. A review costs REVIEW_COST and nothing
else, whatever it finds: it is always right, and declines fraud and approves the rest.
The team reviews the first REVIEWS_A_DAY payments of a day that you send; those beyond
are approved.

Labels. What a review found arrives the next morning. Approved fraud becomes a
chargeback some morning 7 to 42 days later: after 7 days and an exponential time of mean
10, cut at 42 and rounded down. No chargeback within 42 days means that the payment was
good. Both are always right. Of a payment that was declined nobody ever hears.

What will happen, once each in each world, on days that nobody tells you, 30 or more
apart and none before day 35: for 10 days account_days or device is missing (the
outage); from some day on a quarter of the good payments come from a new market, whose
fields are distributed otherwise (the drift); from some day on nine tenths of the fraud
follow another pattern, the rest the old one (the shift). Else nothing changes, and
there is no season.

Alarms. Raise "missing" for an outage, "drift" for a drift, "performance" for a shift,
each within IN_TIME_DAYS of it, counting the day on which it begins. Nothing is said
against raising one again, or another one. But an alarm is false on a day that is not
among the AFTERMATH_DAYS days from the first of an outage, a drift or a shift, and
"performance" on one that is not among those of a shift, though an outage may let more
fraud through as well.

We measure, over both worlds together:

    saved before the shift      at least SAVED_BEFORE
    saved after the shift       at least SAVED_AFTER, from GRACE_DAYS days after it on
    saved in the outage         at least SAVED_IN_OUTAGE, on the days without the field
    payments decided late       none: of no batch may you spend more than its budget
    alarms                      each in time, in both worlds
    false alarms                on at most FALSE_ALARMS days
    the capacity plan           each number within PLAN_FACTOR of the exact one

Saved is (the rule's cost - yours) / (the rule's cost - an oracle's). The oracle knows
the pattern of the day, sees all fields that are not missing, also at the peak, and
picks its reviews from the whole day.
A batch over its budget is late: the fixed rule decides all of it, in which a missing
age is not young.

All 240 days should take a few seconds with one thread, so train on samples or counts,
at most daily; a run that takes most of a minute is stopped.
"""

from collections.abc import Callable

import numpy as np

APPROVE, REVIEW, DECLINE = 0, 1, 2

CHARGEBACK_FEE = 20.0  # euros, as all that follow
DECLINE_COST = 4.0
DECLINE_SHARE = 0.08
REVIEW_COST = 4.0
REVIEWS_A_DAY = 20

LOOKUP_COST = {"velocity": 1, "device": 2}  # units for each payment
BUDGET = 3  # units a payment of the batch
PEAK_BUDGET = 1

RULE_AMOUNT = 150.0
RULE_ACCOUNT_DAYS = 30.0

SAVED_BEFORE = 0.85
SAVED_AFTER = 0.6
SAVED_IN_OUTAGE = 0.5
GRACE_DAYS = 21
IN_TIME_DAYS = {"missing": 2, "drift": 5, "performance": 21}
AFTERMATH_DAYS = 28
FALSE_ALARMS = 6
PLAN_FACTOR = 1.25


class FraudSystem:
    """A system that decides on payments, learns from labels, and raises alarms.

    Calls come in this order: on each day from 0 on receive, then decide for each of
    six batches, then end_day. The same history, rng and calls give the same decisions.

    Source: Dal Pozzolo, Boracchi, Caelen, Alippi and Bontempi (2018),
    doi:10.1109/TNNLS.2017.2736643.
    """

    def __init__(
        self, history: dict[str, np.ndarray], rng: np.random.Generator
    ) -> None:
        """Learn from what was decided by the fixed rule.

        Args:
            history: Of each payment in the 70 days before day 0, arrays (n,) in the
                order of the id: "id", "day" (from -70 to -1), the six fields, and
                "label": 1 if there was a chargeback by the morning of day 0, 0 if there
                was none yet, -1 if it was declined. Chargebacks of these payments that
                come later are received like others.
            rng: For what is drawn at random.
        """
        return None

    def receive(self, day: int, ids: np.ndarray, fraud: np.ndarray) -> None:
        """Take in the labels that arrived in the morning of a day.

        Args:
            day: 0 or more.
            ids: (k,) of payments, in increasing order; k may be 0. Yesterday's reviews,
                and payments approved earlier that became chargebacks.
            fraud: (k,) of 1 for fraud or 0; 0 only comes from reviews.
        """
        return None

    def decide(
        self,
        day: int,
        batch: dict[str, np.ndarray],
        look_up: Callable[[str, np.ndarray], np.ndarray],
        budget: int,
    ) -> np.ndarray:
        """Return what to do with each payment of a batch.

        Args:
            day: 0 or more.
            batch: Arrays (n,): "id" and the four fields that are known at once; n may
                be 0.
            look_up: `look_up(name, rows)` gives "velocity" or "device", (k,) of floats,
                of the payments at rows, (k,) of whole numbers from 0 to n - 1. It costs
                k times LOOKUP_COST[name], also for a row that was looked up before. It
                serves until decide returns.
            budget: The units that this batch may spend in all, n times BUDGET or
                PEAK_BUDGET.

        Returns:
            (n,) of whole numbers: APPROVE, REVIEW or DECLINE.
        """
        return None

    def end_day(self, day: int) -> list[str]:
        """Return the alarms of a day, of "missing", "drift" and "performance"."""
        return None


def capacity_plan(
    *,
    payments_per_day: float,
    peak_factor: float,
    lookups_per_payment: float,
    milliseconds_per_payment: float,
    utilisation: float,
    bytes_per_payment: float,
    retention_days: float,
    replicas: float,
) -> dict[str, float]:
    """Return what the system needs, in numbers that are not rounded up.

    Each must lie within PLAN_FACTOR of the exact number, either way: a day of 100,000
    seconds will do.

    Args:
        payments_per_day: On average.
        peak_factor: The traffic at the peak as a multiple of the average, 1 or more.
        lookups_per_payment: On average, at the peak too.
        milliseconds_per_payment: For which a decision keeps one worker busy.
        utilisation: The share of the time in (0, 1] for which workers may be busy.
        bytes_per_payment: Of one stored copy of a payment with its fields.
        retention_days: For which a payment is stored.
        replicas: Copies of each.

    Returns:
        "peak_payments_per_second"; "peak_lookups_per_second"; "workers", so that at the
        peak they are busy for that share of the time; "storage_gigabytes", of 10**9
        bytes, in all copies.

    Raises:
        ValueError: If a number is not finite and above 0, peak_factor is below 1, or
            utilisation is above 1.

    Example:
        >>> plan = capacity_plan(
        ...     payments_per_day=8_640_000, peak_factor=3, lookups_per_payment=2,
        ...     milliseconds_per_payment=20, utilisation=0.5, bytes_per_payment=500,
        ...     retention_days=100, replicas=3,
        ... )
        >>> plan["peak_payments_per_second"], plan["peak_lookups_per_second"]
        (300.0, 600.0)
        >>> plan["workers"], plan["storage_gigabytes"]
        (12.0, 1296.0)

    Source: Little (1961), doi:10.1287/opre.9.3.383.
    """
    return None
