"""Text for a terminal: wrapped by columns, of which wide characters take two."""

from __future__ import annotations

import wcwidth

from graders.harness.feedback.text import plain


def wrap(text: str, width: int, first: str = "", rest: str = "") -> list[str]:
    """Wrap a text of one or several paragraphs, without control characters.

    Words stay whole. One that is wider than a line, such as a path, is broken behind a
    slash, else behind an underscore, and anywhere only if nothing else fits.

    Args:
        text: The text; each line of it is a paragraph.
        width: The number of columns.
        first: What the first line begins with.
        rest: What every other line begins with.
    """
    lines: list[str] = []
    for paragraph in plain(text).splitlines() or [""]:
        words = paragraph.split()
        indent = rest if lines else first
        if wcwidth.width(indent) + 2 > width:  # no room for a word beside it
            words, indent = [*indent.split(), *words], ""
        room = max(width, wcwidth.width(rest) + 2)
        lines += _filled(words, room, indent, rest) or [indent.rstrip()]
    return lines


def _filled(words: list[str], width: int, first: str, rest: str) -> list[str]:
    """Return the lines that words fill, one after the other."""
    lines: list[str] = []
    line, gap = first, ""
    for word in words:
        for piece in _pieces(word, width - wcwidth.width(rest)):
            if wcwidth.width(line + gap + piece) <= width:
                line += gap + piece
            else:
                lines += [line] if line.strip() else []
                line = rest + piece
            gap = ""
        gap = " "
    return [*lines, line] if line.strip() else lines


def _pieces(word: str, room: int) -> list[str]:
    """Return a word, or the pieces of one that is wider than a line."""
    pieces = [word]
    for separator in ("/", "_"):
        parts = [_split(piece, separator, room) for piece in pieces]
        pieces = [part for found in parts for part in found if part]
    return [part for piece in pieces for part in wcwidth.wrap(piece, room)]


def _split(piece: str, separator: str, room: int) -> list[str]:
    if wcwidth.width(piece) <= room:
        return [piece]
    return piece.replace(separator, f"{separator}\n").split("\n")


def join(pieces: list[str], width: int) -> list[str]:
    """Put pieces side by side into lines; a piece that fits a line is not broken."""
    lines: list[str] = []
    for piece in pieces:
        beside = f"{lines[-1]}   {piece}" if lines else piece
        if lines and wcwidth.width(beside) <= width:
            lines[-1] = beside
        else:
            lines += wrap(piece, max(width, 2))
    return lines


def trim(text: str, width: int) -> str:
    """Return as much of a text as fits the columns."""
    return wcwidth.clip(text, 0, max(width, 0))


def sides(left: str, right: str, width: int) -> str:
    """Return a line with a text on either side; the left one is cut if need be."""
    left = trim(left, width - wcwidth.width(right) - 1)
    gap = width - wcwidth.width(left) - wcwidth.width(right)
    return trim(left + " " * gap + right, width)


def clock(seconds: float) -> str:
    """Return a length of time as a clock shows it: 7:03, or 1:40:00."""
    minutes, second = divmod(max(0, int(seconds)), 60)
    if minutes < 100:
        return f"{minutes}:{second:02}"
    return f"{minutes // 60}:{minutes % 60:02}:{second:02}"


def time_left(seconds: float) -> str:
    """Return the time left, or by how much it is over."""
    return f"{clock(seconds)} left" if seconds >= 0 else f"over by {clock(-seconds)}"


def duration(seconds: float) -> str:
    """Return a length of time in words: "45 s", "12 min 5 s", "2 h 5 min"."""
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    parts = ((hours, "h"), (minutes, "min"), (0 if hours else rest, "s"))
    return " ".join(f"{n} {unit}" for n, unit in parts if n) or "0 s"


def plural(count: int, noun: str) -> str:
    """Return a count with its noun."""
    return f"{count} {noun}" + ("s" if count != 1 else "")
