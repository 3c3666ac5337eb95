"""The report of a class: one self-contained HTML file.

It works without JavaScript, and the policy in its head forbids everything that it does
not contain itself. Its body is a tree of elements, never pasted text, so nothing that
an answer or a name says can become markup. The plots are SVG elements in it, whose
colours are the page's, in light and in dark.
"""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Iterator
from pathlib import Path
from xml.etree.ElementTree import Element

from graders.harness.feedback.text import cut
from graders.practice.history.html import Child, document, name, tag
from graders.practice.text import plural
from graders.submissions.batch.class_report.summary import BINS, Exercise, Summary
from graders.submissions.batch.copies.passages import Pair

ROWS = 20  # of a plot
LONGEST = 200  # characters of a name or a sentence


def as_page(summary: Summary, pairs: list[Pair] | None, more: int = 0) -> str:
    """Return the page.

    Args:
        summary: What came of the answers.
        pairs: Near copies, the most alike first; None if nobody looked for them.
        more: How many pairs there are besides.
    """
    parts = [_distribution(summary), _hardest(summary), _mistakes(summary)]
    parts += [_stuck(summary)]
    if pairs is not None:
        parts.append(_copies(pairs, more))
    body = tag("body", _header(summary), tag("main", *parts))
    return document("Class report", Path(__file__).with_suffix(".css"), body)


def _header(summary: Summary) -> Element:
    total = summary.verdicts.total()
    passed = summary.verdicts["passed"]
    text = f"{plural(total, 'answer')} of {plural(len(summary.people), 'person')}"
    text = text.replace("persons", "people")
    text += f" to {plural(len(summary.exercises), 'exercise')}; {passed} passed."
    header = tag("header", tag("h1", "Class report"), tag("p", text, class_="quiet"))
    if faults := summary.verdicts["grader error"]:
        text = f"{plural(faults, 'grader error')}: our fault, and no verdict. "
        header.append(tag("p", text, "The same command grades them again."))
    return header


def _section(title: str, note: str, *parts: Child) -> Element:
    return tag(
        "section", tag("h2", title), tag("p", note, class_="quiet"), *parts
    )  # fmt: skip


def _distribution(summary: Summary) -> Element:
    means = summary.means
    note = f"The mean score of each person; the median is {statistics.median(means):g}."
    counts = summary.histogram
    words = ", ".join(
        f"{_tenth(i)}: {count}" for i, count in enumerate(counts) if count
    )
    return _section("Scores", note, _columns(counts, words))


def _tenth(number: int) -> str:
    step = 100 // BINS
    return f"{number * step} to {(number + 1) * step}"


def _columns(counts: list[int], words: str) -> Element:
    """Return a histogram; each column has its count above it."""
    wide, high, top, left = 36, 120, 20, 12
    parts: list[Element] = []
    for i, count in enumerate(counts):
        height = round(high * count / max(*counts, 1), 1)
        x, y = left + i * wide, top + high - height
        box = {"x": x + 2, "y": y, "width": wide - 4, "height": height}
        parts.append(tag("rect", class_="bar", **{k: f"{v}" for k, v in box.items()}))
        if count:
            parts.append(_text(x + wide / 2, y - 5, str(count), "value"))
    for i in range(BINS + 1):
        parts.append(_text(left + i * wide, top + high + 16, str(i * 100 // BINS)))
    size = f"0 0 {BINS * wide + 2 * left} {top + high + 22}"
    label = f"Histogram of scores: {words}"
    plot = tag("svg", *parts, viewBox=size, role="img")
    plot.set("aria-label", label)
    return tag("figure", plot, class_="card columns")


def _text(x: float, y: float, text: str, kind: str = "axis") -> Element:
    return tag("text", text, x=f"{x:g}", y=f"{y:g}", class_=kind)


def _bars(rows: Iterable[tuple[str, str, int, int]]) -> Iterator[Element]:
    """Yield a row for each exercise, label, count and total: words above a bar."""
    for exercise, label, count, total in rows:
        share = 100 * count / max(total, 1)
        words = tag(
            "p", tag("span", cut(label, LONGEST)), tag("b", f"{count} of {total}")
        )
        if exercise:
            words.insert(0, tag("code", *name(exercise)))
        yield tag("li", words, _bar(share))


def _bar(share: float) -> Element:
    """Return a bar that is filled up to a share in percent."""
    filled = tag("rect", width=f"{share:.1f}", height="8", class_="bar")
    parts = [tag("rect", width="100", height="8", class_="track"), filled]
    plot = tag("svg", *parts, viewBox="0 0 100 8", preserveAspectRatio="none")
    plot.set("aria-hidden", "true")  # its numbers stand above it
    return plot


def _plot(rows: list[tuple[str, str, int, int]], otherwise: str) -> list[Child]:
    if not rows:
        return [tag("p", otherwise)]
    parts: list[Child] = [
        tag("figure", tag("ul", *_bars(rows[:ROWS]), class_="bars"), class_="card")
    ]
    if more := len(rows[ROWS:]):
        parts.append(tag("p", f"And {more} more.", class_="quiet"))
    return parts


def _hardest(summary: Summary) -> Element:
    note = "The share of the answers to an exercise in which the check fails."
    rows = summary.hardest()
    return _section("Checks that fail most", note, *_plot(rows, "No check failed."))


def _mistakes(summary: Summary) -> Element:
    note = "How many answers to an exercise look like a classic mistake."
    rows = summary.mistakes()
    return _section("Mistakes", note, *_plot(rows, "No classic mistake was found."))


def _stuck(summary: Summary) -> Element:
    note = "Who has not passed, the lowest scores first, and a check that fails."
    found = sorted(
        summary.exercises.items(),
        key=lambda pair: (pair[1].passed / pair[1].answers, pair[0]),
    )
    rows = [_exercise(key, one) for key, one in found]
    figure = tag("figure", tag("ul", *rows, class_="bars"), class_="card")
    return _section("Who is stuck on what", note, figure)


def _exercise(key: str, one: Exercise) -> Element:
    left = one.answers - one.passed
    [row] = _bars([("", "", left, one.answers)])
    words = row.find("p")
    assert words is not None
    words.insert(0, tag("code", *name(key)))
    stuck = one.stuck
    if not stuck:
        return row
    people = [
        tag(
            "li",
            tag("b", cut(who, LONGEST)),
            tag("small", f"{points:g} of 100. {cut(failed, LONGEST)}"),
        )
        for who, points, failed in stuck
    ]
    if more := left - len(stuck):
        people.append(tag("li", f"and {more} more, in grades.csv"))
    summary = tag("summary", plural(left, "person").replace("persons", "people"))
    row.append(tag("details", summary, tag("ul", *people, class_="people")))
    return row


def _copies(pairs: list[Pair], more: int) -> Element:
    note = (
        "Answers that are much alike, to each other or to the public solution, once "
        "names, comments and formatting are set aside. These are hints and prove "
        "nothing: a short exercise has few good answers, and people may learn from "
        "one source. Read the passages before you speak with anybody."
    )
    if not pairs:
        return _section("Near copies", note, tag("p", "None was found."))
    parts: list[Child] = [tag("details", *_pair(pair), class_="pair") for pair in pairs]
    if more:
        parts.append(tag("p", f"And {more} more in copies.csv.", class_="quiet"))
    return _section("Near copies", note, *parts)


def _pair(pair: Pair) -> Iterator[Child]:
    head = tag("code", *name(pair.exercise))
    who = f"{cut(pair.one, LONGEST)} and {cut(pair.other, LONGEST)}"
    yield tag("summary", head, tag("b", who), tag("span", f"{pair.alike:.0%} alike"))
    if pair.among > 2:
        text = f"{pair.among} answers are like that of {cut(pair.one, LONGEST)}."
        yield tag("p", text, class_="quiet")
    for left, right in pair.passages:
        sides = [
            tag("div", tag("small", f"{who}, line {line}"), tag("pre", text))
            for who, (line, text) in ((pair.one, left), (pair.other, right))
        ]
        yield tag("div", *sides, class_="sides")
    if pair.more:
        yield tag("p", f"And {pair.more} more passages.", class_="quiet")
