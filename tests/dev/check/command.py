"""The verb `check`: say what exercises lack, in an order to work through.

Exit codes: 0 nothing is missing. 1 something is. 2 the command was wrong.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from graders.harness.catalog.exercise import Entry, catalogue, choose
from tests.dev.cache import folder
from tests.dev.check import speed
from tests.dev.check.answers import ASPECTS, Known, faults, known, problems, too_few
from tests.dev.check.form import form, warnings
from tests.dev.jobs import Judges, Result, grade_many
from tests.dev.judge import Judge


def main(argv: Sequence[str]) -> int:
    """Check the exercises that the arguments name, and return the exit code."""
    args = _parser().parse_args(argv)
    try:
        entries = list(choose(args.names)) if args.names else catalogue()
    except LookupError as error:
        print(f"check: {error.args[0]}", file=sys.stderr)
        return 2
    where = None if args.no_cache else folder()
    with Judge(args.at_once) as judges:
        sound = [_check(entry, judges, where, args) for entry in entries]
    return 0 if all(sound) else 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="nox -s dev -- check",
        description="Say what exercises lack, in an order to work through.",
    )
    parser.add_argument("names", nargs="*", help="exercises, topics or rounds; all")
    parser.add_argument("--at-once", type=int, default=2, metavar="N", help="gradings")
    parser.add_argument("--no-cache", action="store_true", help="judge all again")
    parser.add_argument("--no-speed", action="store_true", help="measure no ratios")
    return parser


def _check(
    entry: Entry, judges: Judges, where: Path | None, args: argparse.Namespace
) -> bool:
    """Print what an exercise lacks, and return whether that is nothing."""
    missing = form(entry)
    notes: list[str] = []
    if not _stops(missing):
        missing += too_few(entry)
        notes += warnings(entry)
        with tempfile.TemporaryDirectory() as made:
            answers = known(entry, Path(made), ASPECTS)
            judged = grade_known(answers, judges, where)
            missing += problems(judged) + faults(judged)
            if not args.no_speed:
                found = _speed(judged, judges)
                missing += [line for bound in found for line in bound.problems()]
                notes += [f"speed: {bound.line()}" for bound in found]
    print(f"{entry.name}: {f'{len(missing)} to do' if missing else 'complete'}")
    for number, problem in enumerate(missing, 1):
        print(f"  {number}. " + problem.replace("\n", "\n     "))
    for note in notes:
        print(f"  note: {note}")
    sys.stdout.flush()
    return not missing


def _stops(missing: list[str]) -> bool:
    """Return whether nothing can be graded: the sheet is none, or a patch misses."""
    return any(".toml: " in line or "/" in line.split(":")[0] for line in missing)


def grade_known(
    answers: Sequence[Known], judges: Judges, where: Path | None
) -> list[tuple[Known, Result]]:
    """Grade answers whose worth is known.

    Args:
        answers: What to grade.
        judges: What grades it.
        where: The folder that holds the verdicts of unchanged work, or None.
    """
    by_job = {one.job: one for one in answers}
    results = grade_many(by_job, judges, where=where)
    return [(by_job[result.job], result) for result in results]


def _speed(judged: list[tuple[Known, Result]], judges: Judges) -> list[speed.Bound]:
    """Return the room of each efficiency check, measured."""
    checks = [check for _, result in judged for check in result.checks]
    if not any(check.get("rubric") == "efficiency" for check in checks):
        return []
    measured = grade_known(speed.to_measure(judged), judges, None)
    return speed.bounds(measured)
