"""The progress page: the whole history in one self-contained HTML file.

It works without JavaScript, and the policy in its head forbids everything that it does
not contain itself. Its body is a tree of elements, never pasted text, so nothing that
an answer printed can become markup.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from xml.etree.ElementTree import Element

from graders.practice.helped import with_help
from graders.practice.history import figures, sections
from graders.practice.history.history import History, Record, relative
from graders.practice.history.html import document, name, tag, written
from graders.practice.history.outlook import Outlook
from graders.practice.session.scorecard import RATINGS, Line, score
from graders.practice.store import Session
from graders.practice.text import duration, plural

COLUMNS = ("Solved", "Attempts", "Best, min")
LISTED = 100  # latest attempts, with their scorecards


def page(history: History, outlook: Outlook | None = None) -> str:
    """Return the page."""
    parts = list(_parts(history, outlook or Outlook()))
    body = tag("body", _header(history), tag("main", *parts))
    return document("Practice", Path(__file__).with_suffix(".css"), body)


def _parts(history: History, outlook: Outlook) -> Iterator[Element]:
    """Yield the sections: first what to do, then what was done."""
    if not history.ended:
        if not outlook.talks:
            yield _empty(history)
        yield from sections.what_next(outlook)
        yield from sections.talks(outlook)
        return
    yield from sections.what_next(outlook)
    yield sections.due(history)
    yield sections.mistakes(outlook)
    yield _figures(history)
    yield from sections.talks(outlook)
    yield _topics(history)
    yield _attempts(history)


def _header(history: History) -> Element:
    at = f"{written(history.today)}, {history.now:%H:%M}"
    header = tag("header", tag("h1", "Practice"), tag("p", at, class_="quiet"))
    if history.ended:
        header.append(_stats(history))
    return header


def _stats(history: History) -> Element:
    today = len(history.days.get(history.today, ()))
    stats = (
        ("Solved", f"{len(history.solved)} of {len(history.known)}", "exercises"),
        (
            "Streak",
            plural(history.streak, "day"),
            f"{'today counts' if today else 'not yet today'}; longest "
            f"{history.longest}",
        ),
        (
            "Time",
            duration(history.seconds // 60 * 60),
            f"in {plural(len(history.ended), 'attempt')}",
        ),
        ("Due", str(len(history.due)), _due(history)),
    )
    cards = (
        tag("div", tag("dt", name), tag("dd", value), tag("dd", note), class_="card")
        for name, value, note in stats
    )
    return tag("dl", *cards, class_="stats")


def _due(history: History) -> str:
    names = [record.name for record in history.due]
    return ", ".join(names[:3]) + (" and others" if names[3:] else "") or "nothing now"


def _empty(history: History) -> Element:
    return tag(
        "section",
        tag("h2", "No practice yet"),
        tag("p", "Start with ", tag("code", "nox -s practice"), " in a terminal."),
        tag("p", "This page then shows how much you practiced, how fast and how well."),
        class_="card",
    )


def _figures(history: History) -> Element:
    left = tag("div", figures.solved(history), figures.rubric(history))
    right = tag("div", figures.times(history), figures.calendar(history))
    return tag("div", left, right, class_="plots")


def _topics(history: History) -> Element:
    heads = [
        tag("th", "Topic", scope="col"),
        *(tag("th", head, scope="col", class_="n") for head in COLUMNS),
    ]
    touched: list[Element] = []
    others: list[Element] = []
    for place in history.places():
        is_touched = any(record.attempts for record in place[2])
        (touched if is_touched else others).append(_topic(history, *place))

    def grid(rows: list[Element]) -> Element:
        return tag("table", tag("thead", tag("tr", *heads)), tag("tbody", *rows))

    parts = [grid(touched)]
    if others:
        parts.append(tag("details", tag("summary", "Never touched"), grid(others)))
    return tag("section", tag("h2", "By round and topic"),
               tag("div", *parts, class_="card"))  # fmt: skip


def _topic(
    history: History, place: str, is_topic: bool, records: list[Record]
) -> Element:
    totals = history.totals(records)
    notes = [f"last {relative(totals.last, history.today)}"] if totals.last else []
    if totals.due_now:
        notes.append(f"{totals.due_now} due now")
    elif totals.due:
        notes.append(f"due {relative(totals.due, history.today)}")
    small = [tag("small", ", ".join(notes))] if notes and is_topic else []
    numbers = (
        f"{totals.solved} of {totals.exercises}",
        str(totals.attempts),
        f"{totals.took:.0f} of {totals.limit:g}" if totals.best else "\u2013",
    )
    return tag(
        "tr",
        tag("th", *name(place), *small, scope="row"),
        *(tag("td", number, class_="n") for number in numbers),
        class_="topic" if is_topic else "round",
    )


def _attempts(history: History) -> Element:
    latest = history.ended[: -LISTED - 1 : -1]
    note = f"All {len(latest)}, latest first."
    if len(history.ended) > LISTED:
        note = f"The latest {LISTED} of {len(history.ended)}; all of them count above."
    items = (tag("li", _attempt(history, session)) for session in latest)
    return tag(
        "section",
        tag("h2", "Attempts"),
        tag("p", note, class_="quiet"),
        tag("ul", *items, class_="attempts card"),
    )


def _attempt(history: History, session: Session) -> Element:
    card = score(session)
    day = history.day(session)
    how = with_help(session.hints, session.has_read)
    late = ", late" if session.is_late else ""
    late += f", {how}" if how and session.state == "passed" else ""
    summary = tag(
        "summary",
        tag("time", written(day), datetime=day.isoformat(), class_="quiet"),
        tag("b", *name(session.exercise)),
        tag("span", session.state + late, class_="verdict " + _class(session.state)),
        tag("span", card.decision, class_="decision"),
    )
    rows = (tag("tr", *_line(line)) for line in card.lines)
    body = tag(
        "div",
        tag("p", f"{card.reason} Mode: {session.mode}.", class_="quiet"),
        tag("table", tag("tbody", *rows)),
        class_="body",
    )
    return tag("details", summary, body)


def _line(line: Line) -> list[Element]:
    bar = "\u25cf" * line.rating + "\u25cb" * (len(RATINGS) - line.rating)
    first, *more = line.evidence
    evidence = [tag("ul", *(tag("li", text) for text in more))] if more else []
    mark = tag("span", bar, " ", class_="bar", **{"aria-hidden": "true"})
    return [
        tag("th", line.name, scope="row"),
        tag("td", mark, line.words),
        tag("td", first, *evidence),
    ]


def _class(state: str) -> str:
    return state.replace(" ", "-")
