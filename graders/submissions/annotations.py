"""Annotations for GitHub: what failed, at the line of the answer where it did.

They are workflow commands, so every text in one is escaped as GitHub's own toolkit
does it, and every text elsewhere on the screen is kept from being one.
"""

from __future__ import annotations

from collections.abc import Iterator

from graders.harness.feedback.causes import causes
from graders.harness.feedback.text import cut, plain
from graders.submissions.report import Report
from graders.submissions.screen import sentence

MOST = 10  # that GitHub shows of a step
_MOST_CHARACTERS = 500


def as_annotations(report: Report) -> list[str]:
    """Return a workflow command for each distinct failure, those with a line first."""
    found = [
        (line, command(exercise["file"], line, exercise["name"], text))
        for exercise in report["exercises"]
        if exercise["verdict"] != "passed"
        for line, text in _failures(exercise)
    ]
    found.sort(key=lambda pair: not pair[0])
    return [text for _, text in found[:MOST]]


def command(file: str, line: int, title: str, text: str) -> str:
    """Return GitHub's command that annotates a file, or one line of it.

    Args:
        file: Its path in the repository.
        line: From 1, or 0 for the file as a whole.
        title: Stands above the text.
        text: What to say.
    """
    at = f",line={line}" if line else ""
    told = _data(cut(text, _MOST_CHARACTERS))
    return f"::error file={_property(file)}{at},title={_property(title)}::{told}"


def _failures(exercise: Report) -> Iterator[tuple[int, str]]:
    """Yield where and why an exercise failed; the whole file if no line is known."""
    found = causes(exercise["checks"])
    with_line = [cause for cause in found if cause.shown["line"]]
    for cause in with_line or found[:1]:
        yield cause.shown["line"], sentence(cause)
    if exercise["error"] or not found:
        yield 0, exercise["error"] or exercise["verdict"]


def _data(text: str) -> str:
    text = plain(text).replace("%", "%25")
    return text.replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
