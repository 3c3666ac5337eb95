"""The verb `practice`: one exercise against the clock, by keys or by commands.

0: passed, or the clock runs on. 1: it ended otherwise. 2: the command was wrong.
"""

from __future__ import annotations

import argparse
import sys

from graders.harness import report as reports
from graders.harness.answer import read
from graders.harness.exercise import Entry, catalogue, choose
from graders.harness.grade import Job, grade
from graders.practice import clock
from graders.practice.attempts import keep
from graders.practice.begin import begin
from graders.practice.finish import finish
from graders.practice.room import clock_text, relative
from graders.practice.schedule import next_exercise
from graders.practice.store import Sitting, Store, Unusable


def main(argv: list[str]) -> int:
    """Practise what the arguments name, or what is due, and return the exit code."""
    args = _parser().parse_args(argv)
    try:
        store = Store()
        for notice in store.notices:
            print(f"practice: {notice}", file=sys.stderr)
        return _practise(store, args)
    except (LookupError, OSError, Unusable) as error:
        print(f"practice: {error.args[0]}", file=sys.stderr)
        return 2


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m graders practice",
        description="Practise against the clock: an exercise, or what is due.",
    )
    parser.add_argument("name", nargs="?", help="an exercise, or a topic or round")
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
    at = clock.now()
    entries = list(choose([args.name])) if args.name else catalogue()
    entry, why = next_exercise(store, entries, at)
    if args.submit:
        return _submit(store, entry)
    if len(entries) > 1:
        print(f"{entry.name}: {why}")
    mode = "interview" if args.interview else "practice"
    minutes = entry.about.minutes
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        sitting = begin(store, entry, mode=mode, minutes=minutes, mock=None, at=at)
        return _tell(entry, store.see(sitting.id, at))
    from graders.practice.sit import sit

    return finish(store, entry, sit(store, entry, mode=mode, minutes=minutes))


def _tell(entry: Entry, sitting: Sitting) -> int:
    """Say how a sitting stands, and what to run where there are no keys."""
    name = entry.name
    print(f"""\
{entry.title} ({sitting.mode}, {sitting.minutes:g} minutes)
{clock_text(sitting.left)}; the clock runs on whatever you do
fill in:  {relative(entry.stub)}
try:      nox -s grade -- {name}
hint:     nox -s hint -- {name}
submit:   nox -s practice -- {name} --submit
give up:  nox -s solution -- {name} --give-up""")
    return 0


def _submit(store: Store, entry: Entry) -> int:
    """Hand in what the file holds, and say what came of it."""
    running = store.running(entry.name)
    if not running:
        print(
            f"practice: no clock runs for {entry.name}; "
            f"nox -s practice -- {entry.name} starts one",
            file=sys.stderr,
        )
        return 2
    [sitting], at = running, clock.now()
    read(entry.stub)  # if it cannot be read, it cannot be handed in
    if kept := keep(entry):
        store.note(sitting.id, at, "kept", kept.name)
    result = next(grade([Job(entry, entry.stub, sitting.seed)]))
    [report] = reports.as_json([result], sitting.seed)["exercises"]
    if report["verdict"] == "grader error":
        reports.show_result(reports.screen(), result)
        print("Not handed in: that was no fault of yours. The clock runs on.")
        return 3
    state = "passed" if report["verdict"] == "passed" else "failed"
    store.end(sitting.id, state, report, at)
    return finish(store, entry, store.sitting(sitting.id))
