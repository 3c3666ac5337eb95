"""One exercise being graded: who answers, who listens, and when to stop."""

from __future__ import annotations

import dataclasses
import functools
import hashlib
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from graders.harness.answer.answer import Answer
from graders.harness.answer.submission import answer_to
from graders.harness.catalog.exercise import ROOT, Entry, catalogue
from graders.harness.feedback.diagnosis import Diagnostician, Failure

MOST_TIMEOUTS = 2  # after which the rest is not judged


@dataclasses.dataclass
class Grading:
    """One exercise being graded: who answers, and who listens.

    Args:
        entry: The exercise.
        answer: The answer in its worker, or None where it runs in this process.
        seed: From which every input is drawn.
        tell: Called with each event, a dict that JSON can hold.
        file: The answer's file, for a run in this process.
        purpose: "explain" where somebody reads why a check fails; "judge" where nobody
            does, so that its first failing example ends it; "measure" to tell how slow
            an answer is instead of judging that; "judge inside" and "measure inside"
            to do so in this process.
        shown_by_pytest: Whether pytest itself, or an editor, shows what failed.
    """

    entry: Entry
    answer: Answer | None
    seed: int
    tell: Callable[[dict[str, Any]], None] = lambda event: None
    file: Path | None = None
    purpose: str = "explain"
    shown_by_pytest: bool = False
    enough: int = 0  # examples of a property, where not all are tried
    halted: str = ""  # why the rest is not judged
    timeouts: int = 0
    contracts: list[str] = dataclasses.field(default_factory=list)  # their verdicts
    examples: list[tuple[str, list[Failure], list[Failure]]] = dataclasses.field(
        default_factory=list
    )  # of each check, those that failed and those that held
    notes: dict[str, Any] = dataclasses.field(default_factory=dict)
    # what a check leaves, of this answer, for those that come after it

    @functools.cached_property
    def diagnostician(self) -> Diagnostician:
        """Who explains failures; made when the first is to be explained."""
        reference = execute(self.entry.solution, "reference")
        return Diagnostician(self.entry, reference)

    def close(self) -> None:
        """End the processes of this grading."""
        if self.answer:
            self.answer.close()

    def start_over(self, seed: int) -> None:
        """Forget the answer before: another is about to be graded."""
        self.seed = seed
        self.halted = ""
        self.timeouts = 0
        self.contracts.clear()
        self.examples.clear()
        self.notes.clear()

    def take(self, record: dict[str, Any], is_contract: bool) -> None:
        """Tell what became of a check, and decide whether the rest is judged."""
        self.tell({"check": record})
        verdict = record["verdict"]
        self.timeouts += verdict == "timed out"
        if is_contract:
            self.contracts.append(verdict)
        if verdict == "could not load":
            self.halted = "the file could not be loaded"
        elif is_contract and verdict not in ("passed", "not started"):
            self.halted = "the first check failed"
        elif self.timeouts == MOST_TIMEOUTS:
            self.halted = "two checks had timed out"
        elif verdict == "grader error" and self.answer and self.answer.unavailable:
            self.halted = "the sandbox did not start"
        if self.halted:
            self.tell({"halted": self.halted})

    def tell_suspects(self) -> None:
        """Tell what the kept examples say of each classic mistake."""
        if "diagnostician" in vars(self):
            for check, failed, held in self.examples:
                self.diagnostician.remember(check, failed, held)
            self.tell({"suspects": self.diagnostician.suspects.evidence()})

    def seed_of(self, check: str) -> int:
        """Return the seed of one check, which no other check and no order changes."""
        text = f"{self.seed}/{self.entry.name}/{check}"
        return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "little")


def execute(path: Path, name: str) -> ModuleType:
    """Execute a file in this process; only ever one of ours, or the user's own."""
    module = ModuleType(name)
    module.__file__ = str(path)
    sys.modules[name] = module  # where dataclasses look themselves up
    exec(compile(path.read_bytes(), path, "exec", dont_inherit=True), vars(module))
    return module


GRADINGS = pytest.StashKey[dict[Path, Grading]]()


def grading_of(item: pytest.Item) -> Grading | None:
    """Return the grading that a test belongs to; None for tests that grade nothing."""
    folder = ROOT / "graders"
    if not item.path.is_relative_to(folder):
        return None
    gradings = item.config.stash[GRADINGS]
    if item.path not in gradings:
        [entry] = [entry for entry in catalogue() if entry.grader == item.path]
        file = item.config.getoption("--answer") or entry.stub
        here = item.config.getoption("--in-process") and not entry.is_text
        answer = None if here else answer_to(entry, file)
        seed = item.config.getoption("--seed")
        gradings[item.path] = Grading(
            entry, answer, seed, file=file, shown_by_pytest=True
        )
    return gradings[item.path]
