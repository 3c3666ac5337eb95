"""Begin a sitting: put work aside, lay a fresh stub, start the clock."""

from __future__ import annotations

import secrets

from graders.harness.catalog.exercise import Entry
from graders.practice.attempts import reset
from graders.practice.clock import Moment
from graders.practice.store import Sitting, Store


def begin(
    store: Store,
    entry: Entry,
    *,
    mode: str,
    minutes: float,
    mock: int | None,
    at: Moment,
) -> Sitting:
    """Return the sitting of an exercise that runs, or begin one with a fresh stub.

    Work that is in the file is kept aside first, and the record says where.
    """
    if running := store.running(entry.name):
        return store.note(running[0].id, at, "opened")
    kept = reset(entry)
    seed = secrets.randbelow(2**31)
    sitting = store.begin(entry.name, mode, minutes, seed, at, mock)
    if kept:
        sitting = store.note(sitting.id, at, "kept", kept.name)
    return sitting
