"""What stands at the end of a sitting: verdict, scorecard, follow-ups, reference."""

from __future__ import annotations

import sys

from graders.harness.catalog.exercise import Entry
from graders.harness.feedback import report as reports
from graders.practice import clock
from graders.practice.schedule import review
from graders.practice.sittings.beside import beside
from graders.practice.sittings.own import ask
from graders.practice.sittings.room import clock_text, verdict_text
from graders.practice.sittings.scorecard import follow_ups, render, score
from graders.practice.store import Sitting, Store


def finish(store: Store, entry: Entry, sitting: Sitting) -> int:
    """Show what a sitting came to, schedule the next, and return the exit code."""
    screen = reports.Screen(sys.stdout)
    if sitting.state == "running":
        if screen.live:
            screen.write(f"{entry.name}: {clock_text(sitting.left)}; it runs on.")
            screen.write(f"Go on with: nox -s practice -- {entry.name}")
        return 0
    review(store, sitting, clock.now())
    own = ask(store, sitting) if sitting.mode != "practice" else {}
    texts = [
        verdict_text(entry, sitting.report, screen.width) if sitting.report else "",
        *_events(store, entry, sitting),
        render(score(sitting, own), screen.width),
        follow_ups(entry, screen.width),
        _reference(entry, sitting),
    ]
    for text in filter(None, texts):
        screen.write(text)
        screen.write()
    return 0 if sitting.state == "passed" else 1


def _events(store: Store, entry: Entry, sitting: Sitting) -> list[str]:
    """Return what the record has to say beside the verdict."""
    events = store.events(sitting.id)
    odd = [f"The clock: {event.detail}." for event in events if event.kind == "clock"]
    kept = [event.detail for event in events if event.kind == "kept"]
    where = [f"Kept: .kata/attempts/{entry.name}/{kept[-1]}"] if kept else []
    return ["\n".join(odd + where)]


def _reference(entry: Entry, sitting: Sitting) -> str:
    if sitting.state != "failed":
        return beside(entry, sitting)
    return (
        f"Again, with a fresh stub: nox -s practice -- {entry.name}\n"
        f"The reference solution:   nox -s solution -- {entry.name} --give-up"
    )
