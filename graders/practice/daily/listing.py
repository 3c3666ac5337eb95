"""The exercises with their status, filtered, and as a table or JSON."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from difflib import get_close_matches
from typing import Any

from wcwidth import ljust, rjust, width

from graders.harness.catalog.exercise import Entry, catalogue
from graders.harness.catalog.sheet import DIFFICULTIES, SOURCES
from graders.harness.catalog.stubs import is_started
from graders.practice.clock import Moment, date_of
from graders.practice.schedule import dates_of, order
from graders.practice.store import Store
from graders.practice.text import wrap

STATUSES = ("new", "started", "solved", "due")
FEW = 6  # values that an error lists


@dataclasses.dataclass(frozen=True)
class Row:
    """One exercise and how far the candidate is with it.

    Args:
        entry: The exercise.
        state: "new", "started" or "solved"; passed once is solved.
        due: When it is due for review, or None.
        is_due: Whether that is now.
    """

    entry: Entry
    state: str
    due: datetime | None = None
    is_due: bool = False

    @property
    def status(self) -> str:
        """The state, and whether it is due."""
        return f"{self.state}, due" if self.is_due else self.state

    @property
    def words(self) -> str:
        """All that a typed word is searched in, in small letters."""
        entry, sheet = self.entry, self.entry.sheet
        place = f"{entry.name} {entry.title} {entry.round}/{entry.topic}"
        covers = " ".join(sheet.covers)
        return f"{place} {sheet.difficulty} {covers} {self.status}".lower()


@dataclasses.dataclass(frozen=True)
class Filter:
    """What to list; a field that is empty lets everything through.

    Args:
        words: Each occurs in one of the row's texts.
        round: The round.
        topic: The topic.
        difficulty: One of `DIFFICULTIES`.
        status: One of `STATUSES`.
        covers: What the sheet says that it covers.
        minutes: At most so many.
    """

    words: Sequence[str] = ()
    round: str = ""
    topic: str = ""
    difficulty: str = ""
    status: str = ""
    covers: str = ""
    minutes: int | None = None

    def admits(self, row: Row) -> bool:
        """Return whether a row is listed."""
        entry, sheet = row.entry, row.entry.sheet
        return (
            all(word.lower() in row.words for word in self.words)
            and self.round in ("", entry.round)
            and self.topic in ("", entry.topic)
            and self.difficulty in ("", sheet.difficulty)
            and self.status in ("", row.state, "due" if row.is_due else "")
            and (not self.covers or self.covers in sheet.covers)
            and (self.minutes is None or sheet.minutes <= self.minutes)
        )

    def check(self, rows: Iterable[Row]) -> None:
        """Check that every value means something, whatever else is asked.

        Raises:
            LookupError: If a value is unknown; names the nearest ones.
        """
        rows = list(rows)
        entries = [row.entry for row in rows]
        covers = {tag for entry in entries for tag in entry.sheet.covers}
        known = {
            "round": {entry.round for entry in entries},
            "topic": {entry.topic for entry in entries},
            "difficulty": DIFFICULTIES,
            "status": STATUSES,
            "covers": covers,
        }
        for field, values in known.items():
            if value := getattr(self, field):
                what = "tag" if field == "covers" else field
                require(value, values, f"no {what} is called")
        texts = {text for row in rows for text in row.words.replace("/", " ").split()}
        for word in self.words:
            if not any(word.lower() in row.words for row in rows):
                require(word, texts, "no exercise matches")


def require(value: str, known: Iterable[str], what: str) -> None:
    """Check that a typed value is known.

    Raises:
        LookupError: If it is not; names the nearest ones, or all if there are few.
    """
    known = sorted(known) if isinstance(known, set) else list(known)
    if value in known:
        return
    near = get_close_matches(value, known, n=3)
    hint = f"; did you mean {' or '.join(near)}?" if near else ""
    if not near and len(known) <= FEW:
        hint = f"; there are {', '.join(known)}"
    raise LookupError(f"{what} {value!r}{hint}")


def read_rows(store: Store, at: Moment) -> list[Row]:
    """Return all exercises, the most frequently asked first."""
    dates, now = dates_of(store), date_of(at.wall)
    sessions = store.sessions()
    passed = {session.exercise for session in sessions if session.state == "passed"}
    tried = {session.exercise for session in sessions}
    rows = []
    for entry in sorted(catalogue(), key=order):
        started = entry.name in tried or is_started(entry)
        state = "solved" if entry.name in passed else "started" if started else "new"
        due = dates.get(entry.name)
        rows.append(Row(entry, state, due, bool(due and due <= now)))
    return rows


CELLS: dict[str, Callable[[Row], str]] = {
    "name": lambda row: row.entry.name,
    "title": lambda row: row.entry.title,
    "round/topic": lambda row: f"{row.entry.round}/{row.entry.topic}",
    "topic": lambda row: row.entry.topic,
    "level": lambda row: row.entry.sheet.difficulty,
    "min": lambda row: str(row.entry.sheet.minutes),
    "asked": lambda row: str(row.entry.sheet.frequency or "-"),
    "status": lambda row: row.status,
}
_NUMBERS = ("min", "asked")
_WHOLE = ("name", "title", "round/topic", "level", "min", "asked", "status")
_LINES = (
    ("name", "round/topic", "level", "min", "asked", "status"),
    ("name", "topic", "level", "min", "asked", "status"),
    ("name", "level", "min", "asked", "status"),
    ("name", "min", "status"),
    ("name",),
)


class Table:
    """The columns of a table of exercises, as many as there is room for.

    Args:
        rows: The exercises of the table.
        space: Columns of the screen.
    """

    def __init__(self, rows: Sequence[Row], space: int, lines: Any = _LINES) -> None:
        self.widths: dict[str, int] = {}
        for keys in lines:
            self.widths = {
                key: max([width(key), *(width(CELLS[key](row)) for row in rows)])
                for key in keys
            }
            if sum(self.widths.values()) + 2 * (len(keys) - 1) <= space:
                break

    @property
    def head(self) -> str:
        """The line of the columns' names."""
        return self._line({key: key for key in self.widths})

    def line(self, row: Row) -> str:
        """Return the line of an exercise."""
        return self._line({key: CELLS[key](row) for key in self.widths})

    def _line(self, cells: dict[str, str]) -> str:
        padded = (
            (rjust if key in _NUMBERS else ljust)(cell, self.widths[key])
            for key, cell in cells.items()
        )
        return "  ".join(padded).rstrip()


def table(rows: Sequence[Row], space: int) -> list[str]:
    """Return the table; where one line is too short, an exercise takes two."""
    whole = Table(rows, space, (_WHOLE, *_LINES[2:]))
    lines = [whole.head]
    for row in rows:
        lines.append(whole.line(row))
        if "title" not in whole.widths:
            lines += wrap(details(row, whole.widths), space, "  ", "  ")
    count = f"{len(rows)} exercise{'' if len(rows) == 1 else 's'}"
    note = f"{count}; asked: how many of {SOURCES} sources on ML interviews list it"
    return [*lines, "", *wrap(note, space)]


def details(row: Row, shown: Iterable[str] = ()) -> str:
    """Return in words what the columns that are shown do not say."""
    sheet = row.entry.sheet
    said = {
        "title": row.entry.title,
        "round/topic": f"{row.entry.round}/{row.entry.topic}",
        "level": sheet.difficulty,
        "min": f"{sheet.minutes} min",
        "asked": f"asked by {sheet.frequency} of {SOURCES}" if sheet.frequency else "",
        "status": row.status,
    }
    return "; ".join(t for key, t in said.items() if t and key not in shown)


def as_json(rows: Iterable[Row]) -> dict[str, Any]:
    """Return the exercises for programs."""
    return {
        "schema": 1,
        "sources": SOURCES,
        "exercises": [
            {
                "name": row.entry.name,
                "title": row.entry.title,
                "round": row.entry.round,
                "topic": row.entry.topic,
                "difficulty": row.entry.sheet.difficulty,
                "minutes": row.entry.sheet.minutes,
                "frequency": row.entry.sheet.frequency,
                "covers": list(row.entry.sheet.covers),
                "state": row.state,
                "is_due": row.is_due,
                "due": row.due.isoformat() if row.due else None,
            }
            for row in rows
        ],
    }
