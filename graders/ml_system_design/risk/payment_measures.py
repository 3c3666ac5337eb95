"""What is measured of a fraud system, and how it is shown."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from typing import Any

import numpy as np

from graders.ml_system_design.risk.payment_runs import Stay
from graders.ml_system_design.risk.payments import ALARM_OF, PARTS, World


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
    found["late"] = budget_line(lives)
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


def _alarm_line(lives: list[Life], event: str, within: int) -> Line:
    alarm = ALARM_OF[event]
    delays, why = [], []
    for number, one in enumerate(lives, 1):
        first = one.world.events.get(event)
        if first is None:
            continue
        raised = [day for day, names in enumerate(one.stay.alarms) if alarm in names]
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
        for day, alarms in enumerate(one.stay.alarms)
        if (names := one.world.false_alarms(day, alarms))
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
