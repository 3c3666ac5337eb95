"""A world of new accounts, some of them bots, whose farms learn from what they see.

What people and bots do on a day is drawn from the world's seed and that day, so that a
design, the simple rule and an oracle meet the same traffic. They may differ in one
thing alone: which farms have changed their pattern, because they saw enough of their
accounts stopped.

The rules that the prompt states in numbers are read from the solution, whose constants
they are; what the prompt does not state is here.
"""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np

from graders.ml_system_design.production.calendars import calendar

DAYS = 60
PEOPLE = 1300  # new accounts of people a day; the order of a mid-sized site
WEEK = (1.1, 1.05, 1.0, 1.0, 1.05, 0.9, 0.9)  # times as many, by the day of the week
REGIONS = (0.40, 0.25, 0.20, 0.11, 0.04)  # of people; the last is behind one carrier
SHARED = 12  # addresses of offices, universities and, the last, of the carrier
FARMS = 3  # from the beginning; the wave is one more
FIRST_EVENT, LAST_EVENT, APART = 12, 44, 9
FESTIVAL_DAYS, REPORTS_DAYS = 8, 8
ALARM_OF = {"wave": "wave", "reports": "reports"}
FIELDS = ("region", "address", "crowd", "rhythm", "overlap", "actions")
REPORTED = 0.004, 0.08, 0.02  # chance: people, people of the last region, bots
BRIGADED = 0.5  # and of people of the last region, while they are brigaded
CARRIED = 0.25  # of the wave's bots on shared addresses are on the carrier's

Fields = dict[str, np.ndarray]


@dataclasses.dataclass(frozen=True)
class Group:
    """Those who act alike: their number a day, and means of what they show.

    Args:
        mean: How many there are a day.
        rhythm: Mean of the logit of the rhythm.
        overlap: Mean of the logit of the overlap.
        actions: Mean of the logarithm of the actions.
        shared: The share of them that comes from people's shared addresses.
    """

    mean: float
    rhythm: float
    overlap: float
    actions: float
    shared: float = 0.0


HOME = Group(0.64 * PEOPLE, -1.2, -2.0, 1.6)
OFFICE = Group(0.24 * PEOPLE, -0.6, -0.7, 1.7, 1.0)
POWER = Group(0.06 * PEOPLE, 1.6, -1.5, 2.4)  # they plan what they post
FAN = Group(0.06 * PEOPLE, -0.8, 1.2, 2.0)  # they like what others like
FESTIVAL = Group(0.11 * PEOPLE, -0.8, 1.3, 1.9)
LONE = Group(60, 1.9, 0.7, 2.4)
FARM = Group(36, 1.7, 0.7, 2.4)
WAVE = Group(130, -0.8, 2.1, 2.2, 0.4)
CHANGED = Group(36, -0.6, -0.7, 2.3, 0.8)  # a farm that hides among people
PEOPLE_GROUPS = (HOME, OFFICE, POWER, FAN, FESTIVAL)
LONE_BOT = -1  # in the place of the number of a farm
PERSON = -2


@dataclasses.dataclass(frozen=True)
class Day:
    """The accounts of a day.

    Attributes:
        fields: Arrays (n,) that a design sees.
        farm: (n,) the number of the farm, LONE_BOT or PERSON.
        luck: (n, 3) uniform, for a challenge, a report or an appeal, and a delay.
    """

    fields: Fields
    farm: np.ndarray
    luck: np.ndarray

    @property
    def bot(self) -> np.ndarray:
        """Return (n,) of bool."""
        return self.farm != PERSON

    @property
    def smallest(self) -> np.ndarray:
        """Return (n,) of bool: people of the smallest region."""
        return ~self.bot & (self.fields["region"] == len(REGIONS) - 1)


class World:
    """A site on some days, from day 0 on.

    Args:
        rules: The solution's module.
        seed: From which all is drawn.
        events: The first day of each: "wave", "festival", "reports".
        brigade: Whether the event "reports" is a brigade, and else silence.
        days: How many there are.
        size: Times as many accounts as usual.
    """

    def __init__(
        self,
        rules: Any,
        seed: int,
        events: dict[str, int],
        *,
        brigade: bool = False,
        days: int = DAYS,
        size: float = 1.0,
    ) -> None:
        self.rules, self.seed, self.events, self.days = rules, seed, events, days
        self.brigade, self.size = brigade, size
        self._drawn: dict[tuple[int, ...], Day] = {}
        self.addresses = np.random.default_rng(seed).integers(
            1, 2**40, (32, SHARED + 2)
        )

    def lasts(self, event: str, day: int, days: int | None = None) -> bool:
        """Return whether an event is under way on a day."""
        first = self.events.get(event, self.days)
        return first <= day < first + (days or self.days)

    def day(self, day: int, changed: np.ndarray) -> Day:
        """Draw the accounts of a day.

        Args:
            day: From 0 on; those before are history.
            changed: (FARMS + 1,) of bool, the farms that have changed their pattern.
        """
        key = day, *changed.tolist()
        if key not in self._drawn:
            self._drawn[key] = self._draw_day(day, changed)
        return self._drawn[key]

    def _draw_day(self, day: int, changed: np.ndarray) -> Day:
        rng = np.random.default_rng([self.seed, day + 1000])
        parts = []
        for group in PEOPLE_GROUPS:
            here = group is not FESTIVAL or self.lasts("festival", day, FESTIVAL_DAYS)
            parts.append(self._draw(rng, group, PERSON, here * WEEK[day % 7]))
        parts.append(self._draw(rng, LONE, LONE_BOT, 1.0))
        for farm in range(FARMS + 1):
            group = FARM if farm < FARMS else WAVE
            here = farm < FARMS or self.lasts("wave", day)
            parts.append(self._draw(rng, group, farm, here, bool(changed[farm])))
        order = rng.permutation(sum(len(part["farm"]) for part in parts))
        both = {k: np.concatenate([p[k] for p in parts])[order] for k in parts[0]}
        _, where, counts = np.unique(
            both["address"], return_inverse=True, return_counts=True
        )
        both["crowd"] = counts[where]
        farm = both.pop("farm")
        fields = {name: both[name] for name in FIELDS}
        return Day(fields, farm, rng.random((farm.size, 3)))

    def _draw(
        self,
        rng: np.random.Generator,
        group: Group,
        farm: int,
        times: float,
        changed: bool = False,
    ) -> Fields:
        """Return the fields of one group."""
        n = int(rng.poisson(group.mean * self.size) * times)
        if changed:
            group = dataclasses.replace(CHANGED, mean=group.mean)
        rhythm = group.rhythm + rng.normal(0, 0.9, n)
        overlap = group.overlap + rng.normal(0, 0.9, n)
        region = rng.choice(len(REGIONS), n, p=REGIONS)
        address = rng.integers(2**41, 2**42, n)  # a home's
        carrier = self.addresses[0, SHARED - 1]
        shared = self.addresses[0, rng.integers(0, SHARED - 1, n)]
        if farm >= 0 and not changed:
            places = rng.integers(0, 3 if farm < FARMS else 10, n)
            address = self.addresses[1 + farm, places]
            shared = np.where(rng.random(n) < CARRIED, carrier, shared)
        elif group is FESTIVAL:
            address = self.addresses[20, rng.integers(0, 6, n)]
        away = rng.random(n) < group.shared
        address = np.where(away, shared, address)
        if farm == PERSON:
            address = np.where(region == len(REGIONS) - 1, carrier, address)
        region[address == carrier] = len(REGIONS) - 1
        return {
            "region": region,
            "address": address,
            "rhythm": (1 / (1 + np.exp(-rhythm))).round(4).clip(0.0001, 0.9999),
            "overlap": (1 / (1 + np.exp(-overlap))).round(4).clip(0.0001, 0.9999),
            "actions": np.ceil(np.exp(group.actions + rng.normal(0, 0.7, n))).astype(
                int
            ),
            "farm": np.full(n, farm),
        }


def calendars(rng: np.random.Generator) -> list[tuple[dict[str, int], bool]]:
    """Return events of three worlds, one of them quiet; one has a brigade."""
    kinds = ["wave", "festival", "reports"]
    span = {"first": FIRST_EVENT, "last": LAST_EVENT, "apart": APART}
    found = [calendar(rng, names, **span) for names in (kinds, kinds, ["festival"])]
    worlds = [(found[0], True), (found[1], False), (found[2], False)]
    return [worlds[at] for at in rng.permutation(3)]
