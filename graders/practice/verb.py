"""What the verbs of practice share: the record, and how what went wrong is told."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable, Iterator

from graders.practice.clock import now
from graders.practice.store import Store, Unusable


class Refused(Exception):
    """What was asked for is not to be had; says why in one line."""


def carry_out(verb: str, act: Callable[[], int]) -> int:
    """Do what a verb does, and return its exit code.

    0: done. 1: it is not to be had. 2: the command was wrong, or a file stood in the
    way. What is not 0 is told in one line.
    """
    try:
        return act()
    except Refused as error:
        print(f"{verb}: {error}", file=sys.stderr)
        return 1
    except LookupError as error:
        print(f"{verb}: {error.args[0]}", file=sys.stderr)
    except (Unusable, OSError, ValueError) as error:
        print(f"{verb}: {error}", file=sys.stderr)
    return 2


@contextlib.contextmanager
def opened() -> Iterator[Store]:
    """Open the record, and tell what there is to tell of that."""
    with contextlib.closing(Store()) as store:
        for notice in store.notices:
            print(notice, file=sys.stderr)
        yield store


def note_kept(name: str, detail: str) -> None:
    """Record in a running sitting that its file was put aside.

    Without the record the file is no less safe, so that trouble is only told.
    """
    try:
        with opened() as store:
            for sitting in store.running(name):
                store.note(sitting.id, now(), "kept", detail)
    except Unusable as error:
        print(error, file=sys.stderr)
