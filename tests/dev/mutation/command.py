"""The verb `mutation`: find the wrong answers that graders let pass.

Exit codes: 0 every mutant is rejected or explained. 1 one is not, an entry of
equivalents/ is out of date, or a grader stumbled. 2 the command was wrong.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from graders.harness.catalog.exercise import Entry, catalogue, choose
from tests.dev.cache import folder
from tests.dev.jobs import Grade, grade_many
from tests.dev.judge import Judge
from tests.dev.mutation import report
from tests.dev.mutation.equivalents import FOLDER, read_equivalents
from tests.dev.mutation.mutants import mutants
from tests.dev.mutation.study import Study, study


def main(argv: Sequence[str]) -> int:
    """Study the graders that the arguments name, and return the exit code."""
    args = _parser().parse_args(argv)
    try:
        entries = list(choose(args.names)) if args.names else catalogue()
    except LookupError as error:
        print(f"mutation: {error.args[0]}", file=sys.stderr)
        return 2
    if args.list:
        return _list(entries)
    where = None if args.no_cache else folder()
    studies = []
    with Judge(args.at_once) as judges:
        grade = partial(grade_many, judges=judges, where=where)
        for entry in entries:
            studies.append(_study(entry, grade, args.seed))
            print(report.details(studies[-1]), end="\n\n", flush=True)
    print(report.summary(studies))
    if args.json:
        _write(args.json, args.seed, studies)
    return 0 if all(found.is_sound for found in studies) else 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="nox -s dev -- mutation",
        description="Spoil solutions in every place, and see which graders notice.",
    )
    parser.add_argument("names", nargs="*", help="exercises, topics or rounds; all")
    parser.add_argument("--seed", type=int, default=0, help="of every grading")
    parser.add_argument("--at-once", type=int, default=2, metavar="N", help="gradings")
    parser.add_argument("--no-cache", action="store_true", help="judge all again")
    parser.add_argument("--json", type=Path, metavar="FILE", help="the figures")
    parser.add_argument("--list", action="store_true", help="show mutants, grade none")
    return parser


def _list(entries: Sequence[Entry]) -> int:
    try:
        for entry in entries:
            print(report.listed(entry.name, mutants(entry.solution.read_text("utf-8"))))
    except ValueError as error:
        print(f"{entry.name}: {error}", file=sys.stderr)
        return 1
    return 0


def _study(entry: Entry, grade: Grade, seed: int) -> Study:
    source = entry.solution.read_text("utf-8")
    try:
        known = read_equivalents(FOLDER / f"{entry.name}.toml")
        spoilt = mutants(source)
    except ValueError as error:
        return Study(entry.name, error=str(error))
    return study(entry.name, source, spoilt, known, grade=grade, seed=seed)


def _write(file: Path, seed: int, studies: Sequence[Study]) -> None:
    exercises = [found.figures() for found in studies]
    figures = {"schema": 1, "seed": seed, "exercises": exercises}
    file.write_text(json.dumps(figures, indent=1) + "\n", "utf-8")
