"""What is measured of a ranker that lived in some worlds of feeds."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np

from graders.ml_system_design.production.calendars import (
    Watch,
    alarm_lines,
    begun,
    plot_of_world,
)
from graders.ml_system_design.production.measures import (
    OF_THE_WAY,
    Line,
    at_least,
    at_most,
    share_of_way,
)
from graders.ml_system_design.ranking.feeds import ALARM_OF, FESTIVAL_DAYS
from graders.ml_system_design.ranking.sessions import Life

LIKES, HIDES = 0, 1
TOP = 3  # ranks, of which likes are summed up by themselves
CAME, VALUE, HIDDEN, EXAMINED = range(4)  # the columns of sums


@dataclasses.dataclass(frozen=True)
class Three:
    """The lives of a ranker, of the simple rule and of the oracle in one world."""

    own: Life
    rule: Life
    best: Life

    @classmethod
    def of(cls, own: Life) -> Three:
        """Let the rule and the oracle live in the same world."""
        rule, best = (Life(own.world).follow(one) for one in ("newest", "best"))
        return cls(own, rule, best)

    @property
    def lives(self) -> tuple[Life, Life, Life]:
        """Return all three."""
        return self.own, self.rule, self.best

    def after(self, event: str, days: tuple[int, int]) -> slice:
        """Return the days from days[0] to days[1] after an event's first."""
        first = self.own.world.events.get(event, self.own.days)
        return slice(first + days[0], first + days[1] + 1)


def lines(rules: Any, worlds: list[Three]) -> dict[str, Line]:
    """Return all that is measured, by a short name."""
    usual = [slice(rules.MEASURED_FROM, None)] * len(worlds)
    shifted = [one.after("shift", rules.SHIFT_DAYS) for one in worlds]
    found = {
        "value": _value_line("of the way, value", worlds, usual, rules.VALUE),
        "return": _return_line(rules, worlds),
        "shift": _value_line(
            f"of the way, {rules.SHIFT_DAYS[0]} to {rules.SHIFT_DAYS[1]} days after "
            "a shift",
            worlds,
            shifted,
            rules.SHIFT,
        ),
        "hides": _hides_line(rules, worlds),
        "new": _new_line(rules, worlds),
        "likes said": _likes_line(rules, worlds, usual),
        "likes told apart": _told_apart_line(rules, worlds),
        "hides said": _hides_said_line(rules, worlds, usual),
        "outage": _outage_line(rules, worlds),
        "over": _budget_line(worlds),
    }
    watches = [
        Watch.of(rules, ALARM_OF, one.own.world.events, one.own.alarms)
        for one in worlds
    ]
    return found | alarm_lines(rules, ALARM_OF, watches)


def _value_line(
    name: str, worlds: list[Three], days: list[slice], needed: float
) -> Line:
    """Return the share of the way of what a session is worth on some days."""
    pairs = [
        (one, at)
        for one, at in zip(worlds, days, strict=True)
        if one.own.sums[at, CAME].sum() > 0
    ]
    means = np.array([[_mean(life, at) for life in one.lives] for one, at in pairs])
    own, rule, best = means.mean(0)
    why = (
        f"A session is worth {own:.2f} on average (the rule's {rule:.2f}, the oracle's "
        f"{best:.2f})."
    )
    return at_least(name, share_of_way(own, rule, best), needed, why)


def _mean(life: Life, days: slice) -> float:
    sums = life.sums[days].sum(0)
    return float(sums[VALUE] / sums[CAME])


def _return_line(rules: Any, worlds: list[Three]) -> Line:
    last = slice(-rules.RETURN_DAYS, None)
    own, rule, best = np.mean(
        [[np.mean(life.returns[last]) for life in one.lives] for one in worlds], 0
    )
    return at_least(
        "of the way, return at the end",
        share_of_way(own, rule, best),
        rules.RETURN,
        f"In the last {rules.RETURN_DAYS} days {own:.1%} of the users come on a day "
        f"(under the rule {rule:.1%}, under the oracle {best:.1%}).",
    )


def _hides_line(rules: Any, worlds: list[Three]) -> Line:
    from_day = slice(rules.MEASURED_FROM, None)
    sums = np.array([[x.sums[from_day].sum(0) for x in one.lives] for one in worlds])
    own, rule, best = sums[..., HIDDEN].sum(0) / sums[..., EXAMINED].sum(0)
    return at_most(
        "hides, of the oracle's",
        own / best,
        rules.HIDES,
        f"Of 100 examined posts {100 * own:.1f} are hidden (under the rule "
        f"{100 * rule:.1f}, under the oracle {100 * best:.1f}).",
    )


def _new_line(rules: Any, worlds: list[Three]) -> Line:
    seen = []
    for one in worlds:
        joined = one.own.world.joined
        last = one.own.days - rules.NEW_DAYS
        seen.append(
            one.own.seen[(joined >= rules.MEASURED_FROM) & (joined <= last)],
        )
    counts = np.concatenate(seen)
    return at_least(
        "new creators covered",
        float((counts >= rules.COVER).mean()),
        rules.NEW,
        f"A new creator is covered once {rules.COVER:.0f} posts were examined in its "
        f"first {rules.NEW_DAYS} days; half of them got {np.median(counts):.0f} or "
        "fewer.",
    )


def _said(worlds: list[Three], days: list[slice], head: int, ranks: slice) -> float:
    """Return the sum of what was said over the sum of what is true."""
    sums = sum(
        one.own.said[at, :, head, ranks].sum((0, 2))
        for one, at in zip(worlds, days, strict=True)
    )
    own, true = np.asarray(sums)
    return float(own / true)


def _likes_line(rules: Any, worlds: list[Three], days: list[slice]) -> Line:
    ratios = {
        f"the first {TOP} ranks": _said(worlds, days, LIKES, slice(TOP)),
        "the ranks below": _said(worlds, days, LIKES, slice(TOP, None)),
    }
    name, worst = max(ratios.items(), key=lambda item: abs(item[1] - 1))
    why = f"On {name} the chances of likes sum up to {worst:.2f} times the true ones."
    return at_most("chances of likes, off by", abs(worst - 1), rules.OFF_LIKES, why)


def _told_apart_line(rules: Any, worlds: list[Three]) -> Line:
    own, mean, best = 0.0, 0.0, 0.0
    for one in worlds:
        until = one.own.world.events.get("outage", one.own.days)
        sums = one.own.losses[rules.MEASURED_FROM : until].sum(0)
        own, mean, best = own + sums[0], mean + sums[1], best + sums[2]
    return at_least(
        "likes told apart, of the way",
        share_of_way(own, mean, best),
        rules.APART,
        "The way is from the log loss of one chance for all posts on a rank to that of "
        "the true chances.",
    )


def _hides_said_line(rules: Any, worlds: list[Three], days: list[slice]) -> Line:
    ratio = _said(worlds, days, HIDES, slice(None))
    why = f"The chances of hides sum up to {ratio:.2f} times the true ones."
    return at_most("chances of hides, off by", abs(ratio - 1), rules.OFF_HIDES, why)


def _outage_line(rules: Any, worlds: list[Three]) -> Line:
    days = [one.after("outage", rules.OUTAGE_DAYS) for one in worlds]
    ratio = _said(worlds, days, LIKES, slice(TOP))
    outages = begun("outage", [one.own.world.events for one in worlds])
    return at_most(
        "likes after an outage, off by",
        abs(ratio - 1),
        rules.OFF_OUTAGE,
        f"On the first {TOP} ranks the chances of likes sum up to {ratio:.2f} times "
        f"the true ones; fit was broken from {outages} on.",
    )


def _budget_line(worlds: list[Three]) -> Line:
    over = [
        (number, *beyond)
        for number, one in enumerate(worlds, 1)
        for beyond in one.own.over
    ]
    why = ""
    if over:
        number, day, spent, budget = over[0]
        why = (
            f"it looked up more than it may on {len(over)} days: first on day {day} "
            f"of world {number}, {spent:,} where {budget:,} were allowed."
        )
    return Line("days over the budget", f"{len(over)}", "0", not over, why)


def plot_of(three: Three, number: int) -> list[str]:
    """Return the share of the way, day by day, with the events below."""
    worth = [
        one.sums[:, VALUE] / np.maximum(one.sums[:, CAME], 1) for one in three.lives
    ]
    shares = [share_of_way(*day) for day in zip(*worth, strict=True)]
    signs = {
        "shift": ("S shift", 1),
        "outage": ("O outage", 1),
        "wave": ("W wave", 1),
        "festival": ("f festival", FESTIVAL_DAYS),
    }
    what = f"value {OF_THE_WAY}"
    return plot_of_world(number, shares, three.own.world.events, signs, what)
