"""The sheet of an exercise: what its checks cannot say, as data.

It is TOML, so that listing hundreds of exercises executes none of them, and it is
checked against `Sheet` when it is read: an error is one line with file and key.
"""

from __future__ import annotations

import dataclasses
import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

Patches = tuple[tuple[str, str], ...]
Mistake = str | Patches  # the source of definitions, or patches of the solution

DIFFICULTIES = ("easy", "medium", "hard")
SOURCES = 54  # that `Sheet.frequency` counts


@dataclasses.dataclass(frozen=True)
class FollowUp:
    """What an interviewer asks once the code works, and a good answer.

    Args:
        question: One question.
        answer: Two to six lines.
    """

    question: str
    answer: str


@dataclasses.dataclass(frozen=True)
class Lesson:
    """The page to read after a pass or giving up.

    Args:
        idea: The idea in about three sentences.
        cost: The order of time and memory, and why.
        alternatives: What else would be right, and when.
        traps: Where numbers or edge cases go wrong.
        references: Author, year, and DOI or arXiv id of each source.
    """

    idea: str
    cost: str
    alternatives: str
    traps: str
    references: tuple[str, ...]


@dataclasses.dataclass(frozen=True, kw_only=True)
class Sheet:
    """Everything about an exercise that is neither its prompt nor its checks.

    Args:
        minutes: The interview clock.
        difficulty: "easy", "medium" or "hard".
        hints: Three, from a nudge to nearly there.
        follow_ups: What an interviewer asks once the code works, with answers.
        mistakes: The classic mistakes: the name of each, and either patches of the
            solution (pairs of a text that occurs exactly once and what replaces it)
            or the source of definitions that replace the solution's.
        forbids: Dotted names that an answer may not use, such as
            "numpy.linalg.lstsq".
        many_answers: Whether several answers are right, so that the reference's own
            is no help to someone whose answer is wrong; or the names of the functions
            for which that is so.
        bugs: Patches of the solution that break it: the stub of an exercise whose
            task is to repair code is the solution with all of them.
        frequency: How many of the 54 sources on what ML rounds ask list it.
        covers: What it practices beside its topic, as words to search by, such as
            "feature_engineering" or "fraud".
        lesson: The page to read afterwards.
    """

    minutes: int
    difficulty: str
    hints: tuple[str, ...]
    follow_ups: tuple[FollowUp, ...]
    mistakes: Mapping[str, Mistake]
    forbids: tuple[str, ...] = ()
    many_answers: bool | tuple[str, ...] = False
    bugs: Patches = ()
    frequency: int = 0
    covers: tuple[str, ...] = ()
    lesson: Lesson | None = None


def read_sheet(file: Path, name: str) -> Sheet:
    """Read and check a sheet.

    Args:
        file: The TOML file.
        name: What an error calls it.

    Raises:
        ValueError: If it is no sheet; one line that names file and key.
    """
    try:
        table = tomllib.loads(file.read_text("utf-8"))
        return Sheet(**_record(table, Sheet, _SHEET, ""))
    except OSError as error:
        raise ValueError(f"{name}: {error.strerror}") from None
    except ValueError as error:  # TOML's own errors and those of decoding are ones
        raise ValueError(f"{name}: {error}") from None


def _record(
    table: Any, kind: type, readers: Mapping[str, Reader], at: str
) -> dict[str, Any]:
    """Return the fields of a table that must be such a record."""
    if not isinstance(table, dict):
        raise _wrong(at.rstrip("."), "a table", table)
    for key in table:
        if key not in readers:
            known = ", ".join(readers)
            raise ValueError(f"{at}{key}: no such key; there are {known}")
    for field in dataclasses.fields(kind):
        if field.default is dataclasses.MISSING and field.name not in table:
            raise ValueError(f"{at}{field.name}: missing")
    return {key: readers[key](value, at + key) for key, value in table.items()}


Reader = Callable[[Any, str], Any]


def _wrong(at: str, wanted: str, value: Any) -> ValueError:
    return ValueError(f"{at}: {wanted} is needed, not {str(value)[:60]!r}")


def _text(value: Any, at: str) -> str:
    if not isinstance(value, str) or not value.strip():
        raise _wrong(at, "a text", value)
    return value.strip()


def _count(value: Any, at: str) -> int:
    if type(value) is not int or value < 0:
        raise _wrong(at, "a whole number", value)
    return value


def _flag(value: Any, at: str) -> bool:
    if not isinstance(value, bool):
        raise _wrong(at, "true or false", value)
    return value


def _difficulty(value: Any, at: str) -> str:
    if value not in DIFFICULTIES:
        raise _wrong(at, "one of " + ", ".join(DIFFICULTIES), value)
    return str(value)


def _items(reader: Reader) -> Reader:
    def read(value: Any, at: str) -> tuple[Any, ...]:
        if not isinstance(value, list):
            raise _wrong(at, "a list", value)
        return tuple(reader(item, f"{at}[{i}]") for i, item in enumerate(value))

    return read


def _patch(value: Any, at: str) -> tuple[str, str]:
    match value:
        case [str() as old, str() as new] if old and old != new:
            return old, new
    raise _wrong(at, 'a pair ["old", "new"]', value)


def _mistake(value: Any, at: str) -> Mistake:
    if isinstance(value, str) and value.strip():
        return value
    patches: Patches = _items(_patch)(value, at)
    if not patches:
        raise _wrong(at, "a source or patches", value)
    return patches


def _mistakes(value: Any, at: str) -> dict[str, Mistake]:
    if not isinstance(value, dict):
        raise _wrong(at, "a table", value)
    return {name: _mistake(one, f"{at}.{name!r}") for name, one in value.items()}


def _follow_up(value: Any, at: str) -> FollowUp:
    return FollowUp(**_record(value, FollowUp, _FOLLOW_UP, f"{at}."))


def _lesson(value: Any, at: str) -> Lesson:
    return Lesson(**_record(value, Lesson, _LESSON, f"{at}."))


def _flag_or_names(value: Any, at: str) -> bool | tuple[str, ...]:
    return _items(_text)(value, at) if isinstance(value, list) else _flag(value, at)


_FOLLOW_UP: dict[str, Reader] = {"question": _text, "answer": _text}
_LESSON: dict[str, Reader] = {
    "idea": _text,
    "cost": _text,
    "alternatives": _text,
    "traps": _text,
    "references": _items(_text),
}
_SHEET: dict[str, Reader] = {
    "minutes": _count,
    "difficulty": _difficulty,
    "frequency": _count,
    "covers": _items(_text),
    "hints": _items(_text),
    "follow_ups": _items(_follow_up),
    "mistakes": _mistakes,
    "forbids": _items(_text),
    "many_answers": _flag_or_names,
    "bugs": _items(_patch),
    "lesson": _lesson,
}


def mistake_source(solution: str, mistake: Mistake) -> str:
    """Return the solution's source with one classic mistake made in it.

    Raises:
        ValueError: If a text to replace does not occur exactly once.
    """
    if isinstance(mistake, str):
        return solution + "\n\n" + mistake
    for old, new in mistake:
        if solution.count(old) != 1:
            raise ValueError(f"{old!r} occurs {solution.count(old)} times")
        solution = solution.replace(old, new)
    return solution
