"""The verb `picture`: draw the README's picture of a terminal session."""

from __future__ import annotations

import argparse
import io
import os
import re
import tempfile
from pathlib import Path
from unittest.mock import patch

from rich.console import Console
from rich.text import Text

from graders.harness.catalog.exercise import ROOT, choose_one
from graders.harness.catalog.files import write
from tests.terminal import Terminal

PICTURE = ROOT / ".github" / "session.svg"
NAME, MISTAKE, SEED = "roc_auc", "counts a tie as a win", 7
COLUMNS = 88

_REDRAWN = re.compile(r"\r\x1b\[K[^\r\n]*(?=\r\x1b\[K)")  # what the next line replaced
_SUMMARY = re.compile(r"\n\d of 1 exercise passed")


def session() -> str:
    """Grade a wrong answer and the right one; return the screen, with its colours."""
    entry = choose_one(NAME)
    wrong = entry.with_mistake(entry.sheet.mistakes[MISTAKE])
    right = entry.solution.read_text("utf-8")
    command = f"$ nox -s grade -- {NAME}\n"
    return "\n".join(command + _graded(answer) for answer in (wrong, right))


def _graded(answer: str) -> str:
    """Return what a terminal shows of a grading, up to the summary."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / f"{NAME}.py"
        file.write_text(answer, "utf-8")
        words = ("grade", NAME, "--submission", str(file), "--seed", str(SEED))
        with patch.dict(os.environ, COLUMNS=str(COLUMNS)):
            os.environ.pop("NO_COLOR", None)
            terminal = Terminal(ROOT, *words)
        terminal.end()
    shown = _REDRAWN.sub("", terminal.screen.replace("\r\n", "\n"))
    return _SUMMARY.split(shown.replace("\r\x1b[K", ""))[0]


def as_svg(text: str) -> str:
    """Return a picture of a screen."""
    console = Console(
        record=True, file=io.StringIO(), width=COLUMNS, force_terminal=True
    )
    console.print(Text.from_ansi(text), soft_wrap=True)
    return console.export_svg(title="ML Interview Katas", unique_id="session")


def main(argv: list[str]) -> int:
    """Draw the picture."""
    argparse.ArgumentParser(prog="nox -s dev -- picture").parse_args(argv)
    write(PICTURE, as_svg(session()).encode())
    print(f"wrote {PICTURE.relative_to(ROOT)}")
    return 0
