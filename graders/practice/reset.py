"""The command `reset`: back up your work and reset the stubs."""

from __future__ import annotations

import argparse
import sys
from functools import partial

from graders.harness.catalog.exercise import Entry, catalogue, choose, relative
from graders.harness.catalog.stubs import is_started
from graders.harness.feedback import report
from graders.practice.attempts import reset
from graders.practice.cli import note_backup, open_store, run_command, say
from graders.practice.store import Unusable


def main(argv: list[str]) -> int:
    """Reset stubs, and say where the work that was there is backed up."""
    parser = argparse.ArgumentParser(
        prog="python -m graders reset",
        description="Reset stubs. Your work is backed up in .kata/attempts.",
    )
    parser.add_argument("names", nargs="*", help="exercises, topics or rounds")
    parser.add_argument("--all", action="store_true", help="all that you have started")
    args = parser.parse_args(argv)
    if bool(args.names) == args.all:
        print("reset: name what to reset, or --all", file=sys.stderr)
        return 2

    def act() -> int:
        entries = list(choose(args.names)) if args.names else _changed()
        if not entries:
            print("Every exercise is an unchanged stub already.")
            return 0
        # A failure does not keep the others from being reset.
        return max(run_command("reset", partial(_reset, entry)) for entry in entries)

    return run_command("reset", act)


def _reset(entry: Entry) -> int:
    link = entry.stub.readlink() if entry.stub.is_symlink() else None
    backup = reset(entry)
    _forget_hints(entry)
    screen = report.screen()
    say(screen, f"{relative(entry.stub)}: reset", "", "    ")
    if backup:
        note_backup(entry.name, backup.name)
        say(screen, f"backup of your work: {relative(backup)}", "    ", "    ")
    if link and not entry.stub.is_symlink():
        said = f"it was a link to {link}, which was not changed"
        say(screen, said, "    ", "    ")
    return 0


def _forget_hints(entry: Entry) -> None:
    """Start again with the first hint; the file is reset without that as well."""
    try:
        with open_store() as store:
            store.forget_hints(entry.name)
    except Unusable as error:
        print(error, file=sys.stderr)


def _changed() -> list[Entry]:
    entries = catalogue()
    return [entry for entry in entries if is_started(entry) or not entry.stub.exists()]
