"""Run a mock interview part by part: an exercise, a spoken round or a break.

Without a terminal nothing waits for a key: what to do and what to type afterwards are
printed.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

from prompt_toolkit import prompt

from graders.harness.catalog.exercise import Entry, catalogue
from graders.harness.feedback.report import Screen
from graders.practice import text
from graders.practice.cli import Refused, say
from graders.practice.mocks import debrief, pace, question_bank
from graders.practice.mocks.plan import ENDED_UNRATED, SPOKEN, Part, RunningMock
from graders.practice.mocks.question_bank import Agenda, Phase
from graders.practice.mocks.spoken_round import Now, hold_spoken
from graders.practice.mocks.ticking import show
from graders.practice.mocks.worked_answer import worked_answer
from graders.practice.session.practice import hold_session
from graders.practice.session.result import show_result
from graders.practice.store import ENDED, Session, Store

# As `hold_exercise`: (store, entry, *, mode, minutes, mock) -> session
HoldExercise = Callable[..., Session]

RESUME = "Resume with: nox -s mock"
RATE = "When you have finished speaking: nox -s mock -- --rate"


def hold_exercise(
    store: Store, entry: Entry, *, mode: str, minutes: float, mock: int | None = None
) -> Session:
    """Run the session of an exercise, and show its result once it has ended."""
    session = hold_session(store, entry, mode=mode, minutes=minutes, mock=mock)
    if session.state in ENDED:
        show_result(store, entry, session)
    return session


@dataclasses.dataclass(frozen=True)
class _Context:
    """What every kind of part needs."""

    mock: RunningMock
    index: int
    hold: HoldExercise
    screen: Screen
    now: Now

    @property
    def part(self) -> Part:
        return self.mock.part(self.index, self.now())

    def say(self, message: str) -> None:
        say(self.screen, message)

    def set_state(self, state: str) -> None:
        with self.mock.change(self.index, self.now()) as part:
            part.state = state


def resume(mock: RunningMock, hold: HoldExercise, screen: Screen, now: Now) -> int:
    """Run the parts that are not done, and return the exit code.

    It is 1 if an exercise did not pass, and 0 also if the candidate left.
    """
    kinds = {"exercise": _exercise, SPOKEN: _spoken, "break": _break}
    while (index := mock.next()) is not None:
        context = _Context(mock, index, hold, screen, now)
        if how := kinds[context.part.kind](context):
            context.say(how)
            return 0
    return _end(mock, "done", screen)


def abandon(mock: RunningMock, screen: Screen, now: Now) -> int:
    """End a mock early; a running exercise of it is recorded as given up."""
    for session in mock.store.running():
        if session.mock == mock.id:
            mock.store.end(session.id, "gave up", None, now())
    index = mock.next()
    if index is not None:
        with mock.change(index, now()):
            pass  # which saves the time
    _end(mock, "left", screen)
    return 0


def rate(
    mock: RunningMock, ratings: list[str], notes: str, screen: Screen, now: Now
) -> int:
    """End a spoken part without keys; numbers are the self-assessment."""
    index = mock.next()
    part = mock.part(index, now()) if index is not None else None
    if index is None or part is None or part.kind != SPOKEN or part.state == "ahead":
        raise Refused("no spoken round is running, so there is nothing to assess")
    agenda = _agenda(part)
    wrong = [text for text in ratings if text not in ("1", "2", "3", "4")]
    if wrong:
        raise ValueError(f"--rate: not a number from 1 to 4: {wrong[0]!r}")
    if ratings and len(ratings) != len(agenda.rubric):
        lines = ", ".join(line.name for line in agenda.rubric)
        raise ValueError(f"--rate: {len(ratings)} numbers for {lines}")
    with mock.change(index, now()) as part:
        part.state = ENDED_UNRATED
        part.short = pace.short(agenda, part)
    if not ratings:
        debrief.explain(agenda, screen)
        return 0
    with mock.change(index, now()) as part:
        names = [line.name for line in agenda.rubric]
        part.ratings = dict(zip(names, map(int, ratings), strict=True))
        part.notes = notes
        part.state = "done"
    if mock.next() is None:
        return _end(mock, "done", screen)
    screen.write(RESUME)
    return 0


def _end(mock: RunningMock, state: str, screen: Screen) -> int:
    parts = mock.parts()
    mock.end(state)
    for line in debrief.how_it_went(mock, parts, screen.width):
        screen.write(line)
    exercises = [part for part in parts if part.kind == "exercise"]
    sessions = [mock.session(part) for part in exercises]
    return 0 if all(one and one.state == "passed" for one in sessions) else 1


# The kinds of parts: each returns how to resume if the candidate left, else "".


def _exercise(context: _Context) -> str:
    part = context.part
    [name] = part.names
    entry = next((entry for entry in catalogue() if entry.name == name), None)
    if entry is None:
        context.say(f"{name} is no longer in the repository; skipped.")
        context.set_state("done")
        return ""
    session = _session_of(context.mock, part)
    if session is None:
        _ready(context)
    if session is None or session.state not in ENDED:
        session = context.hold(
            context.mock.store,
            entry,
            mode="mock",
            minutes=part.minutes,
            mock=context.mock.id,
        )
    with context.mock.change(context.index, context.now()) as part:
        part.sitting = session.id
        part.state = "done" if session.state in ENDED else "ahead"
    return "" if session.state in ENDED else RESUME


def _session_of(mock: RunningMock, part: Part) -> Session | None:
    """Return the session that was started for a part, even after a kill."""
    if session := mock.session(part):
        return session
    found = [
        session
        for session in mock.store.sessions()
        if session.mock == mock.id and session.exercise == part.names[0]
    ]
    return found[-1] if found else None


def _spoken(context: _Context) -> str:
    try:
        agenda = _agenda(context.part)
    except LookupError as error:
        context.say(f"{error.args[0]}; skipped.")
        context.set_state("done")
        return ""
    if not context.screen.has_keys:
        return _spoken_without_keys(context, agenda)
    if context.part.state == "ahead":
        _ready(context)
    if context.part.state != ENDED_UNRATED and not hold_spoken(
        context.mock, context.index, agenda, context.now
    ):
        return f"The clock keeps running. {RESUME}"
    debrief.assess(context.mock, context.index, agenda, context.screen, context.now)
    for name in context.part.names:
        show(context.screen, worked_answer(name, context.screen.width))
    return ""


def _spoken_without_keys(context: _Context, agenda: Agenda) -> str:
    if context.part.state == "ahead":
        context.set_state("running")
    if context.part.state == "running":
        time = f"{text.clock(context.part.seconds)} of "
        time += text.clock(60 * agenda.minutes)
        schedule = debrief.schedule(agenda, context.screen.width)
        show(context.screen, ["", *schedule, ""])
        context.say(f"The clock is running: {time}.")
    return RATE


def _break(context: _Context) -> str:
    minutes = context.part.minutes
    phase = Phase(
        "Rest",
        minutes,
        "Rest until the time is over, or as long as you like.",
        (),
        (),
        (),
    )
    agenda = Agenda("Break", "", (), (phase,), (), ())
    if context.screen.has_keys:
        if not hold_spoken(context.mock, context.index, agenda, context.now):
            return f"The clock keeps running. {RESUME}"
    else:
        context.say(f"Break, {minutes:g} minutes: skipped, as there are no keys here.")
    context.set_state("done")
    return ""


def _agenda(part: Part) -> Agenda:
    bank = question_bank.load(part.round)
    return question_bank.build(bank, part.minutes, part.names)


def _ready(context: _Context) -> None:
    """Wait until the candidate starts, where there are keys."""
    part, count = context.part, len(context.mock.parts())
    context.screen.write()
    context.say(
        f"Part {context.index + 1} of {count}: {part.round}, {part.what}, "
        f"{part.minutes:g} minutes."
    )
    if context.screen.has_keys:
        prompt("Enter starts the clock, Ctrl-D leaves: ")
