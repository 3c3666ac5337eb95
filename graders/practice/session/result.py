"""The end of a session: verdict, scorecard, follow-up questions, comparison."""

from __future__ import annotations

import json
import sys

from graders.harness.catalog.exercise import Entry
from graders.harness.feedback import report as reports
from graders.harness.feedback.results import Job, Result
from graders.harness.feedback.text import plain
from graders.harness.run.processes import grade
from graders.practice import clock, text
from graders.practice.schedule import review
from graders.practice.session.scorecard import render, score
from graders.practice.session.view import verdict_text
from graders.practice.solution import answers, difference, questions
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
            screen.write(f"{entry.name}: {left}; the clock keeps running.")
            screen.write(f"Resume with: nox -s practice -- {entry.name}")
        return 0
    review(store, session, clock.now())
    ratings = assess(store, session) if session.mode != "practice" else {}
    parts = [
        verdict_text(entry, session.report, screen.width) if session.report else "",
        _events(store, entry, session),
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
    print("Assess what no program can see: 1 very weak, 2 weak, 3 strong, 4 very")
    print("strong; Enter skips a line.")
    ratings = {}
    for line, meaning in SELF_ASSESSED.items():
        try:
            typed = input(f"{line} ({meaning}) ").strip()
        except EOFError:
            print()
            break
        if typed in ("1", "2", "3", "4"):
            ratings[line] = int(typed)
    if ratings:
        store.note(session.id, clock.now(), SELF_ASSESSMENT, json.dumps(ratings))
    return ratings


def compare(entry: Entry, session: Session) -> str:
    """Return the diff from the answer to the solution, and what both cost.

    Both are judged by the same checks on the same inputs; the cost of the checks
    themselves counts on either side.
    """
    diff = plain(difference(entry)) or "Your file and the solution are identical."
    if session.report and not entry.is_text:
        solution = next(grade([Job(entry, entry.solution, session.seed)]))
        diff += "\n\n" + _costs(session.report["checks"], solution)
    return diff


def _is_terminal() -> bool:
    return sys.stdin.isatty() and sys.stdout.isatty()


def _events(store: Store, entry: Entry, session: Session) -> str:
    """Return the clock's warnings, and where the answer was backed up."""
    events = store.events(session.id)
    lines = [f"Clock: {event.detail}." for event in events if event.kind == "clock"]
    backups = [event.detail for event in events if event.kind == BACKED_UP]
    if backups:
        lines.append(
            f"Backup of your answer: .kata/attempts/{entry.name}/{backups[-1]}"
        )
    return "\n".join(lines)


def _next(entry: Entry, session: Session, width: int) -> list[str]:
    """Return what follows: after a failure commands alone, which spoil nothing."""
    if session.state == "failed":
        again = f"Try again, with a fresh stub: nox -s practice -- {entry.name}"
        give_up = f"See the solution: nox -s solution -- {entry.name} --give-up"
        return [
            "\n".join(line for t in (again, give_up) for line in text.wrap(t, width))
        ]
    command = f"nox -s solution -- {entry.name}"
    read = f"You may now read the solution, its lesson and the answers: {command}"
    return [
        compare(entry, session),
        questions(entry, width),
        "\n".join(text.wrap(read, width)),
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


def _costs(yours: list[dict[str, object]], solution: Result) -> str:
    def total(checks: list[dict[str, object]]) -> float:
        return sum(float(str(check["seconds"])) for check in checks)

    def peak(checks: list[dict[str, object]]) -> float:
        return max((float(str(c["megabytes"] or 0)) for c in checks), default=0.0)

    ratio = total(yours) / max(total(solution.checks), 1e-9)
    lines = [f"Your checks took {ratio:.2f} times as long as those of the solution."]
    if peak(yours) and peak(solution.checks):
        lines.append(
            f"Peak memory: {peak(yours):.0f} MB; the solution: "
            f"{peak(solution.checks):.0f} MB. Python and NumPy take about 30 MB of it."
        )
    return "\n".join(lines)
