"""What is remembered: sittings, their events, what is due, mock rounds.

A running sitting's clock goes on in here: whoever looks adds the time since somebody
last looked, so that it needs no process of its own.
"""

from __future__ import annotations

import dataclasses
import json
import sqlite3
from typing import Any

from graders.practice.clock import Moment, between
from graders.practice.database import Database
from graders.practice.database import Unusable as Unusable

ENDED = ("passed", "failed", "gave up")


@dataclasses.dataclass(frozen=True)
class Sitting:
    """One go at an exercise, against the clock.

    Args:
        id: Its number.
        exercise: The exercise's name.
        mode: "practice", "interview" or "mock".
        minutes: The time that is given.
        seed: From which its gradings draw.
        state: "running", or how it ended: "passed", "failed" or "gave up".
        started: When, in seconds since 1970.
        seconds: How long it has taken, or took, until it was last seen.
        hints: How many were taken.
        report: The last grading, as in the command line's JSON, or None.
        mock: The mock round that it belongs to, or None.
    """

    id: int
    exercise: str
    mode: str
    minutes: float
    seed: int
    state: str
    started: float
    seconds: float
    hints: int
    report: dict[str, Any] | None
    mock: int | None

    @property
    def is_late(self) -> bool:
        """Whether more time went by than was given."""
        return self.seconds > 60 * self.minutes

    @property
    def left(self) -> float:
        """The seconds left; negative once the time is over."""
        return 60 * self.minutes - self.seconds


@dataclasses.dataclass(frozen=True)
class Event:
    """Something that happened in a sitting.

    Args:
        wall: When, in seconds since 1970.
        seconds: When, by the sitting's clock.
        kind: "started", "graded", "hint", "submitted", "gave up", "left", "opened",
            "clock" (something odd about it), "kept" (a file was put aside) or "own"
            (the candidate's own rating, in JSON).
        detail: What there is to say about it.
    """

    wall: float
    seconds: float
    kind: str
    detail: str


@dataclasses.dataclass(frozen=True)
class Mock:
    """A mock interview: what was drawn, and how far it is.

    Args:
        id: Its number.
        wall: When it began, in seconds since 1970.
        seed: From which it was drawn.
        state: "running", "done" or "left".
        plan: Its parts in order, as the mock round wrote them.
    """

    id: int
    wall: float
    seed: int
    state: str
    plan: list[dict[str, Any]]


class Store(Database):
    """The record of practice: see `Database` for its opening."""

    # Sittings.

    def begin(
        self,
        exercise: str,
        mode: str,
        minutes: float,
        seed: int,
        at: Moment,
        mock: int | None = None,
    ) -> Sitting:
        """Start the clock of a sitting, or return the one that runs already."""
        with self._change() as database:
            row = database.execute(
                "SELECT id FROM sitting WHERE exercise = ? AND state = 'running'",
                (exercise,),
            ).fetchone()
            if row is None:
                cursor = database.execute(
                    "INSERT INTO sitting (exercise, mode, minutes, seed, mock, started,"
                    " seen_wall, seen_steady, seen_boot)"
                    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                    (exercise, mode, minutes, seed, mock, at.wall, *_row(at)),
                )
                number = int(cursor.lastrowid or 0)
                self._note(number, at, "started", f"{minutes:g} minutes, {mode}")
            else:
                number = row[0]
        return self.sitting(number)

    def sitting(self, number: int) -> Sitting:
        """Return a sitting by its number."""
        [found] = self._sittings("id = ?", (number,))
        return found

    def running(self, exercise: str | None = None) -> list[Sitting]:
        """Return the sittings whose clock runs, of one exercise or of all."""
        if exercise is None:
            return self._sittings("state = 'running'", ())
        return self._sittings("state = 'running' AND exercise = ?", (exercise,))

    def sittings(self) -> list[Sitting]:
        """Return all sittings, oldest first."""
        return self._sittings("1", ())

    def events(self, sitting: int) -> list[Event]:
        """Return what happened in a sitting, oldest first."""
        with self._explained():
            rows = self._connection.execute(
                "SELECT wall, seconds, kind, detail FROM event WHERE sitting = ?"
                " ORDER BY id",
                (sitting,),
            ).fetchall()
        return [Event(*row) for row in rows]

    def see(self, sitting: int, at: Moment) -> Sitting:
        """Let a sitting's clock run on until a moment, and return how it stands."""
        with self._change():
            self._see(sitting, at)
        return self.sitting(sitting)

    def note(self, sitting: int, at: Moment, kind: str, detail: str = "") -> Sitting:
        """Record an event of a sitting; a hint is counted while the clock runs."""
        with self._change() as database:
            self._see(sitting, at)
            self._note(sitting, at, kind, detail)
            if kind == "hint":
                database.execute(
                    "UPDATE sitting SET hints = hints + 1"
                    " WHERE id = ? AND state = 'running'",
                    (sitting,),
                )
        return self.sitting(sitting)

    def keep_report(self, sitting: int, report: dict[str, Any], at: Moment) -> Sitting:
        """Record a grading of a sitting while it runs; what has ended stays so."""
        with self._change() as database:
            if self._runs(sitting):
                self._see(sitting, at)
                self._report(database, sitting, report, at, "graded")
        return self.sitting(sitting)

    def end(
        self, sitting: int, state: str, report: dict[str, Any] | None, at: Moment
    ) -> bool:
        """Stop the clock of a sitting for good, and return whether it still ran.

        Args:
            sitting: Its number.
            state: One of `ENDED`.
            report: Its last grading, if there is a new one.
            at: When.
        """
        if state not in ENDED:
            raise ValueError(f"a sitting does not end as {state!r}")
        kind = "gave up" if state == "gave up" else "submitted"
        with self._change() as database:
            if not self._runs(sitting):
                return False
            self._see(sitting, at)
            if report is None:
                self._note(sitting, at, kind)
            else:
                self._report(database, sitting, report, at, kind)
            database.execute(
                "UPDATE sitting SET state = ? WHERE id = ?", (state, sitting)
            )
        return True

    def hand_in(self, sitting: int, report: dict[str, Any], at: Moment) -> bool:
        """Stop the clock of a sitting by its last grading: passed, or failed."""
        state = "passed" if report["verdict"] == "passed" else "failed"
        return self.end(sitting, state, report, at)

    # What is due.

    def cards(self) -> dict[str, str]:
        """Return the memory of each exercise, as the scheduler wrote it."""
        with self._explained():
            return dict(self._connection.execute("SELECT exercise, text FROM card"))

    def keep_card(self, exercise: str, text: str) -> None:
        """Keep the memory of an exercise."""
        with self._change() as database:
            database.execute(
                "INSERT OR REPLACE INTO card (exercise, text) VALUES (?, ?)",
                (exercise, text),
            )

    # Mock rounds.

    def begin_mock(self, seed: int, plan: list[dict[str, Any]], at: Moment) -> Mock:
        """Start a mock interview, or return the one that runs already."""
        with self._change() as database:
            if not database.execute(
                "SELECT 1 FROM mock WHERE state = 'running'"
            ).fetchone():
                database.execute(
                    "INSERT INTO mock (wall, seed, plan) VALUES (?, ?, ?)",
                    (at.wall, seed, json.dumps(plan)),
                )
            [mock] = self.mocks("running")
        return mock

    def mocks(self, state: str | None = None) -> list[Mock]:
        """Return the mock interviews, in one state or in any, oldest first."""
        with self._explained():
            rows = self._connection.execute(
                "SELECT id, wall, seed, state, plan FROM mock"
                " WHERE ? IN (state, '') ORDER BY id",
                (state or "",),
            ).fetchall()
        return [Mock(**dict(row) | {"plan": _loaded(row["plan"], [])}) for row in rows]

    def keep_mock(
        self, mock: int, plan: list[dict[str, Any]], state: str = "running"
    ) -> None:
        """Keep how far a mock interview is; one that has ended stays so."""
        with self._change() as database:
            database.execute(
                "UPDATE mock SET plan = ?, state = ?"
                " WHERE id = ? AND state = 'running'",
                (json.dumps(plan), state, mock),
            )

    # How it is done.

    def _sittings(self, where: str, values: tuple[Any, ...]) -> list[Sitting]:
        with self._explained():
            rows = self._connection.execute(
                "SELECT id, exercise, mode, minutes, seed, state, started, seconds,"
                f" hints, report, mock FROM sitting WHERE {where} ORDER BY id",
                values,
            ).fetchall()
        return [
            Sitting(**dict(row) | {"report": _loaded(row["report"], None)})
            for row in rows
        ]

    def _runs(self, sitting: int) -> bool:
        query = "SELECT 1 FROM sitting WHERE id = ? AND state = 'running'"
        return bool(self._connection.execute(query, (sitting,)).fetchone())

    def _see(self, sitting: int, at: Moment) -> None:
        """Add the time since a running sitting was last seen."""
        row = self._connection.execute(
            "SELECT seen_wall, seen_steady, seen_boot FROM sitting"
            " WHERE id = ? AND state = 'running'",
            (sitting,),
        ).fetchone()
        if row is None:
            return
        seconds, odd = between(Moment(*row), at)
        if not seconds and not odd:
            return  # another process has seen it later
        self._connection.execute(
            "UPDATE sitting SET seconds = seconds + ?,"
            " seen_wall = ?, seen_steady = ?, seen_boot = ? WHERE id = ?",
            (seconds, *_row(at), sitting),
        )
        if odd:
            self._note(sitting, at, "clock", odd)

    def _note(self, sitting: int, at: Moment, kind: str, detail: str = "") -> None:
        self._connection.execute(
            "INSERT INTO event (sitting, wall, seconds, kind, detail)"
            " SELECT id, ?, seconds, ?, ? FROM sitting WHERE id = ?",
            (at.wall, kind, detail, sitting),
        )

    def _report(
        self,
        database: sqlite3.Connection,
        sitting: int,
        report: dict[str, Any],
        at: Moment,
        kind: str,
    ) -> None:
        database.execute(
            "UPDATE sitting SET report = ? WHERE id = ?",
            (json.dumps(report), sitting),
        )
        good = sum(check["verdict"] == "passed" for check in report["checks"])
        count = f"{good} of {len(report['checks'])} checks"
        self._note(sitting, at, kind, f"{report['verdict']}: {count}")


def _loaded(text: str | None, otherwise: Any) -> Any:
    """Return what a text in JSON says; what is damaged spoils no more than itself."""
    try:
        return json.loads(text or "")
    except ValueError:
        return otherwise


def _row(at: Moment) -> tuple[float, float, str]:
    return at.wall, at.steady, at.boot
