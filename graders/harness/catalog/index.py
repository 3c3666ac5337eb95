"""The page that lists all exercises by round, as a repository's host shows it."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from pathlib import Path

from graders.harness.catalog import exercise
from graders.harness.catalog.exercise import Entry
from graders.harness.catalog.sheet import SOURCES

_HEAD = f"""\
# Exercises

Edit a file here and run `nox -s grade -- NAME`, or start with `nox -s watch`.
`nox -s list` filters this list by words, minutes and what is due. The last column says
how many of {SOURCES} sources on machine-learning interviews list an exercise.
"""
_TABLE = """\
| exercise | what it is | minutes | difficulty | asked |
|---|---|---|---|---|
"""


def place() -> Path:
    """Return where the page lies."""
    return exercise.ROOT / "exercises" / "README.md"


def as_page(entries: Iterable[Entry]) -> str:
    """Return the page in Markdown: a section a round, a row an exercise."""
    found = sorted(entries, key=lambda one: (one.round, one.topic, one.name))
    text = _HEAD
    for name, group in groupby(found, key=lambda one: one.round):
        rows = list(group)
        count = f"{len(rows)} exercise{'s' if len(rows) > 1 else ''}"
        text += f"\n## {name}: {count}\n\n{_TABLE}"
        text += "".join(map(_row, rows))
    return text


def _row(entry: Entry) -> str:
    link = f"[{entry.name}]({entry.path.as_posix()})"
    sheet = entry.sheet
    asked = str(sheet.frequency or "")
    cells = (link, entry.title, str(sheet.minutes), sheet.difficulty, asked)
    return f"| {' | '.join(cells)} |\n"
