"""The verb `hint`: the next of three, each nearer to the answer.

While a clock runs, its sitting counts what is shown. Else nothing is counted, and a
small file in .kata/hints/ remembers how far one has read, until the next `reset`.
"""

from __future__ import annotations

import argparse
import sys
import textwrap
from contextlib import suppress
from pathlib import Path

from graders.harness.catalog import exercise
from graders.harness.catalog.exercise import Entry, choose_one
from graders.harness.catalog.files import write
from graders.harness.feedback import report
from graders.practice.clock import now
from graders.practice.store import Store
from graders.practice.verb import Refused, carry_out, opened


def main(argv: list[str]) -> int:
    """Show the next hint."""
    parser = argparse.ArgumentParser(
        prog="python -m graders hint",
        description="Show the next of three hints; a running sitting notes it.",
    )
    parser.add_argument("name", help="an exercise")
    args = parser.parse_args(argv)

    def act() -> int:
        entry = choose_one(args.name)
        with opened() as store:
            return _show_next(store, entry)

    return carry_out("hint", act)


def forget(entry: Entry) -> None:
    """Begin with the first hint again, where no sitting counts."""
    _place(entry).unlink(missing_ok=True)


def _show_next(store: Store, entry: Entry) -> int:
    total = len(entry.sheet.hints)
    if not total:
        raise Refused(f"{entry.name} has no hints")
    counted = bool(store.running(entry.name))
    number = (_noted if counted else _read)(store, entry)
    shown = range(1, total + 1) if number > total else [number]
    screen = report.Screen(sys.stdout)
    for i in shown:
        text = f"hint {i} of {total}: {entry.sheet.hints[i - 1]}"
        screen.write(textwrap.fill(text, screen.width, subsequent_indent="    "))
    if number <= total and not counted:
        screen.write("No clock runs, so that it is not counted.")
    if number >= total:
        screen.write("There are no more. If you are stuck, see the solution:")
        screen.write(f"nox -s solution -- {entry.name} --give-up")
    return 0


def _noted(store: Store, entry: Entry) -> int:
    """Return the number of the next hint, which the running sitting counts."""
    [sitting] = store.running(entry.name)
    number = sitting.hints + 1
    if number <= len(entry.sheet.hints):
        number = store.note(sitting.id, now(), "hint", str(number)).hints
    return number


def _read(store: Store, entry: Entry) -> int:
    """Return the number of the next hint, and remember it."""
    last = 0
    with suppress(OSError, ValueError):  # nothing is lost with it
        last = int(_place(entry).read_text("ascii"))
    number = min(max(last, 0), len(entry.sheet.hints)) + 1
    write(_place(entry), f"{number}\n".encode())
    return number


def _place(entry: Entry) -> Path:
    return exercise.ROOT / ".kata" / "hints" / entry.name
