"""A study plan as it is stored, and how far the candidate is with it."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from graders.practice.clock import date_of
from graders.practice.store import Session, Store
from graders.practice.text import plural

SETTING = "plan"  # the name under which the store keeps it


@dataclasses.dataclass(frozen=True)
class StudyPlan:
    """What is to be practiced on which day.

    Args:
        start: The first day.
        minutes: The minutes of a day.
        days: The exercises of each day, by name, in order; a day may be free.
        focus: The topic, round or tag that came first, or "".
        interview: The day of the interview, or None.
        left_out: Exercises that there was no time for.
    """

    start: date
    minutes: int
    days: tuple[tuple[str, ...], ...]
    focus: str = ""
    interview: date | None = None
    left_out: tuple[str, ...] = ()

    @property
    def names(self) -> list[str]:
        """All exercises in order."""
        return [name for day in self.days for name in day]

    def day(self, today: date) -> int:
        """Return the number of a day, from 0; what is past the end stays the end."""
        return max(0, min((today - self.start).days, len(self.days)))

    def when(self, number: int) -> date:
        """Return the date of a day."""
        return self.start + timedelta(number)

    def done(self, sessions: Iterable[Session]) -> set[str]:
        """Return the exercises that were passed since the plan started."""
        return {
            one.exercise
            for one in sessions
            if one.state == "passed" and local_day(one) >= self.start
        } & set(self.names)

    def behind(self, done: set[str], today: date) -> list[str]:
        """Return the exercises of the days before today that are not done."""
        past = [name for day in self.days[: self.day(today)] for name in day]
        return [name for name in past if name not in done]

    def days_left(self, today: date) -> str:
        """Return in words how long it is until the interview, or ""."""
        if not self.interview:
            return ""
        days = (self.interview - today).days
        when = f"{self.interview:%A} {self.interview.day} {self.interview:%B}"
        if days <= 0:
            return "the interview is today" if not days else f"the interview was {when}"
        return f"{plural(days, 'day')} until the interview on {when}"

    def standing(self, sessions: Sequence[Session], today: date) -> str:
        """Return in one line where the candidate stands."""
        done, number = self.done(sessions), self.day(today) + 1
        total = len(self.days)
        where = f"day {number} of {total}" if number <= total else "over"
        behind = self.behind(done, today)
        parts = [
            where,
            f"{len(done)} of {plural(len(self.names), 'exercise')} done",
            f"{len(behind)} behind" if behind else "on schedule",
            self.days_left(today),
        ]
        return "; ".join(filter(None, parts))

    def as_text(self) -> str:
        """Return it as the store keeps it."""
        return json.dumps(dataclasses.asdict(self), default=date.isoformat)


def local_day(session: Session) -> date:
    """Return the day on which a session ended."""
    return date_of(session.started + session.seconds).astimezone().date()


def read_plan(store: Store) -> StudyPlan | None:
    """Return the current plan, or None; one that cannot be read is none."""
    try:
        found = json.loads(store.setting(SETTING) or "null")
        return StudyPlan(
            date.fromisoformat(found["start"]),
            int(found["minutes"]),
            tuple(tuple(map(str, day)) for day in found["days"]),
            str(found["focus"]),
            date.fromisoformat(found["interview"]) if found["interview"] else None,
            tuple(map(str, found["left_out"])),
        )
    except (ValueError, TypeError, KeyError):
        return None
