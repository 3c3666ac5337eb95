"""What the commands of practice share: the store, exit codes, error messages."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable, Iterator

from graders.harness.feedback.screen import Screen
from graders.practice.clock import now
from graders.practice.store import BACKED_UP, Store, Unusable
from graders.practice.text import wrap


class Refused(Exception):
    """The request cannot be granted; says why in one line."""


def run_command(name: str, act: Callable[[], int]) -> int:
    """Run a command and return its exit code.

    0: done. 1: refused. 2: the command was wrong, or a file was in the way. Everything
    but 0 is explained in one line.
    """
    try:
        return act()
    except Refused as error:
        print(f"{name}: {error}", file=sys.stderr)
        return 1
    except LookupError as error:
        print(f"{name}: {error.args[0]}", file=sys.stderr)
    except (Unusable, OSError, ValueError) as error:
        print(f"{name}: {error}", file=sys.stderr)
    return 2


def whole_number(option: str, text: str, least: int = 1, most: int = 10_000) -> int:
    """Return the number that was typed for an option.

    Raises:
        ValueError: If it is none, or not from `least` to `most`; says so in one line.
    """
    if text.isascii() and text.isdecimal() and least <= int(text[:9]) <= most:
        return int(text)
    raise ValueError(
        f"{option}: a whole number from {least} to {most} is needed, not {text!r}"
    )


def say(screen: Screen, text: str, first: str = "", rest: str = "") -> None:
    """Write a text by whole words; `first` and `rest` are what its lines begin with."""
    screen.write("\n".join(wrap(text, screen.width, first, rest)))


@contextlib.contextmanager
def open_store() -> Iterator[Store]:
    """Open the store, and print what there is to say about it."""
    with contextlib.closing(Store()) as store:
        for notice in store.notices:
            print(notice, file=sys.stderr)
        try:
            yield store
        finally:
            for line in store.skipped:
                print(line, file=sys.stderr)


def note_backup(name: str, detail: str) -> None:
    """Record in a running session that its file was backed up.

    The backup is safe without the record, so a failure is only printed.
    """
    try:
        with open_store() as store:
            for session in store.running(name):
                store.note(session.id, now(), BACKED_UP, detail)
    except Unusable as error:
        print(error, file=sys.stderr)
