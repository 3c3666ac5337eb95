"""A drawing of boxes and arrows as an SVG element, in the colours of the page.

Boxes stand in rows, by how many arrows lead to them from where the drawing begins. An
arrow has a number, and what it carries stands in a list below.
"""

from __future__ import annotations

import dataclasses
import math
from collections import Counter
from xml.etree.ElementTree import Element

from graders.practice.history.html import tag
from graders.practice.mocks.drawing import Drawing
from graders.practice.text import trim, wrap

WIDTH = 400.0  # units of the picture, about pixels on a phone
MARGIN, GAP, RISE = 44.0, 14.0, 54.0  # at the sides, between boxes, between rows
BESIDE = 3  # boxes of a row
LINE, LETTER = 15.0, 6.6  # height and width of text
LINES = 3  # of a name
MOST = 60  # boxes of a picture; more are told by the list alone

Point = tuple[float, float]


@dataclasses.dataclass(frozen=True)
class Box:
    """A box in its place: its middle, its size, its row and the lines of its name."""

    x: float
    y: float
    width: float
    height: float
    row: int
    lines: tuple[str, ...]


def figure(drawing: Drawing) -> Element:
    """Return the picture with the list of its arrows."""
    arrows = [f"{arrow.start} \u2192 {arrow.aim}" for arrow in drawing.arrows]
    listed = tag("ol", *(tag("li", text) for text in arrows))
    if len(drawing.boxes) > MOST:
        return tag("figure", listed, class_="boxes")
    return tag("figure", picture(drawing), listed, class_="boxes")


def picture(drawing: Drawing) -> Element:
    """Return the picture."""
    boxes = _placed(drawing)
    height = max((box.y + box.height / 2 for box in boxes.values()), default=0) + 8
    svg = tag(
        "svg",
        viewBox=f"0 0 {WIDTH:g} {height:.0f}",
        role="img",
        **{"aria-label": f"{len(boxes)} boxes, {len(drawing.arrows)} arrows"},
    )
    twice: Counter[tuple[str, str]] = Counter()
    numbers = []
    for i, arrow in enumerate(drawing.arrows, 1):
        pair = arrow.start, arrow.end
        start, control, end = _way(boxes[pair[0]], boxes[pair[1]], twice[pair])
        twice[pair] += 1
        svg.append(tag("path", d=f"M{_at(start)} Q{_at(control)} {_at(end)}"))
        svg.append(tag("polygon", points=_head(control, end)))
        middle = (
            start[0] / 4 + control[0] / 2 + end[0] / 4,
            start[1] / 4 + control[1] / 2 + end[1] / 4,
        )
        numbers.append(_text(str(i), *middle, "number"))
    for box in boxes.values():
        svg.append(_rectangle(box))
        top = box.y - LINE * (len(box.lines) - 1) / 2
        for i, line in enumerate(box.lines):
            svg.append(_text(line, box.x, top + LINE * i, "name"))
    svg.extend(numbers)
    return svg


def rows(drawing: Drawing) -> list[list[str]]:
    """Return the boxes row by row, at most `BESIDE` in each."""
    ends = {arrow.end for arrow in drawing.arrows if arrow.start != arrow.end}
    depth = {box: 0 for box in drawing.boxes if box not in ends}
    while len(depth) < len(drawing.boxes):
        reached = {
            arrow.end: depth[arrow.start] + 1
            for arrow in reversed(drawing.arrows)
            if arrow.start in depth and arrow.end not in depth
        }
        if not reached:  # a loop that begins nowhere
            first = next(box for box in drawing.boxes if box not in depth)
            reached = {first: max(depth.values(), default=-1) + 1}
        least = min(reached.values())
        depth |= {box: at for box, at in reached.items() if at == least}
    found = []
    for level in sorted(set(depth.values())):
        level_boxes = [box for box in drawing.boxes if depth[box] == level]
        found += [
            level_boxes[at : at + BESIDE] for at in range(0, len(level_boxes), BESIDE)
        ]
    return found


def _placed(drawing: Drawing) -> dict[str, Box]:
    boxes = {}
    top = RISE / 2
    for row, names in enumerate(rows(drawing)):
        space = WIDTH - 2 * MARGIN - GAP * (len(names) - 1)
        width = min(space / len(names), 170.0)
        texts = [_name(name, int((width - 10) / LETTER)) for name in names]
        height = 14 + LINE * max(map(len, texts))
        start = WIDTH / 2 - (width + GAP) * (len(names) - 1) / 2
        for i, (name, lines) in enumerate(zip(names, texts, strict=True)):
            x = start + (width + GAP) * i
            boxes[name] = Box(x, top + height / 2, width, height, row, lines)
        top += height + RISE
    return boxes


def _name(name: str, columns: int) -> tuple[str, ...]:
    lines = wrap(name, columns)
    if len(lines) > LINES:
        lines = [*lines[: LINES - 1], f"{trim(lines[LINES - 1], columns - 1)}\u2026"]
    return tuple(lines)


def _way(start: Box, end: Box, again: int) -> tuple[Point, Point, Point]:
    """Return where an arrow starts, where it is drawn to, and where it ends."""
    if end.row > start.row:  # down; one that passes rows goes round their boxes
        first = (start.x, start.y + start.height / 2)
        last = (end.x, end.y - end.height / 2)
        aside = 120.0 * min(end.row - start.row - 1, 3) + 50 * again
        middle = (first[0] + last[0]) / 2 + aside
        return first, (middle, (first[1] + last[1]) / 2), last
    if end.row < start.row:  # up, on the left
        first = (start.x - start.width / 2, start.y)
        last = (end.x - end.width / 2, end.y)
        left = min(first[0], last[0]) - 70 - 25 * again
        return first, (max(left, -30.0), (first[1] + last[1]) / 2), last
    shift = start.width / 5 * (1 if end.x >= start.x else -1)
    first = (start.x + shift, start.y - start.height / 2)
    last = (end.x - shift, end.y - end.height / 2)
    return first, ((first[0] + last[0]) / 2, first[1] - 36 - 16 * again), last


def _head(control: Point, end: Point) -> str:
    """Return the corners of an arrow's head."""
    angle = math.atan2(end[1] - control[1], end[0] - control[0])
    corners = [end]
    for side in (-0.45, 0.45):
        x = end[0] - 9 * math.cos(angle + side)
        y = end[1] - 9 * math.sin(angle + side)
        corners.append((x, y))
    return " ".join(_at(corner) for corner in corners)


def _rectangle(box: Box) -> Element:
    return tag(
        "rect",
        x=f"{box.x - box.width / 2:.1f}",
        y=f"{box.y - box.height / 2:.1f}",
        width=f"{box.width:.1f}",
        height=f"{box.height:.1f}",
        rx="6",
    )


def _text(text: str, x: float, y: float, class_: str) -> Element:
    return tag("text", text, x=f"{x:.1f}", y=f"{y + 4:.1f}", class_=class_)


def _at(point: Point) -> str:
    return f"{point[0]:.1f},{point[1]:.1f}"
