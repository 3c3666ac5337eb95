"""The command `hint`: the next hint, each nearer to the answer.

While a session is running, it counts the hints. Otherwise nothing is counted, and a
small file in .kata/hints/ remembers the last one, until the next `reset`.
"""

from __future__ import annotations

import argparse
import sys
from contextlib import suppress
from pathlib import Path

from graders.harness.catalog import exercise
from graders.harness.catalog.exercise import Entry, choose_one
from graders.harness.catalog.files import write
from graders.harness.feedback import report
from graders.practice import text
from graders.practice.cli import Refused, open_store, run_command
from graders.practice.clock import now
from graders.practice.store import Store


def main(argv: list[str]) -> int:
    """Show the next hint."""
    parser = argparse.ArgumentParser(
        prog="python -m graders hint",
        description="Show the next hint; a running session counts it.",
    )
    parser.add_argument("name", help="an exercise")
    args = parser.parse_args(argv)

    def act() -> int:
        entry = choose_one(args.name)
        with open_store() as store:
            return _show_next(store, entry)

    return run_command("hint", act)


def forget(entry: Entry) -> None:
    """Start again with the first hint, where no session counts."""
    _file(entry).unlink(missing_ok=True)


def take(store: Store, entry: Entry) -> tuple[int, bool]:
    """Take the next hint, and return its number and whether a session counts it.

    The number is one more than there are hints once they are exhausted.
    """
    counted = bool(store.running(entry.name))
    return (_counted if counted else _remembered)(store, entry), counted


def _show_next(store: Store, entry: Entry) -> int:
    total = len(entry.sheet.hints)
    if not total:
        raise Refused(f"{entry.name} has no hints")
    number, counted = take(store, entry)
    shown = range(1, total + 1) if number > total else [number]
    screen = report.Screen(sys.stdout)
    for i in shown:
        line = f"hint {i} of {total}: {entry.sheet.hints[i - 1]}"
        screen.write("\n".join(text.wrap(line, screen.width, "", "    ")))
    if number <= total and not counted:
        screen.write("Not counted, since no session is running.")
    if number >= total:
        screen.write("There are no more. If you are stuck, see the solution:")
        screen.write(f"nox -s solution -- {entry.name} --give-up")
    return 0


def _counted(store: Store, entry: Entry) -> int:
    """Return the number of the next hint, which the running session counts."""
    [session] = store.running(entry.name)
    number = session.hints + 1
    if number <= len(entry.sheet.hints):
        number = store.note(session.id, now(), "hint", str(number)).hints
    return number


def _remembered(store: Store, entry: Entry) -> int:
    """Return the number of the next hint, and remember it in a file."""
    last = 0
    with suppress(OSError, ValueError):  # nothing is lost with it
        last = int(_file(entry).read_text("ascii"))
    number = min(max(last, 0), len(entry.sheet.hints)) + 1
    write(_file(entry), f"{number}\n".encode())
    return number


def _file(entry: Entry) -> Path:
    return exercise.ROOT / ".kata" / "hints" / entry.name
