"""The history of practice, as the table, the page and programs show it.

Only sessions that have ended count: while one is running, its verdicts may be hidden.
Nothing here reads a grader or a solution. Days are the reader's local days; a session
belongs to the day on which it ended.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, timedelta, tzinfo
from functools import cached_property
from itertools import groupby

from graders.harness.catalog.exercise import Entry
from graders.harness.feedback.results import RUBRIC
from graders.practice.clock import date_of
from graders.practice.history.record import Record as Record
from graders.practice.history.record import Totals
from graders.practice.schedule import read_card
from graders.practice.store import ENDED, Session
from graders.practice.text import plural

GONE = ("gone", "removed")  # round and topic of exercises that were removed
ROWS = 20  # exercises that a plot has room for
WEEKS = 26  # in the calendar


class History:
    """The whole history at a moment.

    Args:
        entries: The exercises of the repository.
        sessions: All sessions, oldest first.
        cards: The scheduler's card of each exercise, as text.
        wall: The moment, in seconds since 1970.
        zone: The time zone of the days; the computer's, if None.
    """

    def __init__(
        self,
        entries: Iterable[Entry],
        sessions: Iterable[Session],
        cards: Mapping[str, str],
        wall: float,
        zone: tzinfo | None = None,
    ) -> None:
        self._zone = zone
        self.now = self.local(wall)
        sessions = list(sessions)
        self.ended = [session for session in sessions if session.state in ENDED]
        self.ended.sort(key=_end)
        self.running = [one for one in sessions if one.state == "running"]
        self.records = self._records(list(entries), cards)

    def local(self, wall: float) -> datetime:
        """Return a moment in the reader's time zone."""
        return date_of(wall).astimezone(self._zone)

    def day(self, session: Session) -> date:
        """Return the day on which a session ended."""
        return self.local(_end(session)).date()

    @property
    def today(self) -> date:
        """The day of this moment."""
        return self.now.date()

    @cached_property
    def days(self) -> dict[date, list[Session]]:
        """The sessions that ended on each day that has some."""
        days: dict[date, list[Session]] = defaultdict(list)
        for session in self.ended:
            days[self.day(session)].append(session)
        return dict(days)

    @property
    def streak(self) -> int:
        """The days in a row up to today; a day that is not over does not break it."""
        last = self.today if self.today in self.days else self.today - timedelta(1)
        return self._run(last)

    @property
    def longest(self) -> int:
        """The longest streak of days."""
        return max(map(self._run, self.days), default=0)

    @property
    def seconds(self) -> float:
        """The time of all attempts."""
        return sum(session.seconds for session in self.ended)

    @cached_property
    def solved(self) -> dict[str, date]:
        """The day on which each existing exercise was first passed, oldest first."""
        known = {record.name for record in self.known}
        first: dict[str, date] = {}
        for session in self.ended:
            if session.state == "passed" and session.exercise in known:
                first.setdefault(session.exercise, self.day(session))
        return first

    @property
    def known(self) -> list[Record]:
        """The exercises that still exist."""
        return [record for record in self.records if record.round != GONE[0]]

    @property
    def due(self) -> list[Record]:
        """The exercises that are due now, the longest overdue first."""
        now = [one for one in self.records if one.due and one.due <= self.now]
        return sorted(now, key=lambda one: (one.due, one.name))

    def places(self) -> Iterator[tuple[str, bool, list[Record]]]:
        """Yield each round, and below it its topics, with their exercises.

        The second of the three says whether it is a topic.
        """
        for round_, found in groupby(self.records, key=lambda one: one.round):
            records = list(found)
            yield round_, False, records
            for topic, some in groupby(records, key=lambda one: one.topic):
                yield topic, True, list(some)

    def totals(self, records: Iterable[Record]) -> Totals:
        """Return the sums over some exercises."""
        records = list(records)
        best = [record.best for record in records if record.best]
        ends = [self.day(one.attempts[-1]) for one in records if one.attempts]
        dues = sorted(record.due for record in records if record.due)
        return Totals(
            exercises=len(records),
            solved=sum(record.is_solved for record in records),
            attempts=sum(len(record.attempts) for record in records),
            best=len(best),
            took=sum(session.seconds for session in best) / 60,
            limit=sum(session.minutes for session in best),
            last=max(ends, default=None),
            due_now=sum(due <= self.now for due in dues),
            due=dues[0].date() if dues else None,
        )

    @property
    def tried(self) -> list[Record]:
        """The exercises that were attempted."""
        return [record for record in self.records if record.attempts]

    @property
    def recent(self) -> list[Record]:
        """The exercises that were attempted most recently, at most `ROWS`."""
        ends = {one.name: _end(one.attempts[-1]) for one in self.tried}
        last = sorted(ends, key=lambda name: ends[name])[-ROWS:]
        return [record for record in self.records if record.name in last]

    @property
    def rubric(self) -> dict[str, dict[str, tuple[int, int]]]:
        """The checks that passed last, and all, of each topic of `recent` by line.

        Topics with the same name count as one, whatever the round.
        """
        topics: dict[str, list[Record]] = defaultdict(list)
        for record in self.recent:
            topics[record.topic].append(record)
        counts = {topic: _count(records) for topic, records in topics.items()}
        return {topic: lines for topic, lines in counts.items() if lines}

    @property
    def weeks(self) -> list[date]:
        """The Mondays of the last weeks, including this one."""
        monday = self.today - timedelta(self.today.weekday())
        return [monday - timedelta(7 * i) for i in reversed(range(WEEKS))]

    def _run(self, last: date) -> int:
        """Return the length of the streak that ends on a day."""
        length = 0
        while last - timedelta(length) in self.days:
            length += 1
        return length

    def _records(
        self, entries: list[Entry], cards: Mapping[str, str]
    ) -> tuple[Record, ...]:
        attempts: dict[str, list[Session]] = defaultdict(list)
        for session in self.ended:
            attempts[session.exercise].append(session)
        places = {entry.name: (entry.round, entry.topic) for entry in entries}
        names = [*places, *sorted(attempts.keys() - places.keys())]
        return tuple(
            Record(
                name,
                *places.get(name, GONE),
                tuple(attempts[name]),
                _due(cards.get(name), self._zone) if name in places else None,
            )
            for name in names
        )


def _count(records: Iterable[Record]) -> dict[str, tuple[int, int]]:
    """Return the checks that passed, and all, by line, of the last gradings."""
    good: Counter[str] = Counter()
    every: Counter[str] = Counter()
    for record in records:
        graded = [one.report for one in record.attempts if one.report]
        for check in graded[-1]["checks"] if graded else ():
            line = check.get("rubric", "")
            every[line] += 1
            good[line] += check["verdict"] == "passed"
    return {line: (good[line], every[line]) for line in RUBRIC if every[line]}


def _end(session: Session) -> float:
    return session.started + session.seconds


def _due(card: str | None, zone: tzinfo | None) -> datetime | None:
    """Return when an exercise is due; None if its card cannot be read."""
    try:
        return read_card(card or "")[1].due.astimezone(zone)
    except ValueError:
        return None


def solved_text(history: History) -> str:
    """Return how many of the existing exercises were ever solved."""
    count = sum(record.is_solved for record in history.known)
    helped = sum(record.is_helped for record in history.known)
    how = f" ({helped} with hints or the solution)" if helped else ""
    return f"{count} of {plural(len(history.known), 'exercise')}{how}"


def relative(day: date, today: date) -> str:
    """Return a day relative to today: "today", "in 3 days", "2 days ago"."""
    distance = (day - today).days
    if abs(distance) <= 1:
        return ("yesterday", "today", "tomorrow")[distance + 1]
    return f"in {distance} days" if distance > 0 else f"{-distance} days ago"
