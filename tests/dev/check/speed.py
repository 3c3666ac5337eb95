"""The room on both sides of a speed limit, measured.

An efficiency check lies between the slowest correct answer and the fastest mistake that
nothing but efficiency rejects. Its limit should be the geometric mean of the two, with
a factor of 1.6 or more to each.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Iterable

from tests.dev.check.answers import Known
from tests.dev.jobs import Result

ROOM = 1.6


@dataclasses.dataclass
class Side:
    """The answer that comes nearest to a limit on one side of it.

    Args:
        ratio: How many times as long as the reference it takes.
        label: Which it is.
    """

    ratio: float
    label: str


@dataclasses.dataclass
class Bound:
    """What is known of one efficiency check.

    Args:
        check: Its name.
        limit: The limit that it has.
        slowest: Of the correct answers.
        fastest: Of the mistakes that efficiency alone rejects.
    """

    check: str
    limit: float
    slowest: Side | None = None
    fastest: Side | None = None

    def line(self) -> str:
        """Return both ratios, and the limit that they give."""
        parts = [f"{self.check}: limit {self.limit:g}"]
        for what, side in (("correct", self.slowest), ("mistake", self.fastest)):
            said = f"{side.ratio:.3g} ({side.label})" if side else "none"
            parts.append(
                f"{'slowest' if what == 'correct' else 'fastest'} {what} {said}"
            )
        if self.slowest and self.fastest:
            mean = math.sqrt(self.slowest.ratio * self.fastest.ratio)
            parts.append(f"geometric mean {mean:.3g}")
        return ", ".join(parts)

    def problems(self) -> list[str]:
        """Return what is missing for a limit with room on both sides."""
        if self.fastest is None:
            return [f"{self.check}: no mistake that efficiency alone rejects"]
        found = []
        if self.slowest and self.limit < ROOM * self.slowest.ratio:
            room = self.limit / self.slowest.ratio
            found.append(
                f"{self.line()}: room {room:.2f} to the correct; {ROOM} or more"
            )
        if self.fastest.ratio < ROOM * self.limit:
            room = self.fastest.ratio / self.limit
            found.append(
                f"{self.line()}: room {room:.2f} to the mistake; {ROOM} or more"
            )
        return found


def to_measure(known: Iterable[tuple[Known, Result]]) -> list[Known]:
    """Return what to measure: correct answers, and mistakes that may be slow only."""
    found = []
    for one, result in known:
        slow = any(check.get("rubric") == "efficiency" for check in result.failed)
        if one.aspect == "answers" or (one.aspect == "mistakes" and slow):
            job = dataclasses.replace(one.job, ask="speed")
            found.append(dataclasses.replace(one, job=job))
    return found


def bounds(measured: Iterable[tuple[Known, Result]]) -> list[Bound]:
    """Return what was measured, check by check; cases of one check belong together."""
    found: dict[str, Bound] = {}
    for one, result in measured:
        worst: dict[str, float] = {}
        for name, ratio, limit in result.slowdowns:
            check = name.partition("[")[0]
            found.setdefault(check, Bound(check, limit))
            worst[check] = max(worst.get(check, 0.0), ratio)
        for check, ratio in worst.items():
            _take(found[check], one, Side(ratio, one.label))
    return list(found.values())


def _take(bound: Bound, one: Known, side: Side) -> None:
    if one.aspect == "answers":
        if bound.slowest is None or side.ratio > bound.slowest.ratio:
            bound.slowest = side
    # A mistake that stays below half of the limit is slow in another check.
    elif side.ratio > bound.limit / 2 and (
        bound.fastest is None or side.ratio < bound.fastest.ratio
    ):
        bound.fastest = side
