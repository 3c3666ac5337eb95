"""The command `hint`: the next hint, each nearer to the answer.

Hints count wherever they are taken: in a running session, which has them, or outside
of any, for the attempt that follows; see `graders.practice.helped`.
"""

from __future__ import annotations

import argparse
import sys

from graders.harness.catalog.exercise import Entry, choose_one
from graders.harness.feedback import report
from graders.practice.cli import Refused, open_store, run_command, say
from graders.practice.clock import now
from graders.practice.helped import counted
from graders.practice.store import Store


def main(argv: list[str]) -> int:
    """Show the next hint."""
    parser = argparse.ArgumentParser(
        prog="python -m graders hint",
        description="Show the next hint; it counts, and a pass is due again sooner.",
    )
    parser.add_argument("name", help="an exercise")
    args = parser.parse_args(argv)

    def act() -> int:
        entry = choose_one(args.name)
        with open_store() as store:
            return _show_next(store, entry)

    return run_command("hint", act)


def take(store: Store, entry: Entry) -> int:
    """Take the next hint, and return its number.

    It is one more than there are hints once they are exhausted.
    """
    total, at = len(entry.sheet.hints), now()
    running = store.running(entry.name)
    if not running:
        return store.take_hint(entry.name, total, at)
    number = running[0].hints + 1
    if number <= total:
        number = store.note(running[0].id, at, "hint", str(number)).hints
    return number


def _show_next(store: Store, entry: Entry) -> int:
    total = len(entry.sheet.hints)
    if not total:
        raise Refused(f"{entry.name} has no hints")
    number = take(store, entry)
    shown = range(1, total + 1) if number > total else [number]
    screen = report.Screen(sys.stdout)
    for i in shown:
        line = f"hint {i} of {total}: {entry.sheet.hints[i - 1]}"
        say(screen, line, "", "    ")
    said = [counted(number)] if number <= total else []
    if number >= total:
        said.append("There are no more. If you are stuck, see the solution:")
        said.append(f"nox -s solution -- {entry.name} --give-up")
    say(screen, "\n".join(said))
    return 0
