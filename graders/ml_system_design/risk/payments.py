"""A world of card payments, drawn in full before its first day.

Nothing that a system does can change what comes, only what it costs and what is heard
of it. Beside the system's costs stand those of the fixed rule that it replaces, and
those of an oracle that knows the pattern of each day and looks everything up for free.

The rules that the prompt states in numbers are read from the solution, whose constants
they are; what the prompt does not state is here.
"""

from __future__ import annotations

import dataclasses
import math
from typing import Any

import numpy as np

from graders.ml_system_design.production.calendars import calendar

DAYS = 125
PAYMENTS = 900  # a day
FRAUD_RATE = 0.02
PARTS = ("night", "day", "evening")  # the batches of a day
SHARES = (0.2, 0.45, 0.35)  # of the day's payments
FIRST_EVENT, LAST_EVENT = 20, 80  # between these days events begin,
APART = 24  # or more days from each other
OUTAGE_DAYS = 10
GROWN = 3  # times the fraud rate from the shift on
OPENED = 0.25  # of the good payments come from a new market after the drift
CATEGORIES = 8
GIVEN = ("amount", "category", "account_days", "foreign")
LOOKED_UP = ("velocity", "device")
LOSABLE = ("account_days", "device")  # that matter, so that losing one costs something
ALARM_OF = {"outage": "missing", "drift": "drift", "shift": "performance"}

Fields = dict[str, np.ndarray]


@dataclasses.dataclass(frozen=True)
class Group:
    """How the payments of one kind of person are distributed, fields independent.

    Args:
        amount: Mean and deviation of the amount's logarithm.
        categories: (8,) probabilities.
        account: Mean and deviation of the logarithm of the account's age in days.
        foreign: The probability that the card is from abroad.
        velocity: The mean number of the card's other payments within a day.
        device: The parameters of a beta distribution.
    """

    amount: tuple[float, float]
    categories: np.ndarray
    account: tuple[float, float]
    foreign: float
    velocity: float
    device: tuple[float, float]

    def draw(self, rng: np.random.Generator, n: int) -> Fields:
        """Return the fields of n payments."""
        return {
            "amount": np.exp(rng.normal(*self.amount, n)).round(2).clip(0.01),
            "category": rng.choice(CATEGORIES, n, p=self.categories),
            "account_days": np.exp(rng.normal(*self.account, n)).round(1).clip(0.1),
            "foreign": (rng.random(n) < self.foreign).astype(float),
            "velocity": 1.0 + rng.poisson(self.velocity, n),
            "device": rng.beta(*self.device, n).round(6).clip(1e-6, 1 - 1e-6),
        }

    def likelihood(self, fields: Fields) -> np.ndarray:
        """Return the density of payments up to a common factor; NaN counts for 1."""
        (a, b), abroad = self.device, fields["foreign"]
        terms = [
            _log_normal(fields["amount"], *self.amount),
            np.log(self.categories)[fields["category"]],
            _log_normal(fields["account_days"], *self.account),
            np.log(abroad * self.foreign + (1 - abroad) * (1 - self.foreign)),
            (fields["velocity"] - 1) * math.log(self.velocity) - self.velocity,
            (a - 1) * np.log(fields["device"]) + (b - 1) * np.log1p(-fields["device"])
            + math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b),
        ]  # fmt: skip
        return np.exp(sum(np.nan_to_num(term) for term in terms))


def _log_normal(x: np.ndarray, mean: float, deviation: float) -> np.ndarray:
    return -(((np.log(x) - mean) / deviation) ** 2) / 2 - math.log(deviation)


def _groups(rng: np.random.Generator) -> list[Group]:
    """Return locals, newcomers, the new market, and three rings of fraud."""
    order = rng.permutation(CATEGORIES)
    usual = np.array([20, 16, 15, 13, 12, 10, 9, 5]) / 100

    def categories(share: float, *places: int) -> np.ndarray:
        p = usual * (1 - share)
        p[list(places)] += share / len(places)
        return p[order]

    return [
        Group((3.4, 1.0), categories(0, 0), (6.2, 0.9), 0.06, 0.5, (6.0, 1.5)),
        Group((3.4, 1.0), categories(0, 0), (4.0, 1.1), 0.35, 0.8, (2.5, 2.5)),
        Group((3.4, 1.0), categories(0.6, 4), (5.8, 0.9), 0.8, 0.5, (1.5, 5.0)),
        Group((4.0, 1.1), categories(0.6, 3, 5), (3.2, 1.0), 0.60, 1.8, (2.0, 3.0)),
        Group((4.0, 1.0), categories(0.9, 4), (6.2, 0.9), 0.06, 1.8, (1.3, 8.0)),
        Group((4.0, 1.0), categories(0.9, 6), (3.6, 1.0), 0.05, 2.5, (6.0, 1.5)),
    ]


def _shares(shifted: int, drifted: int) -> np.ndarray:
    """Return (6,) shares of all payments of the groups."""
    rate = FRAUD_RATE * (GROWN if shifted else 1)
    market = OPENED if drifted else 0
    good = np.array([0.75 * (1 - market), 0.25 * (1 - market), market])
    rings = np.array([0.1, 0.07, 0.83] if shifted else [0.5, 0.5, 0.0])
    return np.append(good * (1 - rate), rings * rate)


def calendars(rng: np.random.Generator) -> list[tuple[dict[str, int], str]]:
    """Return first days of events, and the field to lose, of three worlds in any order.

    One world is quiet, one has all three events, and one a shift and an outage, to
    which a drift comes in half of the seeds. Order and days are drawn.
    """
    both, all_three = ["shift", "outage"], ["shift", "outage", "drift"]
    worlds = [[], all_three, both if rng.random() < 0.5 else all_three]
    first, second = rng.permutation(LOSABLE).tolist()
    missing = [first, first, second]  # the quiet world loses none
    span = {"first": FIRST_EVENT, "last": LAST_EVENT, "apart": APART}
    order = rng.permutation(3)
    return [(calendar(rng, worlds[i], **span), missing[i]) for i in order]


def _draw(rng: np.random.Generator, groups: list[Group], kind: np.ndarray) -> Fields:
    """Return the fields of payments, each from the group that its kind says."""
    places = [np.flatnonzero(kind == i) for i in range(len(groups))]
    back = np.argsort(np.concatenate(places))
    parts = [g.draw(rng, at.size) for g, at in zip(groups, places, strict=True)]
    return {
        name: np.concatenate([part[name] for part in parts])[back] for name in parts[0]
    }


class World:
    """All payments of one seed, those of the history first.

    Args:
        rules: The module whose constants are the rules.
        seed: From which everything is drawn.
        events: The first day of each event: of "outage", "drift" and "shift".
        missing: The field that is lost in the outage.
        days: How many to live through.
        payments: The mean number of payments a day.

    Attributes:
        day, fraud: (n,) of each payment; days of the history are negative.
        heard: (n,) the morning on which a chargeback would come; large for good ones.
        fields: The fields of all payments, (n,) each.
        chance: (n,) of fraud, to one who knows the pattern of the day.
        starts: Where each batch begins, three a day, from the history's first day.
    """

    def __init__(
        self,
        rules: Any,
        seed: int,
        events: dict[str, int],
        *,
        missing: str = "device",
        days: int = DAYS,
        payments: int = PAYMENTS,
    ) -> None:
        rng = np.random.default_rng(seed)
        self.rules, self.days, self.events = rules, days, events
        means = np.outer(np.ones(rules.LOG_DAYS + days), SHARES) * payments
        sizes = rng.poisson(means)
        self.starts = np.append(0, sizes.cumsum())
        self.day = np.repeat(np.arange(-rules.LOG_DAYS, days), sizes.sum(axis=1))
        n = self.day.size
        moved, opened = self._since("shift"), self._since("drift")
        cases = [_shares(shift, drift) for shift in (0, 1) for drift in (0, 1)]
        shares = np.array(cases)[2 * moved + opened]
        kind = (rng.random((n, 1)) > shares.cumsum(axis=1)[:, :-1]).sum(axis=1)
        self.fraud = kind >= 3
        delay = rules.DELAY[0] + rng.exponential(rules.DELAY[1], n)
        delay = np.minimum(delay, rules.LOG_DAYS).astype(int)
        self.heard = np.where(self.fraud, self.day + delay, 10**6)
        groups = _groups(rng)
        self.fields = _draw(rng, groups, kind)
        lost = np.isin(self.day, self.outage)
        self.fields[missing] = np.where(lost, np.nan, self.fields[missing])
        odds = shares.T * [group.likelihood(self.fields) for group in groups]
        self.chance = odds[3:].sum(axis=0) / odds.sum(axis=0)

    @property
    def outage(self) -> range:
        """The days on which a field is missing."""
        first = self.events.get("outage", self.days)
        return range(first, min(first + OUTAGE_DAYS, self.days))

    def _since(self, event: str) -> np.ndarray:
        return self.day >= self.events.get(event, self.days)

    def batch(self, day: int, part: int) -> slice:
        """Return where the payments of a batch are."""
        at = (day + self.rules.LOG_DAYS) * len(SHARES) + part
        return slice(int(self.starts[at]), int(self.starts[at + 1]))

    def capacity(self, part: int, n: int) -> tuple[int, int]:
        """Return how many of a batch's payments may be looked up, and reviewed."""
        share = self.rules.LOOK_UPS[part]
        return int(share * n), int(self.rules.REVIEWS * n)

    def costs(self, action: np.ndarray) -> np.ndarray:
        """Return (3, days): what missed fraud, false declines and reviews cost."""
        rules, amount = self.rules, self.fields["amount"]
        insult = rules.DECLINE_COST + rules.DECLINE_SHARE * amount
        missed = (action == rules.APPROVE) & self.fraud
        kinds = [
            np.where(missed, amount + rules.CHARGEBACK_FEE, 0),
            np.where((action == rules.DECLINE) & ~self.fraud, insult, 0),
            np.where(action == rules.REVIEW, rules.REVIEW_COST, 0),
        ]
        at = self.day + rules.LOG_DAYS
        return np.array([np.bincount(at, kind)[rules.LOG_DAYS :] for kind in kinds])

    def fixed_rule(self) -> np.ndarray:
        """Return what the rule does; a missing age is not below anything."""
        rules, fields = self.rules, self.fields
        dear = fields["amount"] >= rules.RULE_AMOUNT
        young = fields["account_days"] < rules.RULE_ACCOUNT_DAYS
        return np.where(dear & young, rules.DECLINE, rules.APPROVE)

    def oracle(self) -> np.ndarray:
        """Return what the oracle does."""
        rules, chance, amount = self.rules, self.chance, self.fields["amount"]
        approve = chance * (amount + rules.CHARGEBACK_FEE)
        decline = (1 - chance) * (rules.DECLINE_COST + rules.DECLINE_SHARE * amount)
        gain = np.minimum(approve, decline) - rules.REVIEW_COST
        action = np.where(decline < approve, rules.DECLINE, rules.APPROVE)
        for at, end in zip(self.starts, self.starts[1:], strict=False):
            most = int(rules.REVIEWS * (end - at))
            best = at + np.argsort(-gain[at:end], kind="stable")[:most]
            action[best[gain[best] > 0]] = rules.REVIEW
        return action
