"""What is measured of a system that promoted uploads in some worlds."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np

from graders.ml_system_design.production.calendars import (
    Watch,
    alarm_lines,
    begun,
    plot_of_world,
)
from graders.ml_system_design.production.measures import (
    Line,
    at_least,
    at_most,
    share_of_way,
)
from graders.ml_system_design.recommendation.promotion import SAID, Life
from graders.ml_system_design.recommendation.uploads import ALARM_OF, TREND_DAYS

AGES = {"1 h": 0, "24 h": 1}
Days = Callable[[Life], np.ndarray]


def lines(rules: Any, lives: list[Life]) -> dict[str, Line]:
    """Return all that is measured of a design in some worlds, by a short name."""
    first, last = rules.AFTER_DAYS
    found = {
        "usual": _way_line("of the way, usual days", lives, Life.usual, rules.USUAL),
        "small": _small_line(rules, lives),
        "after": _way_line(
            f"of the way, {first} to {last} days into a wave",
            lives,
            lambda one: one.days("wave", first, last),
            rules.AFTER,
        ),
    }
    for when, age in AGES.items():
        usual = _gathered(lives, Life.usual, [age])
        found[when] = _said_line(when, usual, rules.SAID[when])
        found[f"off {when}"] = _off_line(rules, when, usual)
    found["fault"] = _fault_line(rules, lives)
    found["over"] = _budget_line(lives)
    watches = [Watch.of(rules, ALARM_OF, one.world.events, one.alarms) for one in lives]
    return found | alarm_lines(rules, ALARM_OF, watches)


def _way_line(name: str, lives: list[Life], days: Days, needed: float) -> Line:
    count = max(sum(int(days(one).sum()) for one in lives), 1)
    sums = np.sum([one.earned[:, days(one)].sum(1) for one in lives], axis=0)
    own, rule, best = sums / count
    why = (
        f"A promoted impression earned {own:.3f} satisfied minutes (the rule's "
        f"{rule:.3f}, the oracle's {best:.3f})."
    )
    return at_least(name, share_of_way(own, rule, best), needed, why)


def _small_line(rules: Any, lives: list[Life]) -> Line:
    own, best = np.sum([one.small[:, one.usual()].sum(1) for one in lives], axis=0)
    why = (
        "That is of the minutes that the oracle earns by small creators' uploads; the "
        "others were found late, or never."
    )
    return at_least("small creators' good uploads", own / best, rules.SMALL, why)


def _gathered(
    lives: list[Life], days: Days, ages: Iterable[int]
) -> dict[str, np.ndarray]:
    """Return what was said of uploads of some ages in all worlds."""
    parts = [one.forecasts(days(one), age) for one in lives for age in ages]
    return {name: np.concatenate([part[name] for part in parts]) for name in SAID}


def _said_line(when: str, said: dict[str, np.ndarray], needed: float) -> Line:
    """Return how far what was said is from the mean of a day, towards what is true."""
    true = said["true"]
    own, rule, best = (
        float((what - true * np.log(what)).mean())
        for what in (said["said"], said["mean"], true)
    )
    why = (
        f"The loss is {own:.4f} an upload (that of the day's mean {rule:.4f}, of the "
        f"true worth {best:.4f}); it said {said['said'].mean():.3f} minutes on "
        f"average, true were {true.mean():.3f}."
    )
    return at_least(
        f"of the way, said at {when}", share_of_way(own, rule, best), needed, why
    )


def _off_line(rules: Any, when: str, said: dict[str, np.ndarray]) -> Line:
    """Return how far the sum of what was said is off, in the worst group."""
    groups = {
        "small creators": said["large"] == 0,
        "large creators": said["large"] == 1,
        f"below {rules.LONG:.0f} minutes": said["length"] < rules.LONG,
        f"from {rules.LONG:.0f} minutes on": said["length"] >= rules.LONG,
    }
    ratios = {name: _ratio(said, mine) for name, mine in groups.items()}
    name, worst = max(ratios.items(), key=lambda item: abs(item[1] - 1))
    return at_most(
        f"calibration at {when}, off by",
        abs(worst - 1),
        rules.OFF[when],
        f"The worst group is {name}: what was said sums up to {worst:.2f} times what "
        "is true.",
    )


def _ratio(
    said: dict[str, np.ndarray], mine: np.ndarray | slice = slice(None)
) -> float:
    return float(said["said"][mine].sum() / said["true"][mine].sum())


def _fault_line(rules: Any, lives: list[Life]) -> Line:
    said = _gathered(lives, lambda one: one.days("fault", *rules.FAULT_AFTER), (0, 1))
    ratio = _ratio(said)
    faults = begun("fault", [one.world.events for one in lives])
    return at_most(
        "calibration in a fault, off by",
        abs(ratio - 1),
        rules.OFF_FAULT,
        f"What was said sums up to {ratio:.2f} times what is true. The survey was at "
        f"fault from {faults}.",
    )


def _budget_line(lives: list[Life]) -> Line:
    over = [(number, one.over) for number, one in enumerate(lives, 1) if one.over]
    count = sum(len(days) for _, days in over)
    why = ""
    if over:
        number, days = over[0]
        why = (
            f"on {count:,} days a share was above CAP, or their sum above 1, and "
            f"nothing was promoted: first on day {days[0]} of world {number}."
        )
    return Line("days over the budget", f"{count:,}", "0", not over, why)


def plot_of(one: Life, number: int) -> list[str]:
    """Return the share of the way, day by day, with the events below."""
    own, rule, best = one.earned
    shares = [share_of_way(*day) for day in zip(own, rule, best, strict=True)]
    signs = {
        "trend": ("t trend", TREND_DAYS),
        "wave": ("W wave", 1),
        "fault": ("F fault", 1),
    }
    return plot_of_world(number, shares, one.world.events, signs)
