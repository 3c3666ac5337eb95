"""What an exercise is, and which there are.

One exercise is four files at the same relative path and no registry: its solution, the
stub that is derived from it, its checks and its sheet. The name is the file's, the
path gives round and topic, the first line of the prompt gives the title, and the sheet
gives the rest.
"""

from __future__ import annotations

import ast
import dataclasses
from collections.abc import Iterator
from difflib import get_close_matches
from functools import cached_property
from pathlib import Path

from graders.harness.catalog.sheet import Mistake, Sheet, mistake_source, read_sheet

ROOT = Path(__file__).resolve().parents[3]
# The packages whose versions a verdict depends on.
JUDGED_WITH = ("numpy", "hypothesis", "pytest", "pytest-timeout")


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

    @property
    def sheet_file(self) -> Path:
        """The sheet, beside the checks."""
        return ROOT / "graders" / self.path.with_suffix(".toml")

    @property
    def judged_by(self) -> list[Path]:
        """The files of this exercise and round on which a verdict depends."""
        of_round = sorted((ROOT / "graders" / self.round).rglob("*.py"))
        shared = [file for file in of_round if not file.name.startswith("test_")]
        return [self.solution, self.sheet_file, self.grader, *shared]

    @cached_property
    def sheet(self) -> Sheet:
        """What the sheet says; read when it is first asked for."""
        return read_sheet(self.sheet_file, relative(self.sheet_file))

    @cached_property
    def title(self) -> str:
        """The first line of the prompt."""
        with self.solution.open(encoding="utf-8") as file:
            return file.readline().strip().strip('"# ').rstrip(".") or self.name

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

    def with_mistake(self, mistake: Mistake) -> str:
        """Return the solution's source with one of the sheet's mistakes made in it.

        Raises:
            ValueError: If a patch does not fit; one line that names file and key.
        """
        try:
            return mistake_source(self.solution.read_text("utf-8"), mistake)
        except ValueError as error:
            keys = {m: f"mistakes.{n!r}" for n, m in self.sheet.mistakes.items()}
            at = relative(self.sheet_file)
            raise ValueError(f"{at}: {keys.get(mistake, 'bugs')}: {error}") from None

    def answers_to(self, word: str) -> bool:
        """Return whether a person who types `word` means this exercise too."""
        return word in (self.name, self.topic, self.round, f"{self.round}/{self.topic}")


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
