"""The mutants that are right answers too, each with the reason why.

They are listed in equivalents/NAME.toml by the lines that change, so that an entry
lives as long as its lines do, wherever they move:

    [[equivalent]]
    was = "order = np.argsort(x, kind='stable')"
    becomes = "order = np.argsort(x)"
    why = "Equal values share a rank, so their order is not seen."

Where a prompt asks for levels that are measured, and not for a way to reach them, what
reaches them all is right, whatever it does inside. An entry names definitions (of
functions, classes or constants) of which no more than that is asked:

    [[design]]
    within = ["_PATIENCE", "_Monitor"]
    why = "The prompt asks for alarms in time, and for few that are false."
"""

from __future__ import annotations

import dataclasses
import json
import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tests.dev.mutation.mutants import Mutant, stripped

FOLDER = Path(__file__).parent / "equivalents"


@dataclasses.dataclass(frozen=True)
class Equivalent:
    """A mutant that no grader can tell from the solution.

    Args:
        was: The lines of the solution, indented or not.
        becomes: What they turn into.
        why: The reason why that changes nothing which the prompt promises.
    """

    was: str
    becomes: str
    why: str

    def matches(self, mutant: Mutant) -> bool:
        """Return whether this is about a mutant."""
        ours, theirs = (self.was, self.becomes), (mutant.was, mutant.becomes)
        return [*map(_packed, ours)] == [*map(_packed, theirs)]

    def is_stale(self, mutants: Sequence[Mutant]) -> bool:
        """Return whether none of an exercise's mutants is meant."""
        return not any(map(self.matches, mutants))


@dataclasses.dataclass(frozen=True)
class Design:
    """A part of the solution of which every mutant that passes is a right answer.

    Args:
        within: The names that it defines at the top of the module.
        why: The reason why the prompt promises no more of it than is measured.
    """

    within: tuple[str, ...]
    why: str

    def matches(self, mutant: Mutant) -> bool:
        """Return whether a mutant lies in this part."""
        return mutant.within in self.within

    def is_stale(self, mutants: Sequence[Mutant]) -> bool:
        """Return whether one of the names has no mutants, as when it is gone."""
        return not set(self.within) <= {mutant.within for mutant in mutants}


Entry = Equivalent | Design


def read_equivalents(file: Path) -> list[Entry]:
    """Read the entries of an exercise; a file that is not there has none.

    Raises:
        ValueError: If an entry lacks a key, has another one, or gives no reason.
    """
    if not file.exists():
        return []
    table = tomllib.loads(file.read_text("utf-8"))
    if not set(table) <= {"equivalent", "design"}:
        raise ValueError(
            f"{file.name}: nothing but [[equivalent]] and [[design]] entries, please"
        )
    equivalents = [_entry(file, entry) for entry in table.get("equivalent", [])]
    return [*equivalents, *(_design(file, entry) for entry in table.get("design", []))]


def _entry(file: Path, entry: dict[str, str]) -> Equivalent:
    if set(entry) != {"was", "becomes", "why"} or not entry["why"].strip():
        raise ValueError(f"{file.name}: needs was, becomes and a why: {entry}")
    was, becomes = stripped(entry["was"]), stripped(entry["becomes"])
    return Equivalent(was, becomes, entry["why"].strip())


def _design(file: Path, entry: dict[str, Any]) -> Design:
    if set(entry) != {"within", "why"} or not entry["why"].strip():
        raise ValueError(f"{file.name}: a design needs within and a why: {entry}")
    return Design(tuple(entry["within"]), entry["why"].strip())


def _packed(text: str) -> str:
    """Return a text without white space, of which mutants have more than is usual."""
    return "".join(text.split())


def as_entry(mutant: Mutant) -> str:
    """Return an entry for a mutant, to be pasted once its reason is filled in."""
    was, becomes = (
        json.dumps(text, ensure_ascii=False) for text in (mutant.was, mutant.becomes)
    )
    return f'[[equivalent]]\nwas = {was}\nbecomes = {becomes}\nwhy = ""'
