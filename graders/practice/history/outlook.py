"""What the sessions alone do not say: what comes next, mistakes made, talks rated."""

from __future__ import annotations

import dataclasses
from collections import defaultdict
from datetime import date

from graders.harness.catalog.exercise import catalogue
from graders.practice.clock import Moment
from graders.practice.history.history import History
from graders.practice.mocks.plan import SPOKEN, Part, read
from graders.practice.rows import Odd
from graders.practice.schedule import next_exercise
from graders.practice.store import MISTAKE, Mock, Store, mistakes_of
from graders.practice.talk_lines import Line


@dataclasses.dataclass(frozen=True)
class Repeated:
    """A classic mistake that was made in an exercise.

    Args:
        exercise: The exercise.
        mistake: Its name in the sheet.
        attempts: In how many attempts it was made.
        last: The day of the last of them.
    """

    exercise: str
    mistake: str
    attempts: int
    last: date


@dataclasses.dataclass(frozen=True)
class Talk:
    """The self-assessment of a spoken part.

    Args:
        day: When its mock interview started.
        round: Its round.
        ratings: 1 to 4, by the lines of its rubric; never empty.
        item: What it was about; empty where there were several questions.
        short: What took far less than its time.
        notes: What the candidate noted after it.
        lines: What was typed in it.
    """

    day: date
    round: str
    ratings: dict[str, int]
    item: str = ""
    short: tuple[str, ...] = ()
    notes: str = ""
    lines: tuple[Line, ...] = ()

    @property
    def mean(self) -> float:
        """The mean rating."""
        return sum(self.ratings.values()) / len(self.ratings)


@dataclasses.dataclass(frozen=True)
class Outlook:
    """What comes next, and what to work on.

    Args:
        next: The next exercise and why, or None.
        mistakes: The most frequent first.
        talks: Oldest first.
    """

    next: tuple[str, str] | None = None
    mistakes: tuple[Repeated, ...] = ()
    talks: tuple[Talk, ...] = ()


def next_of(store: Store, at: Moment) -> tuple[str, str] | None:
    """Return the next exercise and why, or None if there are no exercises."""
    entries = catalogue()
    if not entries:
        return None
    entry, why = next_exercise(store, entries, at)
    return entry.name, why


def mistakes(store: Store, history: History) -> tuple[Repeated, ...]:
    """Return the mistakes of all attempts that have ended.

    Histories of before mistakes were recorded have those of each last grading alone.
    """
    days: dict[tuple[str, str], list[date]] = defaultdict(list)
    for session in history.ended:
        found = set(mistakes_of(session.report or {}))
        found |= {e.detail for e in store.events(session.id) if e.kind == MISTAKE}
        for mistake in found:
            days[session.exercise, mistake].append(history.day(session))
    made = [Repeated(*key, len(when), max(when)) for key, when in days.items()]
    made.sort(key=lambda one: (-one.attempts, -one.last.toordinal(), one.mistake))
    return tuple(made)


def talks(store: Store, history: History) -> tuple[Talk, ...]:
    """Return the spoken parts that were rated."""
    return tuple(
        Talk(
            history.local(mock.wall).date(),
            part.round,
            part.ratings,
            part.names[0] if len(part.names) == 1 else "",
            tuple(part.short),
            part.notes,
            tuple(store.lines(mock.id, index)),
        )
        for mock in store.mocks()
        for index, part in enumerate(_parts(mock))
        if part.kind == SPOKEN and part.ratings
    )


def _parts(mock: Mock) -> list[Part]:
    try:
        return read(mock)
    except Odd:  # `mock` itself says so when it is resumed
        return []
