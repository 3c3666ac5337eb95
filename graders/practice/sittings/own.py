"""The candidate's own rating of what no program can judge.

It is asked after an interview, where somebody listens, and stands apart from all else.
"""

from __future__ import annotations

import json
import sys

from graders.practice.clock import now
from graders.practice.store import Sitting, Store

LINES = {
    "thinking aloud": "You said what you were about to do, and why, before you did it.",
    "questions": "You asked what the prompt left open before you began to write.",
    "trade-offs": "You named what your choice costs, and when another would be better.",
}


def ask(store: Store, sitting: Sitting) -> dict[str, int]:
    """Ask for each line from 1 to 4, and keep and return what was said.

    Without a terminal, and for lines that are left empty, there is no rating.
    """
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        return {}
    print("How did you do in what no program sees? 1 very weak to 4 very strong,")
    print("Enter to leave it out.")
    own = {}
    for line, meaning in LINES.items():
        try:
            said = input(f"{line} ({meaning}) ").strip()
        except EOFError:
            print()
            break
        if said in ("1", "2", "3", "4"):
            own[line] = int(said)
    if own:
        store.note(sitting.id, now(), "own", json.dumps(own))
    return own
