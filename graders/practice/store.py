"""The history of practice: sessions, their events, what is due, mock interviews.

The clock of a running session is kept here: whoever looks adds the time since the last
look, so the clock needs no process of its own.

Words that the database stores never change, so that old histories can be read. Where
the code has a better word today, a constant below names the stored one.
"""

from __future__ import annotations

import dataclasses
import json
from typing import Any

from graders.practice import rows
from graders.practice.clock import Moment, date_of, elapsed
from graders.practice.database import Unusable as Unusable
from graders.practice.helped import Help, HelpStore
from graders.practice.reader import READ as READ
from graders.practice.reader import SET_ASIDE
from graders.practice.rows import ENDED as ENDED
from graders.practice.rows import UNTIMED as UNTIMED
from graders.practice.rows import Event as Event
from graders.practice.rows import Mock as Mock
from graders.practice.rows import Session as Session

BACKED_UP = "kept"  # the event of a backup
MISTAKE = "mistake"  # the event of the first grading that named a classic mistake
SELF_ASSESSMENT = "own"  # the event of a self-assessment


class Store(HelpStore):
    """The history of practice, to be read and written; `Database` opens it."""

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
            if found := self.running(exercise):
                number = found[0].id
            else:
                database.execute(
                    "UPDATE sitting SET state = ?"
                    " WHERE exercise = ? AND state = 'running'",
                    (SET_ASIDE, exercise),
                )
                number = self._insert(exercise, mode, minutes, seed, at, mock)
                self._note(number, at, "started", f"{minutes:g} minutes, {mode}")
                hints = self.help(exercise).recent_hints(at.wall)
                self._count_help(number, exercise, hints, at)
        return self.session(number)

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
            ended = self.session(session)
            found = self.help(ended.exercise)
            hints = ended.hints if state == "failed" else 0
            read = at.wall if state == "gave up" else found.read
            self._save_help(ended.exercise, Help(hints, at.wall, read))
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
            last = self._sessions(
                "exercise = ? AND mode = ?", (exercise, UNTIMED)
            )[-1:]  # fmt: skip
            if not last or _day(last[0].started) != _day(at.wall):
                number = self._insert(exercise, UNTIMED, minutes, seed, at, None)
                passed = False
            else:
                number, passed = last[0].id, last[0].state == "passed"
            if not passed:
                database.execute(
                    "UPDATE sitting SET state = ? WHERE id = ?",
                    (_state(report), number),
                )
                self._report(number, report, at, "graded")
                found = self.help(exercise)
                self._count_help(number, exercise, found.hints, at)
                if _state(report) == "passed":
                    self._save_help(exercise, dataclasses.replace(found, hints=0))
        return self.session(number)

    # What is due.

    def save_card(self, exercise: str, text: str) -> None:
        """Save the scheduler's card of an exercise."""
        with self._change() as database:
            database.execute(
                "INSERT OR REPLACE INTO card (exercise, text) VALUES (?, ?)",
                (exercise, text),
            )

    def save_review(self, card: str, rating: int, answer: str, at: Moment) -> None:
        """Save how well a card was known, and what was answered."""
        with self._change() as database:
            database.execute(
                "INSERT INTO review (card, wall, rating, answer) VALUES (?, ?, ?, ?)",
                (card, at.wall, rating, answer),
            )

    # Mock interviews.

    def start_mock(self, seed: int, plan: list[dict[str, Any]], at: Moment) -> Mock:
        """Start a mock interview, or return the one that is running already."""
        with self._change() as database:
            if not self.mocks("running"):
                database.execute(
                    "UPDATE mock SET state = ? WHERE state = 'running'", (SET_ASIDE,)
                )
                database.execute(
                    "INSERT INTO mock (wall, seed, plan) VALUES (?, ?, ?)",
                    (at.wall, seed, json.dumps(plan)),
                )
            [mock] = self.mocks("running")
        return mock

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

    # Helpers; all run within a change.

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

    def _count_help(self, number: int, exercise: str, hints: int, at: Moment) -> None:
        """Have a session count the help that was taken before it."""
        session = self.session(number)
        for i in range(session.hints + 1, hints + 1):
            self._note(number, at, "hint", f"{i}, before")
        self._connection.execute(
            "UPDATE sitting SET hints = ? WHERE id = ?",
            (max(hints, session.hints), number),
        )
        if self.help(exercise).has_read(at.wall) and not session.has_read:
            self._note(number, at, READ)

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
        seconds, warning = 0.0, "the last look is not understood; no time counted"
        if last := rows.moment(*row):
            seconds, warning = elapsed(last, at)
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
        known = {e.detail for e in self.events(session) if e.kind == MISTAKE}
        for mistake in mistakes_of(report):
            if mistake not in known:
                self._note(session, at, MISTAKE, mistake)


def mistakes_of(report: dict[str, Any]) -> list[str]:
    """Return the classic mistakes that a grading names, each once."""
    checks = [c for c in report.get("checks", []) if c["verdict"] != "passed"]
    names = (check.get("mistake") or check.get("pitfall") for check in checks)
    return list(dict.fromkeys(name for name in names if name))


def _state(report: dict[str, Any]) -> str:
    return "passed" if report["verdict"] == "passed" else "failed"


def _day(wall: float) -> object:
    return date_of(wall).astimezone().date()
