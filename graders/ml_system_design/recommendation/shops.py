"""A world of a shop: items, the sessions of each day, and who would buy what.

All that does not depend on an answer is drawn before the first day or from a seed of
its own day, so an answer, the simple rule and the oracle meet the same sessions.
Chances are products of factors, and what is measured is taken over the true ones.

The rules that the prompt states in numbers are read from the solution, whose constants
they are; what the prompt does not state is here.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import Any

import numpy as np

from graders.ml_system_design.production.calendars import in_any_order
from graders.ml_system_design.production.cards import SPREAD, dealt

# The order of the real thing: a third of fashion and few of the other things come back
# within two weeks, gross margins are 15 to 55 %. Chances are some times as high as a
# shop's 2 to 4 % a session, so that 300 sessions a day tell as much as thousands.
SESSIONS = 300
FIRST_ITEMS, RELEASES = 40, 2
PRICE = (3.2, 0.45)  # mean and deviation of the logarithm
MARGINS = (0.15, 0.55)  # share of the usual price
QUALITY, LIKES_CHEAP, LIKES_LOW_MARGIN = 0.6, 0.5, 1.5  # of log chances
# Of the categories: the log of the chance, and the share that comes back. What sells
# best comes back most.
POPULAR = (1.0, 0.6, 0.1, -0.1, -0.2, -0.3, -0.4, -0.5)
BACK = (0.50, 0.40, 0.20, 0.12, 0.10, 0.08, 0.06, 0.04)
BACK_SPREAD, BACK_FAULTY = 0.3, 0.95
REFILLS = (0, 0, 1, 0, 1, 0, 1, 0)
AGAIN, NOT_AGAIN, COMPLEMENT, TASTE = 0.6, -2.5, 0.7, 0.25
BASE, MOST = -3.4, 0.9  # and no chance is above that
# The kinds of customers: the chance, and what a coupon makes of it.
KINDS = ((2.2, 1.05), (0.8, 2.6), (0.4, 1.2))
INTENT = (0.45, 1.55)  # what nobody logs, and the old rule for coupons saw
SALE_DAYS, SALE_PRICE, SALE_LIFT, SALE_NEWCOMERS = 10, 0.7, 1.9, 0.4
SALE_BEFORE = -24  # the day on which the sale of the history began
OUTAGE_DAYS, LOST = 7, 0.6
FAULT_DAYS = 20  # in which it is looked at; it never ends
SPELL, SPELL_DAYS = 0.02, (3, 9)  # out of stock
FIRST_EVENT, LAST_EVENT, APART = 14, 56, 13
ALARM_OF = {"outage": "visits", "fault": "returns"}
IDLE, GOOD = 300, 100  # experiments
RATE, LIFT, VISITORS = 0.05, 0.0105, 400  # of an arm a day


@dataclasses.dataclass(frozen=True)
class Day:
    """The sessions of a day.

    Attributes:
        fields: (n,) each, as they were logged.
        trial: (n,) whether the shop draws items and coupon at random.
        drawn: (n, SLOTS) and (n,): what it drew, for all sessions.
        cell: (n,) the kind of customer, by group and true visits.
        by_category: (n, CATEGORIES) the chance of an average item without a coupon.
        intent: (n,) its factor.
        luck: (n, SLOTS, 3) from 0 to 1.
    """

    fields: dict[str, np.ndarray]
    trial: np.ndarray
    drawn: tuple[np.ndarray, np.ndarray]
    cell: np.ndarray
    by_category: np.ndarray
    intent: np.ndarray
    luck: np.ndarray


class World:
    """A shop and its customers.

    Attributes:
        events: The first day of each.
        released: (m,) the day of each item, in this order.
        back: (m,) the share that comes back, but for a faulty supplier's.
        faulty: The supplier of whom nearly all comes back in a fault.
        counts: (experiments, TEST_DAYS, 2) buyers of each day, of both arms.
    """

    def __init__(
        self,
        rules: Any,
        rng: np.random.Generator,
        events: dict[str, int],
        *,
        days: int | None = None,
        sessions: float | Sequence[float] = SESSIONS,
    ) -> None:
        self.rules, self.events = rules, events
        self.days = rules.DAYS if days is None else days
        self.sessions = np.broadcast_to(sessions, self.days)
        self.seed = int(rng.integers(2**60))
        c = rules.CATEGORIES
        order = rng.permutation(c)
        self.popular, self.back_of = np.array(POPULAR)[order], np.array(BACK)[order]
        self.refill = np.array(REFILLS)[order]
        shuffled = rng.permutation(c)
        self.goes_with = np.zeros(c, dtype=int)
        self.goes_with[shuffled] = np.roll(shuffled, 1)  # never itself
        self.taste = TASTE * rng.permuted(
            np.tile(np.linspace(-1.5, 1.5, c), (rules.GROUPS, 1)), axis=1
        )
        kinds = np.tile(np.arange(len(KINDS)), (rules.GROUPS, 1))
        kinds = rng.permuted(kinds, axis=1).ravel()
        self.level, self.lift = np.array(KINDS)[kinds].T
        self._make_items(rng)
        self.faulty = -1  # nobody yet
        self.faulty = self._seller(events.get("fault", 0))
        self._make_experiments(rng)

    def lasts(self, event: str, day: int, length: int | None = None) -> bool:
        """Return whether an event is under way."""
        first = self.events.get(event, self.days)
        return first <= day < (self.days if length is None else first + length)

    def in_sale(self, day: int) -> bool:
        """Return whether half of the items are cheaper."""
        early = SALE_BEFORE <= day < SALE_BEFORE + SALE_DAYS
        return early or self.lasts("sale", day, SALE_DAYS)

    def items(self, day: int) -> dict[str, np.ndarray]:
        """Return what is known of the items on a day."""
        m = int(np.searchsorted(self.released, day, side="right"))
        price = self.usual[:m].copy()
        if self.in_sale(day):
            price[self.on_sale[:m]] *= SALE_PRICE
        return {
            "category": self.category[:m],
            "supplier": self.supplier[:m],
            "usual": self.usual[:m],
            "price": np.round(price, 2),
            "cost": self.cost[:m],
            "age": day - self.released[:m],
            "stock": self.stock[day + self.rules.HISTORY_DAYS, :m],
        }

    def factor(self, items: dict[str, np.ndarray]) -> np.ndarray:
        """Return (m,) what an item makes of the chance, at its price."""
        cut = np.log(items["usual"] / items["price"]) / -np.log(SALE_PRICE)
        return np.exp(self.quality[: cut.size] + SALE_LIFT * cut)

    def comes_back(self, day: int, items: dict[str, np.ndarray]) -> np.ndarray:
        """Return (m,) the share that comes back of what is sold on a day."""
        back = self.back[: items["price"].size]
        bad = (items["supplier"] == self.faulty) & self.lasts("fault", day)
        return np.where(bad, BACK_FAULTY, back)

    def worth(self, day: int, items: dict[str, np.ndarray], coupon: int) -> np.ndarray:
        """Return (m,) the expected profit of a sale; 0 for what is out of stock."""
        back, price = self.comes_back(day, items), items["price"]
        paid = price * (1 - self.rules.COUPON * coupon)
        kept = (1 - back) * (paid - items["cost"])
        return (kept - back * self.rules.RETURN_COST) * items["stock"]

    def day(self, day: int) -> Day:
        """Return the sessions of a day."""
        rules, c = self.rules, self.rules.CATEGORIES
        rng = np.random.default_rng([self.seed, day + 1000])
        n = int(rng.poisson(self.sessions[min(max(day, 0), self.days - 1)]))
        group = rng.integers(rules.GROUPS, size=n)
        some, many = rules.VISITS
        visits = np.choose(
            rng.integers(3, size=n),
            [0, rng.integers(some, many, n), many - 1 + rng.geometric(0.3, n)],
        )
        if self.in_sale(day):
            visits[rng.random(n) < SALE_NEWCOMERS] = 0
        basket = np.where(rng.random(n) < 0.5, rng.integers(c, size=n), -1)
        bought = (visits > 0) & (rng.random(n) < 0.9)
        favoured = np.exp(self.popular) / np.exp(self.popular).sum()
        last = np.where(bought, rng.choice(c, n, p=favoured), -1)
        cell = cells(rules, group, visits)
        odds = self.popular + self.taste[group]
        rows = np.flatnonzero(basket >= 0)
        odds[rows, self.goes_with[basket[rows]]] += COMPLEMENT
        rows = np.flatnonzero(last >= 0)
        again = np.where(self.refill[last[rows]] == 1, AGAIN, NOT_AGAIN)
        odds[rows, last[rows]] += again
        chance = np.exp(BASE + odds) * self.level[cell][:, None]
        trial = rng.random(n) < rules.TRIAL
        here = np.flatnonzero(self.items(day)["stock"])
        keys = rng.random((n, here.size))
        some = here[np.argpartition(keys, rules.SLOTS, axis=1)[:, : rules.SLOTS]]
        drawn = some, rng.integers(2, size=n)
        intent = np.array(INTENT)[rng.integers(2, size=n)]
        luck = rng.random((n, rules.SLOTS, 3))
        if self.lasts("outage", day, OUTAGE_DAYS):
            visits = np.where(rng.random(n) < LOST, 0, visits)
        fields = {"group": group, "visits": visits, "basket": basket, "last": last}
        return Day(fields, trial, drawn, cell, chance, intent, luck)

    def experiments(self, day: int) -> tuple[np.ndarray, dict[str, np.ndarray]]:
        """Return which experiments run in the morning of a day, and their counts."""
        age = day - self.started
        running = np.flatnonzero((age >= 1) & (age <= self.rules.TEST_DAYS))
        age = age[running]
        buyers = self.counts[running, age - 1]
        visitors = age * VISITORS
        told = {"test": running, "age": age, "visitors": visitors}
        return running, told | {"buyers_a": buyers[:, 0], "buyers_b": buyers[:, 1]}

    def old_rule(self, day: int, now: Day) -> tuple[np.ndarray, np.ndarray]:
        """Return what was decided before day 0: sellers, and coupons by intent."""
        items, rules = self.items(day), self.rules
        rng = np.random.default_rng([self.seed, 2, day + 1000])
        liked = self.factor(items) * np.exp(self.popular)[items["category"]]
        best = np.argsort(-liked * items["stock"])[:20]
        n = now.cell.size
        picked = np.argsort(rng.random((n, best.size)), axis=1)[:, : rules.SLOTS]
        likely = np.where(now.intent > 1, 0.9, 0.1)
        return best[picked], (rng.random(n) < likely).astype(int)

    def _make_items(self, rng: np.random.Generator) -> None:
        rules = self.rules
        first = -rules.HISTORY_DAYS
        old = np.full(FIRST_ITEMS, first - 100)
        self.released = np.concatenate(
            [old, np.repeat(np.arange(first, self.days), RELEASES)]
        )
        m = self.released.size
        self.category = dealt(rng, np.arange(rules.CATEGORIES), m)
        # Within each category, for that is what worlds would differ in most.
        order = np.argsort(self.category, kind="stable")

        def each(cards: np.ndarray) -> np.ndarray:
            values = np.empty(m, dtype=cards.dtype)
            values[order] = dealt(rng, cards, m)
            return values

        self.on_sale = each(np.array([False, True]))
        self.supplier = each(np.arange(rules.SUPPLIERS))
        log_price = PRICE[0] + PRICE[1] * each(SPREAD)
        self.usual = np.round(np.exp(log_price), 2)
        margin = each(np.linspace(*MARGINS, 12))
        self.cost = np.round(self.usual * (1 - margin), 2)
        self.quality = (
            QUALITY * each(SPREAD)
            - LIKES_CHEAP * (log_price - PRICE[0])
            - LIKES_LOW_MARGIN * (margin - np.mean(MARGINS))
        )
        spread = np.exp(BACK_SPREAD * each(SPREAD))
        self.back = np.minimum(self.back_of[self.category] * spread, 0.7)
        days = rules.HISTORY_DAYS + self.days
        self.stock = np.ones((days, m), dtype=int)
        for day, item in np.argwhere(rng.random((days, m)) < SPELL):
            self.stock[day : day + rng.integers(*SPELL_DAYS), item] = 0

    def _seller(self, day: int) -> int:
        """Return the supplier of what a good shop earns most with before a day."""
        items = self.items(day - 1)
        worth = self.worth(day - 1, items, 0) * self.factor(items)
        earns = worth * np.exp(self.popular)[items["category"]]
        best = np.argsort(-earns)[:12]
        sums = np.bincount(items["supplier"][best], earns[best])
        return int(sums.argmax())

    def _make_experiments(self, rng: np.random.Generator) -> None:
        days = self.rules.TEST_DAYS
        self.good = good = rng.permutation(IDLE + GOOD) < GOOD
        last = max(self.days - days, 1)
        self.started = rng.integers(0, last, IDLE + GOOD)
        rate = np.full((IDLE + GOOD, 1, 2), RATE)
        rate[good, :, 1] += LIFT
        daily = rng.binomial(VISITORS, np.broadcast_to(rate, (good.size, days, 2)))
        self.counts = daily.cumsum(1)


def cells(rules: Any, group: np.ndarray, visits: np.ndarray) -> np.ndarray:
    """Return (n,) which of GROUPS times three kinds of customers each is."""
    return group * (len(rules.VISITS) + 1) + np.searchsorted(
        rules.VISITS, visits, side="right"
    )


def calendars(rng: np.random.Generator) -> list[dict[str, int]]:
    """Return the events of the three worlds, of which one has a sale alone."""
    worlds = [["sale"], *[["sale", "fault", "outage"]] * 2]
    return in_any_order(rng, worlds, first=FIRST_EVENT, last=LAST_EVENT, apart=APART)
