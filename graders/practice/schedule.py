"""What to practise next: what is due, or what is new.

FSRS says when an exercise is due again, from how its sittings ended. The sittings are
the truth: one that nobody took in, since its process was killed, is taken in when next
somebody asks, and a memory that cannot be read is built again from all of them.

New exercises come in the order of what rounds ask, easy first. How often an exercise is
asked is a rough count, so that counts in one band (16 and more, 8 to 15, 4 to 7, 2 and
3, 1, 0) are as good as equal: within it, the easy ones come first, and then those that
are asked more.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from contextlib import suppress
from datetime import UTC, datetime

from fsrs import Card, Rating, Scheduler

from graders.harness.catalog.exercise import Entry
from graders.practice.clock import Moment
from graders.practice.store import Sitting, Store

SOURCES = 54  # that `Exercise.asked` counts
DIFFICULTIES = ("easy", "medium", "hard")

# Nobody repeats an exercise minutes later, and the same sittings give the same dates.
_SCHEDULER = Scheduler(learning_steps=(), relearning_steps=(), enable_fuzzing=False)
_LATEST = 4_102_444_800.0  # 2100; a clock that is wrong may say anything


def review(store: Store, sitting: Sitting, at: Moment) -> None:
    """Take in that a sitting has ended; taken in twice, it counts once."""
    _take_in(store, {sitting.id: at.wall})


def dates_of(store: Store) -> dict[str, datetime]:
    """Return when each exercise that was ever ended is due, or was."""
    return {name: card.due for name, card in _take_in(store, {}).items()}


def next_exercise(
    store: Store, entries: Iterable[Entry], at: Moment
) -> tuple[Entry, str]:
    """Return which of the exercises to practise now, and why, in words.

    First what is running already, the last begun before others; then what is due, the
    longest overdue before others; then what is new; at last what is due soonest.

    Raises:
        LookupError: If there are none.
    """
    known = {entry.name: entry for entry in entries}
    if not known:
        raise LookupError("there is no exercise to practise")
    dates, now = dates_of(store), _date(at.wall)
    running = [sitting.exercise for sitting in reversed(store.running())]
    by_date = sorted((when, name) for name, when in dates.items())
    overdue = [name for when, name in by_date if when <= now]
    new = [e.name for e in sorted(known.values(), key=order) if e.name not in dates]
    not_yet = [name for when, name in by_date if when > now]
    names = [*running, *overdue, *new, *not_yet]
    entry = next(known[name] for name in names if name in known)
    if entry.name in running:
        return entry, "its clock is running"
    return entry, _reason(entry, dates.get(entry.name), now)


def order(entry: Entry) -> tuple[int, int, int, str]:
    """Return by what new exercises are sorted: how much they are asked, easy first."""
    about = entry.sheet
    band = min(about.frequency.bit_length(), 5)
    return -band, DIFFICULTIES.index(about.difficulty), -about.frequency, entry.name


def _reason(entry: Entry, when: datetime | None, now: datetime) -> str:
    """Return in words why an exercise comes now, which is due then, or new."""
    if when is None:
        asked = f"asked by {entry.sheet.frequency} of {SOURCES} sources, "
        return f"new: {asked if entry.sheet.frequency else ''}{entry.sheet.difficulty}"
    if when > now:
        return f"not due before {_day(when, now)}"
    day = _day(when, now)
    return "due today" if day == "today" else f"due since {day}"


def rating(sitting: Sitting) -> Rating:
    """Return how well an exercise was known, from how a sitting of it ended."""
    if sitting.state != "passed":
        return Rating.Again
    if sitting.is_late:
        return Rating.Hard
    return Rating.Good if sitting.hints else Rating.Easy


def _take_in(store: Store, ends: dict[int, float]) -> dict[str, Card]:
    """Return what is remembered of each exercise, all ended sittings taken in.

    Args:
        store: Where they are.
        ends: When sittings ended, by their number, where that is known better than
            from their own clock.
    """
    cards: dict[str, Card] = {}
    last: dict[str, int] = {}
    for name, text in store.cards().items():
        with suppress(ValueError):  # it is built again
            last[name], cards[name] = memory(text)
    for sitting in store.sittings():
        name = sitting.exercise
        if sitting.state == "running" or sitting.id <= last.get(name, 0):
            continue
        end = _date(ends.get(sitting.id, sitting.started + sitting.seconds))
        card = cards.get(name) or Card(card_id=0, due=end)
        cards[name], _ = _SCHEDULER.review_card(card, rating(sitting), end)
        last[name] = sitting.id
        store.keep_card(name, as_text(sitting.id, cards[name]))
    return cards


def as_text(sitting: int, card: Card) -> str:
    """Return the memory of an exercise, and of which sitting it took in last."""
    return json.dumps([sitting, card.to_dict()])


def memory(text: str) -> tuple[int, Card]:
    """Return what `as_text` wrote.

    Raises:
        ValueError: If it is no such text.
    """
    try:
        number, card = json.loads(text)
        return int(number), Card.from_dict(card)
    except (KeyError, TypeError) as error:
        raise ValueError(f"no memory of an exercise: {text!r}") from error


def _date(wall: float) -> datetime:
    return datetime.fromtimestamp(min(max(wall, 0.0), _LATEST), UTC)


def _day(when: datetime, now: datetime) -> str:
    """Return a day as people say it, in the system's time zone."""
    there, here = when.astimezone().date(), now.astimezone().date()
    days = (there - here).days
    if abs(days) < 7:
        near = {-1: "yesterday", 0: "today", 1: "tomorrow"}
        return near.get(days, f"{there:%A}")
    year = "" if there.year == here.year else f" {there.year}"
    return f"{there.day} {there:%B}{year}"
