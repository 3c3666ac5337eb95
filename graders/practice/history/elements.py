"""Elements of a page, made as a tree, so that no text can become a part of it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from xml.etree.ElementTree import Element

from graders.harness.feedback.text import plain

Child = Element | str


def tag(name: str, *children: Child, **attributes: str) -> Element:
    """Return an element; a trailing underscore of an attribute's name is dropped."""
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
    """Return a table; the first cell of each row is its head."""
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
    """Return a name that may be broken behind its underscores."""
    first, *parts = text.split("_")
    joined = (child for part in parts for child in ("_", Element("wbr"), part))
    return [first, *joined]


def written(day: date) -> str:
    """Return a day as a person writes it."""
    return f"{day.day} {day:%b %Y}"
