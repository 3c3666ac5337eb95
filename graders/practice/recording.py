"""The verb `grade`, with its results recorded: practice knows what was solved.

These attempts are untimed. Recording never fails a grading: where the history cannot
be written, one line says so.
"""

from __future__ import annotations

import contextlib
import hashlib
import sys
from collections.abc import Iterable
from typing import Any

from graders.harness.catalog.exercise import Entry
from graders.harness.feedback.report import as_json
from graders.harness.feedback.results import Result
from graders.harness.run import cli
from graders.practice.cli import open_store
from graders.practice.clock import now
from graders.practice.helped import with_help
from graders.practice.store import Store, Unusable

VERDICTS = ("passed", "failed")  # that are recorded


def main(argv: list[str]) -> int:
    """Grade what the arguments name, record it, and return the exit code."""
    return cli.main(argv, record_gradings, help_of)


def help_of(result: Result) -> str:
    """Return with what help an answer passed, or ""."""
    if not (result.verdict == "passed" and _counts(result)):
        return ""
    try:
        with contextlib.closing(Store()) as store:
            for notice in store.notices:
                print(notice, file=sys.stderr)
            return help_with(store, result.job.entry, _report(result))
    except (Unusable, OSError):
        return ""  # it is said when the grading is recorded


def help_with(store: Store, entry: Entry, report: dict[str, Any]) -> str:
    """Return with what help a grading that is to be recorded passed, or ""."""
    if report["verdict"] != "passed":
        return ""
    if running := store.running(entry.name):
        said = with_help(running[0].hints, running[0].has_read)
    else:
        found = store.help(entry.name)
        said = with_help(found.hints, found.has_read(now().wall))
    # The whole history is read only where there is something to say.
    if said and (entry.name, report["answer"]) in passed_answers(store):
        return ""
    return said


def record_gradings(results: Iterable[Result]) -> None:
    """Record the gradings of the exercises' own files.

    Left out are other files, unchanged stubs, grader errors, and runs of some checks
    alone. An answer that has passed once is not counted again while it is unchanged.
    """
    try:
        if found := [result for result in results if _counts(result)]:
            _record(found)
    except Exception as error:  # whatever it is, the grading stands
        line = " ".join(str(error).split()) or type(error).__name__
        print(f"grade: not recorded in the history: {line}", file=sys.stderr)


def fingerprint(source: bytes) -> str:
    """Return what identifies an answer in a report."""
    return hashlib.sha256(source).hexdigest()


def _counts(result: Result) -> bool:
    job = result.job
    whole = not job.options or (job.options == ("-x",) and result.verdict == "passed")
    is_own = job.file.resolve() == job.entry.stub.resolve()
    return whole and is_own and result.verdict in VERDICTS


def passed_answers(store: Store) -> set[tuple[str, str | None]]:
    """Return the exercise and the fingerprint of every answer that has passed."""
    return {
        (session.exercise, (session.report or {}).get("answer"))
        for session in store.sessions()
        if session.state == "passed"
    }


def record_report(
    store: Store,
    passed: set[tuple[str, str | None]],
    entry: Entry,
    report: dict[str, Any],
    seed: int,
) -> None:
    """Record one grading of an exercise's own file, unless it has passed already.

    Args:
        store: The history.
        passed: The answers that have.
        entry: The exercise.
        report: Its part of the JSON report, with the answer's fingerprint.
        seed: The seed of its inputs.
    """
    is_known = (entry.name, report["answer"]) in passed
    if report["verdict"] in VERDICTS and not is_known:
        store.record_untimed(entry.name, entry.sheet.minutes, seed, report, now())


def _record(results: list[Result]) -> None:
    with open_store() as store:
        passed = passed_answers(store)
        for result in results:
            job = result.job
            record_report(store, passed, job.entry, _report(result), job.seed)


def _report(result: Result) -> dict[str, Any]:
    report: dict[str, Any]
    [report] = as_json([result], result.job.seed)["exercises"]
    return report | {"answer": fingerprint(result.job.file.read_bytes())}
