"""What is measured of a recommender that lived in some shops."""

from __future__ import annotations

from collections.abc import Iterable
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
)
from graders.ml_system_design.recommendation.shopping import Life
from graders.ml_system_design.recommendation.shops import (
    ALARM_OF,
    FAULT_DAYS,
    OUTAGE_DAYS,
    SALE_DAYS,
)


def lines(rules: Any, lives: list[Life]) -> dict[str, Line]:
    """Return all that is measured of a recommender in some worlds, by a short name."""
    days = sum(one.world.days for one in lives)
    own, rule, best = _sum(one.profit for one in lives)
    new, most_new = _sum(one.new for one in lives)
    gain, most_gain = _sum(one.gain for one in lives)
    found = {
        "profit": at_least(
            "of the oracle's profit",
            own / best,
            rules.PROFIT,
            f"It earned {own / days:,.0f} a day (the rule {rule / days:,.0f}, the "
            f"oracle {best / days:,.0f}). {_worst(lives)}",
        ),
        "new": at_least(
            "of the new items' profit",
            new / most_new,
            rules.NEW,
            f"Items of an age below {rules.NEW_AGE} days earned it {new / days:,.0f} a "
            f"day, the oracle {most_new / days:,.0f}.",
        ),
        "gain": at_least(
            "of the coupons' gain",
            gain / most_gain,
            rules.GAIN,
            f"Its coupons added {gain / days:,.0f} to the profit of a day, the "
            f"oracle's {most_gain / days:,.0f}.",
        ),
        "sale": _sale_line(rules, lives),
        "wasted": _slots_line("slots out of stock", rules.WASTED, lives, 1),
        "again": _slots_line("slots with what they have", rules.AGAIN, lives, 2),
        "faulty": _faulty_line(rules, lives),
        "wrong": _wrong_line(rules, lives),
        "right": _right_line(rules, lives),
    }
    watches = [Watch.of(rules, ALARM_OF, one.world.events, one.alarms) for one in lives]
    return found | alarm_lines(rules, ALARM_OF, watches)


def _sum(arrays: Iterable[np.ndarray]) -> np.ndarray:
    """Return the sums over worlds and days."""
    sums: np.ndarray = sum(one.sum(0) for one in arrays)  # type: ignore[assignment]
    return sums


def _worst(lives: list[Life]) -> str:
    """Return on which day most was missed, in a sentence."""
    missed, day, number = max(
        (float(one.profit[day, 2] - one.profit[day, 0]), day, number)
        for number, one in enumerate(lives, 1)
        for day in range(one.world.days)
    )
    return f"On day {day} of world {number} it missed the most, {missed:,.0f}."


def _slots_line(name: str, allowed: float, lives: list[Life], column: int) -> Line:
    slots = _sum(one.slots for one in lives)
    most, day, number = max(
        (float(one.slots[day, column]), day, number)
        for number, one in enumerate(lives, 1)
        for day in range(one.world.days)
    )
    told = f"Most were on day {day} of world {number}: {most:,.0f}."
    return at_most(name, slots[column] / slots[0], allowed, told)


def _sale_line(rules: Any, lives: list[Life]) -> Line:
    firsts = [one.world.events["sale"] for one in lives]
    own, _, best = _sum(
        one.profit[first : first + SALE_DAYS]
        for one, first in zip(lives, firsts, strict=True)
    )
    when = begun("sale", [one.world.events for one in lives])
    days = SALE_DAYS * len(lives)
    told = (
        f"It earned {own / days:,.0f} a day, the oracle {best / days:,.0f}. The sales "
        f"began on {when}."
    )
    return at_least("of the profit, in sales", own / best, rules.SALE, told)


def _faulty_line(rules: Any, lives: list[Life]) -> Line:
    first = rules.IN_TIME_DAYS["returns"]
    begins = [(one, one.world.events.get("fault")) for one in lives]
    slots = _sum(
        one.slots[day + first : day + FAULT_DAYS]
        for one, day in begins
        if day is not None
    )
    told = (
        f"It showed {slots[3]:,.0f} from day {first + 1} to {FAULT_DAYS} of faults, "
        f"which began on {begun('fault', [one.world.events for one in lives])}."
    )
    return at_most(
        "slots of a faulty supplier", slots[3] / slots[0], rules.FAULTY, told
    )


def _wrong_line(rules: Any, lives: list[Life]) -> Line:
    good = np.concatenate([one.world.good for one in lives])
    shipped = np.concatenate([one.shipped for one in lives])
    told = (
        f"Of {(~good).sum():,} experiments that change nothing it shipped "
        f"{shipped[~good].sum():,}."
    )
    return at_most("wrong ships", float(shipped[~good].mean()), rules.WRONG, told)


def _right_line(rules: Any, lives: list[Life]) -> Line:
    good = np.concatenate([one.world.good for one in lives])
    shipped = np.concatenate([one.shipped for one in lives])
    told = (
        f"Of {good.sum():,} experiments that raise the rate it shipped "
        f"{shipped[good].sum():,}."
    )
    return at_least("right ships", float(shipped[good].mean()), rules.RIGHT, told)


def plot_of(one: Life, number: int) -> list[str]:
    """Return the share of the oracle's profit, day by day, with the events below."""
    shares = (one.profit[:, 0] / one.profit[:, 2]).tolist()
    signs = {
        "sale": ("s sale", SALE_DAYS),
        "outage": ("o outage", OUTAGE_DAYS),
        "fault": ("F fault", 1),
    }
    what = "share of the oracle's profit, by day"
    return plot_of_world(number, shares, one.world.events, signs, what)
