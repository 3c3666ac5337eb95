"""Builds a study plan from one for 7, 14 or 21 days and what the candidate can do.

Left out is what was solved and is not due. Kept in any case, as far as there is time,
is what was tried and not solved, what is due, and what has the focus. Then come the
plan's own exercises, then all others, the most frequently asked first.

An exercise that the plan does not name stands with those of its topic.
"""

from __future__ import annotations

import functools
import tomllib
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from graders.practice.daily.listing import Row
from graders.practice.daily.study_plan import StudyPlan

LENGTHS = (7, 14, 21)  # days


def build(
    rows: Sequence[Row],
    *,
    days: int,
    minutes: int,
    start: date,
    focus: str = "",
    interview: date | None = None,
) -> StudyPlan:
    """Return a plan.

    Args:
        rows: All exercises, the most frequently asked first.
        days: One of `LENGTHS`.
        minutes: The minutes of a day. A longer exercise has a day of its own.
        start: The first day.
        focus: A topic, round or tag whose exercises are kept first.
        interview: The day of the interview.
    """
    place = _places(rows, days, focus)
    named = {name for day in template(days) for name in day}
    open_ = [row for row in rows if row.state != "solved" or row.is_due]
    if not open_:
        return StudyPlan(start, minutes, ((),) * days, focus, interview)

    def urgency(row: Row) -> int:
        urgent = row.is_due or row.state == "started" or has_focus(row, focus)
        return 0 if urgent else 1 if row.entry.name in named else 2

    kept: list[Row] = []
    room = days * minutes
    for row in sorted(open_, key=urgency):
        if row.entry.sheet.minutes <= room or not kept:
            kept.append(row)
            room -= row.entry.sheet.minutes
    while True:
        chosen = _pack(
            sorted(kept, key=lambda row: place[row.entry.name]), days, minutes
        )
        placed = {name for day in chosen for name in day}
        missing = [row for row in kept if row.entry.name not in placed]
        if urgency(kept[-1]) == 0 or all(urgency(row) for row in missing):
            break
        kept.pop()  # the least urgent makes room for what must not be missing
    left_out = tuple(e for e in (r.entry.name for r in open_) if e not in placed)
    return StudyPlan(start, minutes, tuple(chosen), focus, interview, left_out)


def has_focus(row: Row, focus: str) -> bool:
    """Return whether an exercise is of a topic or round, or covers a tag."""
    return bool(focus) and (
        row.entry.answers_to(focus) or focus in row.entry.sheet.covers
    )


@functools.cache
def template(days: int) -> list[list[str]]:
    """Return the names of the exercises of each day."""
    text = Path(__file__).with_name("plans.toml").read_text("utf-8")
    return [day["exercises"] for day in tomllib.loads(text)[f"days_{days}"]]


def _pack(rows: Sequence[Row], days: int, minutes: int) -> list[tuple[str, ...]]:
    """Return the names of each day: each exercise on the first day with room for it."""
    chosen: list[list[str]] = [[] for _ in range(days)]
    taken = [0] * days
    for row in rows:
        for day in range(days):
            if not taken[day] or taken[day] + row.entry.sheet.minutes <= minutes:
                chosen[day].append(row.entry.name)
                taken[day] += row.entry.sheet.minutes
                break
    return [tuple(day) for day in chosen]


def _places(rows: Sequence[Row], days: int, focus: str) -> dict[str, float]:
    """Return where each exercise stands in the order of the plan.

    What is due stands first, then what has the focus, in the plan's order; what has no
    topic in the plan, before its last day.
    """
    by_name = {row.entry.name: row for row in rows}
    place: dict[str, float] = {}
    topics: dict[str, float] = {}
    lists = template(days)
    for number, day in enumerate(lists):
        for name in filter(by_name.__contains__, day):
            place[name] = number
            topics[by_name[name].entry.topic] = number + 0.5
    for row in rows:
        last = topics.get(row.entry.topic, len(lists) - 1.5)
        place.setdefault(row.entry.name, last)
        if row.is_due:
            place[row.entry.name] = -days
        elif has_focus(row, focus):
            place[row.entry.name] -= days
    return place
