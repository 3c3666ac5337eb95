"""The verb `batch`: grade a folder of submissions, for five people or many thousands.

0: every answer passed. 1: one did not. 2: the command was wrong, or there was nothing
to grade. 3: our own fault in one of them. 130, or 128 and the number of a signal: it
was interrupted; the same command goes on from there.
"""

from __future__ import annotations

import argparse
import json
import secrets
import tomllib
from pathlib import Path
from typing import Any

from graders.harness.catalog import files
from graders.harness.catalog.exercise import catalogue, choose
from graders.harness.feedback.results import RUBRIC
from graders.harness.run.command_line import (
    INTERRUPTED,
    Ended,
    as_line,
    as_seed,
    complain,
    from_where_it_was_typed,
    heed_signals,
)
from graders.submissions.batch.class_report.page import as_page
from graders.submissions.batch.class_report.summary import summarise
from graders.submissions.batch.collect import collect
from graders.submissions.batch.copies.passages import as_csv as copies_as_csv
from graders.submissions.batch.copies.passages import near_copies, shown
from graders.submissions.batch.graded import Graded
from graders.submissions.batch.ledger import Ledger
from graders.submissions.batch.tables import Weights, as_csv, write_pages
from graders.submissions.batch.workers.cluster import Cluster, Unreachable
from graders.submissions.batch.workers.loop import Cores
from graders.submissions.report import FEEDBACK

MOST_PAIRS = 40  # of near copies, whose passages are shown

_SETTINGS = "batch.json"


def main(argv: list[str]) -> int:
    """Grade what the arguments name, and return the exit code."""
    args = _parser().parse_args(argv)
    try:
        return _batch(args)
    except LookupError as error:
        return complain("batch", str(error.args[0]), 2)
    except Unreachable as error:
        return complain("batch", f"{error}; the same command goes on from here", 2)
    except KeyboardInterrupt as asked:
        complain("batch", "interrupted; the same command goes on from here", 2)
        return 128 + asked.args[0] if isinstance(asked, Ended) else INTERRUPTED
    except BrokenPipeError:  # whoever read our output has seen enough
        raise
    except OSError as error:
        return complain("batch", as_line(error), 2)
    except ValueError as error:
        return complain("batch", str(error), 2)


def _batch(args: argparse.Namespace) -> int:
    folder, out = (
        from_where_it_was_typed(args.folder),
        from_where_it_was_typed(args.out),
    )
    if not folder.is_dir():
        raise ValueError(f"{folder} is no folder")
    if out.resolve().is_relative_to(folder.resolve()):
        raise ValueError(f"{out} lies in {folder}, and would be submitted next time")
    entries = list(choose(args.exercises)) if args.exercises else catalogue()
    weights = _weights(args.weights)
    found = collect(folder, entries)
    out.mkdir(parents=True, exist_ok=True)
    seed = _seed(out, args.seed)
    files.write(
        out / "unrecognised.txt", "".join(f"{x}\n" for x in found.strange).encode()
    )
    for line in found.strange[:3]:
        complain("batch", line, 0)
    if more := len(found.strange[3:]):
        complain("batch", f"{more} more in {out / 'unrecognised.txt'}", 0)
    if not found.answers:
        raise ValueError(f"{folder} holds no answer to any of {len(entries)} exercises")
    heed_signals()
    with Ledger(out / "results.jsonl") as ledger:
        graded = Graded(ledger, seed, args.sandbox, args.feedback)
        try:
            place = Cluster(args.scheduler) if args.scheduler else Cores(args.at_once)
            graded.take(found.answers, place)
        finally:
            files.write(out / "grades.csv", as_csv(graded.lines(), weights).encode())
            write_pages(out / "feedback", graded.lines())
            summary = summarise(graded.lines(), weights)
            if summary.verdicts:
                files.write(out / "report.html", as_page(summary, None).encode())
    if summary.verdicts:
        copies = near_copies(found.answers)
        files.write(out / "copies.csv", copies_as_csv(copies).encode())
        pairs = [shown(one) for one in copies[:MOST_PAIRS]]
        page = as_page(summary, pairs, len(copies[MOST_PAIRS:]))
        files.write(out / "report.html", page.encode())
    verdicts, total = graded.verdicts, graded.verdicts.total()
    people = len({answer.who for answer in found.answers})
    told = f"{verdicts['passed']} of {total} answers of {people} people passed"
    print(f"{told}; {out / 'grades.csv'}")
    if verdicts["grader error"]:
        return 3
    return 0 if verdicts["passed"] == total else 1


def _seed(out: Path, asked: int | None) -> int:
    """Return the seed of this batch: what was asked for, or that of the last time."""
    place = out / _SETTINGS
    try:
        last = json.loads(place.read_text("utf-8"))["seed"]
    except FileNotFoundError:
        last = None
    except (ValueError, KeyError, TypeError):
        raise ValueError(f"{place}: not understood") from None
    seed = asked if asked is not None else last
    if not isinstance(seed, int):
        seed = secrets.randbelow(2**31)
    files.write(place, json.dumps({"seed": seed}).encode())
    return seed


def _weights(path: Path | None) -> Weights:
    """Return the weight of each rubric line: 1 each, or what a TOML file says."""
    equal: dict[str, Any] = dict.fromkeys(RUBRIC, 1.0)
    if path is None:
        return equal
    place = from_where_it_was_typed(path)
    try:
        given = tomllib.loads(place.read_text("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ValueError(f"{place}: {error}") from None
    for name, weight in given.items():
        good = isinstance(weight, int | float) and not isinstance(weight, bool)
        if name not in RUBRIC or not good or not 0 <= weight < 1e6:
            lines = ", ".join(RUBRIC)
            raise ValueError(f"{place}: {name} = {weight!r}; a number for {lines}")
    if not any(given.values()):
        raise ValueError(f"{place}: no weight is above 0")
    return {name: float(given.get(name, 0.0)) for name in RUBRIC}


def _count(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= 1000:
        raise argparse.ArgumentTypeError(f"not a number from 1 to 1000: {text!r}")
    return int(text)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="nox -s batch --",
        description="Grade a folder of submissions; stopped, it goes on from there.",
    )
    add = parser.add_argument
    add(
        "folder", type=Path, metavar="DIR", help="a folder, zip or file for each person"
    )
    add("--out", type=Path, required=True, metavar="RESULTS", help="where to write")
    add("--exercises", nargs="+", metavar="NAME", help="exercises, topics or rounds")
    add("--weights", type=Path, metavar="FILE", help="TOML: a number a rubric line")
    add("--seed", type=as_seed, help="draw the same inputs again")
    add("--sandbox", choices=("required", "auto", "off"), default="required")
    where = parser.add_mutually_exclusive_group()
    where.add_argument(
        "--at-once",
        type=_count,
        metavar="N",
        help="gradings at a time: one a core",
    )
    where.add_argument(
        "--scheduler",
        metavar="ADDRESS",
        help="of a Dask cluster, as tcp://10.0.0.1:8786",
    )
    add(
        "--feedback",
        choices=FEEDBACK,
        default="sentences",
        help="how much of the hidden checks people are told",
    )
    return parser
