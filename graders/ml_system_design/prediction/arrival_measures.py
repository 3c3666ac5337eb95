"""What is measured of a service that lived in some cities."""

from __future__ import annotations

from typing import Any

import numpy as np

from graders.ml_system_design.prediction.arrivals import Life
from graders.ml_system_design.prediction.streets import ALARM_OF, OUTAGE_DAYS
from graders.ml_system_design.production.calendars import (
    Watch,
    alarm_lines,
    plot_of_world,
)
from graders.ml_system_design.production.measures import (
    Line,
    at_least,
    at_most,
    share_of_way,
)

LENGTHS = {"1 or 2 roads": (1, 2), "3 to 5 roads": (3, 5), "6 roads or more": (6, 99)}


def lines(rules: Any, lives: list[Life]) -> dict[str, Line]:
    """Return all that is measured of a service in some worlds, by a short name."""
    last = rules.RECOVERY - 1  # days after the first of a closure
    usual = [
        one.counts & ~one.during("outage") & ~one.during("closure", (0, last))
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
        "cost in an outage, over the oracle's",
        lives,
        outage,
        rules.IN_OUTAGE,
        "These are the trips while the feed was out.",
    )
    kept = np.concatenate([x.kept[m] for x, m in zip(lives, outage, strict=True)])
    found["kept in outage"] = at_least(
        "P90 holds while the feed is out",
        float(kept.mean()),
        rules.KEPT_IN_OUTAGE,
        "Without the feed nobody knows the jams so well: the same width is too bold.",
    )
    detour = [
        one.during("closure", (last, last)) & (one.free[:, one.world.closed] > 0)
        for one in lives
    ]
    found["recovery"] = _dear_line(
        "cost of detours, over the oracle's",
        lives,
        detour,
        rules.RECOVERED,
        f"These are the trips over the closed road on day {rules.RECOVERY} of it.",
    )
    found["over"] = budget_line(rules, lives)
    watches = [Watch.of(rules, ALARM_OF, one.world.events, one.alarms) for one in lives]
    return found | alarm_lines(rules, ALARM_OF, watches)


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
    name: str, lives: list[Life], masks: list[np.ndarray], allowed: float, which: str
) -> Line:
    pairs = zip(lives, masks, strict=True)
    own, _, best = sum(one.loss[:, mask].sum(1) for one, mask in pairs)
    why = f"{which} {_costs(lives, masks)}"
    return at_most(name, own / best, allowed, why, unit="times")


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
    groups["wet hours"] = np.concatenate([one.world.rain[one.at] for one in lives])
    for name, (least, most) in LENGTHS.items():
        groups[name] = (roads >= least) & (roads <= most)
    shares = {name: float(kept[m & counts].mean()) for name, m in groups.items()}
    name, worst = min(shares.items(), key=lambda item: item[1])
    overall = float(kept[counts].mean())
    return at_least(
        "P90 holds in the worst group",
        worst,
        rules.KEPT,
        f"The group is {name}; overall {overall * 100:.1f} % of the promises held, "
        f"and the best group has {max(shares.values()) * 100:.1f} %.",
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
    signs = {
        "outage": ("o the feed is out", OUTAGE_DAYS),
        "closure": ("C a road is closed", 1),
    }
    return plot_of_world(number, shares, one.world.events, signs)
