"""Draw what a mock interview asks: exercises that fit the time, or questions.

A round has equal slots: one in 45 minutes, three or four in 60, one for every 25 in
longer ones. Each exercise fits its slot. New ones come first, then the ones seen
longest ago. The seed decides among the rest.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress

from graders.harness.catalog.exercise import Entry, catalogue
from graders.practice.cli import Refused
from graders.practice.mocks.plan import SPOKEN, Part, read
from graders.practice.mocks.question_bank import QuestionBank, load, spoken
from graders.practice.rows import Odd
from graders.practice.store import Mock, Session, Store

# The rounds of an interview day in order, with their minutes; a break has no name.
DAY = (
    ("ml_coding", 60),
    ("", 10),
    ("ml_system_design", 60),
    ("", 30),
    ("ml_concepts", 45),
    ("", 10),
    ("coding", 60),
    ("", 10),
    ("behavioral", 45),
)
MINUTES = {name: minutes for name, minutes in DAY if name}
ENOUGH = 2 / 3  # of a round; the rest is for its start, its end and follow-ups


def draw_exercises(
    entries: Sequence[Entry], sessions: Sequence[Session], minutes: float, seed: int
) -> list[Entry]:
    """Return exercises for a round, in the order in which they are asked.

    Args:
        entries: The exercises of the round.
        sessions: The sessions so far, oldest first.
        minutes: The length of the round.
        seed: The same seed draws the same, if all else is equal.

    Returns:
        As many as such a round asks, if they fill two thirds of it; else fewer, down to
        one; else what fills most of it. Empty if none fits.
    """
    rng = random.Random(f"{seed} exercises")
    last = {session.exercise: i for i, session in enumerate(sessions)}
    order = sorted(entries, key=lambda entry: entry.path)
    rng.shuffle(order)
    order.sort(key=lambda entry: last.get(entry.name, -1))
    # While the next one is new too, there is more to choose from.
    stops = [i for i, e in enumerate(order[1:], 1) if e.name in last] + [len(order)]
    counts = _counts(minutes)
    for wanted in counts:
        for stop in stops:
            sets = _sets(order[:stop], max(wanted), minutes, minutes / min(wanted))
            if full := [
                found
                for (count, total), found in sets.items()
                if count in wanted and total >= ENOUGH * minutes
            ]:
                chosen = rng.choice(full)
                return rng.sample(chosen, len(chosen))
    sets = _sets(order, max(counts[0]), minutes, minutes)
    return sets[max(sets, key=lambda key: key[1])]


def _counts(minutes: float) -> list[set[int]]:
    """Return how many exercises a round of this length asks, best first."""
    if minutes < 55:
        return [{1}]
    if minutes < 70:
        return [{3, 4}, {2}, {1}]
    return [{count} for count in range(int(minutes // 25), 0, -1)]


def _sets(
    order: list[Entry], most: int, minutes: float, slot: float
) -> dict[tuple[int, int], list[Entry]]:
    """Return a set of exercises for each possible count and total of minutes.

    It is the first one in their order. Whether a set fits depends only on its count and
    total, so there is no need to try all sets.
    """
    sets: dict[tuple[int, int], list[Entry]] = {(0, 0): []}
    for entry in order:
        for (count, total), found in list(sets.items()):
            key = count + 1, total + entry.sheet.minutes
            if entry.sheet.minutes <= slot and key[0] <= most and key[1] <= minutes:
                sets.setdefault(key, [*found, entry])
    return sets


def draw_questions(
    bank: QuestionBank, minutes: float, seed: int, recent: Sequence[str]
) -> list[str]:
    """Return the names of the items for a spoken round.

    Themes take turns. Within a theme new items come first, then the ones drawn longest
    ago.

    Args:
        bank: The question bank of the round.
        minutes: The length of the round.
        seed: The same seed draws the same.
        recent: The names that were drawn before, oldest first.
    """
    count = max(1, int(minutes // bank.each)) if bank.each else 1
    when = {name: i for i, name in enumerate(recent)}
    rest = list(bank.items)
    random.Random(f"{seed} {bank.round}").shuffle(rest)
    rest.sort(key=lambda item: when.get(item.name, -1))
    names: list[str] = []
    used: Counter[str] = Counter()
    while rest and len(names) < count:
        item = min(
            rest, key=lambda item: used[item.theme]
        )  # the first of the least used
        rest.remove(item)
        used[item.theme] += 1
        names.append(item.name)
    return names


def parts_of(round_: str, minutes: float, seed: int, store: Store) -> list[Part]:
    """Return the parts of one round: its exercises, or a spoken part.

    Raises:
        Refused: If no exercise fits.
        Invalid: If the question bank of the round cannot be read.
    """
    if round_ in spoken():
        recent = _drawn(store.mocks())
        names = draw_questions(load(round_), minutes, seed, recent)
        return [Part(SPOKEN, round_, minutes, names)]
    entries = [entry for entry in catalogue() if entry.round == round_]
    busy = {session.exercise for session in store.running()}
    free = [entry for entry in entries if entry.name not in busy]
    if found := draw_exercises(free, store.sessions(), minutes, seed):
        return [
            Part("exercise", round_, entry.sheet.minutes, [entry.name])
            for entry in found
        ]
    raise Refused(_why_none(round_, minutes, free, sorted(busy)))


def parts_of_day(seed: int, store: Store) -> list[Part]:
    """Return the parts of a whole day; raises what `parts_of` raises."""
    parts: list[Part] = []
    for round_, minutes in DAY:
        if round_:
            parts += parts_of(round_, minutes, seed, store)
        else:
            parts.append(Part("break", "", minutes, []))
    return parts


def _drawn(mocks: list[Mock]) -> list[str]:
    names: list[str] = []
    for mock in mocks:
        with suppress(Odd):  # then it has drawn nothing that is known
            for part in read(mock):
                if part.kind == SPOKEN and part.state != "ahead":
                    names += part.names
    return names


def _why_none(round_: str, minutes: float, free: list[Entry], busy: list[str]) -> str:
    if free:
        shortest = min(free, key=lambda entry: entry.sheet.minutes)
        return (
            f"no exercise of {round_} fits {minutes:g} minutes; the shortest is "
            f"{shortest.name}: --minutes {shortest.sheet.minutes}"
        )
    if busy:
        return (
            f"every exercise of {round_} has a running session: {', '.join(busy)}; "
            "end one first"
        )
    return f"there is no exercise of {round_} yet"
