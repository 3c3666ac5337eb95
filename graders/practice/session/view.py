"""What the screen of a session shows, as text; `screen` draws it."""

from __future__ import annotations

import dataclasses
import io
from pathlib import Path
from typing import Any

from graders.harness.catalog.exercise import Entry
from graders.harness.feedback import report as reports
from graders.harness.feedback.results import Job, Result
from graders.harness.feedback.screen import field, last_lines, wrapped
from graders.harness.feedback.text import plain
from graders.practice.store import Session
from graders.practice.text import join, time_left, wrap

KEYS = ["h hint", "s submit", "g give up", "q quit", "arrows scroll"]
QUESTIONS = {
    "submit": ["Submit this answer?", "y yes", "n no"],
    "give up": ["Give up and see the solution?", "y yes", "n no"],
}


@dataclasses.dataclass
class View:
    """The state of a session's screen.

    Args:
        entry: The exercise.
        session: Its session.
        hints: The hints that were taken.
        feedback: What the last save gave.
        status: One line about what is happening.
        question: What waits for a yes: a key of `QUESTIONS`, or "".
    """

    entry: Entry
    session: Session
    hints: list[str] = dataclasses.field(default_factory=list)
    feedback: str = ""
    status: str = ""
    question: str = ""

    def __post_init__(self) -> None:
        """Say what a save gives, unless there is something else to say."""
        gives = "its verdict appears" if self.shows_verdicts else "the examples are run"
        self.status = self.status or f"Save the file, and {gives} here."

    @property
    def shows_verdicts(self) -> bool:
        """Whether a save shows its verdict; else it shows the examples alone."""
        return self.session.mode == "practice"

    def title(self, width: int = 80) -> str:
        """Return the line at the top."""
        session = self.session
        title = f"{self.entry.title} ({session.mode}, {session.minutes:g} min)"
        return "\n".join(wrap(title, width, " ", " "))

    def clock(self, left: float, width: int = 80) -> str:
        """Return the time left, or by how much it is over, and the file."""
        return _line([clock_text(left), from_here(self.entry.stub)], width)

    def body(self, width: int = 80) -> str:
        """Return the hints that were taken and what the last save gave."""
        total = len(self.entry.sheet.hints)
        hints = (f"hint {i} of {total}: {h}" for i, h in enumerate(self.hints, 1))
        parts = ["\n".join(wrap(hint, width, "", "    ")) for hint in hints]
        return "\n\n".join([*parts, self.feedback]).strip("\n")

    def footer(self, width: int = 80) -> str:
        """Return the keys, or the question that waits for a yes."""
        return _line(QUESTIONS.get(self.question, KEYS), width)


def _line(pieces: list[str], width: int) -> str:
    return "\n".join(f" {line}" for line in join(pieces, width - 1))


def clock_text(left: float) -> str:
    """Return the time left, or that a submission is late."""
    return time_left(left) + ("" if left >= 0 else "; a submission counts as late")


def verdict_text(
    entry: Entry,
    report: dict[str, Any],
    width: int,
    *,
    first_only: bool = False,
    note: str = "",
) -> str:
    """Return an exercise's part of a report as the command line shows it.

    Args:
        entry: The exercise.
        report: Its part of the report.
        width: Columns.
        first_only: Whether to show the first failure alone.
        note: What to say below the verdict.
    """
    stream = io.StringIO()
    job = Job(entry, entry.stub, 0)
    checks = [_modern(check) for check in report["checks"]]
    seconds, error = report.get("seconds", 0.0), report.get("error", "")
    result = Result(job, checks, seconds, "", error, exhibit=report.get("exhibit", ""))
    screen = reports.Screen(stream)
    screen.width = width
    reports.show_result(screen, result, first_only=first_only, note=note)
    return stream.getvalue().rstrip("\n")


def _modern(check: dict[str, Any]) -> dict[str, Any]:
    """Return a check's record; old histories lack keys, and say pitfall for mistake."""
    lacking = {"name": "", "sentence": "", "rubric": "correctness", "message": ""}
    return {**lacking, "mistake": check.get("pitfall", ""), **check}


def examples_text(examples: list[dict[str, Any]], width: int = 80) -> str:
    """Return what the prompt's examples give."""
    if not examples:
        said = "The prompt has no examples to run. The verdict comes when you submit."
        return "\n".join(wrap(said, width))
    lines = []
    for example in examples:
        holds = "holds" if example["holds"] else "differs"
        lines += wrapped(f"{holds}: {example['source'].strip()}", width, "", "    ")
        if not example["holds"]:
            lines += field("got", example["got"].strip() or "nothing", width)
            lines += field("expected", example["want"].strip() or "nothing", width)
        if printed := example.get("printed", ""):
            lines += field("printed", last_lines(plain(printed), 3, width - 8), width)
    said = (
        "These are only the prompt's examples. The verdict is shown after you submit."
    )
    return plain("\n".join([*lines, "", *wrap(said, width)]))


def without_keys(entry: Entry, session: Session, width: int = 80) -> str:
    """Return the state of a session, and the commands where there are no keys."""
    name = entry.name
    said = (
        f"{entry.title} ({session.mode}, {session.minutes:g} minutes)",
        f"{clock_text(session.left)}; the clock keeps running",
        f"your file: {from_here(entry.stub)}",
    )
    lines = [line for text in said for line in wrap(text, width, "", "    ")]
    commands = {
        "hint:      ": f"nox -s hint -- {name}",
        "submit:    ": f"nox -s practice -- {name} --submit",
        "give up:   ": f"nox -s solution -- {name} --give-up",
    }
    for label, command in commands.items():
        lines += wrap(command, width, label, "    ")
    return "\n".join(lines)


def from_here(path: Path) -> str:
    """Return a path as a person types it in the current folder."""
    here = Path.cwd()
    return str(path.relative_to(here) if path.is_relative_to(here) else path)
