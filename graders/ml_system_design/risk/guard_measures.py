"""What is measured of a guard that lived in some worlds."""

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
    OF_THE_WAY,
    Line,
    at_least,
    at_most,
    plot,
    share_of_way,
)
from graders.ml_system_design.risk.farms import ALARM_OF, FESTIVAL_DAYS, REPORTS_DAYS
from graders.ml_system_design.risk.guards import Life


@dataclasses.dataclass(frozen=True)
class Three:
    """A guard, the simple rule and the oracle in the same world."""

    own: Life
    rule: Life
    best: Life


def three(own: Life) -> Three:
    """Return a guard beside what the rule and the oracle did in its world."""
    return Three(own, Life(own.world).rule(), Life(own.world).oracle())


def lines(rules: Any, lives: list[Three]) -> dict[str, Line]:
    """Return all that is measured of a guard in some worlds, by a short name."""
    owns = [one.own for one in lives]
    waves = [own.world.events.get("wave", own.world.days) for own in owns]
    before = [range(wave) for wave in waves]
    after = [
        range(min(wave + rules.GRACE_DAYS, own.world.days), own.world.days)
        for wave, own in zip(waves, owns, strict=True)
    ]
    found = {
        "before": at_least(
            "of the way before the wave",
            way(lives, before),
            rules.BEFORE,
            _reached(lives, before),
        ),
        "after": at_least(
            f"of the way {rules.GRACE_DAYS} days after it",
            way(lives, after),
            rules.AFTER,
            _reached(lives, after),
        ),
        "held": _held_line(rules, owns, waves),
        "harmed": _harm_line(rules.HARMED, owns, 0, "people harmed of 1,000"),
        "smallest": _harm_line(
            rules.HARMED_SMALLEST, owns, 1, "of 1,000 in the smallest region"
        ),
        "reviews": _review_line(rules, owns),
        "over": budget_line(rules, owns),
    }
    watches = [_watch(own, rules) for own in owns]
    return found | alarm_lines(rules, ALARM_OF, watches)


def way(lives: list[Three], days: list[range]) -> float:
    """Return the share of the way from the rule's reach to the oracle's."""
    return share_of_way(*_sums(lives, days))


def _sums(lives: list[Three], days: Iterable[range]) -> np.ndarray:
    """Return the actions of bots shown: by the guard, the rule and the oracle."""
    sums = np.zeros(3)
    for one, some in zip(lives, days, strict=True):
        sums += [x.reach[list(some), 0].sum() for x in (one.own, one.rule, one.best)]
    return sums


def _reached(lives: list[Three], days: list[range]) -> str:
    own, rule, best = _sums(lives, days) / max(sum(map(len, days)), 1)
    when = [
        f"day {day} of world {number}"
        for number, one in enumerate(lives, 1)
        for day in one.own.changed
    ]
    told = (
        f"Bots reached {own:,.0f} actions a day (the rule's {rule:,.0f}, the oracle's "
        f"{best:,.0f})."
    )
    if when:
        told += (
            f" Farms changed {len(when)} times, as they saw too many of their "
            f"accounts stopped: first on {when[0]}."
        )
    return told


def _held_line(rules: Any, owns: list[Life], waves: list[int]) -> Line:
    """Return how many days passed until half of a wave's actions were held back."""
    took, why = [], ""
    for number, (own, wave) in enumerate(zip(owns, waves, strict=True), 1):
        if wave == own.world.days:
            continue
        shown = own.reach[wave:, 1] / own.wave[wave:]
        good = np.flatnonzero(shown <= 0.5)
        took.append(int(good[0]) if good.size else shown.size)
        when = f"until day {wave + took[-1]}" if good.size else "to the end"
        why += f"In world {number} the wave began on day {wave} and was shown {when}. "
    why += (
        f"A limited account shows {rules.LEAK:.0%} of its actions, so most of a wave "
        "must be found: on people's addresses too."
    )
    return at_most(
        "days until the wave is held", float(np.mean(took)), rules.HELD, why, unit=""
    )


def _harm_line(allowed: float, owns: list[Life], column: int, name: str) -> Line:
    harmed = sum(own.harmed[:, column].sum() for own in owns)
    share = 1000 * harmed / sum(own.people[:, column].sum() for own in owns)
    worst, day, number = max(
        (float(own.harmed[day, column]), day, number)
        for number, own in enumerate(owns, 1)
        for day in range(own.world.days)
    )
    return at_most(
        name,
        float(share),
        allowed,
        f"Most were harmed on day {day} of world {number}: {worst:.0f}.",
        unit="",
    )


def _review_line(rules: Any, owns: list[Life]) -> Line:
    found = sum(own.found.sum() for own in owns)
    share = found / (rules.REVIEWS * sum(own.world.days for own in owns))
    return at_least(
        "of the reviews found a bot",
        float(share),
        rules.FOUND,
        "A review that was not used found none.",
    )


def budget_line(rules: Any, owns: list[Life]) -> Line:
    """Return on how many days more reviews were asked for than there are."""
    over = [(number, *day) for number, own in enumerate(owns, 1) for day in own.over]
    why = ""
    if over:
        number, day, count = over[0]
        why = (
            f"on {len(over):,} days nobody was reviewed, as it asked for too many: "
            f"first on day {day} of world {number}, {count:,}, and {rules.REVIEWS} "
            "are allowed."
        )
    return Line("days over the reviews", f"{len(over):,}", "0", not over, why)


def _watch(own: Life, rules: Any) -> Watch:
    """Return the alarms; a farm that changes its pattern makes "wave" true as well."""
    changes = {f"change on day {day}": day for day in own.changed}
    alarm_of = ALARM_OF | dict.fromkeys(changes, "wave")
    return Watch.of(rules, alarm_of, own.world.events | changes, own.alarms)


def plot_of(one: Three, number: int) -> list[str]:
    """Return the share of the way, day by day, with the events below."""
    world, changed = one.own.world, one.own.changed
    shares = [way([one], [range(day, day + 1)]) for day in range(world.days)]
    signs = {
        "festival": ("f festival", FESTIVAL_DAYS),
        "reports": ("r a brigade" if world.brigade else "r silence", REPORTS_DAYS),
        "wave": ("W wave", 1),
    }
    marks, legend = marked(world.events, signs)
    legend += ", c a farm changed" if changed else ""
    marks = dict.fromkeys(changed, "c") | marks
    return plot(f"World {number}: {OF_THE_WAY}", shares, marks, legend)
