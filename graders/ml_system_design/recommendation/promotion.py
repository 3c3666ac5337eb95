"""A system's days in a world of uploads."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np

from graders.harness import Wrong, check_array
from graders.ml_system_design.production.calendars import read_alarms
from graders.ml_system_design.production.running import Run, naming
from graders.ml_system_design.recommendation.uploads import ALARM_OF, World

SAID = ("said", "true", "mean", "large", "length")


@dataclasses.dataclass
class Life:
    """What a design did and said in a world, and what the rule and the oracle did.

    Attributes:
        earned: (3, days) of satisfied minutes an impression that was promoted: the
            design's, the rule's and the oracle's.
        small: (2, days) of the same, those of small creators' uploads among the best
            that the oracle promotes: the design's and the oracle's.
        said: Of each day, what was said of the uploads.
        shares: Of each day, those of the uploads.
        alarms: Of each day, the names.
        over: The days over the budget.
    """

    world: World
    earned: np.ndarray = dataclasses.field(init=False)
    small: np.ndarray = dataclasses.field(init=False)
    said: list[np.ndarray] = dataclasses.field(default_factory=list)
    shares: list[np.ndarray] = dataclasses.field(default_factory=list)
    alarms: list[set[str]] = dataclasses.field(default_factory=list)
    over: list[int] = dataclasses.field(default_factory=list)

    def __post_init__(self) -> None:
        self.earned = np.zeros((3, self.world.days))
        self.small = np.zeros((2, self.world.days))

    def live(self, run: Run, rng: np.random.Generator) -> Life:
        """Let a new design live through all days, with an rng of its own."""
        world, rules = self.world, self.world.rules
        decide = run.submission.VideoSystem(rng).decide
        drawn = np.random.default_rng(world.seed)
        heard = None
        for day in range(world.days):
            first, known = world.hear(day, None, drawn), world.uploads(day)
            if heard is not None:
                old = int((known["age"] > 0).sum())
                for name, values in heard.items():
                    first[name][:old] = values[len(values) - old :]
            run.place = f"decide on day {day}"
            said = decide(day, known, first)
            with naming(run.place):
                shares, minutes, alarms = answer_of(said, known["age"].size)
                self.alarms.append(read_alarms(alarms, ALARM_OF.values()))
            self.shares.append(shares)
            if shares.max(initial=0) > rules.CAP + 1e-9 or shares.sum() > 1 + 1e-9:
                self.over.append(day)
                shares = np.zeros(shares.size)
            self._count(day, shares, minutes)
            heard = world.hear(day, shares, drawn)
            run.forget_calls()
        return self

    def _count(self, day: int, shares: np.ndarray, minutes: np.ndarray) -> None:
        """Note what a day earned, by the true worth of the uploads."""
        worth, cap = self.world.worth(day), self.world.rules.CAP
        best = np.zeros(worth.size)
        best[np.argsort(-worth)[: round(1 / cap)]] = cap
        rule = worth.mean() if worth.size else 0.0
        self.earned[:, day] = shares @ worth, rule, best @ worth
        at = self.world.alive(day)
        mine = best * (self.world.fields["large"][at] == 0)
        self.small[:, day] = np.minimum(shares, mine) @ worth, mine @ worth
        self.said.append(minutes)

    def days(self, event: str, first: int, last: int) -> np.ndarray:
        """Return (days,) whether a day is one of some after the first of an event."""
        begun = self.world.events.get(event, 2 * self.world.days)
        day = np.arange(self.world.days)
        return (day >= begun + first) & (day <= begun + last)

    def usual(self) -> np.ndarray:
        """Return (days,) whether a day is a usual one."""
        rules = self.world.rules
        late = np.arange(self.world.days) >= rules.MEASURED_FROM
        return late & ~self.days("wave", 0, rules.AFTER_DAYS[1])

    def forecasts(self, days: np.ndarray, age: int) -> dict[str, np.ndarray]:
        """Return what was said of the uploads of an age on some days, and what is true.

        Returns:
            (k,) each: "said", "true", the "mean" of the day, "large" and "length".
        """
        found = {name: [np.zeros(0)] for name in SAID}
        for day in np.flatnonzero(days):
            known, worth = self.world.uploads(day), self.world.worth(day)
            mine = known["age"] == age
            mean = np.full(worth.size, worth.sum() / max(worth.size, 1))
            values = (self.said[day], worth, mean, known["large"], known["length"])
            for name, some in zip(SAID, values, strict=True):
                found[name].append(some[mine])
        return {name: np.concatenate(parts) for name, parts in found.items()}


def answer_of(said: Any, n: int) -> tuple[np.ndarray, np.ndarray, Any]:
    """Demand shares that are no less than 0, minutes above 0, and alarms."""
    if not isinstance(said, tuple) or len(said) != 3:
        raise Wrong(f"expected shares, minutes and alarms, got {said!r}")
    found = []
    for name, values in zip(("shares", "minutes"), said[:2], strict=True):
        try:
            found.append(check_array(values, (n,), kind="f").astype(float))
        except Wrong as error:
            raise Wrong(f"{name}: {error}") from None
        odd = ~np.isfinite(found[-1]) | (found[-1] < (1e-12 if found[1:] else 0))
        if odd.any():
            row, least = int(odd.argmax()), "above 0" if found[1:] else "0 or more"
            raise Wrong(f"{name}: {found[-1][row]} at row {row}; they are {least}")
    return found[0], found[1], said[2]
