"""The verb `mock`: a mock interview, one round or a whole day.

How far it is stands in the database, so that it can be left at any moment, by a key or
by a kill, and goes on with the same command.
"""

from __future__ import annotations

import argparse
import secrets
from difflib import get_close_matches
from typing import NoReturn

from graders.harness.catalog.scaffold import ROUNDS
from graders.harness.feedback import report
from graders.harness.feedback.report import Screen
from graders.practice import clock
from graders.practice.mocks import drawing, rounds, summary
from graders.practice.mocks.plan import Course, as_plan
from graders.practice.mocks.rounds import GOES_ON, Sit
from graders.practice.mocks.talk import Now
from graders.practice.store import Store
from graders.practice.verb import Refused, carry_out, opened

SHORTEST, LONGEST = 5, 240  # minutes of a round


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        """Say in one line what is wrong."""
        raise ValueError(message)


def main(argv: list[str], sit: Sit | None = None, now: Now = clock.now) -> int:
    """Hold a mock interview, or go on with it: the verb `mock`.

    Args:
        argv: What was typed.
        sit: Holds an exercise, and returns the sitting as it then stands.
        now: Tells the time.
    """

    def act() -> int:
        args = _parsed(argv)
        with opened() as store:
            return _hold(args, store, sit or rounds.sit, now)

    try:
        return carry_out("mock", act)
    except (EOFError, KeyboardInterrupt) as error:
        print(f"\n{GOES_ON}")
        return 130 if isinstance(error, KeyboardInterrupt) else 0


# What is typed.


def _parsed(argv: list[str]) -> argparse.Namespace:
    parser = _Parser(
        prog="python -m graders mock",
        description="Hold a mock interview, or go on with the one that runs.",
    )
    verb = parser.add_mutually_exclusive_group()
    verb.add_argument("--round", type=_round, help=", ".join(ROUNDS))
    verb.add_argument("--loop", action="store_true", help="all rounds of a real day")
    verb.add_argument("--abandon", action="store_true", help="end the running mock")
    verb.add_argument(
        "--rate",
        nargs="*",
        metavar="N",
        help="end a talk and see its rubric; with numbers, rate it",
    )
    parser.add_argument(
        "--minutes", type=_minutes, help="of the round; as on a real day if left out"
    )
    parser.add_argument("--seed", type=_seed, help="draw the same again")
    parser.add_argument("--notes", metavar="TEXT", help="beside --rate")
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


# What is done.


def _hold(args: argparse.Namespace, store: Store, sit: Sit, now: Now) -> int:
    screen = report.screen()
    running = store.mocks("running")
    if args.round or args.loop:
        if running:
            raise Refused(
                f"{summary.name(running[0])} runs already: nox -s mock goes on with "
                "it, nox -s mock -- --abandon ends it"
            )
        return rounds.go_on(_begin(args, store, screen, now), sit, screen, now)
    if not running:
        raise Refused(
            "no mock runs: nox -s mock -- --round ml_coding begins one round, "
            "nox -s mock -- --loop a whole day"
        )
    course = Course(store, running[0])
    if args.abandon:
        return rounds.abandon(course, screen, now)
    if args.rate is not None:
        return rounds.rate(course, args.rate, args.notes or "", screen, now)
    name = summary.name(running[0])
    screen.write(f"{name[0].upper()}{name[1:]} goes on.")
    return rounds.go_on(course, sit, screen, now)


def _begin(args: argparse.Namespace, store: Store, screen: Screen, now: Now) -> Course:
    seed = secrets.randbelow(2**31) if args.seed is None else args.seed
    if args.loop:
        parts = drawing.parts_of_day(seed, store)
        minutes = sum(minutes for _, minutes in drawing.DAY)
    else:
        minutes = args.minutes or drawing.MINUTES[args.round]
        parts = drawing.parts_of(args.round, minutes, seed, store)
    mock = store.begin_mock(seed, as_plan(parts), now())
    for line in summary.announcement(mock, minutes, screen.width):
        screen.write(line)
    return Course(store, mock)
