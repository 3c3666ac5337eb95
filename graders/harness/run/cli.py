"""The verb `grade`: what a person types, and what the exit code says.

0: all that was graded passed. 1: something did not. 2: the command was wrong.
3: our own fault. 130, or 128 and the number of a signal: it was interrupted.

What `--json` writes is described in `graders.harness.feedback.programs`.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import secrets
import shlex
import sys
from collections.abc import Callable
from itertools import chain
from pathlib import Path

from graders.harness.catalog import stubs
from graders.harness.catalog.exercise import Entry, catalogue, choose
from graders.harness.feedback import report
from graders.harness.feedback.results import Job, Result
from graders.harness.run.command_line import (
    INTERRUPTED,
    INVOKED_FROM,
    Ended,
    Refused,
    as_line,
    as_seed,
    complain,
    from_where_it_was_typed,
    heed_signals,
)
from graders.harness.run.grader_process import warm
from graders.harness.run.processes import grade

Record = Callable[[list[Result]], None]
Note = Callable[[Result], str]


def main(
    argv: list[str],
    record: Record = lambda results: None,
    note: Note = lambda result: "",
) -> int:
    """Grade what the arguments name, tell `record`, and return the exit code.

    What `note` says of a result is shown with it.
    """
    argv, options = _split(argv)
    try:
        args = _parser().parse_args(argv)
        jobs, missing = _jobs(args, options)
        if sys.stdout is None:
            raise Refused("standard output is closed")
        heed_signals()
        return _grade(args, options, jobs, missing, record, note)
    except Refused as error:
        complain("grade", str(error))
    except BrokenPipeError:  # whoever read our output has seen enough
        raise
    except OSError as error:  # no room on the disk, a file that cannot be written
        complain("grade", as_line(error))
        _forget_output()
    return 2


def _grade(
    args: argparse.Namespace,
    options: tuple[str, ...],
    jobs: list[Job],
    missing: list[Result],
    record: Record,
    note: Note,
) -> int:
    screen = report.screen()
    if not jobs and not missing:
        report.show_overview(screen, catalogue())
        return 0
    if len(jobs) > 1:
        warm()
    results: list[Result] = []
    code, left = None, []
    try:
        for result in chain(missing, grade(jobs, watch=screen.watch)):
            if result.refused:
                screen.clear()
                raise Refused(result.refused)
            results.append(result)
            report.show_result(screen, result, verbose=args.verbose, note=note(result))
            if args.exit_first and result.verdict != "passed":
                break
    except KeyboardInterrupt as asked:
        screen.clear()
        # What is graded already is not lost.
        code = 128 + asked.args[0] if isinstance(asked, Ended) else INTERRUPTED
        done = {id(result.job) for result in results}
        left = [job.entry.name for job in jobs if id(job) not in done]
    if len(results) == 1 and results[0].verdict == "passed" and not left:
        report.show_after_pass(screen, results[0])
    report.show_summary(screen, results, _again(args, options), left)
    _write(args, results)
    record(results)
    return _code(results) if code is None else code


def _forget_output() -> None:
    """Let Python's own last flush of standard output find a place that takes it."""
    with contextlib.suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _split(argv: list[str]) -> tuple[list[str], tuple[str, ...]]:
    """Split off what stands behind a second `--`, which is pytest's."""
    if "--" not in argv:
        return argv, ()
    at = argv.index("--")
    return argv[:at], tuple(argv[at + 1 :])


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m graders grade",
        description="Grade answers: those named, or every one that is started.",
        epilog="After a further --, arguments for pytest.",
    )
    parser.add_argument("names", nargs="*", help="exercises, topics or rounds")
    parser.add_argument(
        "--from", dest="tree", type=Path, metavar="DIR", help="a tree like exercises/"
    )
    parser.add_argument("--submission", type=Path, metavar="FILE", help="one answer")
    parser.add_argument(
        "--json", type=Path, metavar="FILE", help="results for programs"
    )
    parser.add_argument("--junit", type=Path, metavar="FILE", help="results for CI")
    parser.add_argument(
        "--sandbox",
        choices=("auto", "required", "off"),
        default="auto",
        help="the strongest isolation there is, bubblewrap or nothing, limits alone",
    )
    parser.add_argument("--seed", type=as_seed, help="draw the same inputs again")
    parser.add_argument(
        "-x", dest="exit_first", action="store_true", help="stop at the first failure"
    )
    parser.add_argument(
        "--verbose", action="store_true", help="show every failure, and values whole"
    )
    return parser


def _jobs(
    args: argparse.Namespace, options: tuple[str, ...]
) -> tuple[list[Job], list[Result]]:
    """Return what to grade, and a result for each file that is not there."""
    typed = vars(args).copy()
    for name in ("tree", "submission", "json", "junit"):
        setattr(args, name, from_where_it_was_typed(typed[name]))
    for name in ("json", "junit"):
        if typed[name] and not getattr(args, name).resolve().parent.is_dir():
            raise Refused(f"no folder to write {typed[name]} in")
    if args.seed is None:
        args.seed = secrets.randbelow(2**31)
    if args.exit_first:
        options = ("-x", *options)
    jobs = [
        Job(entry, file, args.seed, args.sandbox, options)
        for entry, file in _files(args)
    ]
    there = [job for job in jobs if job.file.is_file()]
    for job in there:
        _check_readable(job.file)
    missing = [
        Result(job, [], 0.0, "", f"there is no file {job.file}", missing=True)
        for job in jobs
        if job not in there
    ]
    return there, missing


def _check_readable(file: Path) -> None:
    try:
        with file.open("rb"):
            pass
    except OSError as error:
        raise Refused(f"{file}: {error.strerror}") from None


def _files(args: argparse.Namespace) -> list[tuple[Entry, Path]]:
    """Return the exercises that the arguments mean, with the file of each answer."""
    try:
        entries = list(choose(args.names))
    except LookupError as error:
        raise Refused(str(error.args[0])) from None
    if args.submission:
        if len(entries) != 1 or args.tree:
            raise Refused("--submission takes the name of one exercise, and no --from")
        if not args.submission.is_file():
            what = "a folder" if args.submission.is_dir() else "no file"
            raise Refused(f"{args.submission} is {what}")
        return [(entries[0], args.submission)]
    if args.tree and not args.tree.is_dir():
        raise Refused(f"{args.tree} is no folder")
    if args.tree:
        tree = args.tree
        if args.names:
            return [(entry, tree / entry.path) for entry in entries]
        found = [(entry, tree / entry.path) for entry in catalogue()]
        found = [(entry, file) for entry, file in found if file.is_file()]
        if not found:
            raise Refused(f"{tree} holds no answer; it must mirror exercises/")
        return found
    if not args.names:
        try:
            entries = [entry for entry in catalogue() if stubs.is_started(entry)]
        except ValueError as error:  # an author's solution that gives no stub
            raise Refused(str(error)) from None
    return [(entry, entry.stub) for entry in entries]


def _again(args: argparse.Namespace, options: tuple[str, ...]) -> str:
    """Return the line that draws the same inputs again."""
    words = ["nox -s grade --", *args.names, f"--seed {args.seed}"]
    if args.tree:
        words.append(f"--from {shlex.quote(_typed(args.tree))}")
    if args.submission:
        words.append(f"--submission {shlex.quote(_typed(args.submission))}")
    if args.sandbox != "auto":
        words.append(f"--sandbox={args.sandbox}")
    if args.exit_first:
        words.append("-x")
    return " ".join([*words, *(["--", *map(shlex.quote, options)] if options else [])])


def _typed(path: Path) -> str:
    """Return a path as it is typed again in the folder where it was typed."""
    folder = os.environ.get(INVOKED_FROM)
    if path.is_absolute() or not folder:
        return str(path)
    return os.path.relpath(path.resolve(), folder)


def _write(args: argparse.Namespace, results: list[Result]) -> None:
    if args.json:
        report.dump(args.json, results, args.seed)
    if args.junit:
        report.write_file(args.junit, report.as_junit(results))


def _code(results: list[Result]) -> int:
    verdicts = {result.verdict for result in results}
    if "grader error" in verdicts:
        return 3
    return 0 if verdicts == {"passed"} else 1
