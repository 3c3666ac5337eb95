"""What stands at the end of a sitting: verdict, scorecard, follow-ups, the reference."""

from __future__ import annotations

import sys

from graders.harness.exercise import Entry
from graders.practice import clock
from graders.practice.beside import beside
from graders.practice.room import clock_text, verdict_text
from graders.practice.schedule import review
from graders.practice.scorecard import follow_ups, render, score
from graders.practice.store import Sitting, Store


def finish(store: Store, entry: Entry, sitting: Sitting) -> int:
    """Show what a sitting came to, schedule the next, and return the exit code."""
    if sitting.state == "running":
        print(f"{entry.name}: {clock_text(sitting.left)}, and the clock runs on.")
        print(f"Go on: nox -s practice -- {entry.name}")
        return 0
    review(store, sitting, clock.now())
    if sitting.report:
        print(verdict_text(entry, sitting.report), end="\n\n")
    print(render(score(sitting)), end="\n\n")
    print(follow_ups(entry), end="\n\n")
    if sitting.state == "failed":
        print(f"Again, afresh: nox -s practice -- {entry.name}")
        print(f"See the reference: nox -s solution -- {entry.name} --give-up")
    else:
        print(beside(entry, sitting))
    for event in store.events(sitting.id):
        if event.kind == "clock":
            print(f"The clock: {event.detail}.")
        if event.kind == "kept":
            print(f"Kept: .kata/attempts/{entry.name}/{event.detail}")
    sys.stdout.flush()
    return 0 if sitting.state == "passed" else 1
