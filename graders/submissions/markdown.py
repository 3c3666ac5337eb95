"""A review as Markdown, in which no text of an answer can be more than text.

Whatever did not come from this file stands in a fenced block whose fence is longer
than every run of backticks in it: there is no heading, link, picture, table, mention
or HTML in there. Outside of them are only words of ours and names of the catalogue.
"""

from __future__ import annotations

import io
import re

from graders.harness.feedback.screen import Screen
from graders.harness.feedback.text import plain
from graders.submissions.report import Report
from graders.submissions.screen import count, details, ignored

MOST = 400_000  # characters; GitHub takes a summary of 1 MiB
ROWS = 60  # of the failures of an exercise
_WIDTH = 88


def as_markdown(report: Report) -> str:
    """Return a review as Markdown."""
    parts = [f"### Review: {report['verdict']}", count(report)]
    if report["exercises"]:
        rows = [
            f"| {e['verdict']} | {e['name']} | {e['passed']} of {e['total']} |"
            for e in report["exercises"]
        ]
        table = ["| verdict | exercise | checks passed |", "|---|---|---|", *rows]
        parts.append("\n".join(table))
    if report["error"]:
        parts.append(fenced(report["error"]))
    screen = Screen(io.StringIO())
    screen.width = _WIDTH
    for exercise in report["exercises"]:
        if exercise["verdict"] != "passed":
            lines = details(screen, exercise, ROWS)
            parts += [f"#### {exercise['name']}", fenced("\n".join(lines))]
    if report["empty"]:
        parts += [
            "No answer (deleted, or the stub):",
            fenced("\n".join(report["empty"])),
        ]
    if text := ignored(report):
        more = [f"and {report['more']:,} more"] if report["more"] else []
        parts += [f"{text}.", fenced("\n".join([*report["ignored"], *more]))]
    parts.append(f"Seed {report['seed']}, head {report['head'][:12]}.")
    return _bounded(parts)


def fenced(text: str) -> str:
    """Return text in a block that it cannot leave."""
    text = plain(text).strip("\n")
    longest = max(map(len, re.findall("`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}text\n{text}\n{fence}"


def _bounded(parts: list[str]) -> str:
    """Return as many whole parts as there is room for."""
    text = ""
    for part in parts:
        if len(text) + len(part) > MOST:
            return f"{text}The rest stands in the JSON.\n"
        text += f"{part}\n\n"
    return text
