"""A drawing of boxes and arrows, typed as lines: client -> ranker: 200 candidates.

A line may hold several arrows (client -> gateway -> ranker: 200 candidates); what
stands behind the colon belongs to the last of them. A box is known by its name, in
capitals or not.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from difflib import get_close_matches
from itertools import pairwise

ARROW = "->"
EXAMPLE = "client -> ranker: 200 candidates"


@dataclasses.dataclass(frozen=True)
class Arrow:
    """An arrow from one box to another, with what it carries or ""."""

    start: str
    end: str
    label: str

    @property
    def aim(self) -> str:
        """Where it ends, with what it carries."""
        return f"{self.end}: {self.label}" if self.label else self.end


@dataclasses.dataclass(frozen=True)
class Drawing:
    """What was drawn.

    Args:
        boxes: Their names, in the order in which they were drawn.
        arrows: In their order.
        unread: The lines that could not be read, each with the reason.
    """

    boxes: tuple[str, ...]
    arrows: tuple[Arrow, ...]
    unread: tuple[tuple[str, str], ...]

    def from_box(self, box: str) -> list[Arrow]:
        """Return the arrows that start at a box."""
        return [arrow for arrow in self.arrows if arrow.start == box]

    def problems(self) -> list[str]:
        """Return in sentences which boxes dangle, and which lines were not read."""
        ways = [arrow for arrow in self.arrows if arrow.start != arrow.end]
        starts, ends = {a.start for a in ways}, {a.end for a in ways}
        found = []
        for box in self.boxes:
            near = [other for other in self.boxes if other != box]
            alike = get_close_matches(box.lower(), [o.lower() for o in near], 1, 0.85)
            hint = f' Or is it "{alike[0]}"?' if alike else ""
            if box not in ends:
                found.append(
                    f"Nothing reaches {box}: right only where it begins.{hint}"
                )
            if box not in starts:
                found.append(f"{box} leads nowhere: right only where it ends.{hint}")
        found += [f"Not read: {line} ({why})." for line, why in self.unread]
        return found

    def text(self) -> list[str]:
        """Return the drawing as lines: each box, and below it its arrows."""
        lines = []
        for box in self.boxes:
            arrows = self.from_box(box)
            lines += [box] if arrows else []
            lines += [f"  {ARROW} {arrow.aim}" for arrow in arrows]
        return lines


def read(lines: Iterable[str]) -> Drawing:
    """Return the drawing that lines describe."""
    names: dict[str, str] = {}  # of each box, as it was written first
    arrows: list[Arrow] = []
    unread: list[tuple[str, str]] = []
    for line in lines:
        path, _, label = (part.strip() for part in line.partition(":"))
        boxes = [" ".join(box.split()) for box in path.split(ARROW)]
        if why := _unreadable(boxes):
            unread.append((line.strip(), why))
            continue
        known = [names.setdefault(box.lower(), box) for box in boxes]
        last = len(known) - 2
        arrows += [
            Arrow(start, end, label if i == last else "")
            for i, (start, end) in enumerate(pairwise(known))
        ]
    return Drawing(tuple(names.values()), tuple(arrows), tuple(unread))


def _unreadable(boxes: list[str]) -> str:
    if len(boxes) < 2:
        return f"it has no {ARROW}"
    if not boxes[0]:
        return "no box before the arrow"
    if not all(boxes):
        return "no box behind an arrow"
    return ""
