"""The figures of the progress page: each plot with its numbers in words and a table.

A reader who cannot see the plot finds its numbers in the alternative text, and in the
table that unfolds below it.
"""

from __future__ import annotations

import base64
import re
from datetime import timedelta
from xml.etree.ElementTree import Element

from graders.harness.feedback.results import RUBRIC
from graders.practice.history import plots
from graders.practice.history.history import WEEKS, History, Record, solved_text
from graders.practice.history.html import table, tag, written
from graders.practice.store import Session


def solved(history: History) -> Element:
    """Return when each exercise was first solved."""
    firsts = history.solved.items()
    said = ", ".join(f"{name} on {written(day)}" for name, day in firsts) or "none yet"
    rows = [
        [written(day), name, str(count)] for count, (name, day) in enumerate(firsts, 1)
    ]
    return _figure(
        "Solved over time",
        "Exercises that passed at least once.",
        plots.svg(plots.solved, history),
        f"{solved_text(history)} solved: {said}.",
        table(["Day", "First passed", "Solved"], rows),
    )


def times(history: History) -> Element:
    """Return how long each exercise took."""
    records = [record for record in history.recent if record.timed]
    rows = [[record.name, _best(record), _latest(record)] for record in records]
    said = "; ".join(f"{name}: best {best}, last {last}" for name, best, last in rows)
    note = f"The last {plots.RECENT} timed attempts each; large: the best that passed."
    if len(history.tried) > len(history.recent):
        note += f" The {len(history.recent)} latest of {len(history.tried)} exercises."
    return _figure(
        "Time against the limit",
        note,
        plots.svg(plots.times, history),
        f"Time per exercise. {said or 'No attempt was timed'}.",
        table(["Exercise", "Best", "Last"], rows),
    )


def rubric(history: History) -> Element:
    """Return how many checks of each topic passed."""
    topics = history.rubric
    rows = [
        [topic, *(_share(shares.get(line)) for line in RUBRIC)]
        for topic, shares in topics.items()
    ]
    said = "; ".join(
        f"{topic}: "
        + ", ".join(
            f"{line.replace('_', ' ')} {good} of {count}"
            for line, (good, count) in shares.items()
        )
        for topic, shares in topics.items()
    )
    return _figure(
        "Rubric by topic",
        "Checks that passed when each exercise was last graded.",
        plots.svg(plots.rubric, history),
        f"Checks passed. {said}.",
        table(["Topic", "Correct", "Edges", "Numerics", "Speed"], rows),
    )


def calendar(history: History) -> Element:
    """Return the days on which a session was finished."""
    rows = []
    for monday in history.weeks:
        days = [monday + timedelta(i) for i in range(7)]
        found = [history.days[day] for day in days if day in history.days]
        if found:
            seconds = sum(session.seconds for day in found for session in day)
            rows.append([written(monday), str(len(found)), str(sum(map(len, found))),
                         f"{seconds / 60:.0f} min"])  # fmt: skip
    said = "; ".join(
        f"week of {week}: {count} finished on {days} days"
        for week, days, count, _ in rows
    )
    return _figure(
        "Calendar",
        f"Finished sessions per day in the last {WEEKS} weeks.",
        plots.svg(plots.calendar, history),
        f"{said or 'No session was finished in these weeks'}.",
        table(["Week of", "Days", "Sessions", "Time"], rows),
    )


def _figure(
    title: str, note: str, drawn: list[str], alt: str, table: Element
) -> Element:
    light, dark = drawn
    [width, height] = re.findall(r'viewBox="0 0 (\S+) (\S+)"', light)[0]
    image = {"src": _uri(light), "alt": alt, "width": width, "height": height}
    dark_only = "(prefers-color-scheme: dark)"
    return tag(
        "figure",
        tag("figcaption", tag("h2", title), tag("p", note)),
        tag(
            "picture",
            tag("source", media=dark_only, srcset=_uri(dark)),
            tag("img", **image),
        ),
        tag("details", tag("summary", "The numbers"), table),
        class_="card",
    )


def _uri(svg: str) -> str:
    return "data:image/svg+xml;base64," + base64.b64encode(svg.encode()).decode()


def _best(record: Record) -> str:
    return _time(record.best) if record.best else "none passed"


def _latest(record: Record) -> str:
    last = record.timed[-1]
    return f"{last.state} in {_time(last)}"


def _time(session: Session) -> str:
    return f"{session.seconds / 60:.0f} of {session.minutes:g} min"


def _share(counts: tuple[int, int] | None) -> str:
    return f"{counts[0]}/{counts[1]}" if counts else "\u2013"
