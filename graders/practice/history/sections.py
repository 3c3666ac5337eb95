"""The sections of the progress page that say what to do: next, due, mistakes, talks."""

from __future__ import annotations

from datetime import date, timedelta
from xml.etree.ElementTree import Element

from graders.practice.history.history import History
from graders.practice.history.html import Child, name, table, tag, written
from graders.practice.history.outlook import Outlook, Repeated
from graders.practice.history.talks import rows
from graders.practice.text import plural

DAYS = 14  # of what is due
NAMED = 4  # exercises of a day
MOST = 10  # mistakes that are not folded


def what_next(outlook: Outlook) -> list[Element]:
    """Return the next exercise, why, and how to start; nothing if there is none."""
    if not outlook.next:
        return []
    exercise, why = outlook.next
    command = tag("code", f"nox -s practice -- {exercise}")
    return [
        _section(
            "What next",
            tag("p", tag("b", *name(exercise)), f": {why}"),
            tag("p", "Start with ", command),
        )
    ]


def due(history: History) -> Element:
    """Return a bar for each of the next days; what is overdue counts today."""
    days = [history.today + timedelta(i) for i in range(DAYS)]
    names: dict[date, list[str]] = {day: [] for day in days}
    for record in history.records:
        if record.due:
            day = max(record.due.date(), history.today)
            names.get(day, []).append(record.name)
    most = max(map(len, names.values()))
    rows = (_day(history, day, found, most) for day, found in names.items())
    grid = tag("table", tag("tbody", *rows), class_="due")
    return _section("Due by day", grid)


def mistakes(outlook: Outlook) -> Element:
    """Return the classic mistakes that gradings named, the most frequent first."""
    if not outlook.mistakes:
        said = "No grading has named a classic mistake so far."
        return _section("Classic mistakes", tag("p", said, class_="quiet"))
    shown, rest = outlook.mistakes[:MOST], outlook.mistakes[MOST:]
    parts = [_mistakes(shown)]
    if rest:
        more = tag("summary", f"{len(rest)} more")
        parts.append(tag("details", more, _mistakes(rest)))
    return _section("Classic mistakes", *parts)


def talks(outlook: Outlook) -> list[Element]:
    """Return how spoken rounds were rated over time; nothing if none was."""
    if not outlook.talks:
        return []
    found = (row for talk in outlook.talks for row in rows(talk))
    grid = tag("table", tag("tbody", *found))
    return [_section("Spoken rounds over time", grid)]


def _section(title: str, *children: Child) -> Element:
    return tag("section", tag("h2", title), tag("div", *children, class_="card long"))


def _day(history: History, day: date, names: list[str], most: int) -> Element:
    near = {0: "today", 1: "tomorrow"}.get((day - history.today).days)
    bar = tag("span", class_="amount", style=f"width: {100 * len(names) // most}%") \
        if names else ""  # fmt: skip
    shown: list[Child] = []
    for exercise in names[:NAMED]:
        shown += [", " if shown else "", *name(exercise)]
    more = f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
    return tag(
        "tr",
        tag("th", near or f"{day:%a} {day.day} {day:%b}", scope="row"),
        tag("td", str(len(names)) if names else "\u2013", class_="n"),
        tag("td", bar, tag("small", *shown, more)),
    )


def _mistakes(found: tuple[Repeated, ...]) -> Element:
    rows = [
        [one.exercise, one.mistake, plural(one.attempts, "attempt"), written(one.last)]
        for one in found
    ]
    return table(["Exercise", "Mistake", "Made in", "Last"], rows)
