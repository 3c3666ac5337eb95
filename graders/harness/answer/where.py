"""Find the line of an answer at which it was when its time was up."""

from __future__ import annotations

import re

_FRAME = re.compile(r'^  File "(.*)", line (\d+) in (.*)$', re.MULTILINE)


def hanging_line(dump: str, filename: str) -> str:
    """Return the innermost frame of the answer's own file, as a traceback shows it.

    Args:
        dump: What faulthandler wrote, innermost frame first.
        filename: The answer's file.
    """
    for file, line, name in _FRAME.findall(dump):
        if file == filename:
            return f'  File "{file}", line {line}, in {name}'
    return ""
