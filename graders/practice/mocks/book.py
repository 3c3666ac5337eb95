"""What can be talked about in a spoken round, as its file says it.

The content lies in agendas/, a file a round: either prompts, each of which goes through
the same phases (system design), or questions, each of which is a phase. Everything else
sees phases alone. A file is read strictly: a key that is misspelt would otherwise go
missing in silence.
"""

from __future__ import annotations

import dataclasses
import tomllib
from collections import Counter
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).with_name("agendas")
LEVELS = ("very weak", "weak", "strong", "very strong")


class Broken(ValueError):
    """An agenda cannot be used; says where and why in one line."""


@dataclasses.dataclass(frozen=True)
class Phase:
    """A part of the round with a time of its own.

    Args:
        name: What it is called.
        minutes: The time that is meant for it.
        task: What to do in it, or the question.
        points: What a strong candidate covers; not to be seen before the end.
        probes: What an interviewer asks in between.
        mistakes: What goes wrong here.
    """

    name: str
    minutes: float
    task: str
    points: tuple[str, ...]
    probes: tuple[str, ...]
    mistakes: tuple[str, ...]


@dataclasses.dataclass(frozen=True)
class Item:
    """What can be drawn: a prompt with its phases, or one question.

    Args:
        name: By which a mock remembers it.
        theme: What it is about; a round mixes them.
        prompt: What the interviewer says first; empty for a question.
        facts: What the interviewer tells who asks, in the order of asking.
        phases: One for a question.
        mistakes: What goes wrong in the whole.
    """

    name: str
    theme: str
    prompt: str
    facts: tuple[str, ...]
    phases: tuple[Phase, ...]
    mistakes: tuple[str, ...]


@dataclasses.dataclass(frozen=True)
class Line:
    """A line of the rubric, with a sentence for each of the four levels."""

    name: str
    levels: tuple[str, ...]


@dataclasses.dataclass(frozen=True)
class Book:
    """All that can be talked about in a round.

    Args:
        round: Its name.
        title: The same in words.
        opening: What the interviewer says before the first question.
        each: The minutes that a question takes, or 0 where one prompt fills the round.
        items: What can be drawn.
        rubric: By what the candidate rates themselves.
    """

    round: str
    title: str
    opening: str
    each: float
    items: tuple[Item, ...]
    rubric: tuple[Line, ...]


def spoken() -> list[str]:
    """Return the rounds that can be talked about."""
    return sorted(path.stem for path in FOLDER.glob("*.toml"))


def load(round_: str, folder: Path = FOLDER) -> Book:
    """Read what can be talked about in a round.

    Raises:
        Broken: If its file is missing, no TOML, or lacks something; says what.
    """
    path = folder / f"{round_}.toml"
    try:
        table = tomllib.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise Broken(f"{path}: {error}") from error
    top = _Reader(table, str(path))
    each = top.number("each", 0.0)
    item = _question if each else _prompt
    shared = top.tables("themes" if each else "phases", optional=bool(each))
    book = Book(
        round=round_,
        title=top.text("title"),
        opening=top.text("opening", ""),
        each=each,
        items=tuple(item(reader, shared, each) for reader in top.tables("items")),
        rubric=tuple(_line(reader) for reader in top.tables("rubric")),
    )
    for reader in shared:
        reader.done()
    top.done()
    names = Counter(item.name for item in book.items)
    if twice := [name for name, count in names.items() if count > 1]:
        raise Broken(f"{path}: items: {twice[0]!r} occurs twice")
    return book


def _prompt(item: _Reader, phases: list[_Reader], _: float) -> Item:
    """Read a prompt, which goes through all phases."""
    points, probes = item.table("points"), item.table("probes")
    found = Item(
        name=item.text("name"),
        theme=item.text("title"),
        prompt=item.text("prompt"),
        facts=item.texts("facts"),
        phases=tuple(
            Phase(
                name=phase.text("name"),
                minutes=phase.number("minutes"),
                task=phase.text("task"),
                points=points.texts(phase.text("name").lower()),
                probes=probes.texts(phase.text("name").lower()),
                mistakes=(),
            )
            for phase in phases
        ),
        mistakes=item.texts("mistakes"),
    )
    for reader in (item, points, probes):
        reader.done()
    return found


def _question(item: _Reader, themes: list[_Reader], each: float) -> Item:
    """Read a question; what it does not say of itself, its theme says."""
    name = item.text("theme")
    theme = next((t for t in themes if t.text("name") == name), None)
    about = {
        key: item.texts(key, theme.texts(key) if theme else None)
        for key in ("points", "mistakes")
    }
    phase = Phase(
        name=name,
        minutes=each,
        task=item.text("question"),
        probes=item.texts("probes"),
        **about,
    )
    found = Item(item.text("name"), name, "", (), (phase,), ())
    item.done()
    return found


def _line(line: _Reader) -> Line:
    found = Line(line.text("name"), line.texts("levels"))
    if len(found.levels) != len(LEVELS):
        raise Broken(f"{line.where}: levels: {len(found.levels)}, not {len(LEVELS)}")
    line.done()
    return found


class _Reader:
    """A table that is read key by key, and complains of what it lacks or has left."""

    def __init__(self, table: Any, where: str) -> None:
        if not isinstance(table, dict):
            raise Broken(f"{where}: not a table")
        name = table.get("name")
        self.where = f"{where} ({name})" if isinstance(name, str) else where
        self._table = table
        self._read: set[str] = set()

    def _get(self, key: str, kind: type | tuple[type, ...], default: Any) -> Any:
        self._read.add(key)
        value = self._table.get(key, default)
        if value is None:
            raise Broken(f"{self.where}: {key}: missing")
        if not isinstance(value, kind) or isinstance(value, bool):
            raise Broken(f"{self.where}: {key}: not right: {value!r}")
        return value

    def text(self, key: str, default: str | None = None) -> str:
        """Return a text, its lines joined, its paragraphs kept."""
        value = self._get(key, str, default)
        if default is None and not value.strip():
            raise Broken(f"{self.where}: {key}: empty")
        return "\n\n".join(" ".join(part.split()) for part in value.split("\n\n"))

    def texts(self, key: str, default: Any = None) -> tuple[str, ...]:
        """Return a list of texts, one at least."""
        values = self._get(key, (list, tuple), default)
        if not values or not all(isinstance(v, str) and v.strip() for v in values):
            raise Broken(f"{self.where}: {key}: not a list of texts")
        return tuple(" ".join(value.split()) for value in values)

    def number(self, key: str, default: float | None = None) -> float:
        """Return a number of minutes."""
        value = float(self._get(key, (int, float), default))
        if not 0 <= value < 1000 or (default is None and value == 0):
            raise Broken(f"{self.where}: {key}: not right: {value:g}")
        return value

    def table(self, key: str) -> _Reader:
        """Return a table within this one."""
        return _Reader(self._get(key, dict, None), f"{self.where}: {key}")

    def tables(self, key: str, optional: bool = False) -> list[_Reader]:
        """Return a list of tables."""
        values = self._get(key, list, [] if optional else None)
        return [
            _Reader(v, f"{self.where}: {key} {i + 1}") for i, v in enumerate(values)
        ]

    def done(self) -> None:
        """Complain of a key that nobody read, which is a slip of the pen."""
        if left := sorted(set(self._table) - self._read):
            raise Broken(f"{self.where}: {left[0]}: nobody reads that")
