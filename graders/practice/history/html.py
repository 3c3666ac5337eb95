"""What our pages are made of: a document, elements and colours.

Elements form a tree, so no text can become markup.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from string import Template
from xml.etree.ElementTree import Element, tostring

from graders.harness.feedback.text import plain

Child = Element | str


def tag(name: str, *children: Child, **attributes: str) -> Element:
    """Return an element; `class_` stands for the attribute `class`."""
    element = Element(name, {key.rstrip("_"): text for key, text in attributes.items()})
    last: Element | None = None
    for child in children:
        if isinstance(child, Element):
            element.append(child)
            last = child
        elif last is None:
            element.text = (element.text or "") + plain(child)
        else:
            last.tail = (last.tail or "") + plain(child)
    return element


def table(heads: list[str], rows: Iterable[list[str]]) -> Element:
    """Return a table; the first cell of each row is its header."""
    top = tag("tr", *(tag("th", head, scope="col") for head in heads))
    lines = (
        tag(
            "tr",
            tag("th", *name(row[0]), scope="row"),
            *(tag("td", c) for c in row[1:]),
        )
        for row in rows
    )
    return tag("table", tag("thead", top), tag("tbody", *lines))


def name(text: str) -> list[Child]:
    """Return a name that may be broken after its underscores."""
    first, *parts = text.split("_")
    joined = (child for part in parts for child in ("_", Element("wbr"), part))
    return [first, *joined]


def written(day: date) -> str:
    """Return a date as a person writes it: 3 Mar 2026."""
    return f"{day.day} {day:%b %Y}"


@dataclasses.dataclass(frozen=True)
class Theme:
    """The colours of the page and its plots, which the colour-blind can tell apart."""

    page: str
    card: str
    ink: str
    muted: str
    line: str
    accent: str
    warm: str
    empty: str
    full: str


LIGHT = Theme(
    page="#f6f4ef",
    card="#fffefb",
    ink="#23272b",
    muted="#5c6268",
    line="#dfdbd1",
    accent="#14609f",
    warm="#a8480c",
    empty="#edeae2",
    full="#9dc1e2",
)
DARK = Theme(
    page="#14171a",
    card="#1b1f23",
    ink="#e6e4de",
    muted="#a2a8ae",
    line="#343a40",
    accent="#7ab6ee",
    warm="#f0a468",
    empty="#292e33",
    full="#36608a",
)


def document(title: str, style: Path, body: Element) -> str:
    """Return a whole page, which works without anything that it does not contain.

    Args:
        title: Its title.
        style: The file of its rules; the colours are variables in them.
        body: The element `body`.
    """
    frame = Template(Path(__file__).with_name("document.html").read_text("utf-8"))
    return frame.substitute(
        title=title,
        light=_variables(LIGHT),
        dark=_variables(DARK),
        style=style.read_text("utf-8"),
        body=tostring(body, "unicode", method="html"),
    )


def _variables(theme: Theme) -> str:
    colours = dataclasses.asdict(theme)
    return " ".join(f"--{name}: {colour};" for name, colour in colours.items())
