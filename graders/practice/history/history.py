"""The history as the table, the page and programs show it, derived from the database.

Only what has ended counts: while a sitting runs, its verdicts may be none of the
candidate's business yet. Nothing here reads a grader or a solution. Days are those of
the place where the reader is; a sitting belongs to the day on which it ended.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, date, datetime, timedelta, tzinfo
from functools import cached_property
from itertools import groupby

from graders.harness.catalog.exercise import Entry
from graders.harness.feedback.results import RUBRIC
from graders.practice.history.records import GONE, Record, Totals, due
from graders.practice.store import ENDED, Sitting

ROWS = 20  # exercises that a plot has room for
WEEKS = 26  # that the calendar shows


class History:
    """All that was practised, as it stands at a moment.

    Args:
        entries: The exercises that there are.
        sittings: All sittings, oldest first.
        cards: The memory of each exercise, as the scheduler wrote it.
        wall: The moment, in seconds since 1970.
        zone: Whose days count; the computer's, if None.
    """

    def __init__(
        self,
        entries: Iterable[Entry],
        sittings: Iterable[Sitting],
        cards: Mapping[str, str],
        wall: float,
        zone: tzinfo | None = None,
    ) -> None:
        self._zone = zone
        self.now = self.local(wall)
        sittings = list(sittings)
        self.ended = [sitting for sitting in sittings if sitting.state in ENDED]
        self.ended.sort(key=_end)
        self.running = [one for one in sittings if one.state == "running"]
        self.records = self._records(list(entries), cards)

    def local(self, wall: float) -> datetime:
        """Return a moment in the reader's time."""
        return datetime.fromtimestamp(wall, UTC).astimezone(self._zone)

    def day(self, sitting: Sitting) -> date:
        """Return the day on which a sitting ended."""
        return self.local(_end(sitting)).date()

    @property
    def today(self) -> date:
        """The day of this moment."""
        return self.now.date()

    @cached_property
    def days(self) -> dict[date, list[Sitting]]:
        """What ended on each day that saw something end."""
        days: dict[date, list[Sitting]] = defaultdict(list)
        for sitting in self.ended:
            days[self.day(sitting)].append(sitting)
        return dict(days)

    @property
    def streak(self) -> int:
        """The days in a row up to today; a today without any does not break it yet."""
        last = self.today if self.today in self.days else self.today - timedelta(1)
        return self._run(last)

    @property
    def longest(self) -> int:
        """The most days in a row that there ever were."""
        return max(map(self._run, self.days), default=0)

    @property
    def seconds(self) -> float:
        """What all attempts took together."""
        return sum(sitting.seconds for sitting in self.ended)

    @cached_property
    def solved(self) -> dict[str, date]:
        """The exercises that are there and were passed: when first, oldest first."""
        known = {record.name for record in self.known}
        first: dict[str, date] = {}
        for sitting in self.ended:
            if sitting.state == "passed" and sitting.exercise in known:
                first.setdefault(sitting.exercise, self.day(sitting))
        return first

    @property
    def known(self) -> list[Record]:
        """The exercises that are still there."""
        return [record for record in self.records if record.round != GONE[0]]

    @property
    def due(self) -> list[Record]:
        """The exercises that are due now, longest first."""
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
        """Return what some exercises come to together."""
        records = list(records)
        best = [record.best for record in records if record.best]
        ends = [self.day(one.attempts[-1]) for one in records if one.attempts]
        dues = sorted(record.due for record in records if record.due)
        return Totals(
            exercises=len(records),
            solved=len(best),
            attempts=sum(len(record.attempts) for record in records),
            took=sum(sitting.seconds for sitting in best) / 60,
            given=sum(sitting.minutes for sitting in best),
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
        """The exercises that were attempted last, at most `ROWS`."""
        ends = {one.name: _end(one.attempts[-1]) for one in self.tried}
        last = sorted(ends, key=lambda name: ends[name])[-ROWS:]
        return [record for record in self.records if record.name in last]

    @property
    def rubric(self) -> dict[str, dict[str, tuple[int, int]]]:
        """Of each topic of `recent`, the checks that passed last, and all, a line.

        Topics of one name count as one, whatever the round.
        """
        topics: dict[str, list[Record]] = defaultdict(list)
        for record in self.recent:
            topics[record.topic].append(record)
        counts = {topic: _count(records) for topic, records in topics.items()}
        return {topic: lines for topic, lines in counts.items() if lines}

    @property
    def weeks(self) -> list[date]:
        """The Mondays of the last weeks, this one included."""
        monday = self.today - timedelta(self.today.weekday())
        return [monday - timedelta(7 * i) for i in reversed(range(WEEKS))]

    def _run(self, last: date) -> int:
        """Return how many days in a row end with a day."""
        length = 0
        while last - timedelta(length) in self.days:
            length += 1
        return length

    def _records(
        self, entries: list[Entry], cards: Mapping[str, str]
    ) -> tuple[Record, ...]:
        attempts: dict[str, list[Sitting]] = defaultdict(list)
        for sitting in self.ended:
            attempts[sitting.exercise].append(sitting)
        places = {entry.name: (entry.round, entry.topic) for entry in entries}
        names = [*places, *sorted(attempts.keys() - places.keys())]
        return tuple(
            Record(
                name,
                *places.get(name, GONE),
                tuple(attempts[name]),
                due(cards.get(name), self._zone) if name in places else None,
            )
            for name in names
        )


def _count(records: Iterable[Record]) -> dict[str, tuple[int, int]]:
    """Return the checks that passed, and all, a line, of each one's last grading."""
    good: Counter[str] = Counter()
    every: Counter[str] = Counter()
    for record in records:
        graded = [one.report for one in record.attempts if one.report]
        for check in graded[-1]["checks"] if graded else ():
            every[check["rubric"]] += 1
            good[check["rubric"]] += check["verdict"] == "passed"
    return {line: (good[line], every[line]) for line in RUBRIC if every[line]}


def _end(sitting: Sitting) -> float:
    return sitting.started + sitting.seconds


def relative(day: date, today: date) -> str:
    """Return a day as seen from today: "today", "in 3 days", "2 days ago"."""
    distance = (day - today).days
    if abs(distance) <= 1:
        return ("yesterday", "today", "tomorrow")[distance + 1]
    return f"in {distance} days" if distance > 0 else f"{-distance} days ago"
