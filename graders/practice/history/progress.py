"""The command `progress`: the history as a table, a page with plots, and JSON."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from wcwidth import ljust, rjust, width

from graders.harness.catalog.exercise import catalogue
from graders.harness.feedback import report
from graders.harness.feedback.text import plain
from graders.harness.run.command_line import complain
from graders.practice.cli import open_store
from graders.practice.clock import now
from graders.practice.daily.study_plan import read_plan
from graders.practice.history.history import History, Record, relative, solved_text
from graders.practice.history.outlook import Outlook, mistakes, next_of, talks
from graders.practice.session.scorecard import score
from graders.practice.store import Session, Unusable
from graders.practice.text import duration, plural, wrap

COLUMNS = ("", "solved", "attempts", "best time", "last", "due")

NAMED = 5  # exercises that a line names
NO_MATPLOTLIB = (
    "--html needs matplotlib, which is not installed here: run it with "
    "nox -s progress, or install matplotlib"
)


def main(argv: list[str]) -> int:
    """Show the progress, write the files, and return the exit code."""
    args = _parser().parse_args(argv)
    files = [(args.html, _page), (args.json, _json)]
    for path, _ in files:
        if path and (what := _refusal(path)):
            return complain("progress", what)
    if args.html and find_spec("matplotlib") is None:
        return complain("progress", NO_MATPLOTLIB)
    try:
        history, plan, outlook = _read()
    except Unusable as error:
        return complain("progress", str(error))
    screen = report.screen()
    show(screen, history, plan)
    for path, text in files:
        try:
            if path:
                report.write_file(path, text(history, outlook))
                screen.write(f"wrote {path}")
        except OSError as error:
            why = f"{path} could not be written: {error.strerror}"
            return complain("progress", why, 1)
    return 0


def show(screen: report.Screen, history: History, plan: str = "") -> None:
    """Show what was done, what is due, and the table; or how to start.

    Args:
        screen: Where.
        history: What was done.
        plan: Where the study plan stands, or "".
    """
    if plan:
        screen.write("\n".join(wrap(plan, screen.width, f"{'plan':<9}", " " * 9)))
    if not history.ended and not history.running:
        screen.write("No practice yet. Start with: nox -s practice")
        return
    for label, line in _summary(history):
        screen.write("\n".join(wrap(line, screen.width, f"{label:<9}", " " * 9)))
    if history.ended:
        screen.write()
        for line in table(history, screen.width):
            screen.write(line)


def table(history: History, space: int) -> list[str]:
    """Return the table by round and topic; where it is narrow, one field a line."""
    rows = [
        [f"  {place}" if is_topic else place, *_cells(history, records)]
        for place, is_topic, records in history.places()
    ]
    rows = [[plain(cell) for cell in row] for row in rows]
    widths = [max(map(width, column)) for column in zip(COLUMNS, *rows, strict=True)]
    if sum(widths) + 2 * (len(widths) - 1) > space:
        return _fields(rows, space)
    return [_line(row, widths) for row in (list(COLUMNS), *rows)]


def as_json(history: History) -> dict[str, Any]:
    """Return the history in the documented schema."""
    return {
        "schema": 1,
        "at": history.now.isoformat(timespec="seconds"),
        "streak": history.streak,
        "longest_streak": history.longest,
        "finished_today": len(history.days.get(history.today, ())),
        "seconds": history.seconds,
        "due": [record.name for record in history.due],
        "exercises": [
            {
                "name": record.name,
                "round": record.round,
                "topic": record.topic,
                "solved": record.is_solved,
                "attempts": len(record.attempts),
                "best_seconds": record.best.seconds if record.best else None,
                "best_limit": 60 * record.best.minutes if record.best else None,
                "last": _iso(history, record),
                "due": record.due.isoformat() if record.due else None,
            }
            for record in history.records
        ],
        "attempts": [_attempt(history, session) for session in history.ended],
    }


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m graders progress",
        description="Show what you practiced, how it went, and what is due.",
    )
    parser.add_argument(
        "--html",
        type=Path,
        metavar="FILE",
        help="write the history as a page with plots",
    )
    parser.add_argument(
        "--json", type=Path, metavar="FILE", help="write the history as JSON"
    )
    return parser


def _refusal(path: Path) -> str:
    """Return why no file can be written there, or ""."""
    if path.is_dir():
        return f"{path} is a folder"
    if path.exists() and not path.is_file():
        return f"{path} is not an ordinary file"
    return "" if path.resolve().parent.is_dir() else f"no folder for {path}"


def _read() -> tuple[History, str, Outlook]:
    """Return the history, where the study plan stands, and what comes next."""
    with open_store() as store:
        at = now()
        following = next_of(store, at)  # it takes in what has ended, so it comes first
        sessions = store.sessions()
        history = History(catalogue(), sessions, store.cards(), at.wall)
        plan = read_plan(store)
        outlook = Outlook(following, mistakes(store, history), talks(store, history))
        return history, plan.standing(sessions, history.today) if plan else "", outlook


def _page(history: History, outlook: Outlook) -> str:
    from graders.practice.history import page  # matplotlib takes seconds to import

    return page.page(history, outlook)


def _json(history: History, outlook: Outlook) -> str:
    return json.dumps(as_json(history), indent=1) + "\n"


def _summary(history: History) -> list[tuple[str, str]]:
    """Return what was done, the streak, what is due and what is running."""
    attempts = plural(len(history.ended), "attempt")
    done = f"{solved_text(history)}, in {attempts} of {duration(history.seconds)}"
    running = [
        ("running", f"{one.exercise}; resume with: nox -s practice -- {one.exercise}")
        for one in history.running
    ]
    if not history.ended:
        return running
    return [
        ("solved", done),
        ("streak", streak(history)),
        ("due", _due(history.due)),
        *running,
    ]


def streak(history: History) -> str:
    """Return the streak in words, and whether today counts."""
    today = len(history.days.get(history.today, ()))
    if today:
        counts = f"today counts, with {plural(today, 'finished session')}"
    elif history.streak:
        counts = "finish a session before midnight to keep it"
    else:
        counts = "finish a session today to start one"
    longest = f"longest: {plural(history.longest, 'day')}"
    return f"{plural(history.streak, 'day')}; {counts}; {longest}"


def _due(records: list[Record]) -> str:
    if not records:
        return "nothing"
    names = ", ".join(record.name for record in records[:NAMED])
    more = f" and {len(records) - NAMED} more" if len(records) > NAMED else ""
    return f"{names}{more}; start with: nox -s practice"


def _cells(history: History, records: list[Record]) -> list[str]:
    """Return all cells of a row but the first."""
    totals = history.totals(records)
    due = relative(totals.due, history.today) if totals.due else "-"
    return [
        f"{totals.solved} of {totals.exercises}",
        str(totals.attempts),
        f"{totals.took:.0f} of {totals.limit:g} min" if totals.best else "-",
        totals.last.isoformat() if totals.last else "-",
        f"{totals.due_now} now" if totals.due_now else due,
    ]


def _line(row: list[str], widths: list[int]) -> str:
    """Return a row of the table: words are left-aligned, numbers right-aligned."""
    pads: list[Callable[[str, int], str]] = [ljust, rjust, rjust, rjust, ljust, ljust]
    cells = zip(pads, row, widths, strict=True)
    return "  ".join(pad(cell, space) for pad, cell, space in cells).rstrip()


def _fields(rows: list[list[str]], space: int) -> list[str]:
    """Return the rows below each other, one field a line."""
    label = max(map(width, COLUMNS)) + 2
    lines = []
    for place, *cells in rows:
        outer = " " * (len(place) - len(place.lstrip()))
        lines += wrap(place, space, outer, outer)
        for name, cell in zip(COLUMNS[1:], cells, strict=True):
            indent = f"{outer}  {ljust(name, label)}"
            lines += wrap(cell, space, indent, outer + "    ")
        lines.append("")
    return lines


def _iso(history: History, record: Record) -> str | None:
    return history.day(record.attempts[-1]).isoformat() if record.attempts else None


def _attempt(history: History, session: Session) -> dict[str, Any]:
    card = score(session)
    return {
        "exercise": session.exercise,
        "mode": session.mode,
        "day": history.day(session).isoformat(),
        "verdict": session.state,
        "late": session.is_late,
        "seconds": session.seconds,
        "limit": 60 * session.minutes,
        "hints": session.hints,
        "solution_read": session.has_read,
        "decision": card.decision,
        "ratings": {line.name: line.words for line in card.lines},
    }
