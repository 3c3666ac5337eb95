"""What is graded, and what came of it."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

from graders.harness.catalog.exercise import Entry

RUBRIC = ("correctness", "edge_cases", "numerics", "efficiency")
VALIDATION = "validation"  # a line that is shown, and decides nothing


@dataclasses.dataclass(frozen=True)
class Job:
    """One answer to be graded.

    Args:
        entry: The exercise.
        file: The answer.
        seed: From which every input is drawn.
        wish: The isolation: "auto", "required" or "off".
        options: Further arguments for pytest.
    """

    entry: Entry
    file: Path
    seed: int
    wish: str = "auto"
    options: tuple[str, ...] = ()


@dataclasses.dataclass
class Result:
    """What came of one job."""

    job: Job
    checks: list[dict[str, Any]]
    seconds: float
    sandbox: str
    error: str = ""  # our own fault, in words
    missing: bool = False  # the answer's file is not there
    refused: str = ""  # what pytest says of the options that it was given
    exhibit: str = ""  # what the grader has to show, passed or not
    printed: str = ""  # what the answer printed until then

    @property
    def verdict(self) -> str:
        """The verdict on the exercise; green only if every check says so itself."""
        if self.missing:
            return "not started"
        found = {check["verdict"] for check in self.checks}
        if self.error or not self.checks or "grader error" in found:
            return "grader error"
        deciding = {check["verdict"] for check in self.checks if decides(check)}
        if (deciding or found) == {"passed"}:
            return "passed"
        return "not started" if found == {"not started"} else "failed"


def decides(check: dict[str, Any]) -> bool:
    """Return whether a check counts towards the verdict on its exercise."""
    return bool(check["rubric"] != VALIDATION)


def name_mistakes(checks: list[dict[str, Any]], evidence: list[dict[str, Any]]) -> None:
    """Note in the failed checks which classic mistake explains them, if one does.

    Args:
        checks: The records of all checks.
        evidence: What each process that shared them found: see `suspects.names`.
    """
    from graders.harness.feedback.suspects import names  # needs NumPy, which is slow

    named = names(evidence)
    for check in checks:
        if check["verdict"] != "passed":
            check["mistake"] = named.get(check["name"], "")
