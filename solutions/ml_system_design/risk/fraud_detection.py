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

_FIELDS = ("amount", "category", "account_days", "foreign", "velocity", "device")
_BINS = 16  # of a field; one more holds what is missing
_KEEP = 0.97  # of every count, from one day to the next
_PROBES = 0.1  # of what would be declined is reviewed, or no label would come of it
_PRIOR = 10.0  # payments' worth of evidence that a bin says nothing


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
        self._rng = rng
        self._edges = {
            name: np.quantile(history[name], np.arange(1, _BINS) / _BINS)
            for name in ("amount", "account_days", "device")
        }
        codes, label = self._codes(history), history["label"]
        weight = _KEEP ** -history["day"].astype(float)
        self._counts = _Counts()
        for kind in (0, 1):
            self._counts.add(kind, codes[label == kind], weight[label == kind])
        self._payments_a_day = label.size / np.unique(history["day"]).size
        self._monitor = _Monitor(_tally(codes, 1.0) * self._payments_a_day / label.size)
        self._past = _Past(history["id"], codes, history["day"])
        self._reviews: dict[int, float] = {}  # sent since the morning: their weights

    def receive(self, day: int, ids: np.ndarray, fraud: np.ndarray) -> None:
        """Take in the labels that arrived in the morning of a day.

        Args:
            day: 0 or more.
            ids: (k,) of payments, in increasing order; k may be 0. Yesterday's reviews,
                and payments approved earlier that became chargebacks.
            fraud: (k,) of 1 for fraud or 0; 0 only comes from reviews.
        """
        self._counts.decay(_KEEP)
        codes, age = self._past.codes[ids], day - self._past.day[ids]
        weight = np.array([self._reviews.get(i, 0.0) for i in ids.tolist()])
        for kind in (0, 1):
            found = (weight > 0) & (fraud == kind)
            self._counts.add(kind, codes[found], weight[found])
        # A chargeback was counted as good when it was approved.
        back = weight == 0
        self._counts.add(1, codes[back], 1.0)
        self._counts.add(0, codes[back], -(_KEEP ** age[back]))
        self._monitor.chargebacks(day, age[back])
        self._reviews = {}
        self._reviews_left = REVIEWS_A_DAY
        self._names = list(LOOKUP_COST)  # of what is worth looking up today

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
        payments, amount = dict(batch), batch["amount"]
        # Where it is dear to know no more than this, the budget is spent.
        doubt = np.minimum(*_expected_costs(self._chance(self._codes(batch)), amount))
        price = sum(LOOKUP_COST[name] for name in self._names)
        rows = np.argsort(-doubt, kind="stable")[: budget // max(price, 1)]
        for name in self._names:
            payments[name] = np.full(amount.size, np.nan)
            payments[name][rows] = look_up(name, rows)
        codes = self._codes(payments)
        action, weight = self._choose(self._chance(codes), amount)

        ids = batch["id"]
        self._past.append(codes, day)
        self._counts.add(0, codes[action == APPROVE], 1.0)
        sent = action == REVIEW
        self._reviews.update(zip(ids[sent].tolist(), weight[sent], strict=True))
        self._monitor.see(codes, whole=rows.size == amount.size)
        self._names = [n for n in self._names if not _is_lost(payments[n][rows])]
        return action

    def end_day(self, day: int) -> list[str]:
        """Return the alarms of a day, of "missing", "drift" and "performance"."""
        alarms = self._monitor.end_day(day)
        if "performance" in alarms:  # most of what is known of fraud is out of date
            self._counts.decay(0.5, kind=1)
        return alarms

    def _choose(
        self, chance: np.ndarray, amount: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray]:
        """Return the cheapest decisions, and for how many each review stands."""
        approve, decline = _expected_costs(chance, amount)
        action = np.where(decline < approve, DECLINE, APPROVE)
        gain = np.minimum(approve, decline) - REVIEW_COST
        share = int(np.ceil(REVIEWS_A_DAY * amount.size / self._payments_a_day))
        best = np.argsort(-gain, kind="stable")[:share]
        best = best[gain[best] > 0]
        probe = (action == DECLINE) & (self._rng.random(amount.size) < _PROBES)
        probe[best] = False
        weight = np.where(probe, 1 / _PROBES, 1.0)
        sent = np.append(np.flatnonzero(probe), best)[: self._reviews_left]
        self._reviews_left -= sent.size
        action[sent] = REVIEW
        return action, weight

    def _chance(self, codes: np.ndarray) -> np.ndarray:
        return 1 / (1 + np.exp(-self._counts.log_odds(codes)))

    def _codes(self, payments: dict[str, np.ndarray]) -> np.ndarray:
        """Return (n, fields) of bins, the last of them for what is missing."""
        codes = np.full((payments["amount"].size, len(_FIELDS)), _BINS)
        for column, name in zip(codes.T, _FIELDS, strict=True):
            if name in payments:
                there = ~np.isnan(payments[name])
                values = payments[name][there]
                if name in self._edges:
                    column[there] = np.searchsorted(self._edges[name], values, "right")
                else:
                    column[there] = np.minimum(values, _BINS - 1)
        return codes


def _expected_costs(
    chance: np.ndarray, amount: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Return what approving and what declining costs on average."""
    approve = chance * (amount + CHARGEBACK_FEE)
    return approve, (1 - chance) * (DECLINE_COST + DECLINE_SHARE * amount)


def _is_lost(values: np.ndarray) -> bool:
    return values.size > 0 and bool(np.isnan(values).all())


def _tally(codes: np.ndarray, weight: float | np.ndarray) -> np.ndarray:
    """Return (fields, bins) sums of the weights of payments."""
    n_fields, n_bins = len(_FIELDS), _BINS + 1
    cells = codes + np.arange(n_fields) * n_bins
    weights = np.repeat(weight * np.ones(len(codes)), n_fields)
    return np.bincount(cells.ravel(), weights, n_fields * n_bins).reshape(n_fields, -1)


class _Counts:
    """What is known of good payments (0) and of fraud (1): naive Bayes that forgets."""

    def __init__(self) -> None:
        self._table = np.zeros((2, len(_FIELDS), _BINS + 1))
        self._total = np.zeros(2)

    def decay(self, keep: float, kind: int | slice = slice(None)) -> None:
        self._table[kind] *= keep
        self._total[kind] *= keep

    def add(self, kind: int, codes: np.ndarray, weight: float | np.ndarray) -> None:
        self._table[kind] += _tally(codes, weight)
        self._total[kind] += (weight * np.ones(len(codes))).sum()

    def log_odds(self, codes: np.ndarray) -> np.ndarray:
        """Return (n,) log odds of fraud; a missing field says nothing."""
        table = self._table.clip(0)
        table[:, :, _BINS] = 0
        usual = table.sum(axis=0) + 0.1
        table += _PRIOR * usual / usual.sum(axis=1, keepdims=True)
        good, fraud = np.log(table / table.sum(axis=2, keepdims=True))
        evidence = fraud - good
        evidence[:, _BINS] = 0
        good, fraud = np.log(self._total.clip(0) + 1)
        return fraud - good + evidence[np.arange(len(_FIELDS)), codes].sum(axis=1)


class _Past:
    """The bins and the day of each payment, by its id."""

    def __init__(self, ids: np.ndarray, codes: np.ndarray, day: np.ndarray) -> None:
        self._size = ids.size
        self.codes, self.day = codes.astype(np.int8), day.astype(int)

    def append(self, codes: np.ndarray, day: int) -> None:
        end = self._size + len(codes)
        if end > self.day.size:
            self.codes = np.concatenate([self.codes, np.zeros_like(self.codes)])
            self.day = np.concatenate([self.day, np.zeros_like(self.day)])
        self.codes[self._size : end] = codes
        self.day[self._size : end] = day
        self._size = end


class _Monitor:
    """What is watched: fields that are lost, fields that move, fraud that is missed.

    Args:
        usual: (fields, bins) payments of a usual day.
    """

    def __init__(self, usual: np.ndarray) -> None:
        self._usual = usual
        self._today = np.zeros_like(usual)
        self._since = 14  # chargebacks from this day on are compared
        self._chargebacks: list[int] = []  # of each day, those within two weeks

    def chargebacks(self, day: int, age: np.ndarray) -> None:
        """Count those of a morning that are no older than day 0 and two weeks."""
        self._chargebacks.append(int((age <= min(day, 14)).sum()))

    def see(self, codes: np.ndarray, *, whole: bool) -> None:
        """Count payments; what was looked up only if it was so for the whole batch."""
        watched = len(_FIELDS) if whole else len(_FIELDS) - len(LOOKUP_COST)
        self._today[:watched] += _tally(codes, 1.0)[:watched]

    def end_day(self, day: int) -> list[str]:
        """Return the alarms of the day, and make it part of what is usual."""
        known = self._today[:, :_BINS].sum(axis=1) > self._today[:, _BINS]
        alarms = ["drift"] if (self._instability()[known] > 0.1).any() else []
        if (~known).any():
            alarms.append("missing")
        self._usual[known] += 0.1 * (self._today - self._usual)[known]
        self._today = np.zeros_like(self._today)
        if self._misses_more():
            alarms.append("performance")
            self._since = day + 1
        return alarms

    def _instability(self) -> np.ndarray:
        """Return the population stability index of each field."""
        today, usual = (
            (table + 0.5) / (table + 0.5).sum(axis=1, keepdims=True)
            for table in (self._today[:, :_BINS], self._usual[:, :_BINS])
        )
        return ((today - usual) * np.log(today / usual)).sum(axis=1)

    def _misses_more(self) -> bool:
        """Return whether a week has far more quick chargebacks than long before."""
        week, before = self._chargebacks[-7:], self._chargebacks[self._since : -14]
        if not before:
            return False
        usual = 7 * max(np.mean(before), 1)
        return sum(week) > usual + 5 * np.sqrt(usual)  # a count's variance is its mean
