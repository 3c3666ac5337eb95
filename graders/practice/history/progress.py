"""The verb `progress`: how far one is, as a table, a page and a file for programs."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable
from itertools import chain
from pathlib import Path
from typing import Any

from wcwidth import ljust, rjust, width, wrap

from graders.harness.catalog.exercise import catalogue
from graders.harness.feedback import report
from graders.harness.feedback.text import plain
from graders.practice.clock import now
from graders.practice.history.history import History, relative
from graders.practice.history.records import Record
from graders.practice.sittings.scorecard import score, spoken
from graders.practice.store import Sitting, Store, Unusable

COLUMNS = ("", "solved", "attempts", "best time", "last", "due")

NAMED = 5  # exercises that a line names


def main(argv: list[str]) -> int:
    """Show the progress, write what is asked for, and return the exit code."""
    args = _parser().parse_args(argv)
    files = [(args.html, _page), (args.json, _json)]
    for path, _ in files:
        if path and (what := _refusal(path)):
            return _complain(what, 2)
    try:
        history = _read()
    except Unusable as error:
        return _complain(str(error), 2)
    screen = report.screen()
    show(screen, history)
    for path, text in files:
        try:
            if path:
                report.write_file(path, text(history))
                screen.write(f"wrote {path}")
        except OSError as error:
            return _complain(f"{path} could not be written: {error.strerror}", 1)
    return 0


def show(screen: report.Screen, history: History) -> None:
    """Show what was done, what is due, and the table; or how to begin."""
    lines = _summary(history) if history.ended else ["Nothing is practised yet."]
    for sitting in history.running:
        name = plain(sitting.exercise)
        lines.append(f"running: {name}; go on with: nox -s practice -- {name}")
    if not history.ended and not history.running:
        lines.append("Begin with: nox -s practice")
    for line in lines:
        screen.write("\n".join(wrap(line, screen.width, subsequent_indent="  ")))
    if history.ended:
        screen.write()
        for line in table(history, screen.width):
            screen.write(line)


def table(history: History, space: int) -> list[str]:
    """Return the table by round and topic, as a list of fields where it is narrow."""
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
                "solved": record.best is not None,
                "attempts": len(record.attempts),
                "best_seconds": record.best.seconds if record.best else None,
                "best_limit": 60 * record.best.minutes if record.best else None,
                "last": _iso(history, record),
                "due": record.due.isoformat() if record.due else None,
            }
            for record in history.records
        ],
        "attempts": [_attempt(history, sitting) for sitting in history.ended],
    }


# How it is done.


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m graders progress",
        description="Show what was practised, what is due, and how it went.",
    )
    parser.add_argument(
        "--html", type=Path, metavar="FILE", help="the history as one page with plots"
    )
    parser.add_argument(
        "--json", type=Path, metavar="FILE", help="the history for programs"
    )
    return parser


def _refusal(path: Path) -> str:
    """Return why no file can be written there, or nothing; a device is no file."""
    if path.is_dir():
        return f"{path} is a folder"
    if path.exists() and not path.is_file():
        return f"{path} is not an ordinary file"
    return "" if path.resolve().parent.is_dir() else f"no folder for {path}"


def _complain(line: str, code: int) -> int:
    print(f"progress: {line}", file=sys.stderr)
    return code


def _read() -> History:
    store = Store()
    try:
        for notice in store.notices:
            _complain(notice, 0)
        return History(catalogue(), store.sittings(), store.cards(), now().wall)
    finally:
        store.close()


def _page(history: History) -> str:
    from graders.practice.history import page  # matplotlib takes seconds to import

    return page.page(history)


def _json(history: History) -> str:
    return json.dumps(as_json(history), indent=1) + "\n"


def _summary(history: History) -> list[str]:
    """Return what was done, the streak and what is due, a line each."""
    done = f"solved   {solved(history)}, in "
    done += f"{plural(len(history.ended), 'attempt')} of {spoken(history.seconds)}"
    return [done, f"streak   {streak(history)}", f"due      {_due(history.due)}"]


def solved(history: History) -> str:
    """Return how many of the exercises that are there were ever solved."""
    count = sum(record.best is not None for record in history.known)
    return f"{count} of {plural(len(history.known), 'exercise')}"


def plural(count: int, noun: str) -> str:
    """Return a count with its noun."""
    return f"{count} {noun}" + ("s" if count != 1 else "")


def streak(history: History) -> str:
    """Return the streak in words, and whether today counts in it."""
    today = len(history.days.get(history.today, ()))
    if today:
        counts = f"today counts, with {plural(today, 'finished sitting')}"
    elif history.streak:
        counts = "nothing is finished today yet; it lasts until midnight"
    else:
        counts = "a sitting that you finish today begins one"
    longest = f"the longest was {plural(history.longest, 'day')}"
    return f"{plural(history.streak, 'day')}; {counts}; {longest}"


def _due(records: list[Record]) -> str:
    if not records:
        return "nothing"
    names = ", ".join(record.name for record in records[:NAMED])
    more = f" and {len(records) - NAMED} more" if len(records) > NAMED else ""
    return f"{names}{more}; begin with: nox -s practice"


def _cells(history: History, records: list[Record]) -> list[str]:
    """Return a row's cells but the first."""
    totals = history.totals(records)
    due = relative(totals.due, history.today) if totals.due else "-"
    return [
        f"{totals.solved} of {totals.exercises}",
        str(totals.attempts),
        f"{totals.took:.0f} of {totals.given:g} min" if totals.solved else "-",
        totals.last.isoformat() if totals.last else "-",
        f"{totals.due_now} now" if totals.due_now else due,
    ]


def _line(row: list[str], widths: list[int]) -> str:
    """Return a row of the table: words to the left, numbers to the right."""
    pads: list[Callable[[str, int], str]] = [ljust, rjust, rjust, rjust, ljust, ljust]
    cells = zip(pads, row, widths, strict=True)
    return "  ".join(pad(cell, space) for pad, cell, space in cells).rstrip()


def _fields(rows: list[list[str]], space: int) -> list[str]:
    """Return the rows below each other, a field a line."""
    label = max(map(width, COLUMNS)) + 2
    lines = []
    for place, *cells in rows:
        indent = " " * (len(place) - len(place.lstrip()) + 2)
        fields = zip(COLUMNS[1:], cells, strict=True)
        texts = (indent + ljust(name, label) + cell for name, cell in fields)
        lines += [place, *texts, ""]
    return list(chain.from_iterable(wrap(line, space) or [""] for line in lines))


def _iso(history: History, record: Record) -> str | None:
    return history.day(record.attempts[-1]).isoformat() if record.attempts else None


def _attempt(history: History, sitting: Sitting) -> dict[str, Any]:
    card = score(sitting)
    return {
        "exercise": sitting.exercise,
        "mode": sitting.mode,
        "day": history.day(sitting).isoformat(),
        "verdict": sitting.state,
        "late": sitting.is_late,
        "seconds": sitting.seconds,
        "limit": 60 * sitting.minutes,
        "hints": sitting.hints,
        "decision": card.decision,
        "ratings": {line.name: line.words for line in card.lines},
    }
