"""What was typed in spoken rounds: each line is kept from the moment it is entered.

Lines are only ever added. One that was taken back is followed by a line that says so,
and a point that is ticked again has its last tick.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from graders.practice import fits, rows
from graders.practice.clock import Moment
from graders.practice.helped import HelpStore

NOTE, QUESTION, ANSWER, DRAWN = "note", "question", "answer", "drawing"
TICKS = {"yes": 1.0, "half": 0.5, "no": 0.0}  # and what each counts
_TAKEN_BACK = "taken back"  # its text is the number of the line
LONGEST = 4000  # characters of a line; a longer one becomes several

_LINE: dict[str, fits.Test] = {
    "id": fits.whole(),
    "part": fits.whole(0, 10**4),
    "phase": fits.whole(0, 10**4),
    "kind": fits.one_of(NOTE, QUESTION, ANSWER, DRAWN, _TAKEN_BACK, *TICKS),
    "text": fits.text,
}


@dataclasses.dataclass(frozen=True)
class Line:
    """A line of a spoken part.

    Args:
        id: Its number.
        part: Which part of the mock interview, from 0.
        phase: In which phase of the part, from 0.
        kind: `NOTE`, `QUESTION`, `ANSWER` (to the question before), `DRAWN` or one of
            `TICKS`.
        text: What was typed; of a tick, the point.
    """

    id: int
    part: int
    phase: int
    kind: str
    text: str


def line(row: Mapping[str, Any]) -> Line:
    """Return a line of the database; raises `rows.Odd`."""
    rows.require(row, _LINE)
    return Line(**{key: row[key] for key in _LINE})


def ticks(lines: Iterable[Line]) -> dict[str, str]:
    """Return the last tick of each point that was ticked."""
    return {line.text: line.kind for line in lines if line.kind in TICKS}


class LineStore(HelpStore):
    """Keeps the lines of spoken parts."""

    def lines(self, mock: int, part: int) -> list[Line]:
        """Return the lines of a part, oldest first, without those taken back."""
        with self._explained():
            found = self._connection.execute(
                "SELECT id, part, phase, kind, text FROM line"
                " WHERE mock = ? AND part = ? ORDER BY id",
                (mock, part),
            ).fetchall()
        lines = self._understood("line of a talk", found, line)
        gone = {line.text for line in lines if line.kind == _TAKEN_BACK}
        return [
            line
            for line in lines
            if line.kind != _TAKEN_BACK and str(line.id) not in gone
        ]

    def add_lines(
        self,
        mock: int,
        part: int,
        phase: int,
        lines: Sequence[tuple[str, str]],
        at: Moment,
    ) -> None:
        """Add lines, each with its kind, all of them or none."""
        with self._change() as database:
            database.executemany(
                "INSERT INTO line (mock, part, phase, wall, kind, text)"
                " VALUES (?, ?, ?, ?, ?, ?)",
                [
                    (mock, part, phase, at.wall, kind, piece)
                    for kind, text in lines
                    for piece in _pieces(text)
                ],
            )

    def take_back(
        self, mock: int, part: int, kind: str, phase: int | None, at: Moment
    ) -> str:
        """Take back the last line of a kind, in one phase or in any.

        Returns:
            Its text, or "" if there is none.
        """
        found = [
            line
            for line in self.lines(mock, part)
            if line.kind == kind and phase in (None, line.phase)
        ]
        if not found:
            return ""
        last = found[-1]
        self.add_lines(mock, part, last.phase, [(_TAKEN_BACK, str(last.id))], at)
        return last.text


def as_stored(text: str) -> str:
    """Return a text without what UTF-8 cannot say, which SQLite refuses."""
    return text.encode("utf-8", "replace").decode()


def _pieces(text: str) -> list[str]:
    """Return a text in pieces that fit a row."""
    text = as_stored(text)
    return [text[at : at + LONGEST] for at in range(0, len(text), LONGEST)]
