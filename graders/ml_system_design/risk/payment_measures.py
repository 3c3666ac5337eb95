"""What is measured of a fraud system, and how it is shown."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from typing import Any

import numpy as np

from graders.ml_system_design.production.calendars import (
    Watch,
    alarm_lines,
    marked,
)
from graders.ml_system_design.production.measures import (
    Line,
    at_least,
    plot,
    share_of_way,
)
from graders.ml_system_design.risk.payment_runs import Stay
from graders.ml_system_design.risk.payments import ALARM_OF, OUTAGE_DAYS, PARTS, World


@dataclasses.dataclass
class Life:
    """What a system did in a world, and (3, days) of costs: three who decide."""

    stay: Stay
    own: np.ndarray
    rule: np.ndarray
    best: np.ndarray

    @property
    def world(self) -> World:
        """The world in which it was."""
        return self.stay.world


def life(stay: Stay) -> Life:
    """Return what a system did, beside what the rule and the oracle would have cost."""
    world = stay.world
    decided = (stay.action, world.fixed_rule(), world.oracle())
    return Life(stay, *map(world.costs, decided))


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
    found["late"] = budget_line(lives)
    watches = [
        Watch.of(rules, ALARM_OF, one.world.events, one.stay.alarms) for one in lives
    ]
    return found | alarm_lines(rules, ALARM_OF, watches)


def saved(lives: list[Life], days: Iterable[Iterable[int]]) -> float:
    """Return the share of the way from the rule to the oracle on some days of each."""
    costs = np.zeros(3)
    for one, some in zip(lives, days, strict=True):
        at = list(some)
        costs += [table[:, at].sum() for table in (one.own, one.rule, one.best)]
    return share_of_way(*costs)


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
    return at_least(
        name,
        share,
        needed,
        f"On these days it cost {', '.join(kinds)}. The worst week, days {week[0]} to "
        f"{week[-1]} of world {number}, saved {worst:.0%} of what the oracle saves.",
    )


def budget_line(lives: list[Life]) -> Line:
    """Return how many batches were over budget."""
    over = [
        (number, *batch)
        for number, one in enumerate(lives, 1)
        for batch in one.stay.overdrawn
    ]
    why = ""
    if over:
        number, day, part, spent, allowed = over[0]
        why = (
            f"{len(over):,} batches were decided by the fixed rule, as they were over "
            f"budget: first the {PARTS[part]} of day {day} of world {number}, of which "
            f"it looked up {spent:,} payments, and {allowed:,} were allowed."
        )
    return Line("batches over budget", f"{len(over):,}", "0", not over, why)


def plot_of(one: Life, number: int) -> list[str]:
    """Return the share saved of each half week as columns, with the events below."""
    width = 2  # days of a column
    starts = range(0, one.world.days - width + 1, width)
    # A window of a week, as single days are few payments of fraud.
    shares = [
        saved([one], [range(max(0, at - 3), min(at + 4, one.world.days))])
        for at in starts
    ]
    signs = {
        "outage": ("o missing field", OUTAGE_DAYS),
        "drift": ("D drift", 1),
        "shift": ("S shift", 1),
    }
    marks, legend = marked(one.world.events, signs)
    return plot(
        f"World {number}: saved, from the rule (0) to the oracle (100 %); "
        f"a column is {width} days",
        shares,
        {day // width: letter for day, letter in marks.items()},
        legend,
    )
