"""The history of practice: sessions, their events, what is due, mock interviews.

The clock of a running session is kept here: whoever looks adds the time since the last
look, so the clock needs no process of its own.

Words that the database stores never change, so that old histories can be read. Where
the code has a better word today, a constant below names the stored one.
"""

from __future__ import annotations

import dataclasses
import json
from datetime import datetime
from typing import Any

from graders.practice.clock import Moment, elapsed
from graders.practice.database import Database
from graders.practice.database import Unusable as Unusable

ENDED = ("passed", "failed", "gave up")
UNTIMED = "grade"  # the mode of what the command `grade` recorded
BACKED_UP = "kept"  # the event of a backup
SELF_ASSESSMENT = "own"  # the event of a self-assessment


@dataclasses.dataclass(frozen=True)
class Session:
    """One attempt at an exercise.

    Args:
        id: Its number.
        exercise: The exercise's name.
        mode: "practice", "interview", "mock" or "grade" (untimed).
        minutes: The time limit.
        seed: The seed of its gradings.
        state: "running", or how it ended: "passed", "failed" or "gave up".
        started: When, in seconds since 1970.
        seconds: The time it has taken, up to the last look.
        hints: How many hints were taken.
        report: The last grading, as in the command line's JSON, or None.
        mock: The mock interview that it belongs to, or None.
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
    def is_timed(self) -> bool:
        """Whether it ran against the clock."""
        return self.mode != UNTIMED

    @property
    def is_late(self) -> bool:
        """Whether it took more than the time limit."""
        return self.seconds > 60 * self.minutes

    @property
    def left(self) -> float:
        """The seconds left; negative once the time is over."""
        return 60 * self.minutes - self.seconds


@dataclasses.dataclass(frozen=True)
class Event:
    """Something that happened in a session.

    Args:
        wall: When, in seconds since 1970.
        seconds: When, by the session's clock.
        kind: "started", "graded", "hint", "submitted", "gave up", "left", "opened",
            "clock" (a warning about it), `BACKED_UP` or `SELF_ASSESSMENT`.
        detail: More about it: a verdict, the name of a backup, ratings as JSON.
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
        wall: When it started, in seconds since 1970.
        seed: The seed of the draw.
        state: "running", "done" or "left".
        plan: Its parts in order; see `graders.practice.mocks.plan`.
    """

    id: int
    wall: float
    seed: int
    state: str
    plan: list[dict[str, Any]]


class Store(Database):
    """The history of practice; `Database` opens it."""

    # Sessions.

    def start(
        self,
        exercise: str,
        mode: str,
        minutes: float,
        seed: int,
        at: Moment,
        mock: int | None = None,
    ) -> Session:
        """Start a session, or return the one that is running already."""
        with self._change() as database:
            row = database.execute(
                "SELECT id FROM sitting WHERE exercise = ? AND state = 'running'",
                (exercise,),
            ).fetchone()
            if row is None:
                number = self._insert(exercise, mode, minutes, seed, at, mock)
                self._note(number, at, "started", f"{minutes:g} minutes, {mode}")
            else:
                number = row[0]
        return self.session(number)

    def session(self, number: int) -> Session:
        """Return a session by its number."""
        [found] = self._sessions("id = ?", (number,))
        return found

    def running(self, exercise: str | None = None) -> list[Session]:
        """Return the running sessions, of one exercise or of all."""
        if exercise is None:
            return self._sessions("state = 'running'", ())
        return self._sessions("state = 'running' AND exercise = ?", (exercise,))

    def sessions(self) -> list[Session]:
        """Return all sessions, oldest first."""
        return self._sessions("1", ())

    def events(self, session: int) -> list[Event]:
        """Return the events of a session, oldest first."""
        with self._explained():
            rows = self._connection.execute(
                "SELECT wall, seconds, kind, detail FROM event WHERE sitting = ?"
                " ORDER BY id",
                (session,),
            ).fetchall()
        return [Event(*row) for row in rows]

    def advance(self, session: int, at: Moment) -> Session:
        """Advance the clock of a session to a moment, and return the session."""
        with self._change():
            self._advance(session, at)
        return self.session(session)

    def note(self, session: int, at: Moment, kind: str, detail: str = "") -> Session:
        """Record an event; a hint is counted while the session is running."""
        with self._change() as database:
            self._advance(session, at)
            self._note(session, at, kind, detail)
            if kind == "hint":
                database.execute(
                    "UPDATE sitting SET hints = hints + 1"
                    " WHERE id = ? AND state = 'running'",
                    (session,),
                )
        return self.session(session)

    def save_report(self, session: int, report: dict[str, Any], at: Moment) -> Session:
        """Record a grading of a running session; an ended one does not change."""
        with self._change():
            if self._is_running(session):
                self._advance(session, at)
                self._report(session, report, at, "graded")
        return self.session(session)

    def end(
        self, session: int, state: str, report: dict[str, Any] | None, at: Moment
    ) -> bool:
        """Stop the clock of a session for good, and return whether it was running.

        Args:
            session: Its number.
            state: One of `ENDED`.
            report: Its last grading, if there is a new one.
            at: When.
        """
        if state not in ENDED:
            raise ValueError(f"a session cannot end as {state!r}")
        kind = "gave up" if state == "gave up" else "submitted"
        with self._change() as database:
            if not self._is_running(session):
                return False
            self._advance(session, at)
            if report is None:
                self._note(session, at, kind)
            else:
                self._report(session, report, at, kind)
            database.execute(
                "UPDATE sitting SET state = ? WHERE id = ?", (state, session)
            )
        return True

    def submit(self, session: int, report: dict[str, Any], at: Moment) -> bool:
        """End a session by its last grading, and return whether it was running."""
        return self.end(session, _state(report), report, at)

    def record_untimed(
        self, exercise: str, minutes: float, seed: int, report: dict[str, Any],
        at: Moment,
    ) -> Session:  # fmt: skip
        """Record a grading outside of any session, and return its untimed session.

        All gradings of an exercise on one day are one attempt, which has passed as
        soon as one of them has. While a timed session is running, it gets the grading.
        """
        if running := self.running(exercise):
            return self.save_report(running[0].id, report, at)
        with self._change() as database:
            row = database.execute(
                "SELECT id, state, started FROM sitting"
                " WHERE exercise = ? AND mode = ? ORDER BY id DESC LIMIT 1",
                (exercise, UNTIMED),
            ).fetchone()
            if row is None or _day(row["started"]) != _day(at.wall):
                number = self._insert(exercise, UNTIMED, minutes, seed, at, None)
                passed = False
            else:
                number, passed = row["id"], row["state"] == "passed"
            if not passed:
                database.execute(
                    "UPDATE sitting SET state = ? WHERE id = ?",
                    (_state(report), number),
                )
                self._report(number, report, at, "graded")
        return self.session(number)

    # What is due.

    def cards(self) -> dict[str, str]:
        """Return the scheduler's card of each exercise, as text."""
        with self._explained():
            return dict(self._connection.execute("SELECT exercise, text FROM card"))

    def save_card(self, exercise: str, text: str) -> None:
        """Save the scheduler's card of an exercise."""
        with self._change() as database:
            database.execute(
                "INSERT OR REPLACE INTO card (exercise, text) VALUES (?, ?)",
                (exercise, text),
            )

    # Mock interviews.

    def start_mock(self, seed: int, plan: list[dict[str, Any]], at: Moment) -> Mock:
        """Start a mock interview, or return the one that is running already."""
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

    def save_mock(
        self, mock: int, plan: list[dict[str, Any]], state: str = "running"
    ) -> None:
        """Save how far a mock interview is; an ended one does not change."""
        with self._change() as database:
            database.execute(
                "UPDATE mock SET plan = ?, state = ?"
                " WHERE id = ? AND state = 'running'",
                (json.dumps(plan), state, mock),
            )

    # Helpers; all but `_sessions` run within a change.

    def _sessions(self, where: str, values: tuple[Any, ...]) -> list[Session]:
        with self._explained():
            rows = self._connection.execute(
                "SELECT id, exercise, mode, minutes, seed, state, started, seconds,"
                f" hints, report, mock FROM sitting WHERE {where} ORDER BY id",
                values,
            ).fetchall()
        return [
            Session(**dict(row) | {"report": _loaded(row["report"], None)})
            for row in rows
        ]

    def _insert(
        self, exercise: str, mode: str, minutes: float, seed: int, at: Moment,
        mock: int | None,
    ) -> int:  # fmt: skip
        cursor = self._connection.execute(
            "INSERT INTO sitting (exercise, mode, minutes, seed, mock, started,"
            " seen_wall, seen_steady, seen_boot) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (exercise, mode, minutes, seed, mock, at.wall, *dataclasses.astuple(at)),
        )
        return int(cursor.lastrowid or 0)

    def _is_running(self, session: int) -> bool:
        query = "SELECT 1 FROM sitting WHERE id = ? AND state = 'running'"
        return bool(self._connection.execute(query, (session,)).fetchone())

    def _advance(self, session: int, at: Moment) -> None:
        """Add the time since the last look at a running session."""
        row = self._connection.execute(
            "SELECT seen_wall, seen_steady, seen_boot FROM sitting"
            " WHERE id = ? AND state = 'running'",
            (session,),
        ).fetchone()
        if row is None:
            return
        seconds, warning = elapsed(Moment(*row), at)
        if not seconds and not warning:
            return  # another process has looked later
        self._connection.execute(
            "UPDATE sitting SET seconds = seconds + ?,"
            " seen_wall = ?, seen_steady = ?, seen_boot = ? WHERE id = ?",
            (seconds, *dataclasses.astuple(at), session),
        )
        if warning:
            self._note(session, at, "clock", warning)

    def _note(self, session: int, at: Moment, kind: str, detail: str = "") -> None:
        self._connection.execute(
            "INSERT INTO event (sitting, wall, seconds, kind, detail)"
            " SELECT id, ?, seconds, ?, ? FROM sitting WHERE id = ?",
            (at.wall, kind, detail, session),
        )

    def _report(
        self, session: int, report: dict[str, Any], at: Moment, kind: str
    ) -> None:
        self._connection.execute(
            "UPDATE sitting SET report = ? WHERE id = ?",
            (json.dumps(report), session),
        )
        passed = sum(check["verdict"] == "passed" for check in report["checks"])
        count = f"{passed} of {len(report['checks'])} checks"
        self._note(session, at, kind, f"{report['verdict']}: {count}")


def _state(report: dict[str, Any]) -> str:
    return "passed" if report["verdict"] == "passed" else "failed"


def _day(wall: float) -> object:
    return datetime.fromtimestamp(wall).date()


def _loaded(text: str | None, otherwise: Any) -> Any:
    """Return what a JSON text says, or something else if it is damaged."""
    try:
        return json.loads(text or "")
    except ValueError:
        return otherwise
