"""A service's days in the streets, and what is measured of them."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

import numpy as np

from graders.harness import Wrong, check_array
from graders.ml_system_design.prediction.streets import ALARM_OF, Batch, World
from graders.ml_system_design.production.calendars import (
    Watch,
    alarm_line,
    false_alarm_line,
    read_alarms,
)
from graders.ml_system_design.production.measures import (
    Line,
    at_least,
    at_most,
    plot,
    share_of_way,
)

LENGTHS = {"1 or 2 roads": (1, 2), "3 to 5 roads": (3, 5), "6 roads or more": (6, 99)}


class Feed:
    """What the feed says of the roads at one hour, and how many were asked for."""

    def __init__(self, values: np.ndarray) -> None:
        self.values, self.spent, self.closed = values, 0, False

    def look_up(self, roads: Any) -> np.ndarray:
        """Return (k,) what the feed says of some roads."""
        if self.closed:
            raise Wrong("it called the look_up of a batch that was answered before")
        roads, n = np.asarray(roads), self.values.size
        if roads.size == 0:
            roads = np.zeros(0, dtype=int)
        fits = roads.ndim == 1 and roads.dtype.kind in "iu"
        if not (fits and ((roads >= 0) & (roads < n)).all()):
            raise Wrong(
                f"it looked up roads that are not (k,) of integers from 0 to {n - 1}: "
                f"shape {roads.shape}, dtype {roads.dtype}"
            )
        self.spent += roads.size
        return self.values[roads]


def log_of(batch: Batch | None, rules: Any) -> dict[str, np.ndarray]:
    """Return what is known of a batch when the next one comes."""
    if batch is None:
        batch = Batch(np.zeros((0, len(rules.DISTRICT))), np.zeros(0), np.zeros((0, 2)))
    return {
        "free": batch.free,
        "minutes": np.minimum(batch.minutes, rules.TRACKED),
        "arrived": batch.minutes < rules.TRACKED,
    }


@dataclasses.dataclass
class Life:
    """What a service said in a world.

    Attributes:
        said: Of each batch (n, 2): the median and the 90th percentile.
        alarms: Of each day, the names.
        over: (batch, how many were looked up) of each batch over budget.
        loss: (3, n) euros of each trip: the service's, the rule's and the oracle's.
    """

    world: World
    said: list[np.ndarray] = dataclasses.field(default_factory=list)
    alarms: list[set[str]] = dataclasses.field(default_factory=list)
    over: list[tuple[int, int]] = dataclasses.field(default_factory=list)

    def live(
        self,
        service_class: Callable[..., Any],
        rng: np.random.Generator,
        tell: Callable[[str], None] = lambda place: None,
        every_day: Callable[[], None] = lambda: None,
    ) -> Life:
        """Let a new service answer all batches.

        Args:
            service_class: Which is called with rng.
            rng: The service's own.
            tell: Told which call is being made.
            every_day: Called at the end of each day.
        """
        world, rules = self.world, self.world.rules
        service = service_class(rng)
        predict, end_day = service.predict, service.end_day
        before = None
        for at, batch in enumerate(world.batches):
            day, hour = world.place(at)
            tell(place := f"predict at {hour} o'clock on day {day}")
            feed = Feed(world.feed[at])
            log, rain = log_of(before, rules), bool(world.rain[at])
            said = predict(day, hour, rain, batch.free, log, feed.look_up)
            feed.closed = True
            said = quantiles_of(said, batch.minutes.size, place)
            if feed.spent > rules.LOOK_UPS:
                self.over.append((at, feed.spent))
                said = rule_of(batch, rules)
            self.said.append(said)
            before = batch
            if (at + 1) % world.per_day == 0:
                tell(place := f"end_day on day {day}")
                self.alarms.append(
                    read_alarms(end_day(day), {*ALARM_OF.values()}, place)
                )
                every_day()
        return self.settle()

    def settle(self) -> Life:
        """Work out what each trip cost."""
        batches, rules = self.world.batches, self.world.rules
        sizes = [batch.minutes.size for batch in batches]
        self.at = np.repeat(np.arange(len(sizes)), sizes)
        self.day = self.at // self.world.per_day
        self.free = np.concatenate([batch.free for batch in batches])
        self.minutes = np.concatenate([batch.minutes for batch in batches])
        self.own = np.concatenate(self.said)
        self.best = np.concatenate([batch.best for batch in batches])
        rule = np.concatenate([rule_of(batch, rules) for batch in batches])
        late = self.minutes[:, None] - np.array([self.own, rule, self.best])
        price_late, price_early = np.array(rules.LATE), np.array(rules.EARLY)
        euros = np.where(late > 0, price_late * late, -price_early * late)
        self.loss = euros.sum(2)
        self.kept = self.minutes <= self.own[:, 1]
        self.counts = self.day >= rules.MEASURED_FROM
        return self

    def during(self, event: str, days: tuple[int, int] | None = None) -> np.ndarray:
        """Return (n,) whether an event lasts, or some days of it."""
        lasts = self.world.lasts(event)
        if days and lasts:
            first = self.world.events[event]
            return (self.day >= first + days[0]) & (self.day <= first + days[1])
        return (self.at >= lasts.start) & (self.at < lasts.stop)


def quantiles_of(said: Any, n: int, place: str) -> np.ndarray:
    """Demand (n, 2) of minutes, the second of which are no less than the first."""
    try:
        said = check_array(said, (n, 2), kind="f").astype(float)
    except Wrong as error:
        raise Wrong(f"in {place}: {error}") from None
    odd = ~((said[:, 0] > 0) & (said[:, 0] <= said[:, 1]) & (said[:, 1] < 1e6))
    if odd.any():
        row = int(odd.argmax())
        raise Wrong(
            f"in {place}: {said[row].tolist()} at row {row}; a median above 0 and a "
            "90th percentile that is no less are needed, in minutes"
        )
    return said


def demand_no_less(said: np.ndarray, n: int, factor: float, place: str) -> None:
    """Demand no less of n trips than of the n before, on emptier roads."""
    short, long = said[:n], said[n:]
    less = (long < short * (1 - 1e-9)).any(axis=1)
    if less.any():
        row = int(less.argmax())
        raise Wrong(
            f"in {place}: {short[row].tolist()} for a trip, but {long[row].tolist()} "
            f"for one that takes {factor:g} times as long on each of the same empty "
            "roads"
        )


def rule_of(batch: Batch, rules: Any) -> np.ndarray:
    """Return what the simple rule says: multiples of the time on empty roads."""
    return batch.free.sum(1)[:, None] * np.array(rules.RULE)


def lines(rules: Any, lives: list[Life]) -> dict[str, Line]:
    """Return all that is measured of a service in some worlds, by a short name."""
    closed = (0, rules.RECOVERY[1])
    usual = [
        one.counts & ~one.during("outage") & ~one.during("closure", closed)
        for one in lives
    ]
    found = {
        "usual": at_least(
            "of the way on usual days",
            way(lives, usual),
            rules.USUAL,
            _costs(lives, usual),
        ),
        "groups": _groups_line(rules, lives),
        "width": _width_line(rules, lives),
        "long": _long_line(rules, lives),
    }
    outage = [one.during("outage") for one in lives]
    found["outage"] = _dear_line(
        "cost in an outage, over the oracle's", lives, outage, rules.IN_OUTAGE
    )
    kept = np.concatenate([x.kept[m] for x, m in zip(lives, outage, strict=True)])
    found["kept in outage"] = at_least(
        "P90 holds while the feed is out",
        float(kept.mean()),
        rules.KEPT_IN_OUTAGE,
        "Without the feed nobody knows the jams so well: the same width is too bold.",
    )
    detour = [
        one.during("closure", rules.RECOVERY) & (one.free[:, one.world.closed] > 0)
        for one in lives
    ]
    found["recovery"] = _dear_line(
        "cost of detours, over the oracle's", lives, detour, rules.RECOVERED
    )
    found["over"] = budget_line(rules, lives)
    watches = [
        Watch(one.world.events, ALARM_OF, rules.ALARM_DAYS, one.alarms) for one in lives
    ]
    for event, alarm in ALARM_OF.items():
        found[alarm] = alarm_line(watches, event, rules.IN_TIME_DAYS[alarm])
    found["false"] = false_alarm_line(watches, rules.FALSE_ALARMS)
    return found


def way(lives: list[Life], masks: list[np.ndarray]) -> float:
    """Return the share of the way from the rule to the oracle on some trips."""
    pairs = zip(lives, masks, strict=True)
    own, rule, best = sum(one.loss[:, mask].sum(1) for one, mask in pairs)
    return share_of_way(own, rule, best)


def _costs(lives: list[Life], masks: list[np.ndarray]) -> str:
    """Return what some trips cost, as a sentence."""
    pairs = list(zip(lives, masks, strict=True))
    trips = sum(int(mask.sum()) for mask in masks)
    own, rule, best = sum(one.loss[:, mask].sum(1) for one, mask in pairs) / trips
    late = [(one.minutes - one.own[:, 1])[mask].clip(0) for one, mask in pairs]
    return (
        f"A trip cost {own:.2f} euros (the rule's {rule:.2f}, the oracle's "
        f"{best:.2f}); promises were {np.concatenate(late).mean():.2f} minutes late on "
        "average."
    )


def _dear_line(
    name: str, lives: list[Life], masks: list[np.ndarray], allowed: float
) -> Line:
    pairs = zip(lives, masks, strict=True)
    own, _, best = sum(one.loss[:, mask].sum(1) for one, mask in pairs)
    return at_most(name, own / best, allowed, _costs(lives, masks), unit="times")


def _groups_line(rules: Any, lives: list[Life]) -> Line:
    """Return the share of promises that held, in the group with the fewest."""
    counts = np.concatenate([one.counts for one in lives])
    kept = np.concatenate([one.kept for one in lives])
    free = np.concatenate([one.free for one in lives])
    at = np.concatenate([one.at for one in lives])
    district = np.array(rules.DISTRICT)
    home = np.argmax(free @ np.eye(district.max() + 1)[district], axis=1)
    roads = (free > 0).sum(1)
    groups = {f"district {d}": home == d for d in range(district.max() + 1)}
    for i, hour in enumerate(rules.HOURS):
        groups[f"{hour} o'clock"] = at % len(rules.HOURS) == i
    for name, (least, most) in LENGTHS.items():
        groups[name] = (roads >= least) & (roads <= most)
    shares = {name: float(kept[m & counts].mean()) for name, m in groups.items()}
    name, worst = min(shares.items(), key=lambda item: item[1])
    overall = float(kept[counts].mean())
    return at_least(
        "P90 holds in the worst group",
        worst,
        rules.KEPT,
        f"The group is {name}; overall {overall:.1%} of the promises held, and the "
        f"best group has {max(shares.values()):.1%}.",
    )


def _width_line(rules: Any, lives: list[Life]) -> Line:
    own, best = (
        sum(float(np.diff(table[one.counts], axis=1).sum()) for one, table in pairs)
        for pairs in ([(x, x.own) for x in lives], [(x, x.best) for x in lives])
    )
    return at_most(
        "P90 less P50, over the oracle's",
        own / best,
        rules.WIDTH,
        "The interval is wide for what can be known; a wider one keeps promises that "
        "nobody wants.",
        unit="times",
    )


def _long_line(rules: Any, lives: list[Life]) -> Line:
    kept = []
    for one in lives:
        hour = np.array(rules.HOURS)[one.at % len(rules.HOURS)]
        long = (one.free.sum(1) >= rules.LONG) & np.isin(hour, rules.RUSH)
        kept.append(one.kept[one.counts & long])
    return at_least(
        "P90 holds, long trips in the rush",
        float(np.concatenate(kept).mean()),
        rules.KEPT_LONG,
        "These are the trips of which the log seldom hears the end.",
    )


def budget_line(rules: Any, lives: list[Life]) -> Line:
    """Return how many batches were over budget."""
    over = [(number, one, *b) for number, one in enumerate(lives, 1) for b in one.over]
    why = ""
    if over:
        number, one, at, spent = over[0]
        day, hour = one.world.place(at)
        why = (
            f"{len(over):,} batches were answered by the simple rule, as they were "
            f"over budget: first that of {hour} o'clock on day {day} of world "
            f"{number}, for which {spent:,} roads were looked up and {rules.LOOK_UPS} "
            "were allowed."
        )
    return Line("batches over budget", f"{len(over):,}", "0", not over, why)


def plot_of(one: Life, number: int) -> list[str]:
    """Return the share of the way, day by day, with the events below."""
    days = one.world.days
    shares = [way([one], [one.day == day]) for day in range(days)]
    marks = dict.fromkeys(sorted({*one.day[one.during("outage")].tolist()}), "o")
    if "closure" in one.world.events:
        marks[one.world.events["closure"]] = "C"
    names = {"outage": "o the feed is out", "closure": "C a road is closed"}
    happened = [f"{names[e]} from day {day}" for e, day in one.world.events.items()]
    title = (
        f"World {number}: of the way, from the rule (0) to the oracle (100 %), by day"
    )
    return plot(title, shares, marks, ", ".join(happened) or "a quiet world")
