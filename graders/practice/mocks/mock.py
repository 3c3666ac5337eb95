"""The command `mock`: a mock interview, one round or a whole day.

Its progress is in the database, so it can be left at any moment, by a key or by a kill,
and the same command resumes it.
"""

from __future__ import annotations

import argparse
import secrets
import sys
from difflib import get_close_matches
from typing import NoReturn

from graders.harness.catalog.scaffold import ROUNDS
from graders.harness.feedback import report
from graders.harness.feedback.report import Screen
from graders.harness.feedback.text import plain
from graders.practice import clock
from graders.practice.cli import Refused, open_store, run_command, say
from graders.practice.mocks import draw, rounds
from graders.practice.mocks.plan import RunningMock, as_plan, read
from graders.practice.mocks.rounds import RESUME, HoldExercise
from graders.practice.mocks.spoken_round import Now
from graders.practice.rows import Odd
from graders.practice.store import Mock, Store
from graders.practice.text import trim, wrap

SHORTEST, LONGEST = 5, 240  # minutes of a round


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        """Raise the message, which then is printed as one line."""
        raise ValueError(message)


def main(
    argv: list[str], hold: HoldExercise = rounds.hold_exercise, now: Now = clock.now
) -> int:
    """Start a mock interview, or resume the running one.

    Args:
        argv: The arguments.
        hold: Runs the session of an exercise and returns it.
        now: The clock.
    """

    def act() -> int:
        args = _parsed(argv)
        with open_store() as store:
            return _run(args, store, hold, now)

    try:
        return run_command("mock", act)
    except (EOFError, KeyboardInterrupt) as error:
        print(f"\n{RESUME}")
        return 130 if isinstance(error, KeyboardInterrupt) else 0


def _parsed(argv: list[str]) -> argparse.Namespace:
    parser = _Parser(
        prog="python -m graders mock",
        description="Start a mock interview, or resume the running one.",
    )
    action = parser.add_mutually_exclusive_group()
    action.add_argument("--round", type=_round, help=", ".join(ROUNDS))
    action.add_argument(
        "--loop", action="store_true", help="all rounds of an interview day"
    )
    action.add_argument(
        "--abandon", action="store_true", help="end the running mock interview"
    )
    action.add_argument(
        "--rate",
        nargs="*",
        metavar="N",
        help="end a spoken round and see its rubric; with numbers, assess yourself",
    )
    parser.add_argument(
        "--minutes",
        type=_minutes,
        help="of the round; by default as on an interview day",
    )
    parser.add_argument("--seed", type=_seed, help="draw the same again")
    parser.add_argument("--notes", metavar="TEXT", help="together with --rate")
    args = parser.parse_args(argv)
    if args.minutes is not None and not args.round:
        parser.error("--minutes needs --round")
    if args.seed is not None and not (args.round or args.loop):
        parser.error("--seed needs --round or --loop")
    if args.notes is not None and not args.rate:
        parser.error("--notes needs --rate with numbers")
    return args


def _round(text: str) -> str:
    if text not in ROUNDS:
        near = get_close_matches(text, ROUNDS, n=1)
        hint = f"did you mean {near[0]}?" if near else f"there are {', '.join(ROUNDS)}"
        raise argparse.ArgumentTypeError(f"no round is called {text!r}; {hint}")
    return text


def _minutes(text: str) -> float:
    try:
        minutes = float(text)
    except ValueError:
        minutes = 0
    if not SHORTEST <= minutes <= LONGEST:
        message = f"not from {SHORTEST} to {LONGEST} minutes: {text!r}"
        raise argparse.ArgumentTypeError(message)
    return minutes


def _seed(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and int(text) < 2**63):
        raise argparse.ArgumentTypeError(f"not a whole number of 0 or more: {text!r}")
    return int(text)


def _run(args: argparse.Namespace, store: Store, hold: HoldExercise, now: Now) -> int:
    screen = report.screen()
    running = _running(store)
    if args.round or args.loop:
        if running:
            raise Refused(
                f"{_name(running[0])} is running: nox -s mock resumes it, "
                "nox -s mock -- --abandon ends it"
            )
        return rounds.resume(_start(args, store, screen, now), hold, screen, now)
    if not running:
        raise Refused(
            "no mock interview is running: nox -s mock -- --round ml_coding starts one "
            "round, nox -s mock -- --loop a whole day"
        )
    mock = RunningMock(store, running[0])
    if args.abandon:
        return rounds.abandon(mock, screen, now)
    if args.rate is not None:
        return rounds.rate(mock, args.rate, args.notes or "", screen, now)
    say(screen, f"Resuming {_name(running[0])}.")
    return rounds.resume(mock, hold, screen, now)


def _running(store: Store) -> list[Mock]:
    """Return the running mock interview, if any; one that is not understood ends."""
    running = store.mocks("running")
    for mock in running:
        try:
            read(mock)
        except Odd as error:
            store.save_mock(mock.id, mock.plan, "left")
            message = f"mock interview {mock.id} is not understood and was ended"
            print(f"mock: {message}: {plain(str(error))}", file=sys.stderr)
            return []
    return running


def _start(
    args: argparse.Namespace, store: Store, screen: Screen, now: Now
) -> RunningMock:
    seed = secrets.randbelow(2**31) if args.seed is None else args.seed
    if args.loop:
        parts = draw.parts_of_day(seed, store)
        minutes = sum(minutes for _, minutes in draw.DAY)
    else:
        minutes = args.minutes or draw.MINUTES[args.round]
        parts = draw.parts_of(args.round, minutes, seed, store)
    mock = store.start_mock(seed, as_plan(parts), now())
    for line in _announcement(mock, minutes, screen.width):
        screen.write(line)
    return RunningMock(store, mock)


def _name(mock: Mock) -> str:
    """Return what a person calls a mock interview."""
    rounds = {part["round"] for part in mock.plan if part["round"]}
    what = rounds.pop() if len(rounds) == 1 else "a whole day"
    return f"the mock interview of {what} (seed {mock.seed})"


def _announcement(mock: Mock, minutes: float, width: int) -> list[str]:
    """Return what comes, without the questions; and the seed, to draw it again."""
    parts = read(mock)
    title = _name(mock)
    lines = wrap(f"{title[0].upper()}{title[1:]}, {minutes:g} minutes:", width)
    for i, part in enumerate(parts):
        what = f"{part.round}, {part.what}" if part.round else part.what
        lines.append(trim(f"  {i + 1}. {what}, {part.minutes:g} minutes", width))
    total = sum(part.minutes for part in parts if part.kind == "exercise")
    if len({part.round for part in parts}) == 1 and 0 < total < minutes / 2:
        text = f"They take {total:g} minutes; no more exercises fit."
        lines += wrap(text, width)
    return lines
