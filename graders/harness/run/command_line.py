"""What the commands share: signals, complaints, and where a path was typed."""

from __future__ import annotations

import argparse
import os
import signal
import sys
from pathlib import Path
from typing import overload

from graders.harness.feedback.text import plain
from graders.harness.worker.confine import end_with_parent

INTERRUPTED = 130  # as a shell says it
INVOKED_FROM = "KATAS_INVOKED_FROM"  # set by nox, which changes to the repository


class Ended(KeyboardInterrupt):
    """A signal asks the command to end."""


class Refused(Exception):
    """The command cannot be carried out as it was typed; says why in one line."""


def heed_signals() -> None:
    """Let what ends the command, or nox, end the gradings first and save the rest."""

    def end(number: int, _: object) -> None:
        raise Ended(number)

    for name in ("SIGTERM", "SIGHUP"):
        number = getattr(signal, name, None)
        if number and signal.getsignal(number) == signal.SIG_DFL:
            signal.signal(number, end)
    if INVOKED_FROM in os.environ:
        end_with_parent(signal.SIGTERM)


def complain(command: str, why: str, code: int = 2) -> int:
    """Say in one line why a command cannot be carried out, and return the code."""
    if sys.stderr is not None:
        print(f"{command}: {plain(why).replace(chr(10), ' ')}", file=sys.stderr)
    return code


def as_line(error: OSError) -> str:
    """Return in one line which file the system refused, and why."""
    what = error.strerror or type(error).__name__
    return f"{error.filename}: {what}" if error.filename else f"cannot write: {what}"


@overload
def from_where_it_was_typed(path: Path) -> Path: ...


@overload
def from_where_it_was_typed(path: None) -> None: ...


def from_where_it_was_typed(path: Path | None) -> Path | None:
    """Return a path as it is called from the folder in which nox was called."""
    folder = os.environ.get(INVOKED_FROM)
    if path is None or path.is_absolute() or not folder:
        return path
    return Path(os.path.relpath(Path(folder) / path))


def as_seed(text: str) -> int:
    """Return the seed that somebody typed."""
    if not text.isdecimal():
        raise argparse.ArgumentTypeError(f"not a whole number of 0 or more: {text!r}")
    return int(text)
