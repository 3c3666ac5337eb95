"""The question banks of the spoken rounds, and the agenda of one round.

There is one file per round in question_banks/. It holds either prompts, each of which
goes through the same phases (system design), or questions, each of which is a phase.
The rest of the code sees only phases.
"""

from __future__ import annotations

import dataclasses
import tomllib
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from graders.practice.mocks.bank_reader import Invalid as Invalid
from graders.practice.mocks.bank_reader import Reader

FOLDER = Path(__file__).with_name("question_banks")
ALL = "*"
LEVELS = ("very weak", "weak", "strong", "very strong")


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
        answers: A model answer to each probe, or none at all.
        levels: What the same story needs at senior and at staff level, or "" twice.
    """

    name: str
    minutes: float
    task: str
    points: tuple[str, ...]
    probes: tuple[str, ...]
    mistakes: tuple[str, ...]
    answers: tuple[str, ...] = ()
    levels: tuple[str, str] = ("", "")


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
    """A line of the rubric.

    Args:
        name: Its name.
        levels: A sentence for each of the four levels.
        phases: The phases whose points decide it; `ALL` stands for every one.
        points: Points of its own, to be ticked as well.
    """

    name: str
    levels: tuple[str, ...]
    phases: tuple[str, ...] = ()
    points: tuple[str, ...] = ()

    def counts(self, phase: Phase) -> bool:
        """Return whether the points of a phase decide it."""
        return bool({phase.name, ALL} & set(self.phases))


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
        synonyms: For words of the facts, the words that ask for them.
    """

    round: str
    title: str
    opening: str
    each: float
    items: tuple[Item, ...]
    rubric: tuple[RubricLine, ...]
    synonyms: dict[str, str]


@dataclasses.dataclass(frozen=True)
class Agenda:
    """What one spoken round consists of, fitted to its time.

    What is not said here is as in `Item` and `QuestionBank`.

    Args:
        is_design: Whether a drawing belongs to it.
    """

    title: str
    prompt: str
    facts: tuple[str, ...]
    phases: tuple[Phase, ...]
    mistakes: tuple[str, ...]
    rubric: tuple[RubricLine, ...]
    synonyms: dict[str, str] = dataclasses.field(default_factory=dict)
    is_design: bool = False

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
    top = Reader(table, str(path))
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
        synonyms=top.words("synonyms"),
    )
    for reader in shared:
        reader.done()
    top.done()
    phases = {ALL, *(phase.name for item in bank.items for phase in item.phases)}
    for line in bank.rubric:
        if unknown := sorted(set(line.phases) - phases):
            raise Invalid(f"{path}: rubric: {line.name}: no phase {unknown[0]!r}")
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
        synonyms=bank.synonyms,
        is_design=not bank.each,
    )


def _prompt(item: Reader, phases: list[Reader], _: float) -> Item:
    """Read a prompt, which goes through all phases."""
    points, probes = item.table("points"), item.table("probes")
    answers = item.table("answers", optional=True)
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
                answers=answers.texts(phase.text("name").lower(), ()),
            )
            for phase in phases
        ),
        mistakes=item.texts("mistakes"),
    )
    for reader in (item, points, probes, answers):
        reader.done()
    return _checked(found, item)


def _question(item: Reader, themes: list[Reader], each: float) -> Item:
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
        answers=item.texts("answers", ()),
        levels=(theme.text("senior", ""), theme.text("staff", ""))
        if theme
        else ("", ""),
        **shared,
    )
    found = Item(item.text("name"), name, "", (), (phase,), ())
    item.done()
    return _checked(found, item)


def _checked(found: Item, item: Reader) -> Item:
    """Return an item whose probes have an answer each, or none."""
    for phase in found.phases:
        probes, answers = len(phase.probes), len(phase.answers)
        if answers not in (0, probes):
            where = f"{item.where}: answers: {phase.name}"
            raise Invalid(f"{where}: {answers}, but {probes} probes")
    return found


def _line(line: Reader) -> RubricLine:
    found = RubricLine(
        line.text("name"),
        line.texts("levels"),
        line.texts("phases", ()),
        line.texts("points", ()),
    )
    if len(found.levels) != len(LEVELS):
        raise Invalid(f"{line.where}: levels: {len(found.levels)}, not {len(LEVELS)}")
    line.done()
    return found
