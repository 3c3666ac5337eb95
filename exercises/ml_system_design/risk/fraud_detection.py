"""Run a fraud detection system.

We take 1,200 card payments a day; about one in 80 is fraud. Today a fixed rule decides:
it declines RULE_AMOUNT or more from an account younger than RULE_ACCOUNT_DAYS. Build
the system that replaces it: it learns from our history, decides on every payment, goes
on learning from labels that come weeks late, and raises an alarm when something is
wrong. We run it for 120 days in each of three simulated worlds, a new system in each.

Say first what you would build and what you would watch; then write it. NumPy and the
standard library only. Arrays that come in are read-only.

A day has six batches, of random sizes. The fifth is the peak: it has about 30 % of the
payments, and PEAK_BUDGET units of look-ups a payment; the others have BUDGET. Ids are
whole numbers: 0 for the first payment of the history, one more for each that follows.
What is known of a payment at once:

    amount        in euros, above 0
    category      of the shop, a whole number from 0 to 7, in no order
    account_days  the age of the account in days, above 0
    foreign       1.0 if the card is from abroad, else 0.0

and what must be looked up, at LOOKUP_COST units of the batch's budget a payment:

    velocity      payments of the card within a day, 1.0 or more
    device        how well the device model knows the device, between 0.0 and 1.0

Any field but amount and category may be NaN, which means missing; a look-up costs the
same then. In the worlds only an outage does this, to all payments of its days.

Money. Approved fraud costs its amount and CHARGEBACK_FEE. A declined good payment costs
DECLINE_COST and DECLINE_SHARE of its amount. A review costs REVIEW_COST alone: it is
always right, and declines fraud and approves the rest. The team reviews the first
REVIEWS_A_DAY payments of a day that you send; those beyond are approved.

Labels. What a review found arrives the next morning. Approved fraud becomes a
chargeback some morning 7 to 42 days later (7 and an exponential time of mean 10); none
within 42 days means that the payment was good. Of a declined payment nobody ever hears.

Events. One of the worlds is quiet; each of the others has two or three of these, each
at most once, in any order, on days that nobody tells you. None begins before day 32 or
within 22 days of another.

    outage   for 10 days one field is missing
    drift    from then on a quarter of the good payments come from a new market
    shift    from then on nine tenths of the fraud follow another pattern

Alarms. Raise "missing" for an outage, "drift" for a drift and "performance" for a
shift, each within IN_TIME_DAYS of it, counting the day on which it begins. An alarm is
true on the first ALARM_DAYS days of its own event, and false on every other day.

We measure, over the worlds together:

    saved before the shift      at least SAVED_BEFORE
    saved after the shift       at least SAVED_AFTER, from GRACE_DAYS days after it on
    saved in the outage         at least SAVED_IN_OUTAGE, on the days without the field
    payments decided late       none: of no batch may you spend more than its budget
    alarms                      each in time, in every world
    false alarms                on at most FALSE_ALARMS days

Saved is (the rule's cost - yours) / (the rule's cost - an oracle's). The oracle knows
the pattern of the day, sees all fields that are not missing, and picks its reviews from
the whole day. The fixed rule decides all of a batch that is over its budget.

All 360 days should take a few seconds with one thread, so train on samples or counts,
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
ALARM_DAYS = 28
FALSE_ALARMS = 6


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
        raise NotImplementedError

    def receive(self, day: int, ids: np.ndarray, fraud: np.ndarray) -> None:
        """Take in the labels that arrived in the morning of a day.

        Args:
            day: 0 or more.
            ids: (k,) of payments, in increasing order; k may be 0. Yesterday's reviews,
                and payments approved earlier that became chargebacks.
            fraud: (k,) of 1 for fraud or 0; 0 only comes from reviews.
        """
        raise NotImplementedError

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
        raise NotImplementedError

    def end_day(self, day: int) -> list[str]:
        """Return the alarms of a day, of "missing", "drift" and "performance"."""
        raise NotImplementedError
