"""The verb `reset`: fresh stubs, and nothing is lost."""

from __future__ import annotations

import argparse
import sys
from functools import partial

from graders.harness.catalog.exercise import Entry, catalogue, choose, relative
from graders.harness.catalog.stubs import begun
from graders.practice import hint
from graders.practice.attempts import reset
from graders.practice.verb import carry_out, note_kept


def main(argv: list[str]) -> int:
    """Lay fresh stubs, and say where the work that was there is kept."""
    parser = argparse.ArgumentParser(
        prog="python -m graders reset",
        description="Lay fresh stubs. What was in the files is kept in .kata/attempts.",
    )
    parser.add_argument("names", nargs="*", help="exercises, topics or rounds")
    parser.add_argument("--all", action="store_true", help="all that are begun")
    args = parser.parse_args(argv)
    if bool(args.names) == args.all:
        print("reset: name what to reset, or --all", file=sys.stderr)
        return 2

    def act() -> int:
        entries = list(choose(args.names)) if args.names else _changed()
        if not entries:
            print("Every exercise is fresh already.")
            return 0
        # One that cannot be reset does not keep the others from it.
        return max(carry_out("reset", partial(_reset, entry)) for entry in entries)

    return carry_out("reset", act)


def _reset(entry: Entry) -> int:
    link = entry.stub.readlink() if entry.stub.is_symlink() else None
    copy = reset(entry)
    hint.forget(entry)
    print(f"{relative(entry.stub)}: fresh")
    if copy:
        note_kept(entry.name, copy.name)
        print(f"    what was there is kept in {relative(copy)}")
    if link and not entry.stub.is_symlink():
        print(f"    it was a link to {link}, where nothing was changed")
    return 0


def _changed() -> list[Entry]:
    entries = catalogue()
    return [entry for entry in entries if begun(entry) or not entry.stub.exists()]
