"""What an exercise is, and which there are.

One exercise is three files at the same relative path and no registry: its stub, its
solution and its grader. The name is the file's, the path gives round and topic, the
first line of the prompt gives the title, and one literal in the grader the rest. It
is read as text, so that listing a hundred exercises imports none of them.
"""

from __future__ import annotations

import ast
import dataclasses
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from functools import cached_property
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]

Patches = tuple[tuple[str, str], ...]


@dataclasses.dataclass(frozen=True, kw_only=True)
class Exercise:
    """What a grader says of its exercise; every value is a literal.

    Args:
        minutes: The interview clock.
        difficulty: "easy", "medium" or "hard".
        hints: Three, from a nudge to nearly there.
        follow_ups: What an interviewer asks once the code works.
        pitfalls: The classic mistakes: the name of each, and either patches of the
            solution (pairs of a text that occurs exactly once and what replaces it)
            or the source of definitions that replace the solution's.
        forbids: Dotted names that an answer may not use, such as
            "numpy.linalg.lstsq".
        many_answers: Whether several answers are right, so that the reference's own
            is no help to someone whose answer is wrong.
        bugs: Patches of the solution that break it: the stub of an exercise whose
            task is to repair code is the solution with all of them.
        asked: How many of the 54 sources on what ML rounds ask list it.
    """

    minutes: int
    difficulty: str
    hints: tuple[str, ...]
    follow_ups: tuple[str, ...]
    pitfalls: Mapping[str, str | Patches]
    forbids: tuple[str, ...] = ()
    many_answers: bool = False
    bugs: Patches = ()
    asked: int = 0


@dataclasses.dataclass(frozen=True)
class Entry:
    """One exercise of the repository, by its path below the mirrored trees."""

    path: Path  # round/topic/name.py, or .md where the answer is a text

    @property
    def name(self) -> str:
        """The name by which people call it, unique in the repository."""
        return self.path.stem

    @property
    def round(self) -> str:
        """The interview round that it belongs to."""
        return self.path.parts[0]

    @property
    def topic(self) -> str:
        """The folder within the round."""
        return self.path.parts[1]

    @property
    def stub(self) -> Path:
        """The file that the candidate edits."""
        return ROOT / "exercises" / self.path

    @property
    def solution(self) -> Path:
        """The model answer, sole source of the prompt."""
        return ROOT / "solutions" / self.path

    @property
    def grader(self) -> Path:
        """The hidden checks."""
        return ROOT / "graders" / self.path.with_name(f"test_{self.name}.py")

    @property
    def is_text(self) -> bool:
        """Whether the answer is a text, of which nothing is run."""
        return self.path.suffix == ".md"

    @cached_property
    def about(self) -> Exercise:
        """What the grader's literal says."""
        return read_literal(self.grader)

    @cached_property
    def title(self) -> str:
        """The first line of the prompt."""
        prompt = self.solution.read_text("utf-8")
        if not self.is_text:
            prompt = ast.get_docstring(ast.parse(prompt)) or self.name
        return prompt.splitlines()[0].lstrip("# ").rstrip(".")

    @cached_property
    def contract(self) -> dict[str, bool]:
        """The public functions and classes of the solution; True marks a class."""
        if self.is_text:
            return {}
        kinds = (ast.FunctionDef, ast.ClassDef)
        tree = ast.parse(self.solution.read_text("utf-8"))
        found = [node for node in tree.body if isinstance(node, kinds)]
        public = [node for node in found if not node.name.startswith("_")]
        return {node.name: isinstance(node, ast.ClassDef) for node in public}

    def answers_to(self, word: str) -> bool:
        """Return whether a person who types `word` means this exercise too."""
        return word in (self.name, self.topic, self.round, f"{self.round}/{self.topic}")


def read_literal(grader: Path) -> Exercise:
    """Read `EXERCISE = Exercise(...)` from a grader without importing it.

    Raises:
        ValueError: If there is none, or it is more than literals; says where.
    """
    for node in ast.parse(grader.read_text("utf-8")).body:
        match node:
            case ast.Assign(
                targets=[ast.Name(id="EXERCISE")], value=ast.Call() as call
            ):
                break
    else:
        raise ValueError(f"{grader}: no line EXERCISE = Exercise(...)")
    values: dict[str, Any] = {}
    for keyword in call.keywords:
        try:
            values[str(keyword.arg)] = ast.literal_eval(keyword.value)
        except ValueError as error:
            at = f"{grader}:{keyword.value.lineno}"
            raise ValueError(f"{at}: {keyword.arg} is not a literal") from error
    return Exercise(**values)


def pitfall_source(solution: str, pitfall: str | Patches) -> str:
    """Return the solution's source with one classic mistake made in it.

    Raises:
        ValueError: If a text to replace does not occur exactly once.
    """
    if isinstance(pitfall, str):
        return solution + "\n\n" + pitfall
    for old, new in pitfall:
        if solution.count(old) != 1:
            raise ValueError(f"{old!r} occurs {solution.count(old)} times")
        solution = solution.replace(old, new)
    return solution


def catalogue() -> list[Entry]:
    """Return every exercise, by round, topic and name."""
    folder = ROOT / "solutions"
    files = [*folder.glob("*/*/*.py"), *folder.glob("*/*/*.md")]
    return [Entry(path.relative_to(folder)) for path in sorted(files)]


def relative(path: Path) -> str:
    """Return a path of the repository as it is called inside it."""
    return path.relative_to(ROOT).as_posix()


def choose(words: list[str]) -> Iterator[Entry]:
    """Yield the exercises that the words name, each once, in the catalogue's order.

    Raises:
        LookupError: If a word names nothing; tells the nearest names.
    """
    entries = catalogue()
    known = {
        word
        for entry in entries
        for word in (entry.name, entry.topic, entry.round)
    }  # fmt: skip
    for word in words:
        if not any(entry.answers_to(word) for entry in entries):
            near = get_close_matches(word, sorted(known), n=3)
            hint = f"did you mean {' or '.join(near)}?" if near else "see the README."
            raise LookupError(f"no exercise, topic or round is called {word!r}; {hint}")
    for entry in entries:
        if any(entry.answers_to(word) for word in words):
            yield entry


def choose_one(word: str) -> Entry:
    """Return the one exercise that a word names.

    Raises:
        LookupError: If it names none, or several; tells the nearest names, or all.
    """
    first, *others = choose([word])
    if others:
        names = ", ".join(entry.name for entry in (first, *others))
        raise LookupError(f"{word!r} are several exercises; take one of {names}")
    return first
