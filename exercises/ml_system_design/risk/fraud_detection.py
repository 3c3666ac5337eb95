"""Run a fraud detection system.

A shop platform takes about 900 card payments a day; one in 50 is fraud. Build the
system that decides on every payment, goes on learning from labels that come weeks late,
and raises an alarm when something is wrong. We run it for 125 days in each of three
simulated worlds, a new system in each.

Say first what you would build and what you would watch; then write it. NumPy and the
standard library only. Arrays that come in are read-only. What runs today, the fixed
rule, is a first version to improve on:

    def __init__(self, rng):
        self.rng = rng

    def start_day(self, day, log):
        return []

    def decide(self, day, batch, look_up, look_ups, reviews):
        dear = batch["amount"] >= RULE_AMOUNT
        young = batch["account_days"] < RULE_ACCOUNT_DAYS
        return np.where(dear & young, DECLINE, APPROVE)

What is known of a payment at once:

    amount        in euros, above 0
    category      of the shop, an integer from 0 to 7, in no order
    account_days  the age of the account in days, above 0
    foreign       1.0 if the card is from abroad, else 0.0

and what must be looked up, both at once:

    velocity      payments of the card within a day, 1.0 or more
    device        how well the device model knows the device, between 0.0 and 1.0

How fields go together tells more than each of them alone. A day has three batches of
random size: night, day and evening. LOOK_UPS says for which share of a batch the fields
may be looked up; the evening is the peak, so there you must choose.

Money. Approved fraud costs its amount and CHARGEBACK_FEE. A declined good payment costs
DECLINE_COST and DECLINE_SHARE of its amount. A review costs REVIEW_COST and nothing
else: it is always right, and declines fraud and approves the rest. Reviewers have time
for REVIEWS of each batch.

Labels. What a review found is known the next morning. Approved fraud becomes a
chargeback after DELAY[0] days and an exponential time of mean DELAY[1], and one of more
than LOG_DAYS counts as LOG_DAYS. Nobody reports a good payment, and nobody ever hears
of a declined one, which is neither good nor fraud: both stay -1, unless reviewed.

Events. One of the worlds is quiet. Each of the others has two or three of these, each
at most once, in any order, on days that nobody tells you. None begins before day 20 or
within 24 days of another.

    outage   for 10 days one field other than amount and category is NaN in all payments
    drift    from then on a quarter of the good payments come from a new market; fraud
             stays as it is
    shift    from then on there is three times the fraud, most of it of a new pattern

Alarms. Raise "missing" for an outage, "drift" for a drift and "performance" for a
shift, each for the first time within IN_TIME_DAYS of it; the day after the event began
is day 2. An alarm is true on the first ALARM_DAYS days of its own event, and false on
every other day; one that came too early spoils nothing but that.

We measure, over the worlds together:

    saved before the shift      at least SAVED_BEFORE
    saved after the shift       at least SAVED_AFTER, from GRACE_DAYS days after it on
    saved in the outage         at least SAVED_IN_OUTAGE, on the days without the field
    batches over budget         none
    alarms                      all but LATE_ALARMS in time, of all worlds together
    false alarms                on at most FALSE_ALARMS days

Saved is (the rule's cost - yours) / (the rule's cost - an oracle's). The oracle knows
the pattern of the day and sees all fields that are not missing. The fixed rule decides
a batch in which you look up too many payments.

All 375 days should take a few seconds with one thread, so train on a sample; a run that
computes for 45 s is stopped.
"""

from collections.abc import Callable

import numpy as np

APPROVE, REVIEW, DECLINE = 0, 1, 2

CHARGEBACK_FEE = 15.0  # euros, as all that follow
DECLINE_COST = 10.0
DECLINE_SHARE = 0.03
REVIEW_COST = 2.0

LOOK_UPS = (1.0, 1.0, 0.3)  # of the payments of a batch: night, day, evening
REVIEWS = 0.03  # of the payments of a batch

LOG_DAYS = 60
DELAY = (10, 18)  # days

RULE_AMOUNT = 150.0
RULE_ACCOUNT_DAYS = 30.0

SAVED_BEFORE = 0.9
SAVED_AFTER = 0.935
SAVED_IN_OUTAGE = 0.8
GRACE_DAYS = 28
IN_TIME_DAYS = {"missing": 3, "drift": 5, "performance": 30}
ALARM_DAYS = 30
LATE_ALARMS = 1
FALSE_ALARMS = 3


class FraudSystem:
    """A system that decides on payments, learns from labels, and raises alarms.

    On each day from 0 on, start_day is called, then decide for each of three batches.
    The same rng and calls give the same alarms and decisions.

    Example:
        >>> fields = ("amount", "category", "account_days", "foreign", "velocity")
        >>> known = (*fields, "device", "age", "action", "label")
        >>> log = {name: np.ones(1) for name in known}  # one payment, and it was fraud
        >>> FraudSystem(np.random.default_rng(1)).start_day(0, log)
        []

    Source: Dal Pozzolo, Boracchi, Caelen, Alippi and Bontempi (2018),
    doi:10.1109/TNNLS.2017.2736643.
    """

    def __init__(self, rng: np.random.Generator) -> None:
        """Start a system that knows nothing yet.

        Args:
            rng: For what is drawn at random.
        """
        raise NotImplementedError

    def start_day(self, day: int, log: dict[str, np.ndarray]) -> list[str]:
        """Learn from the log, and return the alarms of the day.

        Args:
            day: 0 or more.
            log: Of each payment of the last LOG_DAYS days, in the order in which they
                came, arrays (n,): "age" in days, from 1 for yesterday; the six fields,
                NaN where they are missing or were not looked up; "action", what was
                done with it; "label", 1 for fraud, 0 for good and -1 as long as neither
                is known. On day 0 the rule has decided all, and all was looked up.

        Returns:
            Some of "missing", "drift" and "performance".
        """
        raise NotImplementedError

    def decide(
        self,
        day: int,
        batch: dict[str, np.ndarray],
        look_up: Callable[[np.ndarray], dict[str, np.ndarray]],
        look_ups: int,
        reviews: int,
    ) -> np.ndarray:
        """Return what to do with each payment of a batch.

        Args:
            day: 0 or more.
            batch: Arrays (n,) of the four fields that are known at once; n may be 0.
            look_up: `look_up(rows)` gives "velocity" and "device", (k,) each, of the
                payments at rows, (k,) of integers from 0 to n - 1.
            look_ups: How many payments of the batch may be looked up; one that is
                looked up twice counts twice.
            reviews: How many may be sent to review; those after them are approved.

        Returns:
            (n,) of integers: APPROVE, REVIEW or DECLINE.
        """
        raise NotImplementedError
