"""What is measured of a recommender's days in worlds of songs."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np

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
from graders.ml_system_design.recommendation.sessions import Life
from graders.ml_system_design.recommendation.songs import (
    ALARM_OF,
    OUTAGE_DAYS,
    WAVE_DAYS,
    World,
)


@dataclasses.dataclass
class Three:
    """What is kept of an answer's life, beside the rule's and the oracle's.

    Attributes:
        minutes: (3, days, 3) of the answer, the rule and the oracle, by true context.
        kept: How many new artists were kept, and how many there were.
        sessions: How many were opened by the answer's, and by the oracle's accounts.
    """

    own: Life
    minutes: np.ndarray
    kept: tuple[int, int]
    sessions: tuple[int, int]

    @property
    def world(self) -> World:
        """Return the world in which all three lived."""
        return self.own.world


def three(own: Life, rule: Life, best: Life) -> Three:
    """Return what is kept of the lives of an answer, the rule and the oracle."""
    world = own.world
    judged = (world.debut >= 0) & (world.debut <= world.days - world.rules.KEEP_DAYS)
    kept = int((judged & ~own.gone).sum()), int(judged.sum())
    minutes = np.array([own.minutes, rule.minutes, best.minutes])
    return Three(own, minutes, kept, (int(own.opened.sum()), int(best.opened.sum())))


def lines(rules: Any, found: list[Three]) -> dict[str, Line]:
    """Return all that is measured of a recommender in some worlds, by a short name."""
    first, last = rules.AFTER_DAYS
    usual = [_usual(one.world) for one in found]
    after = [_days_of(one.world, "season", first - 1, last) for one in found]
    everywhere = list(range(3))
    result = {
        "usual": _way("of the way, usual days", found, usual, everywhere, rules.USUAL),
        "sleep": _way(
            "of the way, sleep", found, usual, [rules.SLEEP], rules.ASLEEP_WAY
        ),
        "after": _way(
            f"of the way, days {first} to {last} of a season",
            found,
            after,
            everywhere,
            rules.AFTER,
        ),
        "kept": _kept_line(rules, found),
        "repeats": _repeats_line(rules, found),
    }
    watches = [
        Watch.of(rules, ALARM_OF, one.world.events, one.own.alarms) for one in found
    ]
    return result | alarm_lines(rules, ALARM_OF, watches)


def _days_of(world: World, event: str, first: int, last: int) -> np.ndarray:
    """Return (days,) whether a day is one of an event's, from first to before last."""
    since = np.arange(world.days) - world.events.get(event, 2 * world.days)
    return (since >= first) & (since < last)


def _usual(world: World) -> np.ndarray:
    late = np.arange(world.days) >= world.rules.MEASURED_FROM
    season = _days_of(world, "season", 0, world.days)
    return late & ~season & ~_days_of(world, "outage", 0, OUTAGE_DAYS)


def _way(
    name: str,
    found: list[Three],
    days: list[np.ndarray],
    contexts: list[int],
    needed: float,
) -> Line:
    sums = [
        one.minutes[:, mask][:, :, contexts].sum((1, 2))
        for one, mask in zip(found, days, strict=True)
    ]
    own, rule, best = np.sum(sums, axis=0)
    count = sum(mask.sum() for mask in days)
    why = (
        f"Its {own / count:,.0f} minutes a day stand between the rule's "
        f"{rule / count:,.0f} and the oracle's {best / count:,.0f}."
    )
    return at_least(name, share_of_way(own, rule, best), needed, why)


def _kept_line(rules: Any, found: list[Three]) -> Line:
    kept, judged = np.sum([one.kept for one in found], axis=0)
    why = (
        f"{judged - kept} of {judged} new artists left, as fewer than "
        f"{rules.KEEP_HEARD} listens to the end came in their first "
        f"{rules.KEEP_DAYS} days."
    )
    return at_least("new artists kept", kept / judged, rules.KEPT, why)


def _repeats_line(rules: Any, found: list[Three]) -> Line:
    reached, again = np.sum([one.own.repeats.sum(0) for one in found], axis=0)
    own, best = np.sum([one.sessions for one in found], axis=0)
    why = (
        f"{again:,.0f} of {reached:,.0f} songs were reached by an account within "
        f"{rules.REST_DAYS} days again; accounts opened {own:,} sessions, and "
        f"{best:,} of the oracle's."
    )
    return at_most("repeats", again / max(reached, 1), rules.REPEATS, why)


def plot_of(one: Three, number: int) -> list[str]:
    """Return the share of the way, day by day, with the events below."""
    shares = [share_of_way(*minutes) for minutes in one.minutes.sum(2).T]
    signs = {
        "wave": ("w wave", WAVE_DAYS),
        "outage": ("o outage", OUTAGE_DAYS),
        "season": ("S season", 1),
    }
    return plot_of_world(number, shares, one.world.events, signs)
