"""Say in one line why the file of an answer cannot be executed."""

from __future__ import annotations

import re
from io import BytesIO
from tokenize import detect_encoding

from graders.harness.answer.errors import CouldNotLoad, TimedOut

MAX_SOURCE = 2**20  # bytes

_CONFLICT = re.compile(rb"^(<<<<<<< |=======\r?$|>>>>>>> )", re.MULTILINE)


def unreadable(source: bytes) -> str:
    """Return why a file cannot be read as Python's source; nothing if it can."""
    if len(source) > MAX_SOURCE:
        return "the file is larger than 1 MB"
    if conflict := _CONFLICT.search(source):
        line = source.count(b"\n", 0, conflict.start()) + 1
        return f"line {line} is a conflict marker of git; resolve the conflict first"
    try:
        coding, _ = detect_encoding(BytesIO(source).readline)
    except SyntaxError as error:
        return _not_utf8(source) or f"SyntaxError: {error}"
    return _not_utf8(source) if coding.startswith("utf-8") else ""


def _not_utf8(source: bytes) -> str:
    try:
        source.decode("utf-8")
    except UnicodeDecodeError as error:
        line = source.count(b"\n", 0, error.start) + 1
        byte = source[error.start]
        return f"not UTF-8: byte {byte:#04x} in line {line}; save the file as UTF-8"
    return ""


def load_error(error: BaseException) -> CouldNotLoad:
    """Return why a file could not be executed, in one line, from what stopped it."""
    trace = getattr(error, "trace", "")
    if isinstance(error, TimedOut):
        return CouldNotLoad("timed out while importing your file", trace)
    shown = getattr(error, "shown", "") or str(error)
    if shown.startswith("ModuleNotFoundError"):
        shown += "; NumPy and the standard library only"
    return CouldNotLoad(shown, trace)
