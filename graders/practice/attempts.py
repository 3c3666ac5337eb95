"""Attempts are kept: list them, look at one, bring one back (the verb `attempts`).

Whatever is about to be overwritten is copied first, and nothing here deletes a copy.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from graders.harness.catalog.exercise import Entry, choose_one, relative
from graders.harness.catalog.files import Copy, keep, kept, write
from graders.harness.catalog.stubs import begun, write_stubs
from graders.harness.feedback import report
from graders.harness.feedback.text import plain
from graders.practice.store import Event, Unusable
from graders.practice.verb import carry_out, note_kept, opened

__all__ = ["bring_back", "keep", "kept", "main", "reset"]

_JUDGED = ("graded", "submitted", "gave up")


def reset(entry: Entry) -> Path | None:
    """Lay a fresh stub, and return where the work that was there is kept, if any."""
    copy = keep(entry) if begun(entry) else None
    write_stubs([entry], force=True)
    return copy


def bring_back(entry: Entry, copy: Copy) -> Path | None:
    """Put a copy in the exercise's file, and return where what was there is kept."""
    content = copy.path.read_bytes()
    aside = keep(entry) if begun(entry) else None
    write(entry.stub, content)
    return aside


def main(argv: list[str]) -> int:
    """List the attempts at an exercise, show one, or bring one back."""
    parser = argparse.ArgumentParser(
        prog="python -m graders attempts",
        description="List the kept attempts at an exercise, newest first.",
    )
    parser.add_argument("name", help="an exercise")
    which = parser.add_mutually_exclusive_group()
    which.add_argument("--restore", metavar="WHICH", help="bring back this number")
    which.add_argument("--show", metavar="WHICH", help="print this number")
    args = parser.parse_args(argv)

    def act() -> int:
        entry = choose_one(args.name)
        if args.restore is not None:
            return _restore(entry, _pick(entry, args.restore))
        if args.show is not None:
            return _show(_pick(entry, args.show))
        return _list(entry)

    return carry_out("attempts", act)


def _pick(entry: Entry, which: str) -> Copy:
    """Return the copy with a number of the list, or with a file's name.

    Raises:
        LookupError: If there is none.
    """
    copies = kept(entry)
    for number, copy in enumerate(copies, 1):
        if which in (str(number), copy.path.name):
            return copy
    there = f"there are 1 to {len(copies)}" if copies else "none is kept"
    raise LookupError(f"no attempt {which!r} at {entry.name}; {there}")


def _restore(entry: Entry, copy: Copy) -> int:
    aside = bring_back(entry, copy)
    print(f"{relative(entry.stub)}: as it was on {_time(copy)}")
    if aside:
        print(f"    what was there is kept in {relative(aside)}")
        note_kept(entry.name, f"{aside.name}; {copy.path.name} was brought back")
    return 0


def _show(copy: Copy) -> int:
    text = copy.path.read_bytes().decode("utf-8", "replace")
    report.Screen(sys.stdout).write(plain(text).rstrip("\n"))
    return 0


def _list(entry: Entry) -> int:
    copies = kept(entry)
    if not copies:
        print(f"No attempt at {entry.name} is kept yet.")
        return 0
    events = _events(entry)
    print(f"Kept attempts at {entry.name}, newest first, with the last verdict before:")
    print()
    for number, copy in enumerate(copies, 1):
        size = copy.path.stat().st_size
        line = f"{number:>4}  {_time(copy)}  {size:>7} B  {_verdict(events, copy)}"
        print(line.rstrip())
    print()
    again = f"nox -s attempts -- {entry.name}"
    print(f"{again} --restore 1 brings the first back; --show 1 prints it.")
    return 0


def _time(copy: Copy) -> str:
    return f"{copy.when.astimezone():%Y-%m-%d %H:%M:%S}"


def _events(entry: Entry) -> list[Event]:
    """Return what the record says of an exercise; the list is of use without it."""
    try:
        with opened() as store:
            sittings = [s for s in store.sittings() if s.exercise == entry.name]
            return [event for s in sittings for event in store.events(s.id)]
    except Unusable as error:
        print(error, file=sys.stderr)
        return []


def _verdict(events: list[Event], copy: Copy) -> str:
    before = [
        f"{event.kind} {event.detail}".rstrip()
        for event in events
        if event.kind in _JUDGED and event.wall <= copy.when.timestamp()
    ]
    return before[-1] if before else ""
