"""The answer that a candidate's file holds."""

from __future__ import annotations

import math
from pathlib import Path

from graders.harness.answer.answer import Answer
from graders.harness.answer.loading import MAX_SOURCE
from graders.harness.answer.meter import Budget
from graders.harness.answer.text import TextAnswer
from graders.harness.catalog.exercise import ROOT, Entry
from graders.harness.catalog.stubs import is_untouched


def answer_to(entry: Entry, file: Path, wish: str = "auto") -> Answer:
    """Return the answer to an exercise that a file holds."""
    answer = (TextAnswer if entry.is_text else Answer)(
        b"",
        shown_path(file),
        contract=entry.contract,
        forbids=entry.sheet.forbids,
        wish=wish,
    )
    take(entry, read(file), answer)
    return answer


def take(entry: Entry, source: bytes, answer: Answer) -> None:
    """Let an answer be what a file held, with nothing left of another."""
    answer.source = source
    answer.load_error = None
    answer.budget = Budget(math.inf)
    answer.untouched = is_untouched(entry, source)


def shown_path(file: Path) -> str:
    """Return the path that tracebacks show: relative, inside the repository."""
    path = file.resolve()
    return str(path.relative_to(ROOT) if path.is_relative_to(ROOT) else path)


def read(file: Path) -> bytes:
    """Return a candidate's file, or enough of it to see that it is too large."""
    with file.open("rb") as opened:
        return opened.read(MAX_SOURCE + 1)
