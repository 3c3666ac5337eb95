"""Write to a terminal, a pipe or a text box: in colour or plainly, by whole words."""

from __future__ import annotations

import os
import re
import shutil
import sys
import textwrap
from typing import TextIO

from graders.harness.answer.worker import LEFT_OUT
from graders.harness.feedback.text import cut, plain

GUTTER = 17  # columns for a label and its bar
NARROW = 60  # columns, below which a label has a line of its own

_COLOURS = {"passed": "32", "failed": "31", "grader error": "35", "not started": "33"}
_JOINT = "\x1f"  # where a word may be broken; no text that is shown holds it
_CODE = re.compile(r"(\x1b\[(?:3[1-5]|0)m)")


class Screen:
    """Writes to a terminal in colour, and plainly where nobody sees colours."""

    def __init__(self, stream: TextIO) -> None:
        self.stream = stream
        self.live = stream.isatty() and os.environ.get("TERM") != "dumb"
        self.coloured = self.live and "NO_COLOR" not in os.environ
        self.width = min(shutil.get_terminal_size().columns, 100)

    @property
    def has_keys(self) -> bool:
        """Whether somebody can answer here by keys."""
        return sys.stdin.isatty() and self.live

    def write(self, line: str = "") -> None:
        """Write a line; what the stream cannot show, or could be steered by, is not."""
        parts = _CODE.split(line) if self.coloured else [line]
        text = "".join(part if _CODE.fullmatch(part) else plain(part) for part in parts)
        coding = self.stream.encoding or "utf-8"
        self.stream.write(text.encode(coding, "backslashreplace").decode(coding) + "\n")
        self.stream.flush()

    def colour(self, text: str, verdict: str) -> str:
        """Return text in the colour of a verdict."""
        code = _COLOURS.get(verdict, "31") if self.coloured else ""
        return f"\x1b[{code}m{text}\x1b[0m" if code else text

    def watch(self, running: list[str]) -> None:
        """Show on one line, over the last, what is under way."""
        if self.live:
            line = plain("; ".join(running)).replace("\n", " ")
            self.stream.write(f"\r\x1b[K{line[: self.width - 1]}")
            self.stream.flush()

    def clear(self) -> None:
        """Take the line of `watch` away."""
        if self.live:
            self.stream.write("\r\x1b[K")


def wrapped(
    text: str, width: int, first: str = "", rest: str = "", inner: str | None = None
) -> list[str]:
    """Return the lines of a text, broken between words alone where they fit.

    A path that does not fit is broken behind a slash.

    Args:
        text: What to wrap.
        width: Columns.
        first: Stands before the first line ...
        rest: ... before each other line of the text ...
        inner: ... and before what is left of a line that was broken; `rest`, if None.
    """
    lines: list[str] = []
    width = max(width, 12)
    room = width - max(map(len, (first, rest, inner or "")))
    long = re.compile(rf"\S{{{max(room, 1) + 1},}}")
    text = long.sub(lambda word: word[0].replace("/", f"/{_JOINT} "), text)
    for line in text.split("\n"):
        indent = rest if lines else first
        lines += textwrap.wrap(
            line,
            width,
            initial_indent=indent,
            subsequent_indent=rest if inner is None else inner,
            break_on_hyphens=False,
            replace_whitespace=False,
        ) or [indent.rstrip()]
    return [line.replace(f"{_JOINT} ", "").replace(_JOINT, "") for line in lines]


def one_line(text: str, width: int) -> str:
    """Return the beginning of a text that fits on one line, ended between words."""
    text = " ".join(text.split())
    if len(text) <= width:
        return text
    return f"{text[: width - 3].rpartition(' ')[0] or text[: width - 3]}..."


def field(label: str, text: str, width: int, *, whole: bool = False) -> list[str]:
    """Return the lines of a text under its label.

    They stand behind a bar, so that no line can pose as ours.

    Args:
        label: What it is.
        text: What there is to show.
        width: Columns of the screen.
        whole: Whether lines are left as long as they are.
    """
    text = plain(text).rstrip("\n").expandtabs(4)
    is_call = label == "call"  # whose broken lines can be pasted, being in brackets
    if width < NARROW:
        bars = [f"  {label}"] if label else []
        inner = "    " if is_call else None
        return bars + wrapped(text, width, "  | ", "  | ", inner)
    first, rest = f"    {label:<10} | ", f"{'':15}| "
    if whole:
        lines = text.split("\n")
        return [(rest if i else first) + line for i, line in enumerate(lines)]
    return wrapped(text, width, first, rest, " " * GUTTER if is_call else None)


def last_lines(text: str, count: int, width: int) -> str:
    """Return the last lines of what was printed, each cut to a width."""
    lines = text.rstrip("\n").split("\n")
    before = len(lines) - count
    kept = [cut(line, max(width, 20)) for line in lines[-count:]]
    if before > 0:
        more = "many" if lines[0] == LEFT_OUT else str(before)
        kept.insert(0, f"({more} more line{'' if before == 1 else 's'} before)")
    return "\n".join(kept)
