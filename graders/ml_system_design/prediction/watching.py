"""A model's days in a world of impressions, and what is measured of them."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

import numpy as np

from graders.harness import Wrong, check_array
from graders.ml_system_design.prediction.impressions import (
    ALARM_OF,
    HOLIDAY_DAYS,
    World,
)
from graders.ml_system_design.production.calendars import (
    Watch,
    alarm_lines,
    plot_of_world,
    read_alarms,
)
from graders.ml_system_design.production.measures import (
    Line,
    at_least,
    at_most,
    share_of_way,
)
from graders.ml_system_design.production.running import Run, naming

NAMES = {*ALARM_OF.values(), "train"}
Mask = Callable[["Life"], np.ndarray]


@dataclasses.dataclass
class Life:
    """What a model said in a world.

    Attributes:
        own: (n,) the chances of all rows from day 0 on.
        alarms: Of each day, the names.
        trained: The days of its trainings.
        over: Those of its requests beyond the budget.
        loss: (3, n) of each row: the model's, the rule's and the oracle's.
    """

    world: World
    said: list[np.ndarray] = dataclasses.field(default_factory=list)
    alarms: list[set[str]] = dataclasses.field(default_factory=list)
    trained: list[int] = dataclasses.field(default_factory=list)
    over: list[int] = dataclasses.field(default_factory=list)

    def live(self, run: Run, rng: np.random.Generator) -> Life:
        """Let a new model live through all days, with an rng of its own."""
        world, rules = self.world, self.world.rules
        model = run.submission.WatchModel(rng)
        start_day, train, predict = model.start_day, model.train, model.predict
        for day in range(world.days):
            run.place = f"start_day on day {day}"
            said = start_day(day, world.report(day))
            with naming(run.place):
                names = read_alarms(said, NAMES)
            self.alarms.append(names - {"train"})
            if "train" in names and len(self.trained) >= rules.TRAININGS:
                self.over.append(day)
            elif "train" in names:
                run.place = f"train on day {day}"
                self.trained.append(day)
                train(day, world.log(day))
            run.place = f"predict on day {day}"
            at = world.rows(day)
            rows = {name: values[at] for name, values in world.fields.items()}
            said = predict(day, rows)
            with naming(run.place):
                self.said.append(chances_of(said, rows["title"].size))
            run.forget_calls()
        return self.settle()

    def settle(self) -> Life:
        """Work out the losses."""
        since = slice(self.world.starts[0], None)
        self.day, self.true = self.world.day[since], self.world.chance[since]
        self.fields = {name: x[since] for name, x in self.world.fields.items()}
        self.own = np.concatenate(self.said)
        rule = np.full(self.day.size, self.world.base)
        says = np.array([self.own, rule, self.true])
        self.loss = -self.true * np.log(says) - (1 - self.true) * np.log1p(-says)
        return self

    def after(self, event: str, days: tuple[int, int]) -> np.ndarray:
        """Return (n,) whether a row is of some days after the first of an event."""
        first = self.world.events.get(event, 2 * self.world.days)
        return (self.day >= first + days[0]) & (self.day <= first + days[1])

    def usual(self) -> np.ndarray:
        """Return (n,) whether a row is of a usual day."""
        rules = self.world.rules
        drift = self.after("drift", (0, rules.AFTER_DAYS[1]))
        return (self.day >= rules.MEASURED_FROM) & ~drift


def chances_of(said: Any, n: int) -> np.ndarray:
    """Demand (n,) of chances between 0 and 1."""
    said = check_array(said, (n,), kind="f").astype(float)
    odd = ~((said > 0) & (said < 1))
    if odd.any():
        row = int(odd.argmax())
        raise Wrong(f"{said[row]} at row {row}; a chance is above 0 and below 1")
    return said


def lines(rules: Any, lives: list[Life]) -> dict[str, Line]:
    """Return all that is measured of a model in some worlds, by a short name."""
    from_day, to_day = rules.AFTER_DAYS
    found = {
        "usual": _way_line("of the way, usual days", lives, Life.usual, rules.USUAL),
        "calibration": _groups_line(rules, lives),
        "new": _way_line(
            "of the way, new titles",
            lives,
            lambda one: one.usual() & (one.fields["title_age"] < rules.NEW_AGE),
            rules.NEW,
        ),
        "after": _way_line(
            f"of the way, {from_day} to {to_day} days into a drift",
            lives,
            lambda one: one.after("drift", rules.AFTER_DAYS),
            rules.AFTER,
        ),
        "fault": _fault_line(rules, lives),
        "over": budget_line(rules, lives),
    }
    watches = [Watch.of(rules, ALARM_OF, one.world.events, one.alarms) for one in lives]
    return found | alarm_lines(rules, ALARM_OF, watches)


def way(lives: list[Life], mask: Mask) -> float:
    """Return the share of the way from the rule to the oracle on some rows."""
    own, rule, best = sum(one.loss[:, mask(one)].sum(1) for one in lives)
    return share_of_way(own, rule, best)


def _way_line(name: str, lives: list[Life], mask: Mask, needed: float) -> Line:
    masks = [mask(one) for one in lives]
    rows = sum(int(some.sum()) for some in masks)
    pairs = list(zip(lives, masks, strict=True))
    own, rule, best = sum(one.loss[:, m].sum(1) for one, m in pairs) / rows
    said = sum(one.own[m].sum() for one, m in pairs) / rows
    true = sum(one.true[m].sum() for one, m in pairs) / rows
    why = (
        f"Its log loss is {own:.4f} a row (the rule's {rule:.4f}, the oracle's "
        f"{best:.4f}); its chances are {said:.3f} on average, the true ones {true:.3f}."
    )
    return at_least(name, way(lives, mask), needed, why)


def _ratio(lives: list[Life], mask: Mask) -> float:
    """Return the sum of the chances of some rows over that of the true ones."""
    sums = [(one.own[m].sum(), one.true[m].sum()) for one in lives for m in [mask(one)]]
    said, true = np.sum(sums, axis=0)
    return float(said / true)


def _groups_line(rules: Any, lives: list[Life]) -> Line:
    """Return how far the sum of the chances is off, in the worst group."""
    ratios = {}
    for least, limit in zip((0, *rules.AGES[:-1]), rules.AGES, strict=True):
        ages = f"{least} to {limit - 1}" if limit != rules.AGES[-1] else f"{least}+"
        for kind, what in enumerate(("films", "series")):
            ratios[f"{what} of {ages} days"] = _ratio(lives, _group(least, limit, kind))
    name, worst = max(ratios.items(), key=lambda item: abs(item[1] - 1))
    return at_most(
        "calibration, worst group, off by",
        abs(worst - 1),
        rules.OFF,
        f"The group is {name}: the chances sum up to {worst:.2f} times the true ones.",
    )


def _group(least: int, limit: int, kind: int) -> Mask:
    """Return which rows of usual days are of titles of some ages and one kind."""

    def mask(one: Life) -> np.ndarray:
        age = one.fields["title_age"]
        mine = (age >= least) & (age < limit) & (one.fields["series"] == kind)
        return one.usual() & mine

    return mask


def _fault_line(rules: Any, lives: list[Life]) -> Line:
    ratio = _ratio(lives, lambda one: one.after("fault", rules.FAULT_DAYS))
    faulty = [
        f"version {one.world.faulty} in world {number} from day "
        f"{one.world.events['fault']}"
        for number, one in enumerate(lives, 1)
        if "fault" in one.world.events
    ]
    return at_most(
        "calibration after a fault, off by",
        abs(ratio - 1),
        rules.OFF_FAULT,
        f"The chances sum up to {ratio:.2f} times the true ones. Faulty were "
        f"{' and '.join(faulty)}.",
    )


def budget_line(rules: Any, lives: list[Life]) -> Line:
    """Return how many trainings were asked for beyond the budget."""
    over = [(number, one.over) for number, one in enumerate(lives, 1) if one.over]
    count = sum(len(days) for _, days in over)
    why = ""
    if over:
        number, days = over[0]
        why = (
            f"{count:,} requests to train were turned down, as the {rules.TRAININGS} "
            f"trainings of a world were used up: first that of day {days[0]} of world "
            f"{number}."
        )
    return Line("trainings over budget", f"{count:,}", "0", not over, why)


def plot_of(one: Life, number: int) -> list[str]:
    """Return the share of the way, day by day, with the events below."""
    shares = []
    for day in range(one.world.days):
        own, rule, best = one.loss[:, one.day == day].sum(1)
        shares.append(share_of_way(own, rule, best))
    signs = {
        "holiday": ("h holiday", HOLIDAY_DAYS),
        "fault": ("F fault", 1),
        "drift": ("D drift", 1),
    }
    return plot_of_world(number, shares, one.world.events, signs)
