"""What a mock asks: exercises that fit the time as rounds do, or questions to discuss.

A round has equal slots: one in 45 minutes, three or four in 60, one for every 25 in
longer ones, each with an exercise that is no longer than its slot. What was never seen
comes first, then what was seen longest ago. The seed decides among the rest.
"""

from __future__ import annotations

import random
from collections.abc import Sequence

from graders.harness.catalog.exercise import Entry, catalogue
from graders.practice.mocks import agenda, book
from graders.practice.mocks.plan import Part
from graders.practice.store import Mock, Sitting, Store
from graders.practice.verb import Refused

# The rounds of a real day in their order, with their minutes; a break has no name.
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
ENOUGH = 2 / 3  # of a round; the rest goes to its beginning, its end and follow-ups


def draw(
    entries: Sequence[Entry], sittings: Sequence[Sitting], minutes: float, seed: int
) -> list[Entry]:
    """Return exercises for a round, in the order in which they are asked.

    Args:
        entries: The exercises of the round.
        sittings: What was sat at before, oldest first.
        minutes: The time of the round.
        seed: The same one draws the same, if the rest is the same.

    Returns:
        As many as such a round asks, if they fill two thirds of it; else fewer, down to
        one; else what fills most of it. None if none fits.
    """
    rng = random.Random(f"{seed} exercises")
    last = {sitting.exercise: i for i, sitting in enumerate(sittings)}
    order = sorted(entries, key=lambda entry: entry.path)
    rng.shuffle(order)
    order.sort(key=lambda entry: last.get(entry.name, -1))
    # As long as the next one was never seen either, there is more to choose from.
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
    """Return how many exercises a round of that length asks, best first."""
    if minutes < 55:
        return [{1}]
    if minutes < 70:
        return [{3, 4}, {2}, {1}]
    return [{count} for count in range(int(minutes // 25), 0, -1)]


def _sets(
    order: list[Entry], most: int, minutes: float, slot: float
) -> dict[tuple[int, int], list[Entry]]:
    """Return a set of exercises for each count and total of minutes that there is.

    It is the first one by their order. Whether a set fits depends on its count and
    total alone, so that there is no need to try all sets.
    """
    sets: dict[tuple[int, int], list[Entry]] = {(0, 0): []}
    for entry in order:
        for (count, total), found in list(sets.items()):
            key = count + 1, total + entry.sheet.minutes
            if entry.sheet.minutes <= slot and key[0] <= most and key[1] <= minutes:
                sets.setdefault(key, [*found, entry])
    return sets


def parts_of(round_: str, minutes: float, seed: int, store: Store) -> list[Part]:
    """Return the parts of one round: its exercises, or a talk.

    Raises:
        Refused: If no exercise fits.
        book.Broken: If the agenda of the round cannot be read.
    """
    if round_ in book.spoken():
        recent = _talked(store.mocks())
        names = agenda.draw(book.load(round_), minutes, seed, recent)
        return [Part("talk", round_, minutes, names)]
    entries = [entry for entry in catalogue() if entry.round == round_]
    busy = {sitting.exercise for sitting in store.running()}
    free = [entry for entry in entries if entry.name not in busy]
    if found := draw(free, store.sittings(), minutes, seed):
        return [
            Part("exercise", round_, entry.sheet.minutes, [entry.name])
            for entry in found
        ]
    raise Refused(_what_would_fit(round_, minutes, free, sorted(busy)))


def parts_of_day(seed: int, store: Store) -> list[Part]:
    """Return the parts of a whole day; raises as `parts_of` does."""
    parts: list[Part] = []
    for round_, minutes in DAY:
        if round_:
            parts += parts_of(round_, minutes, seed, store)
        else:
            parts.append(Part("break", "", minutes, []))
    return parts


def _talked(mocks: list[Mock]) -> list[str]:
    return [
        name
        for mock in mocks
        for part in mock.plan
        if part["kind"] == "talk" and part["state"] != "ahead"
        for name in part["names"]
    ]


def _what_would_fit(
    round_: str, minutes: float, free: list[Entry], busy: list[str]
) -> str:
    if free:
        shortest = min(free, key=lambda entry: entry.sheet.minutes)
        return (
            f"no exercise of {round_} fits {minutes:g} minutes; the shortest is "
            f"{shortest.name}: --minutes {shortest.sheet.minutes}"
        )
    if busy:
        return (
            f"every exercise of {round_} is being sat at already: {', '.join(busy)}; "
            "end one first"
        )
    return f"there is no exercise of {round_} yet"
