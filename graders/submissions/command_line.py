"""What the commands about submissions share."""

from __future__ import annotations

import sys
from pathlib import Path

from graders.harness.feedback.text import plain
from graders.harness.run.cli import from_where_it_was_typed


def complain(command: str, why: str, code: int = 2) -> int:
    """Say in one line why a command cannot be carried out, and return the code."""
    if sys.stderr is not None:
        print(f"{command}: {plain(why).replace(chr(10), ' ')}", file=sys.stderr)
    return code


def typed(path: Path) -> Path:
    """Return a path that was typed, as it is called from the folder we run in."""
    return from_where_it_was_typed(path) or path
