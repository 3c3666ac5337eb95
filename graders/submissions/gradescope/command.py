"""The verb `gradescope`: build an autograder's zip, or (`--run`) be one.

Exit codes: 0 written. 2 the command was wrong, or nothing could be written. 3 our own
fault while grading: no result is written, and Gradescope says that the grader failed.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from graders.harness.catalog.exercise import choose
from graders.harness.run.command_line import complain, from_where_it_was_typed
from graders.submissions.gradescope.build import Settings, build
from graders.submissions.gradescope.grade import grade_submission
from graders.submissions.report import FEEDBACK


def main(argv: list[str]) -> int:
    """Build or run an autograder, and return the exit code."""
    args = _parser().parse_args(argv)
    if args.run:
        return grade_submission(args.run)
    try:
        if not args.names:
            raise LookupError("name an exercise, a topic or a round")
        entries = list(choose(args.names))
        out = from_where_it_was_typed(args.out)
        build(entries, out, Settings(args.feedback, args.points))
    except LookupError as error:
        return complain("gradescope", error.args[0])
    except (OSError, ValueError) as error:
        return complain("gradescope", str(error))
    names = ", ".join(entry.name for entry in entries)
    print(f"{out}: {names}; upload it as the autograder of an assignment")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="nox -s gradescope --",
        description="Build an autograder for Gradescope.",
    )
    add = parser.add_argument
    add("names", nargs="*", help="exercises, topics or rounds")
    add("--out", type=Path, default=Path("autograder.zip"), metavar="FILE")
    add(
        "--feedback",
        choices=FEEDBACK,
        default="sentences",
        help="how much of the hidden checks students are told",
    )
    add("--points", type=_points, default=10.0, help="of each exercise; 10")
    add("--run", type=Path, help=argparse.SUPPRESS)
    return parser


def _points(text: str) -> float:
    try:
        points = float(text)
    except ValueError:
        points = 0.0
    if not 0 < points < 1e6:
        raise argparse.ArgumentTypeError(f"{text!r} is no number of points above 0")
    return points
