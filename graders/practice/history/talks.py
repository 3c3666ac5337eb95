"""The spoken rounds on the progress page: their ratings, and what was typed in them."""

from __future__ import annotations

from itertools import groupby
from xml.etree.ElementTree import Element

from graders.practice.history.boxes import figure
from graders.practice.history.html import Child, name, tag, written
from graders.practice.history.outlook import Talk
from graders.practice.mocks import drawing, pace
from graders.practice.session.scorecard import RATINGS
from graders.practice.talk_lines import ANSWER, DRAWN, NOTE, QUESTION, TICKS, ticks


def rows(talk: Talk) -> list[Element]:
    """Return a spoken round as rows of a table: the rating, and what was typed."""
    record = [tag("td", one, colspan="3") for one in _record(talk)]
    return [_row(talk), *(tag("tr", cell) for cell in record)]


def _row(talk: Talk) -> Element:
    full = round(talk.mean)
    bar = "\u25cf" * full + "\u25cb" * (len(RATINGS) - full)
    lines = ", ".join(f"{line} {rating}" for line, rating in talk.ratings.items())
    flag = pace.in_words(list(talk.short))
    return tag(
        "tr",
        tag("th", written(talk.day), scope="row"),
        tag("td", *name(talk.round), *([tag("small", *name(talk.item))]
                                       if talk.item else [])),
        tag(
            "td",
            tag("span", bar, " ", class_="bar", **{"aria-hidden": "true"}),
            f"{talk.mean:.1f} of {len(RATINGS)}",
            tag("small", lines),
            *([tag("small", flag)] if flag else []),
        ),
    )  # fmt: skip


def _record(talk: Talk) -> list[Element]:
    """Return what was typed, folded; nothing if nothing was."""
    parts: list[Child] = []
    said = [line for line in talk.lines if line.kind in (NOTE, QUESTION, ANSWER)]
    for phase, lines in groupby(
        sorted(said, key=lambda line: line.phase), lambda line: line.phase
    ):
        texts = {NOTE: "", QUESTION: "Asked: ", ANSWER: "Answered: "}
        items = (tag("li", texts[line.kind] + line.text) for line in lines)
        parts += [tag("p", f"Phase {phase + 1}"), tag("ul", *items)]
    drawn = drawing.read(line.text for line in talk.lines if line.kind == DRAWN)
    if drawn.arrows:
        parts.append(figure(drawn))
    problems = [tag("li", text) for text in drawn.problems()]
    parts += [tag("ul", *problems)] if problems else []
    ticked = list(ticks(talk.lines).values())
    if ticked:
        counts = ", ".join(f"{kind} {ticked.count(kind)}" for kind in TICKS)
        parts.append(tag("p", f"Ticks: {counts}"))
    if talk.notes:
        parts.append(tag("p", f"For yourself: {talk.notes}"))
    summary = tag("summary", "Notes and drawing" if drawn.arrows else "Notes")
    return [tag("details", summary, *parts, class_="talk")] if parts else []
