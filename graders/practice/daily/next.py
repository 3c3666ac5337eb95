"""The command `next`: the exercise to practice now, and why."""

from __future__ import annotations

import argparse

from graders.harness.catalog.exercise import catalogue, choose
from graders.harness.feedback import report
from graders.practice import clock
from graders.practice.cli import open_store, run_command, say
from graders.practice.schedule import next_exercise
from graders.practice.session.view import from_here


def main(argv: list[str]) -> int:
    """Name the next exercise; `practice` without a name starts the same one."""
    parser = argparse.ArgumentParser(
        prog="python -m graders next",
        description="Name the next exercise, and why; practice starts the same one.",
    )
    parser.add_argument("name", nargs="?", help="a topic or round to pick from")
    args = parser.parse_args(argv)

    def act() -> int:
        entries = list(choose([args.name])) if args.name else catalogue()
        with open_store() as store:
            entry, why = next_exercise(store, entries, clock.now())
        screen = report.screen()
        what = f"{entry.title}; {entry.sheet.minutes} min; {from_here(entry.stub)}"
        for said in (f"{entry.name}: {why}", what):
            say(screen, said, "", "  ")
        for how, verb in (("with the clock", "practice"), ("without", "watch")):
            screen.write(f"{how}:")
            screen.write(f"  nox -s {verb} -- {entry.name}")
        return 0

    return run_command("next", act)
