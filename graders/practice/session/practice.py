"""The command `practice`: one exercise against the clock, by keys or by commands.

Exit codes: 0 passed, or the clock is still running; 1 it ended otherwise; 2 the command
was wrong.
"""

from __future__ import annotations

import argparse
import secrets
import sys

from graders.harness.answer.submission import read
from graders.harness.catalog.exercise import Entry, catalogue, choose
from graders.harness.catalog.files import keep
from graders.harness.feedback import report as reports
from graders.harness.feedback.results import Job
from graders.harness.run.processes import grade
from graders.practice import clock, text
from graders.practice.attempts import reset
from graders.practice.cli import Refused, open_store, run_command
from graders.practice.clock import Moment
from graders.practice.recording import fingerprint
from graders.practice.schedule import next_exercise
from graders.practice.session.result import show_result
from graders.practice.session.screen import SessionScreen
from graders.practice.session.view import without_keys
from graders.practice.store import BACKED_UP, Session, Store


def main(argv: list[str]) -> int:
    """Practice the exercise that the arguments name, or the next one."""
    args = _parser().parse_args(argv)

    def act() -> int:
        with open_store() as store:
            return _practice(store, args)

    return run_command("practice", act)


def start(
    store: Store,
    entry: Entry,
    *,
    mode: str,
    minutes: float,
    at: Moment,
    mock: int | None = None,
) -> Session:
    """Start a session with a fresh stub, or return the one that is running.

    Work in the file is backed up first, and the history says where.
    """
    if running := store.running(entry.name):
        return store.note(running[0].id, at, "opened")
    backup = reset(entry)
    seed = secrets.randbelow(2**31)
    session = store.start(entry.name, mode, minutes, seed, at, mock)
    if backup:
        session = store.note(session.id, at, BACKED_UP, backup.name)
    return session


def hold_session(
    store: Store, entry: Entry, *, mode: str, minutes: float, mock: int | None = None
) -> Session:
    """Run a session until it ends or the candidate leaves, and return it.

    Without a terminal it is only started, and the commands to go on are printed.

    Args:
        store: Where it is recorded.
        entry: The exercise; a running session of it is resumed.
        mode: "practice", "interview" or "mock"; only the first shows verdicts.
        minutes: The time limit.
        mock: The mock interview that it belongs to.
    """
    session = start(store, entry, mode=mode, minutes=minutes, at=clock.now(), mock=mock)
    if sys.stdin.isatty() and sys.stdout.isatty():
        return SessionScreen(store, entry, session).run()
    session = store.advance(session.id, clock.now())
    print(without_keys(entry, session, reports.screen().width))
    return session


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m graders practice",
        description="Practice against the clock: an exercise you name, or the next.",
    )
    parser.add_argument(
        "name", nargs="?", help="an exercise, or a topic or round to pick from"
    )
    parser.add_argument(
        "--interview",
        action="store_true",
        help="show only the prompt's examples, no verdicts, until you submit",
    )
    parser.add_argument(
        "--submit", action="store_true", help="submit, where there are no keys"
    )
    return parser


def _practice(store: Store, args: argparse.Namespace) -> int:
    entries = list(choose([args.name])) if args.name else catalogue()
    entry, why = next_exercise(store, entries, clock.now())
    if args.submit:
        return show_result(store, entry, _submit(store, entry))
    if len(entries) > 1:
        said = text.wrap(f"{entry.name}: {why}", reports.screen().width, "", "  ")
        print("\n".join(said))
    mode = "interview" if args.interview else "practice"
    session = hold_session(store, entry, mode=mode, minutes=entry.sheet.minutes)
    return show_result(store, entry, session)


def _submit(store: Store, entry: Entry) -> Session:
    """Submit the exercise's file, and return the session that this ends.

    Raises:
        Refused: If no session is running, or the grader failed; nothing ends then.
    """
    running, at = store.running(entry.name), clock.now()
    if not running:
        raise Refused(
            f"no session of {entry.name} is running; "
            f"start one with nox -s practice -- {entry.name}"
        )
    [session] = running
    source = read(entry.stub)  # a file that cannot be read cannot be submitted
    if backup := keep(entry):
        store.note(session.id, at, BACKED_UP, backup.name)
    result = next(grade([Job(entry, entry.stub, session.seed)]))
    [report] = reports.as_json([result], session.seed)["exercises"]
    if report["verdict"] == "grader error":
        reports.show_result(reports.screen(), result)
        raise Refused("not submitted, and the clock keeps running: this is our fault")
    store.submit(session.id, report | {"answer": fingerprint(source)}, at)
    return store.session(session.id)
