"""A service's days in the streets: what it said, and what each trip cost."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

import numpy as np

from graders.harness import Wrong, check_array
from graders.ml_system_design.prediction.streets import ALARM_OF, Batch, World
from graders.ml_system_design.production.calendars import read_alarms
from graders.ml_system_design.production.look_ups import Desk
from graders.ml_system_design.production.running import Run, naming


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

    def live(self, run: Run, rng: np.random.Generator) -> Life:
        """Let a new service answer all batches, with an rng of its own."""
        world, rules = self.world, self.world.rules
        service = run.submission.EtaService(rng)
        predict, end_day = service.predict, service.end_day
        before = None
        for at, batch in enumerate(world.batches):
            day, hour = world.place(at)
            run.place = f"predict at {hour} o'clock on day {day}"
            feed = Desk({"feed": world.feed[at]})
            log, rain = log_of(before, rules), bool(world.rain[at])
            said = predict(day, hour, rain, batch.free, log, asker(feed))
            feed.closed = True
            with naming(run.place):
                said = quantiles_of(said, batch.minutes.size)
            if feed.spent > rules.LOOK_UPS:
                self.over.append((at, feed.spent))
                said = rule_of(batch, rules)
            self.said.append(said)
            before = batch
            if (at + 1) % world.per_day == 0:
                run.place = f"end_day on day {day}"
                alarms = end_day(day)
                with naming(run.place):
                    self.alarms.append(read_alarms(alarms, ALARM_OF.values()))
                run.forget_calls()
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


def quantiles_of(said: Any, n: int) -> np.ndarray:
    """Demand (n, 2) of minutes, the second of which are no less than the first."""
    said = check_array(said, (n, 2), kind="f").astype(float)
    odd = ~((said[:, 0] > 0) & (said[:, 0] <= said[:, 1]) & (said[:, 1] < 1e6))
    if odd.any():
        row = int(odd.argmax())
        raise Wrong(
            f"{said[row].tolist()} at row {row}; a median above 0 and a "
            "90th percentile that is no less are needed, in minutes"
        )
    return said


def demand_no_less(said: np.ndarray, n: int, factor: float) -> None:
    """Demand no less of n trips than of the n before, on emptier roads."""
    short, long = said[:n], said[n:]
    less = (long < short * (1 - 1e-9)).any(axis=1)
    if less.any():
        row = int(less.argmax())
        raise Wrong(
            f"{short[row].tolist()} for a trip, but {long[row].tolist()} "
            f"for one that takes {factor:g} times as long on each of the same empty "
            "roads"
        )


def asker(feed: Desk) -> Callable[[Any], np.ndarray]:
    """Return the look_up of a batch."""
    return lambda roads: feed.look_up(roads)["feed"]


def rule_of(batch: Batch, rules: Any) -> np.ndarray:
    """Return what the simple rule says: multiples of the time on empty roads."""
    return batch.free.sum(1)[:, None] * np.array(rules.RULE)
