"""The history of one exercise, and the sums over several."""

from __future__ import annotations

import dataclasses
from datetime import date, datetime
from functools import cached_property

from graders.practice.store import Session


@dataclasses.dataclass(frozen=True)
class Record:
    """The history of one exercise.

    Args:
        name: Its name.
        round: Its interview round.
        topic: The folder within the round.
        attempts: Its sessions that have ended, oldest first.
        due: When it is due again, or None.
    """

    name: str
    round: str
    topic: str
    attempts: tuple[Session, ...]
    due: datetime | None

    @cached_property
    def is_solved(self) -> bool:
        """Whether it was ever passed, against the clock or not."""
        return any(session.state == "passed" for session in self.attempts)

    @cached_property
    def is_helped(self) -> bool:
        """Whether it was solved, and never without hints or the solution read."""
        passed = [one for one in self.attempts if one.state == "passed"]
        return self.is_solved and all(one.hints or one.has_read for one in passed)

    @cached_property
    def timed(self) -> tuple[Session, ...]:
        """The attempts against the clock."""
        return tuple(session for session in self.attempts if session.is_timed)

    @cached_property
    def best(self) -> Session | None:
        """The timed attempt that passed in the smallest share of its time limit."""
        passed = [session for session in self.timed if session.state == "passed"]
        return min(passed, key=lambda one: one.seconds / one.minutes, default=None)


@dataclasses.dataclass(frozen=True)
class Totals:
    """The sums over several exercises.

    Args:
        exercises: Their number.
        solved: How many were passed at least once.
        attempts: The number of attempts.
        best: How many were passed against the clock.
        took: The minutes of the best attempts.
        limit: The time limits of these, in minutes.
        last: The day of the last attempt, or None.
        due_now: How many are due now.
        due: The day on which the first is due, or None.
    """

    exercises: int
    solved: int
    attempts: int
    best: int
    took: float
    limit: float
    last: date | None
    due_now: int
    due: date | None
