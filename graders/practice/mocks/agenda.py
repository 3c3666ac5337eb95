"""What is talked about in one spoken round: drawn, and fitted to its time.

A mock keeps the names that it drew, and the agenda is built from them again, so that
what is shown afterwards is stated in one place.
"""

from __future__ import annotations

import dataclasses
import random
from collections import Counter
from collections.abc import Sequence

from graders.practice.mocks.book import Book, Line, Phase


@dataclasses.dataclass(frozen=True)
class Agenda:
    """A spoken round, drawn and fitted to its time."""

    title: str
    prompt: str
    facts: tuple[str, ...]
    phases: tuple[Phase, ...]
    mistakes: tuple[str, ...]
    rubric: tuple[Line, ...]

    @property
    def minutes(self) -> float:
        """The time of the whole round."""
        return sum(phase.minutes for phase in self.phases)

    def ends(self, phase: int) -> float:
        """Return after how many minutes of the round a phase should be over."""
        return sum(phase.minutes for phase in self.phases[: phase + 1])


def draw(book: Book, minutes: float, seed: int, recent: Sequence[str]) -> list[str]:
    """Return the names of what to talk about.

    Themes come in turn; of a theme, what was never drawn, then what was longest ago.

    Args:
        book: What there is.
        minutes: The time of the round.
        seed: The same one draws the same.
        recent: The names that mocks drew before, oldest first.
    """
    count = max(1, int(minutes // book.each)) if book.each else 1
    when = {name: i for i, name in enumerate(recent)}
    rest = list(book.items)
    random.Random(f"{seed} {book.round}").shuffle(rest)
    rest.sort(key=lambda item: when.get(item.name, -1))
    names: list[str] = []
    used: Counter[str] = Counter()
    while rest and len(names) < count:
        item = min(rest, key=lambda item: used[item.theme])  # the first of the least
        rest.remove(item)
        used[item.theme] += 1
        names.append(item.name)
    return names


def build(book: Book, minutes: float, names: Sequence[str]) -> Agenda:
    """Return the agenda of what was drawn, its phases stretched to the round.

    Raises:
        LookupError: If the book has no such item any more.
    """
    known = {item.name: item for item in book.items}
    for name in names:
        if name not in known:
            raise LookupError(f"{name} is no longer among the agendas of {book.round}")
    items = [known[name] for name in names]
    phases = [phase for item in items for phase in item.phases]
    scale = minutes / sum(phase.minutes for phase in phases)
    return Agenda(
        title=book.title if book.each else f"{book.title}: {items[0].theme}",
        prompt="\n\n".join(filter(None, [book.opening, *(i.prompt for i in items)])),
        facts=tuple(fact for item in items for fact in item.facts),
        phases=tuple(
            dataclasses.replace(phase, minutes=phase.minutes * scale)
            for phase in phases
        ),
        mistakes=tuple(mistake for item in items for mistake in item.mistakes),
        rubric=book.rubric,
    )
