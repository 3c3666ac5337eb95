"""Read the history of practice, row by row, and skip what is not understood."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, TypeVar

from graders.harness.feedback.text import plain, short
from graders.practice import rows
from graders.practice.database import Database
from graders.practice.rows import Event, Mock, Review, Session

SET_ASIDE = "not understood"  # the state of a running row that cannot be resumed
READ = "read"  # the event of a session before which the solution was read

_T = TypeVar("_T")


class Reader(Database):
    """Reads the history; `Database` opens it.

    What is not understood is skipped, stays as it is, and is named by `skipped`.
    """

    def __init__(self, folder: Path | None = None) -> None:
        super().__init__(folder)
        self._odd: dict[str, str] = {}  # what was skipped, and why

    @property
    def skipped(self) -> list[str]:
        """Messages for the user about what was skipped, at most one line."""
        if not self._odd:
            return []
        named = [f"{what} ({why})" for what, why in self._odd.items()]
        more = [f"{len(named) - 3} more"] if len(named) > 3 else []
        text = "; ".join([*named[:3], *more])
        return [f"{self.path}: not understood and skipped: {plain(text)}"]

    def session(self, number: int) -> Session:
        """Return a session by its number.

        Raises:
            LookupError: If there is none that is understood.
        """
        for found in self._sessions("id = ?", (number,)):
            return found
        raise LookupError(f"the history has no session {number} that is understood")

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
            found = self._connection.execute(
                "SELECT id, wall, seconds, kind, detail FROM event WHERE sitting = ?"
                " ORDER BY id",
                (session,),
            ).fetchall()
        return self._understood("event", found, rows.event)

    def cards(self) -> dict[str, str]:
        """Return the scheduler's card of each exercise, as text.

        Cards can be built again, so nothing is lost with one that is no text.
        """
        with self._explained():
            found = self._connection.execute("SELECT exercise, text FROM card")
            return {
                name: text
                for name, text in found
                if isinstance(name, str) and isinstance(text, str)
            }

    def reviews(self) -> list[Review]:
        """Return the ratings of all cards, oldest first."""
        with self._explained():
            found = self._connection.execute(
                "SELECT id, card, wall, rating, answer FROM review ORDER BY id"
            ).fetchall()
        return self._understood("card", found, rows.review)

    def mocks(self, state: str | None = None) -> list[Mock]:
        """Return the mock interviews, in one state or in any, oldest first."""
        with self._explained():
            found = self._connection.execute(
                "SELECT id, wall, seed, state, plan FROM mock"
                " WHERE ? IN (state, '') ORDER BY id",
                (state or "",),
            ).fetchall()
        return self._understood("mock interview", found, rows.mock)

    def _sessions(self, where: str, values: tuple[Any, ...]) -> list[Session]:
        with self._explained():
            found = self._connection.execute(
                "SELECT id, exercise, mode, minutes, seed, state, started, seconds,"
                " hints, report, mock, EXISTS (SELECT 1 FROM event WHERE"
                f" event.sitting = sitting.id AND kind = '{READ}') AS has_read"
                " FROM sitting"
                f" WHERE ({where}) AND state IS NOT '{SET_ASIDE}' ORDER BY id",
                values,
            ).fetchall()
        sessions = self._understood("session", found, rows.session)
        for session, problem in sessions:
            if problem:
                self._odd[f"the grading of session {session.id}"] = problem
        return [session for session, _ in sessions]

    def _understood(
        self, what: str, found: Iterable[Any], read: Callable[[Any], _T]
    ) -> list[_T]:
        """Return what is understood of some rows, and note the others."""
        understood = []
        for row in found:
            try:
                understood.append(read(row))
            except rows.Odd as error:
                self._odd[f"{what} {short(row['id'], 20)}"] = str(error)
        return understood
