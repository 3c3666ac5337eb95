"""A world of trips through a city, drawn in full before its first day.

What is said about an arrival changes nothing on the streets, so an answer, the simple
rule and an oracle are measured on the same trips. The oracle knows how slow each road
is at the hour of departure, and how much drivers and lights scatter; nobody can know
the rest.

The rules that the prompt states in numbers are read from the solution, whose constants
they are; what the prompt does not state is here.
"""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np

from graders.ml_system_design.production.calendars import in_any_order

# The order of the real thing: rush hours double the time of a trip, drivers differ by
# a seventh and a crossing by half (Woodard et al. 2017, doi:10.1016/j.trc.2016.10.011,
# find errors of 10 % of the best medians on 36,000 trips in Seattle).
TRIPS = 70  # of a batch, on average
SHAPE = (0.9, 1.4, 1.1, 0.8, 0.8, 0.9, 0.9, 0.9, 1.0, 1.3, 1.4, 0.9)  # of the day
DRIVER = 0.15  # deviation of a driver's logarithm, on all roads of a trip
CROSSING = 0.5  # and of each road's, by lights, lanes and luck
JAM = 0.4  # deviation of a district's jams
JAM_STAYS = 0.75  # of a jam, an hour later
CITY = 0.2  # of the variance of jams is the whole city's
WORKS = 0.01  # deviation of what a day changes on a road
WET = 0.2  # share of the hours with rain
FEED = 0.1  # deviation of the feed's error
CLOSED = 2.0  # the detour around a closed road, as a logarithm
DIVERTED = 0.25  # and what the rest of its district takes on
FIRST_EVENT, LAST_EVENT, APART = 12, 32, 9
OUTAGE_DAYS = 7
ALARM_OF = {"outage": "feed", "closure": "closure"}
Z90 = 1.2815515655446004  # of the standard normal distribution


@dataclasses.dataclass(frozen=True)
class Batch:
    """The trips of an hour.

    Attributes:
        free: (n, ROADS) minutes on each road when it is empty.
        minutes: (n,) that each trip takes in the end.
        best: (n, 2) the oracle's median and 90th percentile.
    """

    free: np.ndarray
    minutes: np.ndarray
    best: np.ndarray


class World:
    """The streets, hour by hour.

    Attributes:
        events: The first day of each.
        rain: (hours,) whether it rains.
        slow: (hours, ROADS) the logarithm of what a road takes over what it takes when
            it is empty.
        feed: (hours, ROADS) what the feed says of that.
        batches: Of each hour.
        closed: The road that the closure closes.
    """

    def __init__(
        self,
        rules: Any,
        rng: np.random.Generator,
        events: dict[str, int],
        *,
        days: int | None = None,
        trips: float = TRIPS,
    ) -> None:
        self.rules, self.events = rules, events
        self.days = rules.DAYS if days is None else days
        self.per_day = len(rules.HOURS)
        self.district = np.array(rules.DISTRICT)
        self.rain = rng.random(self.days * self.per_day) < WET
        self.slow = self._slowness(rng)
        self.feed = self._feed(rng)
        # Of a day's batches two leave from each district's depot, one each way round.
        tours = np.tile(np.arange(self.per_day), (self.days, 1))
        self.tours = rng.permuted(tours, axis=1).ravel()
        self.batches = [
            self._batch(rng, rng.poisson(trips * SHAPE[at % self.per_day]), at)
            for at in range(self.tours.size)
        ]

    def place(self, at: int) -> tuple[int, int]:
        """Return the day and the hour of a batch."""
        return at // self.per_day, self.rules.HOURS[at % self.per_day]

    def lasts(self, event: str) -> range:
        """Return the batches while an event lasts."""
        first = self.events.get(event, self.days)
        last = min(first + OUTAGE_DAYS, self.days) if event == "outage" else self.days
        return range(first * self.per_day, last * self.per_day)

    def _slowness(self, rng: np.random.Generator) -> np.ndarray:
        n, districts = self.rain.size, self.district.max() + 1
        hours = np.array(self.rules.HOURS)
        rush = np.zeros((districts, hours.size))
        for peak in (8, 17):
            height = rng.uniform(0.4, 1.0, (districts, 1))
            at = peak + rng.uniform(-0.7, 0.7, (districts, 1))
            rush += height * np.exp(-0.5 * ((hours - at) / 1.2) ** 2)
        calm = rng.uniform(0.0, 0.25, (districts, 1))
        wet = rng.uniform(0.5, 0.8, districts)
        day = np.arange(n) // self.per_day
        slow = calm.T + rush.T[np.arange(n) % self.per_day]  # (n, districts)
        slow += self.rain[:, None] * wet
        slow += self._jams(rng, n, districts)
        level = rng.normal(0, 0.25, self.district.size)
        works = rng.normal(0, WORKS, (self.days, self.district.size)).cumsum(0)
        slow = slow[:, self.district] + level + works[day]
        # One of the fastest, as a detour of a slow road would take so long that no trip
        # over it were seen to end.
        self.closed = int(rng.choice(np.argsort(slow.mean(0))[: level.size // 8]))
        if "closure" in self.events:
            extra = np.where(self.district == self.district[self.closed], DIVERTED, 0.0)
            extra[self.closed] = CLOSED
            slow[self.lasts("closure").start :] += extra
        return slow.clip(-0.2)  # nobody drives much faster than on an empty road

    def _jams(self, rng: np.random.Generator, n: int, districts: int) -> np.ndarray:
        whole, own = np.sqrt(CITY), np.sqrt(1 - CITY)
        jams = np.zeros((n, districts))
        jam = np.zeros(districts)
        for at in range(n):
            stays = JAM_STAYS if at % self.per_day else 0.0  # a night clears them
            new = whole * rng.normal() + own * rng.normal(size=districts)
            jam = stays * jam + JAM * np.sqrt(1 - stays**2) * new
            jams[at] = jam
        return jams

    def _feed(self, rng: np.random.Generator) -> np.ndarray:
        said = self.slow.copy()
        said[self.lasts("closure"), self.closed] = 0.0  # no car tells how slow it is
        feed = np.exp(said + rng.normal(0, FEED, said.shape))
        out = self.lasts("outage")
        if out:
            feed[out.start : out.stop] = feed[max(out.start - 1, 0)]
        return feed

    def _batch(self, rng: np.random.Generator, n: int, at: int) -> Batch:
        slow, free = self.slow[at], self._routes(rng, n, int(self.tours[at]))
        scatter = rng.normal(0, CROSSING, free.shape)
        driver = rng.normal(0, DRIVER, n)
        minutes = np.exp(driver) * (free * np.exp(slow + scatter)).sum(1)
        # A sum of log-normal times is close to log-normal with its mean and variance.
        usual = free * np.exp(slow + CROSSING**2 / 2)
        mean = usual.sum(1)
        variance = (usual**2).sum(1) * np.expm1(CROSSING**2)
        spread = np.log1p(variance / mean**2)
        centre = np.log(mean) - spread / 2
        wide = np.sqrt(spread + DRIVER**2)
        return Batch(free, minutes, np.exp(centre[:, None] + wide[:, None] * [0, Z90]))

    def _routes(self, rng: np.random.Generator, n: int, tour: int) -> np.ndarray:
        """Return (n, ROADS) minutes of trips through 1 to 3 districts in a row."""
        districts, roads = self.district.max() + 1, self.district.size
        depot, step = tour // 2, 1 - tour % 2 * 2
        length = rng.integers(1, 4, n)
        offset = (self.district - depot) * step % districts
        there = offset < length[:, None]
        used = there & (rng.random((n, roads)) < 0.5)
        used[np.arange(n), self._any_of(rng, np.full(n, depot))] = True
        return np.where(used, rng.uniform(2.0, 6.5, (n, roads)), 0.0)

    def _any_of(self, rng: np.random.Generator, district: np.ndarray) -> np.ndarray:
        """Return a road of each district."""
        here = self.district == district[:, None]
        return np.argmax(here * rng.random(here.shape), axis=1)


def calendars(rng: np.random.Generator) -> list[dict[str, int]]:
    """Return the events of the three worlds, of which one is quiet."""
    worlds = [[], [*ALARM_OF], [*ALARM_OF]]
    return in_any_order(rng, worlds, first=FIRST_EVENT, last=LAST_EVENT, apart=APART)
