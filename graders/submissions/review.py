"""The verb `review`: grade a pull request with what it cannot change.

0: all that it submits passed, or it submits nothing. 1: something did not pass. 2: the
command was wrong. 3: our own fault, and no verdict. 130, or 128 and the number of a
signal: it was interrupted.

What `--json` writes is described in `graders.submissions.report`.
"""

from __future__ import annotations

import argparse
import json
import os
import secrets
import shlex
import sys
import tempfile
from pathlib import Path

from graders.harness.catalog.exercise import ROOT
from graders.harness.feedback import report as feedback
from graders.harness.feedback.results import Result
from graders.harness.feedback.text import plain
from graders.harness.run.command_line import (
    INTERRUPTED,
    Ended,
    Refused,
    as_line,
    as_seed,
    complain,
    from_where_it_was_typed,
    heed_signals,
)
from graders.harness.run.grader_process import warm
from graders.submissions.annotations import as_annotations
from graders.submissions.badge import as_badge
from graders.submissions.git import Git, Unreadable
from graders.submissions.grading import Untrusted, grade_picked
from graders.submissions.markdown import as_markdown
from graders.submissions.pick import Picked, pick
from graders.submissions.report import CODES, FEEDBACK, Report, as_report, reduced
from graders.submissions.screen import show
from graders.submissions.untrusted import Unfit, read_report

OURS = ["graders", "solutions", "noxfile.py", "pyproject.toml", "conftest.py"]
FILES = ("json", "junit", "summary", "badge")
FAULT = 3


def main(argv: list[str]) -> int:
    """Review what the arguments name, and return the exit code."""
    args = _parser().parse_args(argv)
    try:
        for name in (*FILES, "report"):
            setattr(args, name, _place(getattr(args, name)))
        if sys.stdout is None:
            raise Refused("standard output is closed")
        heed_signals()
        return _tell(args) if args.report else _review(args)
    except (Refused, Unreadable) as error:
        return complain("review", str(error), 2)
    except Unfit as error:
        return complain("review", f"{args.report} is not to be trusted: {error}", FAULT)
    except KeyboardInterrupt as asked:
        complain("review", "interrupted; there is no verdict", 2)
        return 128 + asked.args[0] if isinstance(asked, Ended) else INTERRUPTED
    except BrokenPipeError:  # whoever read our output has seen enough
        raise
    except OSError as error:  # no room on the disk, a file that cannot be written
        return complain("review", as_line(error), 2)
    except ValueError as error:  # an exercise of ours gives no stub
        return complain("review", str(error), FAULT)


def _review(args: argparse.Namespace) -> int:
    if args.base is None or args.head is None:
        raise Refused("--base REF and --head REF are needed, or --report FILE")
    git = Git(ROOT)
    picked = pick(git, args.base, args.head)
    if path := git.differs(picked.base, OURS):
        raise Refused(f"{path} here is not as in {args.base}, whose graders must grade")
    seed = secrets.randbelow(2**31) if args.seed is None else args.seed
    screen = feedback.screen()
    # How far a grading is comes with the sentences that failed.
    watch = (lambda lines: None) if args.feedback == "verdict" else screen.watch
    results: list[Result] = []
    error = ""
    warm()
    with tempfile.TemporaryDirectory(prefix="katas-review-") as folder:
        try:
            for result in grade_picked(picked, seed, Path(folder), watch):
                results.append(result)
        except Untrusted as why:
            error = str(why)
        finally:
            screen.clear()
        results.sort(key=lambda result: result.job.entry.path)
        found = as_report(picked, results, seed, args.feedback, error)
    if args.json:
        feedback.write_file(args.json, json.dumps(found, indent=1) + "\n")
    if args.junit:
        told = [reduced(result, args.feedback) for result in results]
        feedback.write_file(args.junit, feedback.as_junit(told))
    _note_history(picked, args)
    return _give(args, found, f"again: {_again(args.base, picked.head, seed)}")


def _tell(args: argparse.Namespace) -> int:
    """Report what another machine found."""
    if args.base or args.head or args.json or args.junit or args.seed is not None:
        raise Refused("--report takes no --base, --head, --json, --junit or --seed")
    return _give(args, read_report(args.report))


def _give(args: argparse.Namespace, found: Report, *more: str) -> int:
    """Write what people read, files first, and return the exit code."""
    if args.badge:
        feedback.write_file(args.badge, as_badge(found))
    if args.summary:
        feedback.write_file(args.summary, as_markdown(found))
    if place := os.environ.get("GITHUB_STEP_SUMMARY"):
        with open(place, "a", encoding="utf-8", newline="\n") as file:
            file.write(as_markdown(found))
    screen = feedback.screen()
    show(screen, found)
    for line in more:
        screen.write(line)
    if os.environ.get("GITHUB_ACTIONS") == "true":
        for line in as_annotations(found):
            print(line)
    return CODES[found["verdict"]]


def _note_history(picked: Picked, args: argparse.Namespace) -> None:
    """Say what the head was compared with, where that is not what one expects."""
    if not picked.common:
        why = "the history is cut" if picked.shallow else "they have no common history"
        complain("review", f"compared with {args.base} itself, since {why}", 0)


def _again(base: str, head: str, seed: int) -> str:
    """Return the line that draws the same inputs again."""
    named = f"--base={shlex.quote(base)} --head {head[:12]}"
    return plain(f"nox -s review -- {named} --seed {seed}").replace("\n", " ")


def _place(path: Path | None) -> Path | None:
    """Return where to read or write what was typed."""
    place = from_where_it_was_typed(path)
    if place and not place.resolve().parent.is_dir():
        raise Refused(f"no folder for {path}")
    return place


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m graders review",
        description="Grade the answers of a pull request with the base's graders.",
    )
    add = parser.add_argument
    add("--base", metavar="REF", help="what is checked out here, and grades")
    add("--head", metavar="REF", help="what submits; read as objects, never run")
    add("--report", type=Path, metavar="FILE", help="tell what another --json says")
    add("--seed", type=as_seed, help="draw the same inputs again")
    add(
        "--feedback",
        choices=FEEDBACK,
        default="full",
        help="how much of the hidden checks is told",
    )
    for name, what in (
        ("json", "results for programs"),
        ("junit", "results for CI"),
        ("summary", "a page in Markdown"),
        ("badge", "a badge (SVG)"),
    ):
        add(f"--{name}", type=Path, metavar="FILE", help=what)
    return parser
