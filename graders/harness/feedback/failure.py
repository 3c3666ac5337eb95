"""One failure in lines: its verdict, what is required, and what a candidate can use."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable
from typing import Any

from graders.harness.feedback.causes import Cause
from graders.harness.feedback.screen import (
    GUTTER,
    Screen,
    field,
    last_lines,
    one_line,
    wrapped,
)
from graders.harness.feedback.text import MAX_SHORT, cut, left_out, plain

__all__ = ["WHOLE", "failure", "failure_in_words"]

WHOLE = -1  # values as they are in the JSON, where everything is asked for

_LEFT_OUT = re.compile(re.escape(left_out(0)).replace("0", r"(\d+)"))
_FRAME = re.compile(r'File ".*?", line (\d+)(?:, in (\S+))?\n\s*(.*)')


def failure(screen: Screen, cause: Cause, brief: int = 0) -> list[str]:
    """Return the lines of one failure.

    Args:
        screen: Where it is shown.
        cause: What failed.
        brief: 0 where there is room, 1 or 2 where there is less, `WHOLE` for all.
    """
    check, width = cause.shown, screen.width
    lines = _title(screen, cause)
    texts = _whole(check) if brief == WHOLE else _brief(check, brief, width)
    for label, text in texts:
        if text:
            lines += field(label, text, width, whole=brief == WHOLE)
    return lines


def failure_in_words(check: dict[str, Any]) -> str:
    """Return one failure as text, for those who run pytest themselves."""
    lines = failure(Screen(io.StringIO()), Cause([check]))
    return "\n".join(plain(line) for line in lines)


def _title(screen: Screen, cause: Cause) -> list[str]:
    check, width = cause.shown, screen.width
    verdict = check["verdict"]
    if verdict in ("could not load", "grader error", "not started"):
        text = verdict
    else:
        case = check["name"].partition("[")[2].rpartition("]")[0]
        text = f"{verdict}; required: {check['sentence']}"
        text += f" [{one_line(plain(case), 60)}]" if case else ""
    if cause.others and verdict != "could not load":
        text += f" (and {cause.others} more like it)"
    first, *rest = wrapped(text, width, "  ", "    ")
    coloured = first.replace(verdict, screen.colour(verdict, verdict), 1)
    return [coloured, *rest]


def _whole(check: dict[str, Any]) -> Iterable[tuple[str, str]]:
    """Yield all that a failure has, under the label of each."""
    yield from _values(check, check)
    if check.get("trace"):
        yield "where", _where(check["trace"])
    yield "printed", check.get("output", "")


def _brief(check: dict[str, Any], brief: int, width: int) -> Iterable[tuple[str, str]]:
    """Yield what a candidate can use, cut, under the label of each."""
    room, rows = MAX_SHORT * (3 - brief) // 3, 6 // (brief + 1)
    texts = check.get("short") or check
    got, expected = (cut(texts.get(key, ""), room) for key in ("got", "expected"))
    for label, text in _values(check, texts):
        if label == "call":
            cuts = MAX_SHORT * 2 // (brief + 1)
            lines = _first_and_last(text.split("\n"), rows + 1)
            yield label, "\n".join(cut(line, cuts) for line in lines)
        elif label != "differs" or brief < 2 or got == expected:
            yield label, cut(text, room if label else room * 2)
    if check.get("trace"):
        yield "where", _where(check["trace"], 1 if brief else 2)
    if check.get("output"):
        yield "printed", last_lines(plain(check["output"]), 3 - brief, width - GUTTER)


def _first_and_last(lines: list[str], most: int) -> list[str]:
    """Return at most so many calls: what made an object, and what failed."""
    if len(lines) <= most:
        return lines
    between = [_LEFT_OUT.fullmatch(line) for line in lines[1 : 2 - most]]
    hidden = sum(int(found[1]) if found else 1 for found in between)
    return [lines[0], left_out(hidden), *lines[2 - most :]]


def _values(check: dict[str, Any], texts: dict[str, str]) -> Iterable[tuple[str, str]]:
    """Yield call, values, message and diagnosis, as far as they say something new."""
    call, got, expected = (texts.get(key, "") for key in ("call", "got", "expected"))
    if check.get("contract") and check["verdict"] == "wrong":
        expected, shown = "", ""  # the message names both
    else:
        shown = got
    yield "call", call
    yield "got", shown
    yield "expected", expected if shown else ""
    yield "differs", check.get("difference", "") if shown else ""
    yield "alone", check.get("alone", "")
    yield "", _message(check, bool(expected), got)
    yield "looks like", check.get("mistake", "")


def _message(check: dict[str, Any], has_expected: bool, got: str) -> str:
    """Return what a message adds to the values, if anything."""
    message: str = check.get("message", "")
    if has_expected and re.match(r"expected |it raised no ", message):
        return ""
    says_it_already = (
        bool(got) and message == f"it {got.replace('raises', 'raised', 1)}"
    )
    return "" if says_it_already else message


def _where(trace: str, count: int = 0) -> str:
    """Return the last frames of a traceback, or all of them for 0, a line each."""
    frames = _FRAME.findall(trace + "\n")
    if not frames:
        return trace.strip()
    lines = []
    for number, function, code in frames[-count:]:
        place = f"line {number}" + (f", in {function}" if function else "")
        lines.append(cut(f"{place}: {code.strip()}".rstrip(": "), MAX_SHORT // 2))
    return "\n".join(lines)
