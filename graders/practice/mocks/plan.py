"""The plan of a mock interview: its parts in order, and how far each is.

It is always read from the database before it is changed, so two terminals on one mock
show the same, and a killed one loses nothing. Time passes while no process looks: a
running part remembers when it was last seen, by both clocks.

Plans are stored as JSON, and the words in it never change, so that old ones can be
read. The constants below name those for which the code has a better word today.
"""

from __future__ import annotations

import contextlib
import dataclasses
from collections.abc import Iterator, Sequence

from graders.practice.cli import Refused
from graders.practice.clock import Moment, elapsed
from graders.practice.rows import require_parts
from graders.practice.store import Mock, Session, Store
from graders.practice.talk_lines import Line, as_stored

SPOKEN = "talk"  # the kind of a spoken part
ENDED_UNRATED = "said"  # the state of a spoken part without its self-assessment


@dataclasses.dataclass
class Part:
    """A part of a mock interview.

    Args:
        kind: "exercise", "break" or `SPOKEN`.
        round: Its round; empty for a break.
        minutes: Its time limit.
        names: What was drawn: one exercise, or the items of a spoken round.
        state: "ahead", "running", "done" or `ENDED_UNRATED`.
        sitting: The number of an exercise's session, once there is one.
        seconds: The time of a spoken part or a break, up to the last look.
        seen: The last look: the fields of a `Moment`.
        odd: The warnings of its clock.
        phase: The current phase of a spoken part.
        facts: How many facts were read out in order, as earlier versions did.
        probes: How many questions the interviewer asked in this phase.
        spent: The seconds of each phase so far, up to the last look.
        short: What took far less than its time, in words.
        ratings: The self-assessment, 1 to 4, by the lines of the rubric.
        notes: The candidate's notes.
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
    spent: list[float] = dataclasses.field(default_factory=list)
    short: list[str] = dataclasses.field(default_factory=list)
    ratings: dict[str, int] = dataclasses.field(default_factory=dict)
    notes: str = ""

    @property
    def what(self) -> str:
        """Its kind in words."""
        return "spoken" if self.kind == SPOKEN else self.kind

    @property
    def left(self) -> float:
        """The seconds left; negative once the time is over."""
        return 60 * self.minutes - self.seconds

    def advance(self, at: Moment) -> None:
        """Advance the clock to a moment, if the part is running."""
        if self.state != "running":
            return
        if self.seen:
            wall, monotonic, boot = self.seen
            last = Moment(float(wall), float(monotonic), str(boot))
            seconds, warning = elapsed(last, at)
            self.seconds += seconds
            self.spent += [0.0] * (self.phase + 1 - len(self.spent))
            self.spent[self.phase] += seconds
            self.odd += [warning] if warning else []
        self.seen = list(dataclasses.astuple(at))


def read(mock: Mock) -> list[Part]:
    """Return the parts of a mock interview.

    Raises:
        Odd: If its plan is not understood.
    """
    require_parts(mock.plan)
    return [Part(**part) for part in mock.plan]


class RunningMock:
    """A running mock interview, always as the database has it.

    Args:
        store: The database.
        mock: The mock.
    """

    def __init__(self, store: Store, mock: Mock) -> None:
        self.store = store
        self.id = mock.id
        self.seed = mock.seed

    def parts(self) -> list[Part]:
        """Return the parts.

        Raises:
            Refused: If the mock has ended.
        """
        for mock in self.store.mocks("running"):
            if mock.id == self.id:
                return read(mock)
        raise Refused("the mock interview was ended in another terminal")

    def session(self, part: Part) -> Session | None:
        """Return the session of an exercise, if it has one that is understood."""
        if part.sitting is None:
            return None
        try:
            return self.store.session(part.sitting)
        except LookupError:
            return None

    def next(self) -> int | None:
        """Return the index of the first part that is not done."""
        states = [part.state for part in self.parts()]
        return next((i for i, state in enumerate(states) if state != "done"), None)

    def part(self, index: int, at: Moment) -> Part:
        """Return a part at a moment, without saving it."""
        part = self.parts()[index]
        part.advance(at)
        return part

    @contextlib.contextmanager
    def change(self, index: int, at: Moment) -> Iterator[Part]:
        """Read a part, advance its clock to a moment, and save the changes."""
        parts = self.parts()
        part = parts[index]
        part.advance(at)
        yield part
        if part.state == "running" and not part.seen:
            part.advance(at)
        self.store.save_mock(self.id, as_plan(parts))

    # What is typed in a spoken part.

    def lines(self, index: int) -> list[Line]:
        """Return the lines of a part."""
        return self.store.lines(self.id, index)

    def add(
        self, index: int, phase: int, lines: Sequence[tuple[str, str]], at: Moment
    ) -> None:
        """Add lines to a phase of a part, each with its kind."""
        self.store.add_lines(self.id, index, phase, lines, at)

    def take_back(self, index: int, kind: str, phase: int | None, at: Moment) -> str:
        """Take back the last line of a kind, in one phase or in any.

        Returns:
            Its text, or "" if there is none.
        """
        return self.store.take_back(self.id, index, kind, phase, at)

    def draft(self, index: int) -> str:
        """Return the line that was being typed when the part was left."""
        return self.store.setting(f"draft {self.id} {index}")

    def save_draft(self, index: int, text: str) -> None:
        """Save the line that is being typed."""
        self.store.save_setting(f"draft {self.id} {index}", as_stored(text))

    def end(self, state: str) -> None:
        """End the mock interview: "done" or "left"."""
        self.store.save_mock(self.id, as_plan(self.parts()), state)


def as_plan(parts: list[Part]) -> list[dict[str, object]]:
    """Return parts as the database stores them."""
    return [dataclasses.asdict(part) for part in parts]
