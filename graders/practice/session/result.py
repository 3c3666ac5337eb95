"""The end of a session: verdict, scorecard, follow-up questions, and the lesson.

Who gives up is shown the solution with its lesson. It is shown whole: the difference
between two designs is noise.
"""

from __future__ import annotations

import json
import sys

from graders.harness.catalog.exercise import Entry
from graders.harness.feedback import report as reports
from graders.harness.feedback.results import Job, Result
from graders.harness.run.processes import grade
from graders.practice import clock, text
from graders.practice.helped import with_help
from graders.practice.schedule import review
from graders.practice.session.scorecard import render, score
from graders.practice.session.view import verdict_text
from graders.practice.solution import answers, page, questions
from graders.practice.store import BACKED_UP, SELF_ASSESSMENT, Session, Store

# What no program can judge.
SELF_ASSESSED = {
    "thinking aloud": "You said what you were about to do, and why, before you did it.",
    "questions": "You asked what the prompt left open before you started to write.",
    "trade-offs": "You named what your choice costs, and when another is better.",
}


def show_result(store: Store, entry: Entry, session: Session) -> int:
    """Show how a session ended, schedule the next, and return the exit code."""
    screen = reports.Screen(sys.stdout)
    if session.state == "running":
        if screen.live:
            left = text.time_left(session.left)
            said = (
                f"{entry.name}: {left}; the clock keeps running.\n"
                f"Resume with: nox -s practice -- {entry.name}"
            )
            screen.write("\n".join(text.wrap(said, screen.width)))
        return 0
    review(store, session, clock.now())
    ratings = assess(store, session) if session.mode != "practice" else {}
    is_passed = session.state == "passed"
    note = with_help(session.hints, session.has_read) if is_passed else ""
    parts = [
        verdict_text(entry, session.report, screen.width, note=note)
        if session.report
        else "",
        "\n".join(text.wrap(_events(store, entry, session), screen.width)),
        render(score(session, ratings), screen.width),
        *_next(entry, session, screen.width),
    ]
    for part in filter(None, parts):
        screen.write(part)
        screen.write()
    if session.state == "passed":
        _offer_answers(entry, session, screen)
    return 0 if session.state == "passed" else 1


def assess(store: Store, session: Session) -> dict[str, int]:
    """Ask for the self-assessment, from 1 to 4 a line; record and return it.

    Without a terminal, and for lines that are left empty, there is no rating.
    """
    if not _is_terminal():
        return {}
    said = (
        "Assess what no program can see: 1 very weak, 2 weak, 3 strong, 4 very strong; "
        "Enter skips a line."
    )
    width = reports.screen().width
    print("\n".join(text.wrap(said, width)))
    ratings = {}
    for line, meaning in SELF_ASSESSED.items():
        try:
            question = text.wrap(f"{line} ({meaning})", width - 4)
            typed = input("\n".join(question) + " ").strip()
        except EOFError:
            print()
            break
        if typed in ("1", "2", "3", "4"):
            ratings[line] = int(typed)
    if ratings:
        store.note(session.id, clock.now(), SELF_ASSESSMENT, json.dumps(ratings))
    return ratings


def cost(entry: Entry, session: Session, width: int) -> str:
    """Return how time and memory of the answer and of the solution compare.

    Both are graded once more, one after the other, by the same checks on the same
    inputs. The cost of the checks themselves counts on either side.
    """
    if not entry.stub.is_file():
        return ""
    files = (entry.stub, entry.solution)
    jobs = [Job(entry, file, session.seed) for file in files]
    costs = "\n".join(_costs(*grade(jobs, at_once=1)))
    return "\n".join(text.wrap(costs, width))


def _is_terminal() -> bool:
    return sys.stdin.isatty() and sys.stdout.isatty()


def _events(store: Store, entry: Entry, session: Session) -> str:
    """Return the clock's warnings, and how to find the backups."""
    events = store.events(session.id)
    lines = [f"Clock: {event.detail}." for event in events if event.kind == "clock"]
    if any(event.kind == BACKED_UP for event in events):
        lines.append(f"Backups of your work: nox -s attempts -- {entry.name}")
    return "\n".join(lines)


def _next(entry: Entry, session: Session, width: int) -> list[str]:
    """Return what follows: the lesson, or after a failure how to go on."""
    solution = f"nox -s solution -- {entry.name}"
    if session.state == "failed":
        ways = {
            "Try again, with a fresh stub:": f"nox -s practice -- {entry.name}",
            "See the solution:": f"{solution} --give-up",
        }
        lines = [[way, *text.wrap(ways[way], width, "  ", "    ")] for way in ways]
        return ["\n".join(line for found in lines for line in found)]
    if session.state == "gave up":
        return [page(entry, width)]
    read = "You may now read the solution, its lesson and the answers:"
    return [
        "" if entry.is_text else cost(entry, session, width),
        questions(entry, width),
        "\n".join([*text.wrap(read, width), *text.wrap(solution, width, "  ", "    ")]),
    ]


def _offer_answers(entry: Entry, session: Session, screen: reports.Screen) -> None:
    """Show the answers to the follow-up questions, if the candidate asks for them."""
    if not (entry.sheet.follow_ups and _is_terminal() and session.mode != "mock"):
        return
    try:
        typed = input("Answer the questions aloud. a shows good answers, Enter ends: ")
    except EOFError:
        print()
        return
    if typed.strip().lower() == "a":
        screen.write()
        screen.write(answers(entry, screen.width))


def _costs(yours: Result, solution: Result) -> list[str]:
    """Return how the time and the memory of two gradings compare, as sentences."""

    def total(result: Result) -> float:
        return sum(float(check["seconds"]) for check in result.checks)

    def peak(result: Result) -> float:
        return max((float(c.get("megabytes") or 0) for c in result.checks), default=0)

    ratio = total(yours) / max(total(solution), 1e-9)
    lines = [f"Your checks took {ratio:.2f} times as long as those of the solution."]
    if peak(yours) and peak(solution):
        lines.append(
            f"Peak memory: {peak(yours):.0f} MB; the solution: {peak(solution):.0f} "
            "MB. Python and NumPy take about 30 MB of it."
        )
    return lines
