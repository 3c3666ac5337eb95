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

_FREE = ("amount", "category", "account_days", "foreign")
_FIELDS = (*_FREE, "velocity", "device")
_SCALES = {  # of the numbers: whether their logarithm counts, its mean and deviation
    "amount": (True, 3.5, 1.2),
    "account_days": (True, 5.5, 1.4),
    "foreign": (False, 0.1, 1.0),
    "velocity": (True, 0.4, 1.0),
    "device": (False, 0.7, 0.3),
}
_BASE = -5.0  # log odds of fraud, where nothing else is known
_HALF_LIFE = 10  # days, after which a payment counts half
_YOUNG = DELAY[0] + 3  # days, before which approval says nothing
_THIN = 8  # one in so many payments without a label is trained on


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
        self._rng = rng
        self._weights: dict[tuple[str, ...], np.ndarray] = {}  # by the fields known
        self._fitted: set[tuple[str, ...]] = set()  # since the last sample
        self._monitor = _Monitor()

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
        if day % 2 == 0:
            self._take_sample(log)
        return self._monitor.alarms(day, log)

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
        amount = batch["amount"]
        chance = self._chance(batch)
        # Look up where it costs most to know no more than this.
        doubt = np.minimum(*_expected_costs(chance, amount))
        rows = np.argsort(-doubt, kind="stable")[:look_ups]
        some = {name: values[rows] for name, values in batch.items()}
        chance[rows] = self._chance({**some, **look_up(rows)})

        approve, decline = _expected_costs(chance, amount)
        action = np.where(decline < approve, DECLINE, APPROVE)
        gain = np.minimum(approve, decline) - REVIEW_COST
        # Where the cheaper decision costs most is where labels are needed most, too.
        best = np.argsort(-gain, kind="stable")[:reviews]
        action[best[gain[best] > 0]] = REVIEW
        self._monitor.expect(day, chance[action == APPROVE].sum())
        return action

    def _take_sample(self, log: dict[str, np.ndarray]) -> None:
        """Keep what is trained on: reviews, and what was approved some time ago."""
        age, action, fraud = log["age"].astype(float), log["action"], log["label"] == 1
        reviewed = action == REVIEW
        approved = (action == APPROVE) & (age > _YOUNG)
        weight = 0.5 ** (age / _HALF_LIFE)
        # A chargeback stands for those of its day that are still to come.
        weight[approved & fraud] /= _heard(age[approved & fraud])
        many = approved & ~fraud
        weight[many] *= _THIN
        drawn = ~many | (self._rng.random(age.size) < 1 / _THIN)
        keep = (approved | reviewed) & drawn
        payments = {name: log[name][keep] for name in _FIELDS}
        # In single precision, as the features are, a fit takes half the time.
        self._sample = payments, fraud[keep], weight[keep].astype(np.float32)
        self._fitted = set()

    def _chance(self, payments: dict[str, np.ndarray]) -> np.ndarray:
        """Return the chances of fraud, by the model for the fields that are known."""
        known = tuple(
            name
            for name in _FIELDS
            if name in payments and not np.isnan(payments[name]).any()
        )
        if known not in self._fitted:
            self._fit(known)
        return _sigmoid(_features(payments, known) @ self._weights[known] + _BASE)

    def _fit(self, known: tuple[str, ...]) -> None:
        """Train the model for some fields, from what it was before."""
        payments, fraud, weight = self._sample
        full = ~np.any([np.isnan(payments[name]) for name in known], axis=0)
        x = _features({name: payments[name][full] for name in known}, known)
        w = self._weights.get(known)
        steps = 8 if w is None else 2
        if w is None:  # Newton's method starts well where all chances are one half
            w = np.where(np.arange(x.shape[1]) < 8, -_BASE, 0.0)
        for _ in range(steps):
            p = _sigmoid(x @ w.astype(np.float32) + np.float32(_BASE))
            slope = x.T @ (weight[full] * (p - fraud[full])) + w
            curve = (x * (weight[full] * p * (1 - p))[:, None]).T @ x
            step = np.linalg.solve(curve + np.eye(w.size), slope)
            # Where chances are near 0 and 1, a whole step of Newton's overshoots.
            w = w - step / max(1, np.abs(step).max() / 2)
        self._weights[known] = w
        self._fitted.add(known)


def _features(payments: dict[str, np.ndarray], known: tuple[str, ...]) -> np.ndarray:
    """Return (n, features): the fields, their products, and those with categories."""
    category = payments["category"] == np.arange(8)[:, None]  # (8, n)
    numbers = []
    for name, (by_logarithm, mean, deviation) in _SCALES.items():
        if name in known:
            values = np.log(payments[name]) if by_logarithm else payments[name]
            numbers.append((values - mean) / deviation)
    columns = [*category]
    for i, number in enumerate(numbers):
        columns += [number, *(number * category)]
        columns += [number * other for other in numbers[i:]]
    return np.array(columns, dtype=np.float32).T


def _sigmoid(z: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-z.clip(-30, 30)))


def _heard(age: np.ndarray) -> np.ndarray:
    """Return the shares of the chargebacks of some day that have come by now."""
    return 1 - np.exp(-(age + 1 - DELAY[0]).clip(0) / DELAY[1])


def _expected_costs(
    chance: np.ndarray, amount: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Return what approving and what declining costs on average."""
    approve = chance * (amount + CHARGEBACK_FEE)
    return approve, (1 - chance) * (DECLINE_COST + DECLINE_SHARE * amount)


class _Monitor:
    """What is watched: fields that are lost, fields that move, fraud that is missed."""

    def __init__(self) -> None:
        self._edges: dict[str, np.ndarray] = {}
        self._usual: dict[str, np.ndarray] = {}  # shares between the edges
        self._expected: list[float] = []  # chargebacks of what each day approved
        self._quiet_until = 0

    def expect(self, day: int, fraud: float) -> None:
        """Count what fraud the model expects among the payments just approved."""
        self._expected += [0.0] * (day + 1 - len(self._expected))
        self._expected[day] += fraud

    def alarms(self, day: int, log: dict[str, np.ndarray]) -> list[str]:
        if day == 0:
            tenths = np.arange(1, 10) / 10
            for name in _FREE:
                self._edges[name] = np.unique(np.quantile(log[name], tenths))
                self._usual[name] = self._shares(name, log[name])
        alarms = ["performance"] if self._misses_more(day, log) else []
        for name in _FIELDS:
            today = log[name][log["age"] == 1]
            if np.isnan(today).mean() > 0.9:
                alarms.append("missing")
            elif name in _FREE and self._moves(name, today):
                alarms.append("drift")
        return alarms

    def _moves(self, name: str, today: np.ndarray) -> bool:
        """Return whether the population stability index of a field is large."""
        new, usual = self._shares(name, today), self._usual[name]
        self._usual[name] = usual + 0.1 * (new - usual)
        return bool(((new - usual) * np.log(new / usual)).sum() > 0.07)

    def _shares(self, name: str, values: np.ndarray) -> np.ndarray:
        places = np.searchsorted(self._edges[name], values, "right")
        counts = np.bincount(places, minlength=self._edges[name].size + 1) + 0.5
        return counts / counts.sum()

    def _misses_more(self, day: int, log: dict[str, np.ndarray]) -> bool:
        """Return whether far more chargebacks came than the model expected."""
        age = np.arange(min(day, 24), 0, -1)
        expected = self._expected[day - age.size :] @ _heard(age.astype(float))
        known = (log["action"] == APPROVE) & (log["label"] == 1)
        found = (known & (log["age"] <= age.size)).sum()
        if day < self._quiet_until or found < expected + 4 * np.sqrt(expected + 4):
            return False
        self._quiet_until = day + 28
        return True
