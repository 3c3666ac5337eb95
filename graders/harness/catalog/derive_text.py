"""Derive the stub of a text from the text of the solution."""

from __future__ import annotations

import re


def derive_text(solution: str) -> str:
    """Return the stub of a text: the prompt, and what the text is built of.

    The prompt is what stands above the first heading of the second level. Below it,
    headings and lines that begin with a label ("Covers:") stay, up to their colon.

    Raises:
        ValueError: If there is no such heading.
    """
    prompt, *rest = re.split("^(?=## )", solution, maxsplit=1, flags=re.MULTILINE)
    if not rest:
        raise ValueError("the text has no heading of the second level")
    kept = re.findall(r"^(?:#+ [^:\n]*|[A-Z]\w*(?=:)):?", rest[0], re.MULTILINE)
    return "\n\n".join([prompt.rstrip(), *kept]) + "\n"
