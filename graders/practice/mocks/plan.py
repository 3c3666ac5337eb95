"""The plan of a mock: its parts in order, and how far each is.

It is always read from the database before it is changed, so that two terminals on one
mock show the same, and a killed one loses nothing. Time goes on while nobody looks: a
part that runs remembers when it was last seen, by both clocks.
"""

from __future__ import annotations

import contextlib
import dataclasses
from collections.abc import Iterator

from graders.practice.clock import Moment, between
from graders.practice.store import Mock, Store
from graders.practice.verb import Refused


@dataclasses.dataclass
class Part:
    """A part of a mock.

    Args:
        kind: "exercise", "talk" or "break".
        round: The round that it belongs to; empty for a break.
        minutes: The time that is given.
        names: What was drawn: one exercise, or what a spoken round talks about.
        state: "ahead", "running", "said" (talked to its end, not yet rated) or "done".
        sitting: The number of an exercise's sitting, once there is one.
        seconds: How long the talk or the break has taken, until it was last seen.
        seen: When it was last seen: a `Moment`'s fields.
        odd: What was odd about its clock.
        phase: At which of its phases a talk is.
        facts: How many facts were asked for.
        probes: How many questions the interviewer asked in this phase.
        ratings: The candidate's own, 1 to 4, by the lines of the rubric.
        notes: The candidate's own.
    """

    kind: str
    round: str
    minutes: float
    names: list[str]
    state: str = "ahead"
    sitting: int | None = None
    seconds: float = 0.0
    seen: list[float | str] = dataclasses.field(default_factory=list)
    odd: list[str] = dataclasses.field(default_factory=list)
    phase: int = 0
    facts: int = 0
    probes: int = 0
    ratings: dict[str, int] = dataclasses.field(default_factory=dict)
    notes: str = ""

    @property
    def left(self) -> float:
        """The seconds left; negative once the time is over."""
        return 60 * self.minutes - self.seconds

    def see(self, at: Moment) -> None:
        """Let the clock run on until a moment, if it runs."""
        if self.state != "running":
            return
        if self.seen:
            wall, steady, boot = self.seen
            last = Moment(float(wall), float(steady), str(boot))
            seconds, odd = between(last, at)
            self.seconds += seconds
            self.odd += [odd] if odd else []
        self.seen = list(dataclasses.astuple(at))


class Course:
    """A mock that runs, as the database has it at every moment.

    Args:
        store: The database.
        mock: The mock.
    """

    def __init__(self, store: Store, mock: Mock) -> None:
        self.store = store
        self.id = mock.id
        self.seed = mock.seed

    def parts(self) -> list[Part]:
        """Return the parts as they stand.

        Raises:
            Refused: If the mock runs no longer.
        """
        for mock in self.store.mocks("running"):
            if mock.id == self.id:
                return [Part(**part) for part in mock.plan]
        raise Refused("the mock was ended in another terminal")

    def next(self) -> int | None:
        """Return the number of the first part that is not done."""
        states = [part.state for part in self.parts()]
        return next((i for i, state in enumerate(states) if state != "done"), None)

    def part(self, number: int, at: Moment) -> Part:
        """Return a part as it stands at a moment; keeps nothing."""
        part = self.parts()[number]
        part.see(at)
        return part

    @contextlib.contextmanager
    def change(self, number: int, at: Moment) -> Iterator[Part]:
        """Read a part, let its clock run until a moment, and keep what is changed."""
        parts = self.parts()
        part = parts[number]
        part.see(at)
        yield part
        if part.state == "running" and not part.seen:
            part.see(at)
        self.store.keep_mock(self.id, as_plan(parts))

    def end(self, state: str) -> None:
        """End the mock: "done" or "left"."""
        self.store.keep_mock(self.id, as_plan(self.parts()), state)


def as_plan(parts: list[Part]) -> list[dict[str, object]]:
    """Return parts in the form in which the database keeps them."""
    return [dataclasses.asdict(part) for part in parts]
