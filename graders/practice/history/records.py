"""What became of single exercises, and of several together."""

from __future__ import annotations

import dataclasses
from datetime import date, datetime, tzinfo
from functools import cached_property

from graders.practice.schedule import memory
from graders.practice.store import Sitting

GONE = ("gone", "no longer here")  # round and topic of exercises that were taken away


@dataclasses.dataclass(frozen=True)
class Record:
    """What became of one exercise.

    Args:
        name: Its name.
        round: The interview round that it belongs to.
        topic: The folder within the round.
        attempts: Its sittings that have ended, oldest first.
        due: When it is due again, or None.
    """

    name: str
    round: str
    topic: str
    attempts: tuple[Sitting, ...]
    due: datetime | None

    @cached_property
    def best(self) -> Sitting | None:
        """The attempt that passed in the smallest share of its time."""
        passed = [sitting for sitting in self.attempts if sitting.state == "passed"]
        return min(passed, key=lambda one: one.seconds / one.minutes, default=None)


@dataclasses.dataclass(frozen=True)
class Totals:
    """What several exercises come to together.

    Args:
        exercises: How many they are.
        solved: How many were passed at least once.
        attempts: How many attempts there were.
        took: The minutes of the best attempts that passed.
        given: The minutes that these were given.
        last: The day of the last attempt, or None.
        due_now: How many are due now.
        due: The day on which the first is due, or None.
    """

    exercises: int
    solved: int
    attempts: int
    took: float
    given: float
    last: date | None
    due_now: int
    due: date | None


def due(card: str | None, zone: tzinfo | None) -> datetime | None:
    """Return when an exercise is due, in a zone's time; None if its card is no card."""
    try:
        return memory(card or "")[1].due.astimezone(zone)
    except ValueError:
        return None
