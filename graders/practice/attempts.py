"""The command `attempts`: list the backups of an exercise, show or restore one.

A file is always backed up before it is overwritten, and no backup is ever deleted.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from graders.harness.catalog.exercise import Entry, choose_one, relative
from graders.harness.catalog.files import Copy, keep, kept, write
from graders.harness.catalog.stubs import is_started, write_stubs
from graders.harness.feedback import report
from graders.harness.feedback.text import plain
from graders.practice.cli import note_backup, open_store, run_command, say
from graders.practice.store import Event, Unusable

_JUDGED = ("graded", "submitted", "gave up")


def reset(entry: Entry) -> Path | None:
    """Reset the stub, and return the backup of the work that was there, if any."""
    backup = keep(entry) if is_started(entry) else None
    write_stubs([entry], force=True)
    return backup


def restore(entry: Entry, copy: Copy) -> Path | None:
    """Restore a backup, and return the backup of the work that was there, if any."""
    content = copy.path.read_bytes()
    backup = keep(entry) if is_started(entry) else None
    write(entry.stub, content)
    return backup


def main(argv: list[str]) -> int:
    """List the attempts at an exercise, show one, or restore one."""
    parser = argparse.ArgumentParser(
        prog="python -m graders attempts",
        description="List the backups of your work on an exercise, newest first.",
    )
    parser.add_argument("name", help="an exercise")
    which = parser.add_mutually_exclusive_group()
    which.add_argument("--restore", metavar="WHICH", help="restore this number")
    which.add_argument("--show", metavar="WHICH", help="print this number")
    args = parser.parse_args(argv)

    def act() -> int:
        entry = choose_one(args.name)
        if args.restore is not None:
            return _restore(entry, _pick(entry, args.restore))
        if args.show is not None:
            return _show(_pick(entry, args.show))
        return _list(entry)

    return run_command("attempts", act)


def _pick(entry: Entry, which: str) -> Copy:
    """Return the backup with a number of the list, or with a file's name.

    Raises:
        LookupError: If there is none.
    """
    copies = kept(entry)
    for number, copy in enumerate(copies, 1):
        if which in (str(number), copy.path.name):
            return copy
    there = f"there are 1 to {len(copies)}" if copies else "there is no backup"
    raise LookupError(f"no attempt {which!r} at {entry.name}; {there}")


def _restore(entry: Entry, copy: Copy) -> int:
    backup = restore(entry, copy)
    screen, where = report.screen(), relative(entry.stub)
    say(screen, f"{where}: restored, as it was on {_time(copy)}", "", "    ")
    if backup:
        say(screen, f"backup of your work: {relative(backup)}", "    ", "    ")
        note_backup(entry.name, f"{backup.name}; {copy.path.name} was restored")
    return 0


def _show(copy: Copy) -> int:
    text = copy.path.read_bytes().decode("utf-8", "replace")
    report.Screen(sys.stdout).write(plain(text).rstrip("\n"))
    return 0


def _list(entry: Entry) -> int:
    copies = kept(entry)
    if not copies:
        print(f"There is no backup of {entry.name} yet.")
        return 0
    events = _events(entry)
    print(f"Backups of {entry.name}, newest first, each with the last verdict before:")
    print()
    for number, copy in enumerate(copies, 1):
        size = copy.path.stat().st_size
        line = f"{number:>4}  {_time(copy)}  {size:>7} B  {_verdict(events, copy)}"
        print(line.rstrip())
    print()
    command = f"nox -s attempts -- {entry.name}"
    print(f"{command} --restore 1 restores the first; --show 1 prints it.")
    return 0


def _time(copy: Copy) -> str:
    return f"{copy.when.astimezone():%Y-%m-%d %H:%M:%S}"


def _events(entry: Entry) -> list[Event]:
    """Return all events of an exercise; the list is useful without them too."""
    try:
        with open_store() as store:
            sessions = [s for s in store.sessions() if s.exercise == entry.name]
            return [event for s in sessions for event in store.events(s.id)]
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
