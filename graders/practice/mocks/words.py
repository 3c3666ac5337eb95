"""Lay out text by the columns that it takes, of which wide characters take two.

The standard library's textwrap counts characters, so that a note in Chinese would be
twice as wide as the window.
"""

from __future__ import annotations

from collections.abc import Iterator

from prompt_toolkit.utils import get_cwidth


def wrap(text: str, width: int, first: str = "", rest: str = "") -> list[str]:
    """Break a text into lines at its spaces, and at its line ends.

    Args:
        text: Words, in one paragraph or several.
        width: The columns there are.
        first: What the first line begins with.
        rest: What every other line begins with.
    """
    lines: list[str] = []
    for paragraph in text.splitlines() or [""]:
        lines += flow(paragraph.split(), width, " ", rest if lines else first, rest)
    return lines


def flow(
    pieces: list[str], width: int, gap: str, first: str = "", rest: str = ""
) -> list[str]:
    """Set pieces side by side into lines; only one wider than a line is broken."""
    lines = []
    line, is_empty = first, True
    for piece in _narrow(pieces, max(width - get_cwidth(rest), 2)):
        if not is_empty and get_cwidth(line + gap + piece) > width:
            lines.append(line)
            line, is_empty = rest, True
        line += piece if is_empty else gap + piece
        is_empty = False
    return [*lines, line.rstrip()]


def _narrow(pieces: list[str], width: int) -> Iterator[str]:
    """Yield the pieces, those that are wider than a line in parts."""
    for piece in pieces:
        while get_cwidth(piece) > width:
            part = trim(piece, width)
            yield part
            piece = piece[len(part) :]
        yield piece


def trim(text: str, width: int) -> str:
    """Return as much of a text as the columns hold."""
    columns = 0
    for i, character in enumerate(text):
        columns += get_cwidth(character)
        if columns > width:
            return text[:i]
    return text


def sides(left: str, right: str, width: int) -> str:
    """Return a line with a text on either side; the left one gives way."""
    left = trim(left, width - get_cwidth(right) - 1)
    gap = width - get_cwidth(left) - get_cwidth(right)
    return trim(left + " " * gap + right, width)


def span(seconds: float) -> str:
    """Return a length of time as people read it off a clock: 7:03, or 1:20:00."""
    minutes, second = divmod(max(0, int(seconds)), 60)
    if minutes < 100:
        return f"{minutes}:{second:02}"
    return f"{minutes // 60}:{minutes % 60:02}:{second:02}"


def left(seconds: float) -> str:
    """Return the time that is left, or by how much it is over."""
    return f"{span(seconds)} left" if seconds >= 0 else f"over by {span(-seconds)}"
