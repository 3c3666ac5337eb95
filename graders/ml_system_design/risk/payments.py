"""A world of card payments, in which a fraud system is run day by day and measured.

The world is drawn in full before its first day, so that nothing that a system does can
change what comes, only what it costs and what is heard of it. A label is handed over on
the morning on which it arrives and at no other time, and a field is looked up only for
the payments of the batch that is being decided: there is no way to learn from the
future. Beside the system's costs stand those of the fixed rule that it replaces, and
those of an oracle that knows the pattern of each day and looks everything up for free.

The rules that the prompt states in numbers (costs, budgets, capacity) are read from the
solution, whose constants they are; what the prompt does not state is here.
"""

from __future__ import annotations

import dataclasses
import math
from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import Any

import numpy as np

from graders.harness import Wrong, check_array

HISTORY_DAYS = 70
DAYS = 120
PAYMENTS = 1200  # a day
FRAUD_RATE = 0.0125
HOURS = (0, 8, 11, 14, 16, 20)  # at which the six batches of a day begin
SHARES = (0.05, 0.14, 0.20, 0.19, 0.30, 0.12)  # of the day's payments
PEAK = 4  # the batch that begins at 16
FIRST_EVENT, LAST_EVENT = 32, 90  # between these days events begin,
APART = 22  # or more days from each other
OUTAGE_DAYS = 10
MOVED = 0.9  # of the fraud follows the new pattern after the shift
OPENED = 0.25  # of the good payments come from a new market after the drift
CATEGORIES = 8
GIVEN = ("amount", "category", "account_days", "foreign")
LOOKED_UP = ("velocity", "device")
LOSABLE = ("account_days", "foreign", "velocity", "device")
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
        a, b = self.device
        terms = [
            _log_normal(fields["amount"], *self.amount),
            np.log(self.categories)[fields["category"]],
            _log_normal(fields["account_days"], *self.account),
            _log_of_two(fields["foreign"], self.foreign),
            (fields["velocity"] - 1) * math.log(self.velocity) - self.velocity,
            (a - 1) * np.log(fields["device"]) + (b - 1) * np.log1p(-fields["device"])
            + math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b),
        ]  # fmt: skip
        return np.exp(sum(np.nan_to_num(term) for term in terms))


def _log_normal(x: np.ndarray, mean: float, deviation: float) -> np.ndarray:
    return -(((np.log(x) - mean) / deviation) ** 2) / 2 - math.log(deviation)


def _log_of_two(x: np.ndarray, p: float) -> np.ndarray:
    return x * math.log(p) + (1 - x) * math.log(1 - p)


def _groups(rng: np.random.Generator) -> tuple[Group, Group, Group, Group]:
    """Return good customers, those of the new market, and fraud of either pattern."""
    order = rng.permutation(CATEGORIES)
    usual = np.array([20, 16, 15, 13, 12, 10, 9, 5]) / 100

    def categories(share: float, *places: int) -> np.ndarray:
        p = usual * (1 - share)
        p[list(places)] += share / len(places)
        return p[order]

    return (
        Group((3.6, 0.8), categories(0, 0), (5.8, 1.2), 0.12, 0.6, (5.0, 1.8)),
        Group((3.6, 0.8), categories(0.6, 7), (5.4, 1.2), 0.6, 0.6, (5.0, 1.8)),
        Group((4.7, 0.7), categories(0.6, 3, 5), (2.8, 1.0), 0.45, 2.5, (3.5, 2.2)),
        Group((4.2, 0.5), categories(0.75, 4, 6), (6.4, 0.8), 0.05, 1.2, (1.6, 3.5)),
    )


def _draw(
    rng: np.random.Generator, groups: Iterable[Group], kind: np.ndarray
) -> Fields:
    """Return the fields of payments, each from the group that its kind says."""
    places = [np.flatnonzero(kind == i) for i in range(4)]
    back = np.argsort(np.concatenate(places))
    parts = [g.draw(rng, at.size) for g, at in zip(groups, places, strict=True)]
    return {
        name: np.concatenate([part[name] for part in parts])[back] for name in parts[0]
    }


def calendars(rng: np.random.Generator) -> list[dict[str, int]]:
    """Return the first days of the events of three worlds, which come in any order.

    One world is quiet. One has all three events; one has a shift and at least one of
    the others. Which they are, in what order, how far apart and on which days is drawn.
    """
    some = [["outage"], ["drift"], ["outage", "drift"]][rng.integers(3)]
    kinds = [[], ["shift", "outage", "drift"], ["shift", *some]]
    return [_calendar(rng, kinds[i]) for i in rng.permutation(3)]


def _calendar(rng: np.random.Generator, kinds: list[str]) -> dict[str, int]:
    """Draw days from all that are apart enough, and leave time after the last."""
    spare = LAST_EVENT - FIRST_EVENT - APART * max(len(kinds) - 1, 0)
    days = np.sort(rng.integers(0, spare + 1, len(kinds)))
    days += FIRST_EVENT + APART * np.arange(len(kinds))
    return dict(zip(rng.permutation(kinds).tolist(), days.tolist(), strict=True))


class World:
    """All payments of one seed, those of the history first.

    Args:
        seed: From which everything is drawn.
        events: The first day of each event: of "outage", "drift" and "shift".
        days: How many to live through.
        payments: The mean number of payments a day.

    Attributes:
        missing: The field that is lost in the outage.
        day, fraud, delay: (n,) of each payment; days of the history are negative.
        fields: The fields of all payments, (n,) each.
        chance: (n,) of fraud, to one who knows the pattern of the day.
        starts: Where each batch begins, six a day, from the first day of the history.
    """

    def __init__(
        self,
        seed: int,
        events: dict[str, int],
        *,
        days: int = DAYS,
        payments: int = PAYMENTS,
    ) -> None:
        rng = np.random.default_rng(seed)
        self.days = days
        self.events = events
        self.missing = LOSABLE[rng.integers(len(LOSABLE))]
        means = np.outer(np.ones(HISTORY_DAYS + days), SHARES) * payments
        sizes = rng.poisson(means)
        self.starts = np.append(0, sizes.cumsum())
        self.day = np.repeat(np.arange(-HISTORY_DAYS, days), sizes.sum(axis=1))
        n = self.day.size
        self.fraud = rng.random(n) < FRAUD_RATE
        self.delay = np.minimum(7 + rng.exponential(10, n), 42).astype(int)
        groups = _groups(rng)
        moved, opened = self._since("shift"), self._since("drift")
        kind = np.where(self.fraud, 2, 0)
        kind[self.fraud & moved & (rng.random(n) < MOVED)] = 3
        kind[~self.fraud & opened & (rng.random(n) < OPENED)] = 1
        self.fields = _draw(rng, groups, kind)
        lost = np.isin(self.day, self.outage)
        self.fields[self.missing] = np.where(lost, np.nan, self.fields[self.missing])
        old, new, first, second = (group.likelihood(self.fields) for group in groups)
        good = (1 - FRAUD_RATE) * np.where(opened, old + OPENED * (new - old), old)
        bad = FRAUD_RATE * np.where(moved, first + MOVED * (second - first), first)
        self.chance = bad / (bad + good)

    @property
    def outage(self) -> range:
        """The days on which a field is missing."""
        first = self.events.get("outage", self.days)
        return range(first, min(first + OUTAGE_DAYS, self.days))

    def false(self, rules: Any, day: int, alarms: set[str]) -> set[str]:
        """Return those of a day's alarms that no event of their own explains."""
        true = {
            ALARM_OF[event]
            for event, first in self.events.items()
            if first <= day < first + rules.ALARM_DAYS
        }
        return alarms - true

    def _since(self, event: str) -> np.ndarray:
        return self.day >= self.events.get(event, self.days)

    def batch(self, day: int, number: int) -> slice:
        """Return where the payments of a batch lie."""
        at = (day + HISTORY_DAYS) * len(SHARES) + number
        return slice(int(self.starts[at]), int(self.starts[at + 1]))


# What decisions cost, and two who decide.


def costs(
    rules: Any, world: World, declined: np.ndarray, reviewed: np.ndarray
) -> np.ndarray:
    """Return (3, days): what missed fraud, false declines and reviews cost each day."""
    amount, fraud = world.fields["amount"], world.fraud
    missed = np.where(~declined & fraud, amount + rules.CHARGEBACK_FEE, 0)
    insult = rules.DECLINE_COST + rules.DECLINE_SHARE * amount
    insult = np.where(declined & ~fraud, insult, 0)
    kinds = [
        np.where(reviewed, 0, missed),
        np.where(reviewed, 0, insult),
        np.where(reviewed, rules.REVIEW_COST, 0),
    ]
    at = world.day + HISTORY_DAYS
    return np.array([np.bincount(at, kind)[HISTORY_DAYS:] for kind in kinds])


def fixed_rule(rules: Any, fields: Fields) -> np.ndarray:
    """Return what the rule declines; a missing age is not below anything."""
    return (fields["amount"] >= rules.RULE_AMOUNT) & (
        fields["account_days"] < rules.RULE_ACCOUNT_DAYS
    )


def oracle(rules: Any, world: World) -> tuple[np.ndarray, np.ndarray]:
    """Return what the oracle declines, and what it sends to review."""
    chance, amount = world.chance, world.fields["amount"]
    approve = chance * (amount + rules.CHARGEBACK_FEE)
    decline = (1 - chance) * (rules.DECLINE_COST + rules.DECLINE_SHARE * amount)
    gain = np.minimum(approve, decline) - rules.REVIEW_COST
    best_first = np.lexsort((-gain, world.day))
    day = world.day[best_first]
    place = np.arange(day.size) - np.searchsorted(day, day)
    reviewed = np.zeros(day.size, dtype=bool)
    reviewed[best_first] = place < rules.REVIEWS_A_DAY
    return decline < approve, reviewed & (gain > 0)


# A system's days.


@dataclasses.dataclass
class Ledger:
    """What a system did in a world.

    Attributes:
        declined, reviewed, late: (n,) of each payment.
        alarms: Of each day, the names.
        overdrawn: (day, hour, spent, budget) of each batch over its budget.
    """

    declined: np.ndarray
    reviewed: np.ndarray
    late: np.ndarray
    alarms: list[set[str]] = dataclasses.field(default_factory=list)
    overdrawn: list[tuple[int, int, int, int]] = dataclasses.field(default_factory=list)


class Stay:
    """A system that lives in a world, from the history to the last day.

    Args:
        rules: The module whose constants are the rules.
        world: Where it lives.
    """

    def __init__(self, rules: Any, world: World) -> None:
        self.rules = rules
        self.world = world
        n = world.day.size
        declined = fixed_rule(rules, world.fields)
        self.ledger = Ledger(declined, np.zeros(n, bool), np.zeros(n, bool))
        self.post: dict[int, list[tuple[int, int]]] = defaultdict(list)  # by its day
        self.place = "the history"
        self._send_chargebacks(np.flatnonzero(world.day < 0))

    def history(self) -> Fields:
        """Return the payments before the first day, and what is known of them then."""
        world, past = self.world, self.world.day < 0
        known = world.fraud & (world.day + world.delay < 0)
        label = np.where(self.ledger.declined, -1, known)
        fields = {"id": np.arange(past.size), "day": world.day, **world.fields}
        return {name: values[past] for name, values in fields.items()} | {
            "label": label[past]
        }

    def live(
        self,
        system_class: Callable[..., Any],
        rng: np.random.Generator,
        every_day: Callable[[], None] = lambda: None,
    ) -> Ledger:
        """Return what the system did; `every_day` is called at the end of each day."""
        system = system_class(self.history(), rng)
        receive, decide, end_day = system.receive, system.decide, system.end_day
        for day in range(self.world.days):
            self.place = f"receive on day {day}"
            arrived = np.array(sorted(self.post.pop(day, [])), dtype=int).reshape(-1, 2)
            receive(day, arrived[:, 0], arrived[:, 1])
            self.reviews_left = self.rules.REVIEWS_A_DAY
            for number, hour in enumerate(HOURS):
                self.place = f"decide on day {day} at {hour}:00"
                self._decide(day, number, decide)
            self.place = f"end_day on day {day}"
            self.ledger.alarms.append(alarms_of(end_day(day), self.place))
            every_day()
        return self.ledger

    def _decide(self, day: int, number: int, decide: Callable[..., Any]) -> None:
        at, ledger = self.world.batch(day, number), self.ledger
        ids = np.arange(at.start, at.stop)
        batch = {"id": ids} | {name: self.world.fields[name][at] for name in GIVEN}
        each = self.rules.PEAK_BUDGET if number == PEAK else self.rules.BUDGET
        desk = Desk(self.rules, {k: self.world.fields[k][at] for k in LOOKED_UP})
        actions = decide(day, batch, desk.look_up, each * ids.size)
        desk.closed = True
        actions = actions_of(actions, ids.size, self.rules, self.place)
        if desk.spent > each * ids.size:
            hour = HOURS[number]
            ledger.overdrawn.append((day, hour, desk.spent, each * ids.size))
            ledger.late[at] = True  # and the rule's decision stands
        else:
            ledger.declined[at] = actions == self.rules.DECLINE
            wanted = ids[actions == self.rules.REVIEW]
            seen = wanted[: self.reviews_left]
            self.reviews_left -= seen.size
            ledger.reviewed[seen] = True
            truth = self.world.fraud[seen].astype(int)
            self.post[day + 1] += zip(seen.tolist(), truth.tolist(), strict=True)
        self._send_chargebacks(ids)

    def _send_chargebacks(self, ids: np.ndarray) -> None:
        ledger, world = self.ledger, self.world
        approved = ~ledger.declined[ids] & ~ledger.reviewed[ids]
        ids = ids[approved & world.fraud[ids]]
        for i, day in zip(ids, world.day[ids] + world.delay[ids], strict=True):
            if day >= 0:  # what came before is in the history
                self.post[int(day)].append((int(i), 1))


class Desk:
    """Where the fields of one batch are looked up, for units of its budget."""

    def __init__(self, rules: Any, fields: Fields) -> None:
        self.rules = rules
        self.fields = fields
        self.spent = 0
        self.closed = False

    def look_up(self, name: str, rows: Any) -> np.ndarray:
        """Return a field of some payments of the batch."""
        if self.closed:
            raise Wrong("it called the look_up of a batch that was decided before")
        if name not in self.fields:
            raise Wrong(f"it looked up {name!r}; there are {', '.join(self.fields)}")
        values, rows = self.fields[name], np.asarray(rows)
        if rows.size == 0:
            return np.zeros(0)
        fits = rows.ndim == 1 and rows.dtype.kind in "iu"
        if not (fits and rows.min() >= 0 and rows.max() < values.size):
            raise Wrong(
                f"it looked up rows that are not (k,) of integers from 0 to "
                f"{values.size - 1}: shape {rows.shape}, dtype {rows.dtype}"
            )
        self.spent += self.rules.LOOKUP_COST[name] * rows.size
        return values[rows]


def actions_of(actions: Any, n: int, rules: Any, place: str) -> np.ndarray:
    """Demand (n,) of the three decisions."""
    try:
        actions = check_array(actions, (n,), kind="iu")
    except Wrong as error:
        raise Wrong(f"in {place}: {error}") from None
    known = (rules.APPROVE, rules.REVIEW, rules.DECLINE)
    if odd := sorted({*actions.tolist()} - {*known}):
        raise Wrong(f"in {place}: {odd[0]} is no decision")
    return actions


def alarms_of(alarms: Any, place: str) -> set[str]:
    """Demand a list of names of alarms."""
    if not isinstance(alarms, (list, tuple, set)):
        raise Wrong(f"in {place}: expected a list of alarms, got {alarms!r}")
    for alarm in alarms:
        if not isinstance(alarm, str) or alarm not in ALARM_OF.values():
            raise Wrong(f"in {place}: {alarm!r} is no alarm")
    return set(alarms)


# What is measured.


@dataclasses.dataclass
class Life:
    """A world, what a system did in it, and (3, days) of costs: three who decide."""

    world: World
    ledger: Ledger
    own: np.ndarray
    rule: np.ndarray
    best: np.ndarray


def life(rules: Any, world: World, ledger: Ledger) -> Life:
    """Return what a system did, beside what the rule and the oracle would have cost."""
    nothing = np.zeros(world.day.size, dtype=bool)
    return Life(
        world,
        ledger,
        costs(rules, world, ledger.declined, ledger.reviewed),
        costs(rules, world, fixed_rule(rules, world.fields), nothing),
        costs(rules, world, *oracle(rules, world)),
    )


@dataclasses.dataclass(frozen=True)
class Line:
    """One thing that is measured.

    Args:
        name: What it is.
        measured: How it came out, in a word.
        needed: What is needed, in a word.
        holds: Whether that is so.
        why: A sentence or two for one whose system fails it.
    """

    name: str
    measured: str
    needed: str
    holds: bool
    why: str


def lines(rules: Any, lives: list[Life]) -> dict[str, Line]:
    """Return all that is measured of a system in some worlds, by a short name."""
    whole = [range(one.world.days) for one in lives]
    shift = [one.world.events.get("shift", one.world.days) for one in lives]
    after = [
        days[at + rules.GRACE_DAYS :] for days, at in zip(whole, shift, strict=True)
    ]
    outage = [one.world.outage for one in lives]
    periods = {
        "before": ("saved before the shift", [range(first) for first in shift],
                   rules.SAVED_BEFORE),
        "after": (f"saved {rules.GRACE_DAYS} days after it, and on", after,
                  rules.SAVED_AFTER),
        "outage": ("saved while a field is missing", outage, rules.SAVED_IN_OUTAGE),
    }  # fmt: skip
    found = {
        key: _saved_line(name, lives, days, needed)
        for key, (name, days, needed) in periods.items()
    }
    found["late"] = _late_line(lives)
    for event, alarm in ALARM_OF.items():
        found[alarm] = _alarm_line(lives, event, rules.IN_TIME_DAYS[alarm])
    found["false"] = _false_line(rules, lives)
    return found


def saved(lives: list[Life], days: Iterable[Iterable[int]]) -> float:
    """Return the share of the way from the rule to the oracle on some days of each."""
    way = whole = 0.0
    for one, some in zip(lives, days, strict=True):
        at = list(some)
        rule = one.rule[:, at].sum()
        way += rule - one.own[:, at].sum()
        whole += rule - one.best[:, at].sum()
    return way / whole


def _saved_line(name: str, lives: list[Life], days: list[range], needed: float) -> Line:
    share = saved(lives, days)
    numbers = [i for i, some in enumerate(days) if some]
    kinds = []
    for i, kind in enumerate(("missed fraud", "false declines", "reviews")):
        own, best = (
            sum(table[i, list(d)].sum() for table, d in zip(tables, days, strict=True))
            for tables in ([x.own for x in lives], [x.best for x in lives])
        )
        kinds.append(f"{kind} {own:,.0f} (the oracle's {best:,.0f})")
    weeks = [
        (saved([one], [week]), number, week)
        for number, one, d in ((i + 1, lives[i], days[i]) for i in numbers)
        for week in (d[at : at + 7] for at in range(0, max(len(d) - 6, 1), 7))
    ]
    worst, number, week = min(weeks, key=lambda item: item[0])
    return Line(
        name,
        f"{share:.0%}",
        f">= {needed:.0%}",
        share >= needed,
        f"it saved {share:.0%} of what the oracle saves; {needed:.0%} are needed. On "
        f"these days it cost {', '.join(kinds)}. The worst week, days {week[0]} to "
        f"{week[-1]} of world {number}, saved {worst:.0%}.",
    )


def _late_line(lives: list[Life]) -> Line:
    count = sum(int(one.ledger.late.sum()) for one in lives)
    why = ""
    for number, one in enumerate(lives, 1):
        if one.ledger.overdrawn and not why:
            day, hour, spent, budget = one.ledger.overdrawn[0]
            why = (
                f"{count:,} payments were decided by the fixed rule, as their batches "
                f"were over budget: first on day {day} at {hour}:00 of world {number}, "
                f"where it spent {spent:,} of {budget:,} units."
            )
    return Line("payments decided late", f"{count:,}", "0", not why, why)


def _alarm_line(lives: list[Life], event: str, within: int) -> Line:
    alarm = ALARM_OF[event]
    delays, why = [], []
    for number, one in enumerate(lives, 1):
        first = one.world.events.get(event)
        if first is None:
            continue
        raised = [day for day, names in enumerate(one.ledger.alarms) if alarm in names]
        heard = next((day for day in raised if day >= first), None)
        delays.append("never" if heard is None else f"{heard - first + 1}")
        if heard is None or heard - first >= within:
            when = "it was not raised from then on"
            if heard is not None:
                when = f"it was first raised on day {heard}"
            why.append(
                f"world {number}: the {event} began on day {first}, so the alarm "
                f"{alarm!r} was due by day {first + within - 1}; {when}."
            )
    name = f"days to the alarm {alarm!r}"
    return Line(name, ", ".join(delays), f"<= {within}", not why, " ".join(why))


def _false_line(rules: Any, lives: list[Life]) -> Line:
    false = [
        (number, day, names)
        for number, one in enumerate(lives, 1)
        for day, alarms in enumerate(one.ledger.alarms)
        if (names := one.world.false(rules, day, alarms))
    ]
    limit, why = rules.FALSE_ALARMS, ""
    if false:
        number, day, names = false[0]
        why = (
            f"it raised false alarms on {len(false)} days; at most {limit} may be: "
            f"first {' and '.join(sorted(names))} on day {day} of world {number}."
        )
    return Line(
        "days with a false alarm",
        f"{len(false)}",
        f"<= {limit}",
        len(false) <= limit,
        why,
    )


# What is shown.


def report(rules: Any, lives: list[Life], table: Iterable[Line]) -> str:
    """Return the table of what was measured and a plot for each world, as text."""
    rows = [("", "measured", "needed", "")]
    rows += [
        (line.name, line.measured, line.needed, "ok" if line.holds else "FAILS")
        for line in table
    ]
    text = [f"{a:<34} {b:>14} {c:>10}  {d}".rstrip() for a, b, c, d in rows]
    for number, one in enumerate(lives, 1):
        text += ["", *_plot(one, number)]
    return "\n".join(text)


def _plot(one: Life, number: int) -> list[str]:
    """Return the share saved of each half week as columns, with the events below."""
    width = 2  # days of a column
    starts = range(0, one.world.days - width + 1, width)
    # A window of a week, as single days are few payments of fraud.
    shares = [
        saved([one], [range(max(0, at - 3), min(at + 4, one.world.days))])
        for at in starts
    ]
    text = [
        f"World {number}: saved, from the rule (0) to the oracle (100 %); "
        f"a column is {width} days"
    ]
    for level in (80, 60, 40, 20, 0):
        marks = ["*" if share * 100 >= level + 10 else " " for share in shares]
        text.append(f"{level + 20:>4} |{''.join(marks)}".rstrip())
    axis = ["-"] * len(starts)
    for at in one.world.outage:
        axis[at // width] = "o"
    for event in {"drift", "shift"} & {*one.world.events}:
        axis[one.world.events[event] // width] = event[0].upper()
    names = {"shift": "S shift", "drift": "D drift", "outage": "o missing field"}
    happened = [f"{names[e]} from day {day}" for e, day in one.world.events.items()]
    text.append(f"   0 +{''.join(axis)}")
    text.append(f"      {', '.join(happened) or 'a quiet world'}")
    return text
