"""What the screen of a sitting shows, as text: who draws it is elsewhere."""

from __future__ import annotations

import dataclasses
import io
from pathlib import Path
from typing import Any

from graders.harness.catalog.exercise import Entry
from graders.harness.feedback import report as reports
from graders.harness.feedback.results import Job, Result
from graders.harness.feedback.text import plain
from graders.practice.store import Sitting

KEYS = "h hint   s submit   g give up   q quit   arrows scroll"
QUESTIONS = {
    "submit": "Hand this in? y yes   n no",
    "give up": "Give up, and see the solution? y yes   n no",
}


@dataclasses.dataclass
class Room:
    """A sitting as it stands.

    Args:
        entry: The exercise.
        sitting: Its sitting.
        hints: Those that were taken.
        news: What the last save gave.
        status: One line on what happens now.
        question: What is to be confirmed: a key of `QUESTIONS`, or "".
    """

    entry: Entry
    sitting: Sitting
    hints: list[str] = dataclasses.field(default_factory=list)
    news: str = ""
    status: str = "Save the file, and its verdict stands here."
    question: str = ""

    @property
    def shows_verdicts(self) -> bool:
        """Whether each save is judged in the open; else it gets the examples alone."""
        return self.sitting.mode == "practice"

    def title(self) -> str:
        """Return the line at the top."""
        return (
            f" {self.entry.title} ({self.sitting.mode}, {self.sitting.minutes:g} min)"
        )

    def clock(self, left: float) -> str:
        """Return the time left, or the time that it is over by."""
        return f" {clock_text(left)}   {from_here(self.entry.stub)}"

    def body(self) -> str:
        """Return the hints that were taken and what the last save gave."""
        hints = [f"hint {i} of 3: {text}" for i, text in enumerate(self.hints, 1)]
        return "\n\n".join([*hints, self.news]).strip("\n")

    def footer(self) -> str:
        """Return the keys, or what is to be confirmed."""
        return f" {QUESTIONS.get(self.question, KEYS)}"


def clock_text(left: float) -> str:
    """Return seconds as a clock: 24:59 left, or over by 00:12."""
    minutes, seconds = divmod(int(abs(left)), 60)
    if left >= 0:
        return f"{minutes:02}:{seconds:02} left"
    return f"over by {minutes:02}:{seconds:02}; what is handed in now is late"


def verdict_text(entry: Entry, report: dict[str, Any], width: int) -> str:
    """Return a report's part on one exercise as the command line shows it."""
    stream = io.StringIO()
    job = Job(entry, entry.stub, 0)
    result = Result(job, report["checks"], report["seconds"], "", report["error"])
    result.exhibit = report["exhibit"]
    screen = reports.Screen(stream)
    screen.width = width
    reports.show_result(screen, result)
    return stream.getvalue().rstrip("\n")


def examples_text(examples: list[dict[str, Any]]) -> str:
    """Return what the prompt's own examples give."""
    if not examples:
        return "The prompt has no examples that run. The verdict comes when you submit."
    lines = []
    for example in examples:
        holds = "holds" if example["holds"] else "differs"
        lines.append(f"{holds}: {example['source'].strip()}")
        if not example["holds"]:
            lines.append(f"    got      | {example['got'].strip()}")
            lines.append(f"    expected | {example['want'].strip()}")
    lines.append("")
    lines.append("These are the prompt's examples alone; the verdict comes at the end.")
    return plain("\n".join(lines))


def without_keys(entry: Entry, sitting: Sitting) -> str:
    """Return how a sitting stands, and what to run where there are no keys."""
    name = entry.name
    return f"""\
{entry.title} ({sitting.mode}, {sitting.minutes:g} minutes)
{clock_text(sitting.left)}; the clock runs on, whatever you do
fill in:  {from_here(entry.stub)}
hint:     nox -s hint -- {name}
submit:   nox -s practice -- {name} --submit
give up:  nox -s solution -- {name} --give-up"""


def from_here(path: Path) -> str:
    """Return a path as a person types it: from here, where it lies below."""
    here = Path.cwd()
    return str(path.relative_to(here) if path.is_relative_to(here) else path)
