"""What was graded, a JSON line each, so that a batch goes on where it was stopped.

A line is written whole and on the disk before the next answer is counted. One that was
torn by a kill is cut off when the file is opened again. What has the same bytes, grader
and seed is not graded again.
"""

from __future__ import annotations

import functools
import hashlib
import json
import os
import sys
from importlib import metadata
from pathlib import Path
from types import TracebackType
from typing import Any

from graders.harness.catalog.exercise import JUDGED_WITH, ROOT, Entry

Line = dict[str, Any]


def key_of(source: bytes, entry: Entry, seed: int, *options: str) -> str:
    """Return what the verdict on an answer depends on, as a hash."""
    parts = (hashlib.sha256(source).hexdigest(), _grader(entry), str(seed), *options)
    return hashlib.sha256(" ".join(parts).encode()).hexdigest()


@functools.cache
def _grader(entry: Entry) -> str:
    harness = sorted((ROOT / "graders" / "harness").rglob("*.py"))
    state = hashlib.sha256(sys.version.encode())
    for package in JUDGED_WITH:
        state.update(metadata.version(package).encode())
    for file in [*entry.judged_by, *harness]:
        state.update(hashlib.sha256(file.read_bytes()).digest())
    return state.hexdigest()


class Ledger:
    """A file of results that grows; in memory is where each line starts.

    Args:
        path: The file; it is made if it is not there.

    Raises:
        OSError: If it cannot be read or written.
        ValueError: If it is no ledger.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.places: dict[tuple[str, str], int] = {}  # of a key and a person
        self.known: dict[str, int] = {}  # a place of each key
        self._file = path.open("a+b")
        self._file.seek(0)
        place = 0
        for number, raw in enumerate(self._file, 1):
            if not raw.endswith(b"\n"):
                break  # torn
            try:
                line = json.loads(raw)
                self._note(line["key"], line["who"], place)
            except (ValueError, KeyError, TypeError):
                raise ValueError(f"{path}, line {number}: not understood") from None
            place += len(raw)
        self._file.truncate(place)

    def add(self, line: Line) -> int:
        """Write a line, see it on the disk, and return its place."""
        place = self._file.seek(0, os.SEEK_END)
        self._file.write(json.dumps(line).encode() + b"\n")
        self._file.flush()
        os.fsync(self._file.fileno())
        self._note(line["key"], line["who"], place)
        return place

    def read(self, place: int) -> Line:
        """Return the line at a place."""
        self._file.seek(place)
        line: Line = json.loads(self._file.readline())
        return line

    def _note(self, key: str, who: str, place: int) -> None:
        self.places[key, who] = place
        self.known.setdefault(key, place)

    def __enter__(self) -> Ledger:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._file.close()
