"""The command `watch`: no clock; each save is graded, and keys do the rest.

Without a terminal it prints a verdict for each save, until standard input ends or it is
told to end.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import queue
import signal
import sys
import threading

from graders.harness.catalog.exercise import choose_one
from graders.harness.feedback import report
from graders.harness.run.command_line import INVOKED_FROM
from graders.harness.worker.confine import end_with_parent
from graders.practice import clock
from graders.practice.cli import open_store, run_command, say
from graders.practice.daily.list_screen import ListScreen
from graders.practice.daily.listing import read_rows
from graders.practice.daily.watch_screen import WatchScreen
from graders.practice.daily.watching import START, Watching, current
from graders.practice.session.view import from_here
from graders.practice.store import Store


def main(argv: list[str]) -> int:
    """Watch the exercise that the arguments name, or the current or next one."""
    parser = argparse.ArgumentParser(
        prog="python -m graders watch",
        description="Grade each save, without a clock; keys show hints and the next.",
    )
    parser.add_argument("name", nargs="?", help="an exercise to start with")
    args = parser.parse_args(argv)

    def act() -> int:
        with open_store() as store:
            return _watch(store, args.name)

    return run_command("watch", act)


def _watch(store: Store, name: str | None) -> int:
    screen = report.screen()
    entry, status = (choose_one(name), START) if name else current(store)
    watching = Watching(store, entry, lambda: report.screen().width - 2)
    watching.start()
    watching.status = status
    try:
        if screen.has_keys:
            _by_keys(store, watching)
        else:
            _without_keys(watching, screen)
    finally:
        watching.close()
    return 0


def _by_keys(store: Store, watching: Watching) -> None:
    while WatchScreen(watching).run() == "list":
        chosen = ListScreen(read_rows(store, clock.now()), asks=False).run()
        if chosen:
            watching.turn_to(chosen[0].entry)


def _without_keys(watching: Watching, screen: report.Screen) -> None:
    is_over = threading.Event()

    def end(*_: object) -> None:
        watching.later(is_over.set)

    def read() -> None:
        with contextlib.suppress(OSError):  # it is closed, which ends it as well
            while sys.stdin and os.read(sys.stdin.fileno(), 65536):
                pass
        end()

    def show() -> None:
        screen.write(f"\n{watching.feedback}\n\n{watching.status}")

    signal.signal(signal.SIGTERM, end)
    if INVOKED_FROM in os.environ:
        end_with_parent(signal.SIGTERM)
    watching.show = show
    watching.advice = ""
    where = f"{watching.entry.name}: {from_here(watching.entry.stub)}"
    for said in (where, watching.status, "Ends when standard input ends."):
        say(screen, said, "", "  ")
    threading.Thread(target=read, daemon=True).start()
    while not is_over.is_set():
        with contextlib.suppress(queue.Empty):
            # A signal that comes just before the wait is seen after it.
            watching.acts.get(timeout=0.5)()
