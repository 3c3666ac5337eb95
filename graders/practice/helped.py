"""The help that a candidate took with an exercise: hints, and a look at its solution.

A running session counts its own. What is taken between sessions is kept here, and it
counts for the attempt that follows: hints until the exercise is passed, given up or
reset, for a session with a fresh stub those of the last day alone. A solution that was
read counts for a day; after that, it is for the schedule to say what is still known.
"""

from __future__ import annotations

import dataclasses
import json
import math

from graders.practice.clock import Moment
from graders.practice.reader import Reader
from graders.practice.text import plural

DAY = 86_400.0  # seconds


@dataclasses.dataclass(frozen=True)
class Help:
    """What was taken since the last attempt that counted it.

    Args:
        hints: How many hints.
        hinted: When the last was taken, in seconds since 1970.
        read: When the solution was last read; 0 if never.
    """

    hints: int = 0
    hinted: float = 0.0
    read: float = 0.0

    def recent_hints(self, wall: float) -> int:
        """Return how many count for a session with a fresh stub."""
        return self.hints if abs(wall - self.hinted) < DAY else 0

    def has_read(self, wall: float) -> bool:
        """Return whether the solution was read lately enough to count."""
        return bool(self.read) and abs(wall - self.read) < DAY

    def text(self) -> str:
        """Return it as the store keeps it."""
        return json.dumps(dataclasses.astuple(self))


def as_help(text: str) -> Help:
    """Return what `Help.text` wrote; nothing, if it cannot be read."""
    try:
        hints, hinted, read = json.loads(text or "[0, 0, 0]")
        found = Help(hints, float(hinted), float(read))
    except (TypeError, ValueError, RecursionError, OverflowError):
        return Help()
    is_sound = type(hints) is int and 0 <= hints <= 10**6
    is_sound = is_sound and math.isfinite(found.hinted) and math.isfinite(found.read)
    return found if is_sound else Help()


def with_help(hints: int, has_read: bool) -> str:
    """Return with what help something was done: "with 2 hints", or ""."""
    if has_read:
        return "after reading the solution"
    return f"with {plural(hints, 'hint')}" if hints else ""


def counted(hints: int) -> str:
    """Return what to say when a hint is shown."""
    return f"It counts: a pass {with_help(hints, False)} is due again sooner."


class HelpStore(Reader):
    """Keeps the help that was taken between sessions."""

    def help(self, exercise: str) -> Help:
        """Return the help that no session has counted for good."""
        return as_help(self.setting(f"help {exercise}"))

    def take_hint(self, exercise: str, most: int, at: Moment) -> int:
        """Take the next hint outside of sessions, and return its number.

        It is one more than `most` once they are exhausted.
        """
        with self._change():
            found = self.help(exercise)
            number = min(found.hints, most) + 1
            if number <= most:
                self._save_help(exercise, Help(number, at.wall, found.read))
        return number

    def forget_hints(self, exercise: str) -> None:
        """Start again with the first hint."""
        with self._change():
            found = self.help(exercise)
            self._save_help(exercise, dataclasses.replace(found, hints=0))

    def read_solution(self, exercise: str, at: Moment) -> None:
        """Record that the solution was read."""
        with self._change():
            found = self.help(exercise)
            self._save_help(exercise, dataclasses.replace(found, read=at.wall))

    def _save_help(self, exercise: str, found: Help) -> None:
        """Save it, within a change."""
        self._connection.execute(
            "INSERT OR REPLACE INTO setting (name, text) VALUES (?, ?)",
            (f"help {exercise}", found.text()),
        )
