"""The verb `practice`: one exercise against the clock, by keys or by commands.

0: passed, or the clock runs on. 1: it ended otherwise. 2: the command was wrong.
"""

from __future__ import annotations

import argparse

from graders.harness.answer.submission import read
from graders.harness.catalog.exercise import Entry, catalogue, choose
from graders.harness.feedback import report as reports
from graders.harness.feedback.results import Job
from graders.harness.run.processes import grade
from graders.practice import clock
from graders.practice.attempts import keep
from graders.practice.schedule import next_exercise
from graders.practice.sittings.finish import finish
from graders.practice.sittings.sit import sit
from graders.practice.store import Sitting, Store
from graders.practice.verb import Refused, carry_out, opened


def main(argv: list[str]) -> int:
    """Practise what the arguments name, or what is due, and return the exit code."""
    args = _parser().parse_args(argv)

    def act() -> int:
        with opened() as store:
            return _practise(store, args)

    return carry_out("practice", act)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m graders practice",
        description="Practise against the clock: an exercise, or what is due.",
    )
    parser.add_argument(
        "name", nargs="?", help="an exercise, or a topic or round to choose from"
    )
    parser.add_argument(
        "--interview",
        action="store_true",
        help="no verdicts until you submit, the prompt's examples alone",
    )
    parser.add_argument(
        "--submit", action="store_true", help="hand in, where there are no keys"
    )
    return parser


def _practise(store: Store, args: argparse.Namespace) -> int:
    entries = list(choose([args.name])) if args.name else catalogue()
    entry, why = next_exercise(store, entries, clock.now())
    if args.submit:
        return finish(store, entry, _submit(store, entry))
    if len(entries) > 1:
        print(f"{entry.name}: {why}")
    mode = "interview" if args.interview else "practice"
    sitting = sit(store, entry, mode=mode, minutes=entry.sheet.minutes)
    return finish(store, entry, sitting)


def _submit(store: Store, entry: Entry) -> Sitting:
    """Hand in what the file holds, and return the sitting that it ends.

    Raises:
        Refused: If no clock runs, or the grader failed; nothing has ended then.
    """
    running, at = store.running(entry.name), clock.now()
    if not running:
        raise Refused(
            f"no clock runs for {entry.name}; "
            f"nox -s practice -- {entry.name} starts one"
        )
    [sitting] = running
    read(entry.stub)  # if it cannot be read, it cannot be handed in
    if kept := keep(entry):
        store.note(sitting.id, at, "kept", kept.name)
    result = next(grade([Job(entry, entry.stub, sitting.seed)]))
    [report] = reports.as_json([result], sitting.seed)["exercises"]
    if report["verdict"] == "grader error":
        reports.show_result(reports.screen(), result)
        raise Refused("not handed in, and the clock runs on: that is our fault")
    store.hand_in(sitting.id, report, at)
    return store.sitting(sitting.id)
