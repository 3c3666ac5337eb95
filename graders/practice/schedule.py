"""What to practice next: due for review, or next in the study plan, or new.

FSRS says when an exercise is due again, from how its sessions ended. The sessions are
the source of truth. One that was not reviewed, because its process was killed, is
reviewed at the next look, and a card that cannot be read is built again from all of
them. Of untimed gradings only a pass counts: a failure there is work in progress.

New exercises come in the order of their frequency in interviews, easy first. The
frequency is a rough count, so counts in one band (16 and more, 8 to 15, 4 to 7, 2 and
3, 1, 0) are taken as equal: in a band the easy ones come first, then the frequent ones.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Set
from contextlib import suppress
from datetime import datetime

from fsrs import Card, Rating, Scheduler, State

from graders.harness.catalog.exercise import Entry
from graders.harness.catalog.sheet import DIFFICULTIES, SOURCES
from graders.practice.clock import Moment, date_of
from graders.practice.daily.study_plan import read_plan
from graders.practice.store import Session, Store

# No repetitions within minutes, and the same sessions give the same dates.
SCHEDULER = Scheduler(learning_steps=(), relearning_steps=(), enable_fuzzing=False)


def review(store: Store, session: Session, at: Moment) -> None:
    """Schedule the next review after a session has ended; it counts once."""
    _reviewed(store, {session.id: at.wall})


def dates_of(store: Store) -> dict[str, datetime]:
    """Return when each exercise that was practiced is due, or was."""
    return {name: card.due for name, card in _reviewed(store, {}).items()}


def next_exercise(
    store: Store, entries: Iterable[Entry], at: Moment
) -> tuple[Entry, str]:
    """Return the exercise to practice now, and the reason in words.

    Running sessions come first, the last started before others; then what is due, the
    longest overdue first; then what the study plan has not done yet, in its order; then
    what else is new; at last what is due soonest.

    Raises:
        LookupError: If there are none.
    """
    known = {entry.name: entry for entry in entries}
    if not known:
        raise LookupError("there is no exercise to practice")
    dates, now = dates_of(store), date_of(at.wall)
    running = [session.exercise for session in reversed(store.running())]
    by_date = sorted((when, name) for name, when in dates.items())
    overdue = [name for when, name in by_date if when <= now]
    new = [e.name for e in sorted(known.values(), key=order) if e.name not in dates]
    not_yet = [name for when, name in by_date if when > now]
    planned = _planned(store, now, dates.keys())
    names = [*running, *overdue, *planned, *new, *not_yet]
    entry = next(known[name] for name in names if name in known)
    if entry.name in running:
        return entry, "its session is running"
    why = _reason(entry, dates.get(entry.name), now)
    return entry, planned.get(entry.name) or why


def _planned(store: Store, now: datetime, practiced: Set[str]) -> dict[str, str]:
    """Return what the study plan has not done, in its order, with the reason."""
    plan = read_plan(store)
    if not plan:
        return {}
    done = plan.done(store.sessions()) | practiced
    today, total = plan.day(now.astimezone().date()), len(plan.days)
    planned: dict[str, str] = {}
    for number, day in enumerate(plan.days):
        behind = ", which is over" if number < today else ""
        early = " of your plan, ahead of time" if number > today else " of your plan"
        reason = f"for day {number + 1} of {total}{early}{behind}"
        planned |= {name: reason for name in day if name not in done}
    return planned


def order(entry: Entry) -> tuple[int, int, int, str]:
    """Return the sort key of new exercises: frequent ones first, then easy ones."""
    sheet = entry.sheet
    band = min(sheet.frequency.bit_length(), 5)
    return -band, DIFFICULTIES.index(sheet.difficulty), -sheet.frequency, entry.name


def _reason(entry: Entry, when: datetime | None, now: datetime) -> str:
    """Return in words why an exercise comes now; `when` it is due, None if new."""
    if when is None:
        listed = f"listed by {entry.sheet.frequency} of {SOURCES} sources, "
        return f"new: {listed if entry.sheet.frequency else ''}{entry.sheet.difficulty}"
    if when > now:
        return f"not due until {_day(when, now)}"
    day = _day(when, now)
    return "due today" if day == "today" else f"due since {day}"


def rating(session: Session) -> Rating:
    """Return how well the exercise was known, from how a session ended.

    Hints lower it by one step, with a clock or without.
    """
    if session.state != "passed":
        return Rating.Again
    if session.is_late or session.has_read:
        return Rating.Hard
    if session.is_timed:
        return Rating.Good if session.hints else Rating.Easy
    return Rating.Hard if session.hints else Rating.Good


def _reviewed(store: Store, ends: dict[int, float]) -> dict[str, Card]:
    """Review all ended sessions, and return the card of each exercise.

    Args:
        store: The history.
        ends: When sessions ended, by their number, where that is known better than
            from their own clock.
    """
    cards: dict[str, Card] = {}
    last: dict[str, int] = {}
    for name, text in store.cards().items():
        with suppress(ValueError):  # it is built again
            last[name], cards[name] = read_card(text)
    sessions = store.sessions()
    latest = max((session.id for session in sessions), default=0)
    for name in [name for name, number in last.items() if number > latest]:
        del last[name], cards[name]  # it knows of a session that is not there
    for session in sessions:
        name = session.exercise
        if session.state == "running" or session.id <= last.get(name, 0):
            continue
        if not session.is_timed and session.state != "passed":
            continue
        end = date_of(ends.get(session.id, session.started + session.seconds))
        card = cards.get(name) or Card(card_id=0, due=end)
        cards[name], _ = SCHEDULER.review_card(card, rating(session), end)
        last[name] = session.id
        store.save_card(name, as_text(session.id, cards[name]))
    return cards


def as_text(session: int, card: Card) -> str:
    """Return a card as text, with the number of the last session it reviewed."""
    return json.dumps([session, card.to_dict()])


def read_card(text: str) -> tuple[int, Card]:
    """Return what `as_text` wrote.

    Raises:
        ValueError: If it is no such text.
    """
    try:
        number, found = json.loads(text)
        card = Card.from_dict(found)
        if type(number) is int and _is_sound(card):
            return number, card
    except (AttributeError, KeyError, TypeError, ArithmeticError, RecursionError):
        pass
    raise ValueError("not a card")


def _is_sound(card: Card) -> bool:
    """Return whether the scheduler can go on with a card."""
    dates = [card.due, *([card.last_review] if card.last_review else [])]
    if not all(date.tzinfo and 1969 < date.year < 2300 for date in dates):
        return False
    if card.state != State.Review:  # never reviewed
        known = (card.stability, card.difficulty, card.last_review)
        return card.state == State.Learning and known == (None, None, None)
    stability, difficulty = card.stability or 0.0, card.difficulty or 0.0
    return bool(
        card.last_review and 0 < stability < 1e6 and 1 <= difficulty <= 10
    )  # fmt: skip


def _day(when: datetime, now: datetime) -> str:
    """Return a day in words, in the system's time zone."""
    there, here = when.astimezone().date(), now.astimezone().date()
    days = (there - here).days
    if abs(days) < 7:
        near = {-1: "yesterday", 0: "today", 1: "tomorrow"}
        return near.get(days, f"{there:%A}")
    year = "" if there.year == here.year else f" {there.year}"
    return f"{there.day} {there:%B}{year}"
