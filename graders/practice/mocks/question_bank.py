"""The question banks of the spoken rounds, and the agenda of one round.

There is one file per round in question_banks/. It holds either prompts, each of which
goes through the same phases (system design), or questions, each of which is a phase.
The rest of the code sees only phases. Files are read strictly: a misspelt key would
otherwise be lost in silence.
"""

from __future__ import annotations

import dataclasses
import tomllib
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).with_name("question_banks")
LEVELS = ("very weak", "weak", "strong", "very strong")


class Invalid(ValueError):
    """A question bank cannot be used; says where and why in one line."""


@dataclasses.dataclass(frozen=True)
class Phase:
    """A part of the round with its own time.

    Args:
        name: Its name.
        minutes: Its planned time.
        task: What to do in it, or the question.
        points: What a strong candidate covers; hidden until the end.
        probes: What an interviewer asks in between.
        mistakes: The classic mistakes.
    """

    name: str
    minutes: float
    task: str
    points: tuple[str, ...]
    probes: tuple[str, ...]
    mistakes: tuple[str, ...]


@dataclasses.dataclass(frozen=True)
class Item:
    """A prompt with its phases, or one question: what can be drawn.

    Args:
        name: Its identifier in the history.
        theme: Its topic; a round mixes them.
        prompt: What the interviewer says first; empty for a question.
        facts: What the interviewer tells a candidate who asks, in this order.
        phases: One for a question.
        mistakes: The classic mistakes of the whole.
    """

    name: str
    theme: str
    prompt: str
    facts: tuple[str, ...]
    phases: tuple[Phase, ...]
    mistakes: tuple[str, ...]


@dataclasses.dataclass(frozen=True)
class RubricLine:
    """A line of the rubric, with a sentence for each of the four levels."""

    name: str
    levels: tuple[str, ...]


@dataclasses.dataclass(frozen=True)
class QuestionBank:
    """All prompts or questions of a round.

    Args:
        round: Its name.
        title: Its title.
        opening: What the interviewer says before the first question.
        each: The minutes of a question, or 0 where one prompt fills the round.
        items: What can be drawn.
        rubric: The lines of the self-assessment.
    """

    round: str
    title: str
    opening: str
    each: float
    items: tuple[Item, ...]
    rubric: tuple[RubricLine, ...]


@dataclasses.dataclass(frozen=True)
class Agenda:
    """What one spoken round consists of, fitted to its time."""

    title: str
    prompt: str
    facts: tuple[str, ...]
    phases: tuple[Phase, ...]
    mistakes: tuple[str, ...]
    rubric: tuple[RubricLine, ...]

    @property
    def minutes(self) -> float:
        """The length of the round."""
        return sum(phase.minutes for phase in self.phases)

    def ends(self, phase: int) -> float:
        """Return the minute of the round at which a phase should be over."""
        return sum(phase.minutes for phase in self.phases[: phase + 1])


def spoken() -> list[str]:
    """Return the names of the spoken rounds."""
    return sorted(path.stem for path in FOLDER.glob("*.toml"))


def load(round_: str, folder: Path = FOLDER) -> QuestionBank:
    """Read the question bank of a round.

    Raises:
        Invalid: If its file is missing, is not TOML, or has a wrong key or value.
    """
    path = folder / f"{round_}.toml"
    try:
        table = tomllib.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise Invalid(f"{path}: {error}") from error
    top = _Reader(table, str(path))
    each = top.number("each", 0.0)
    item = _question if each else _prompt
    shared = top.tables("themes" if each else "phases", optional=bool(each))
    bank = QuestionBank(
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
    names = Counter(item.name for item in bank.items)
    if twice := [name for name, count in names.items() if count > 1]:
        raise Invalid(f"{path}: items: {twice[0]!r} occurs twice")
    return bank


def build(bank: QuestionBank, minutes: float, names: Sequence[str]) -> Agenda:
    """Return the agenda of the drawn items, its phases scaled to the round.

    Raises:
        LookupError: If an item is no longer in the bank.
    """
    known = {item.name: item for item in bank.items}
    for name in names:
        if name not in known:
            raise LookupError(
                f"{name} is no longer in the question bank of {bank.round}"
            )
    items = [known[name] for name in names]
    phases = [phase for item in items for phase in item.phases]
    scale = minutes / sum(phase.minutes for phase in phases)
    return Agenda(
        title=bank.title if bank.each else f"{bank.title}: {items[0].theme}",
        prompt="\n\n".join(filter(None, [bank.opening, *(i.prompt for i in items)])),
        facts=tuple(fact for item in items for fact in item.facts),
        phases=tuple(
            dataclasses.replace(phase, minutes=phase.minutes * scale)
            for phase in phases
        ),
        mistakes=tuple(mistake for item in items for mistake in item.mistakes),
        rubric=bank.rubric,
    )


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
    """Read a question; its theme supplies what it leaves out."""
    name = item.text("theme")
    theme = next((t for t in themes if t.text("name") == name), None)
    shared = {
        key: item.texts(key, theme.texts(key) if theme else None)
        for key in ("points", "mistakes")
    }
    phase = Phase(
        name=name,
        minutes=each,
        task=item.text("question"),
        probes=item.texts("probes"),
        **shared,
    )
    found = Item(item.text("name"), name, "", (), (phase,), ())
    item.done()
    return found


def _line(line: _Reader) -> RubricLine:
    found = RubricLine(line.text("name"), line.texts("levels"))
    if len(found.levels) != len(LEVELS):
        raise Invalid(f"{line.where}: levels: {len(found.levels)}, not {len(LEVELS)}")
    line.done()
    return found


class _Reader:
    """A table that is read key by key, and rejects missing and unknown keys."""

    def __init__(self, table: Any, where: str) -> None:
        if not isinstance(table, dict):
            raise Invalid(f"{where}: not a table")
        name = table.get("name")
        self.where = f"{where} ({name})" if isinstance(name, str) else where
        self._table = table
        self._read: set[str] = set()

    def _get(self, key: str, kind: type | tuple[type, ...], default: Any) -> Any:
        self._read.add(key)
        value = self._table.get(key, default)
        if value is None:
            raise Invalid(f"{self.where}: {key}: missing")
        if not isinstance(value, kind) or isinstance(value, bool):
            raise Invalid(f"{self.where}: {key}: wrong type: {value!r}")
        return value

    def text(self, key: str, default: str | None = None) -> str:
        """Return a text with its lines joined and its paragraphs kept."""
        value = self._get(key, str, default)
        if default is None and not value.strip():
            raise Invalid(f"{self.where}: {key}: empty")
        return "\n\n".join(" ".join(part.split()) for part in value.split("\n\n"))

    def texts(self, key: str, default: Any = None) -> tuple[str, ...]:
        """Return a list of at least one text."""
        values = self._get(key, (list, tuple), default)
        if not values or not all(isinstance(v, str) and v.strip() for v in values):
            raise Invalid(f"{self.where}: {key}: not a list of texts")
        return tuple(" ".join(value.split()) for value in values)

    def number(self, key: str, default: float | None = None) -> float:
        """Return a number of minutes."""
        value = float(self._get(key, (int, float), default))
        if not 0 <= value < 1000 or (default is None and value == 0):
            raise Invalid(f"{self.where}: {key}: not a number of minutes: {value:g}")
        return value

    def table(self, key: str) -> _Reader:
        """Return a nested table."""
        return _Reader(self._get(key, dict, None), f"{self.where}: {key}")

    def tables(self, key: str, optional: bool = False) -> list[_Reader]:
        """Return a list of tables."""
        values = self._get(key, list, [] if optional else None)
        return [
            _Reader(v, f"{self.where}: {key} {i + 1}") for i, v in enumerate(values)
        ]

    def done(self) -> None:
        """Reject keys that nobody has read."""
        if left := sorted(set(self._table) - self._read):
            raise Invalid(f"{self.where}: {left[0]}: unknown key")
