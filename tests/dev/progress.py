"""Tell a person how far a long run is, without cluttering a log."""

from __future__ import annotations

import sys
import time
from typing import TextIO


class Progress:
    """Counts steps on one line of a terminal, or with a line per tenth elsewhere.

    Args:
        label: What is under way.
        total: How many steps there are.
        stream: Where to write; standard error, if None.
    """

    def __init__(self, label: str, total: int, *, stream: TextIO | None = None) -> None:
        self._label, self._total = label, total
        self._stream = stream or sys.stderr
        self._live = self._stream.isatty()
        self._start = time.monotonic()
        self._done = 0

    def step(self, note: str = "") -> None:
        """Count one step, and show where we are."""
        self._done += 1
        tenth = self._done * 10 // self._total
        if self._live:
            self._stream.write(f"\r\x1b[K{self._line(note)}")
        elif tenth > (self._done - 1) * 10 // self._total:
            self._stream.write(self._line(note) + "\n")
        self._stream.flush()

    def close(self) -> None:
        """Take the line away."""
        if self._live:
            self._stream.write("\r\x1b[K")
            self._stream.flush()

    def _line(self, note: str) -> str:
        elapsed = time.monotonic() - self._start
        left = elapsed / self._done * (self._total - self._done)
        line = f"{self._label}: {self._done} of {self._total}"
        return f"{line}{', ' + note if note else ''}, {left:.0f} s left"
