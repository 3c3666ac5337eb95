"""The verb `picture`: draw the README's picture of a terminal session."""

from __future__ import annotations

import argparse
import contextlib
import io
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from rich.console import Console
from rich.text import Text

from graders.harness.catalog.exercise import ROOT, choose_one
from graders.harness.catalog.files import write

PICTURE = ROOT / ".github" / "session.svg"
NAME, MISTAKE, SEED = "roc_auc", "counts a tie as a win", 7
COLUMNS = 88
GRADE = "import sys; from graders.harness.run.cli import main; main(sys.argv[1:])"

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
        words = [NAME, "--submission", str(file), "--seed", str(SEED)]
        text = _in_a_terminal([sys.executable, "-c", GRADE, *words])
    text = _REDRAWN.sub("", text.replace("\r\n", "\n")).replace("\r\x1b[K", "")
    return _SUMMARY.split(text)[0]


def _in_a_terminal(command: list[str]) -> str:
    env = os.environ | {"COLUMNS": str(COLUMNS), "TERM": "xterm"}
    env.pop("NO_COLOR", None)
    ours, theirs = os.openpty()
    with os.fdopen(ours, "rb", buffering=0) as screen:
        process = subprocess.Popen(command, cwd=ROOT, env=env, stdout=theirs)
        os.close(theirs)
        shown = b""
        with process, contextlib.suppress(OSError):  # the end of a terminal
            while part := screen.read(65536):
                shown += part
    return shown.decode()


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
