"""Tell a person what came of a grading: one screen, the summary first.

Verdict and rubric, then at most three failures, the simplest first and one for each
cause, then the rest by sentence. What is cut stands in the JSON and behind --verbose.
"""

from __future__ import annotations

import sys
import textwrap
from collections.abc import Iterable, Sequence
from typing import Any

from graders.harness.catalog.exercise import Entry
from graders.harness.feedback.causes import Cause, causes
from graders.harness.feedback.failure import WHOLE, failure
from graders.harness.feedback.programs import (
    as_json,
    as_junit,
    dump,
    write_file,
)
from graders.harness.feedback.results import RUBRIC, VALIDATION, Result
from graders.harness.feedback.screen import (
    NARROW,
    Screen,
    field,
    one_line,
    wrapped,
)
from graders.harness.feedback.text import plain

__all__ = [
    "Screen",
    "as_json",
    "as_junit",
    "dump",
    "screen",
    "show_after_pass",
    "show_check",
    "show_overview",
    "show_result",
    "show_summary",
    "write_file",
]

ROWS = 21  # of a screen of 24 for one exercise; the summary of all takes the others
MOST_ROWS = 36  # where there is what the checks measured, too
LEAST_ROWS = 9  # for the failures
MOST_CAUSES = 3
MOST_SENTENCES = 4
SUGGESTIONS = 3  # exercises to start with


def show_result(
    screen: Screen,
    result: Result,
    *,
    verbose: bool = False,
    first_only: bool = False,
    note: str = "",
) -> None:
    """Show what became of one exercise: a line if all is well, else one screen.

    Args:
        screen: Where.
        result: What came of it.
        verbose: Whether to show every failure, whole.
        first_only: Whether to show the simplest failure alone.
        note: What to say below its verdict.
    """
    screen.clear()
    lines = _head(screen, result)
    lines += wrapped(note, screen.width, "  ", "  ") if note else []
    found = causes(result.checks)
    if result.error:
        lines += field("error", result.error, screen.width)
    shown = _exhibit(result, screen.width, verbose)
    rows = min(ROWS, MOST_ROWS - len(shown)) - len(lines)
    if verbose:
        for cause in found:
            for check in cause.checks:
                lines += ["", *failure(screen, Cause([check]), WHOLE)]
    elif result.verdict != "not started":
        lines += _failures(screen, found[:1] if first_only else found, rows)
    lines += _not_judged(result, screen.width)
    for line in [*lines, *shown]:
        screen.write(line)


def _head(screen: Screen, result: Result) -> list[str]:
    """Return the verdict and the rubric, line by line."""
    name, checks = result.job.entry.name, result.checks
    good = sum(check["verdict"] == "passed" for check in checks)
    verdict = screen.colour(f"{result.verdict:<12}", result.verdict)
    silent = {"could not load", "not started", "not judged"}
    loaded = {c["verdict"] for c in checks} - silent
    count = f"{good} of {len(checks)} checks passed" if checks and loaded else ""
    seconds = f"{result.seconds:6.1f} s"
    if screen.width < NARROW:
        fits = len(result.verdict) + 1 + len(name) <= screen.width
        head = [f"{verdict.rstrip()} {name}"] if fits else [verdict.rstrip(), name]
        lines = [
            *head,
            *wrapped(f"{count} {seconds.strip()}", screen.width, "  ", "  "),
        ]
    else:
        lines = [f"{verdict} {name:<24} {count:<23} {seconds}"]
    if result.verdict == "not started":
        lines += wrapped(result.error or "unchanged stub", screen.width, "  ", "  ")
        result.error = ""
    partly = {c["verdict"] for c in checks} - {"passed", "not judged"}
    if partly and good and result.verdict != "not started":
        lines += _rubric(checks, screen.width)
    return lines


def _rubric(checks: list[dict[str, Any]], width: int) -> list[str]:
    """Return the lines of the rubric, side by side as far as there is room."""
    lines: list[str] = []
    for line in (*RUBRIC, VALIDATION):
        verdicts = [c["verdict"] for c in checks if c["rubric"] == line]
        if verdicts:
            note = " (decides nothing)" if line == VALIDATION else ""
            good = verdicts.count("passed")
            part = f"  {line.replace('_', ' ')} {good} of {len(verdicts)}{note}"
            if lines and len(lines[-1] + part) < width:
                lines[-1] += f" {part}"
            else:
                lines.append(part)
    return [x for line in lines for x in wrapped(line.strip(), width, "  ", "    ")]


def _failures(screen: Screen, found: list[Cause], rows: int) -> list[str]:
    """Return the simplest failures, as many as there is room for, and the rest."""
    lines: list[str] = []
    shown = 0
    for cause in found[:MOST_CAUSES]:
        rest = min(len(found) - shown - 1, MOST_SENTENCES)
        room = rows - len(lines) - (rest + 2 if rest else 0)
        for brief in (0, 1, 2):
            block = ["", *failure(screen, cause, brief)]
            if len(block) <= room:
                break
        if shown and len(block) > room:
            break
        lines += block
        shown += 1
    return lines + _rest(found[shown:], rows - len(lines), screen.width)


def _rest(found: list[Cause], rows: int, width: int) -> list[str]:
    """Return the sentences of the failures that are not shown."""
    if not found:
        return []
    count = sum(len(cause.checks) for cause in found)
    what = "check" if count == 1 else "checks"
    head = f"and {count} more {what}; --verbose shows all:"
    lines = ["", *wrapped(head, width, "  ", "  ")]
    most = max(min(MOST_SENTENCES, rows - 2), 1)
    if len(found) > most:
        most = max(most - 1, 1)
    for cause in found[:most]:
        more = f" ({len(cause.checks)} checks)" if cause.others else ""
        sentence = one_line(cause.shown["sentence"], width - 4 - len(more))
        lines.append(f"    {sentence}{more}")
    if len(found) > most:
        lines.append(f"    and {len(found) - most} more")
    return lines


def _not_judged(result: Result, width: int) -> list[str]:
    """Return one line for the checks that were not judged, with the reason."""
    silent = [c for c in result.checks if c["verdict"] == "not judged"]
    if not silent:
        return []
    why = silent[0]["message"]
    count = f"{len(silent)} check{'s' if len(silent) > 1 else ''}"
    return ["", *wrapped(f"not judged: {count}, because {why}", width, "  ", "    ")]


def _exhibit(result: Result, width: int, verbose: bool) -> list[str]:
    """Return the lines of what the checks measured, of a failure the table alone."""
    if not result.exhibit:
        return []
    whole = textwrap.indent(plain(result.exhibit), "  ")
    if verbose or result.verdict == "passed":
        return ["", *whole.split("\n")]
    table, *plots = whole.split("\n\n")
    lines = ["", *table.split("\n"), *["  --verbose shows the rest"][: len(plots)]]
    if len(lines) <= MOST_ROWS - LEAST_ROWS:
        return lines
    return ["", *wrapped("--verbose shows what was measured.", width, "  ", "  ")]


def show_check(screen: Screen, check: dict[str, Any], others: int = 0) -> None:
    """Show a failed check: its verdict, its sentence, and what a candidate can use."""
    screen.write()
    for line in failure(screen, Cause([check] * (others + 1))):
        screen.write(line)


def show_summary(
    screen: Screen, results: list[Result], again: str, not_graded: Iterable[str] = ()
) -> None:
    """Show the count over several exercises, what isolated them, and how to repeat."""
    good = sum(result.verdict == "passed" for result in results)
    used = ", ".join(sorted({r.sandbox for r in results if r.sandbox})) or "none"
    what = "exercise" if len(results) == 1 else "exercises"
    screen.write()
    text = f"{good} of {len(results)} {what} passed; isolation: {used}"
    for line in wrapped(text, screen.width):
        screen.write(line)
    if left := ", ".join(not_graded):
        for line in wrapped(f"interrupted; not graded: {left}", screen.width):
            screen.write(line)
    text = f"again: {plain(again).replace(chr(10), ' ')}"
    narrow = wrapped(text, screen.width, "", "  ") if screen.width < NARROW else [text]
    for line in narrow:
        screen.write(line)


def show_after_pass(screen: Screen, result: Result) -> None:
    """Show what there is to do after a pass: follow-ups, solution, next exercise."""
    entry = result.job.entry
    questions = [follow_up.question for follow_up in entry.sheet.follow_ups]
    if questions:
        screen.write("  An interviewer would ask next:")
    for question in questions:
        for line in wrapped(question, screen.width, "  - ", "    "):
            screen.write(line)
    text = "next: nox -s practice"
    if result.job.file.resolve() == entry.stub:
        unlocked = f"nox -s solution -- {entry.name} (with its lesson)"
        text = f"next: {unlocked}; nox -s practice"
    for line in wrapped(text, screen.width):
        screen.write(line)


def show_overview(screen: Screen, entries: Sequence[Entry]) -> None:
    """Show some exercises to start with, easy and often asked, and how to start."""
    easy = [entry for entry in entries if entry.sheet.difficulty == "easy"]
    easy.sort(key=lambda entry: (-entry.sheet.frequency, entry.name))
    first = (easy or list(entries))[:SUGGESTIONS]
    lines = wrapped(
        "You have not started an exercise yet. Easy ones that interviews often ask:",
        screen.width,
    )
    lines.append("")
    for entry in first:
        said = f"{entry.name}, {entry.sheet.minutes} min: {entry.title}"
        lines += wrapped(said, screen.width, "  ", "    ")
    name = first[0].name if first else "NAME"
    ways = {
        "nox -s watch": "grades each save, without a clock",
        "nox -s list": f"searches all {len(entries)} exercises",
        f"nox -s practice -- {name}": "starts one against the clock",
        f"nox -s grade -- {name}": "grades it once",
    }
    lines.append("")
    space = max(map(len, ways)) + 4
    for command, meaning in ways.items():
        if space + max(map(len, ways.values())) + 2 > screen.width:
            lines += [f"  {command}", *wrapped(meaning, screen.width, "    ", "    ")]
        else:
            lines.append(f"  {command:<{space}}{meaning}")
    for line in lines:
        screen.write(line)


def screen() -> Screen:
    """Return the screen that is standard output."""
    return Screen(sys.stdout)
