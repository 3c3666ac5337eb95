"""Show a review on one screen: a line for each exercise, then what it did not grade."""

from __future__ import annotations

from typing import Any

from graders.harness.feedback.causes import Cause, causes
from graders.harness.feedback.failure import failure
from graders.harness.feedback.screen import NARROW, Screen, field, one_line, wrapped
from graders.submissions.report import Report

MOST_FAILURES = 3  # of an exercise
MOST_ROWS = 18  # of failures, where a single exercise failed
MOST_EXERCISES = 10  # that passed, and that did not, are shown
MOST_IN_FULL = 3  # that did not pass have two sentences each, else one line
MOST_IGNORED = 5


def show(screen: Screen, report: Report) -> None:
    """Show a review, as `report.as_report` gives it.

    Args:
        screen: Where.
        report: What was found.
    """
    good = [e for e in report["exercises"] if e["verdict"] == "passed"]
    bad = [e for e in report["exercises"] if e["verdict"] != "passed"]
    shown = good[:MOST_EXERCISES]
    lines = [line for exercise in shown for line in head(screen, exercise)]
    if more := len(good[MOST_EXERCISES:]):
        lines.append(f"and {more} more that passed")
    for exercise in bad[:MOST_EXERCISES]:
        lines += head(screen, exercise)
        if len(bad) == 1:
            lines += details(screen, exercise, MOST_ROWS)
        else:
            lines += _sentences(exercise, screen.width, len(bad) <= MOST_IN_FULL)
    if more := len(bad[MOST_EXERCISES:]):
        lines.append(f"and {more} more that did not pass")
    if report["error"]:
        lines += field("error", report["error"], screen.width)
    if report["empty"]:
        text = f"no answer (deleted, or the stub): {', '.join(report['empty'])}"
        lines += wrapped(text, screen.width, "", "  ")
    lines += _ignored(report, screen.width)
    for line in [*lines, "", *wrapped(count(report), screen.width, "", "  ")]:
        screen.write(line)


def head(screen: Screen, exercise: dict[str, Any]) -> list[str]:
    """Return the verdict on one exercise in a line, or two where that is too long."""
    verdict = screen.colour(f"{exercise['verdict']:<12}", exercise["verdict"])
    checks = f"{exercise['passed']} of {exercise['total']} checks passed"
    if screen.width >= NARROW:
        return [f"{verdict} {exercise['name']:<24} {checks}"]
    return [f"{verdict.rstrip()} {exercise['name']}", f"  {checks}"]


def details(screen: Screen, exercise: dict[str, Any], rows: int) -> list[str]:
    """Return what failed in one exercise, as far as there is room."""
    found = causes(exercise["checks"])
    lines: list[str] = []
    if exercise["error"]:
        lines += field("error", exercise["error"], screen.width)
    for shown, cause in enumerate(found[:MOST_FAILURES]):
        block = failure(screen, cause)
        if shown and len(lines + block) > rows:
            return [*lines, f"  and {len(found) - shown} more"]
        lines += block
    if more := len(found[MOST_FAILURES:]):
        lines.append(f"  and {more} more")
    return lines


def sentence(cause: Cause) -> str:
    """Return in one line what failed, and where in the answer."""
    check = cause.shown
    at = f" (line {check['line']})" if check["line"] else ""
    if check["verdict"] in ("could not load", "not started", "grader error"):
        return f"{check['verdict']}{at}: {check['message']}".rstrip(": ")
    return f"{check['verdict']}{at}; required: {check['sentence']}"


def count(report: Report) -> str:
    """Return the verdict on all in a line."""
    exercises = report["exercises"]
    if report["error"] or not exercises:
        return f"{report['verdict']}; graders of {report['base'][:12]}"
    good = sum(exercise["verdict"] == "passed" for exercise in exercises)
    used = {exercise["sandbox"] for exercise in exercises} - {""}
    isolation = ", ".join(sorted(used)) or "none needed"
    text = f"{good} of {len(exercises)} answers passed; isolation: {isolation}"
    return f"{text}; graders of {report['base'][:12]}"


def ignored(report: Report) -> str:
    """Return how many other paths the head changes, or nothing."""
    number = len(report["ignored"]) + report["more"]
    if not number and not report["uncounted"]:
        return ""
    what = "path" if number == 1 else "paths"
    over = "over " if report["uncounted"] else ""
    return f"{over}{number:,} other changed {what} ignored"


def _ignored(report: Report, width: int) -> list[str]:
    if not (text := ignored(report)):
        return []
    lines = [f"{text}:" if report["ignored"] else text]
    for path in report["ignored"][:MOST_IGNORED]:
        lines += wrapped(path, width, "  ", "    ")
    if more := len(report["ignored"][MOST_IGNORED:]) + report["more"]:
        lines.append(f"  and {more:,} more")
    return lines


def _sentences(exercise: dict[str, Any], width: int, in_full: bool) -> list[str]:
    """Return why an exercise did not pass: two reasons, or the first in one line."""
    found = [sentence(cause) for cause in causes(exercise["checks"])]
    reasons = [exercise["error"], *found] if exercise["error"] else found
    if not in_full:
        return [f"  {one_line(reason, width - 2)}" for reason in reasons[:1]]
    lines = [x for reason in reasons[:2] for x in wrapped(reason, width, "  ", "    ")]
    if more := len(reasons[2:]):
        lines.append(f"  and {more} more")
    return lines
