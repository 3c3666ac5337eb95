"""Hold a mock part by part: an exercise, a talk or a break.

Exercises are held by the module `sit`, which comes in as a function. Where there is no
terminal nothing waits for a key: what to do is printed, and what to type afterwards.
"""

from __future__ import annotations

import dataclasses
import sys
from collections.abc import Callable

from prompt_toolkit import prompt

from graders.harness.catalog.exercise import Entry, catalogue
from graders.harness.feedback.report import Screen
from graders.practice.mocks import agenda, book, debrief, summary, words
from graders.practice.mocks.agenda import Agenda
from graders.practice.mocks.book import Phase
from graders.practice.mocks.plan import Course, Part
from graders.practice.mocks.talk import Now, hold
from graders.practice.store import ENDED, Sitting, Store
from graders.practice.verb import Refused

Sit = Callable[..., Sitting]  # sit(store, entry, *, mode, minutes, mock)

GOES_ON = "It goes on with: nox -s mock"
RATE = "When you have talked: nox -s mock -- --rate"


def sit(
    store: Store, entry: Entry, *, mode: str, minutes: float, mock: int | None = None
) -> Sitting:
    """Hold an exercise, and show what it came to once it has ended."""
    from graders.practice.sittings.finish import finish
    from graders.practice.sittings.sit import sit as hold_exercise

    sitting = hold_exercise(store, entry, mode=mode, minutes=minutes, mock=mock)
    if sitting.state in ENDED:
        finish(store, entry, sitting)
    return sitting


@dataclasses.dataclass(frozen=True)
class _Held:
    """What every kind of part needs."""

    course: Course
    number: int
    sit: Sit
    screen: Screen
    now: Now

    @property
    def part(self) -> Part:
        return self.course.part(self.number, self.now())

    @property
    def has_keys(self) -> bool:
        return sys.stdin.isatty() and self.screen.live

    def say(self, text: str) -> None:
        for line in words.wrap(text, self.screen.width):
            self.screen.write(line)

    def set(self, state: str) -> None:
        with self.course.change(self.number, self.now()) as part:
            part.state = state


def go_on(course: Course, sit: Sit, screen: Screen, now: Now) -> int:
    """Hold the parts that are not done, and return the exit code.

    It is 0 as well if the candidate left, and 1 if an exercise did not pass.
    """
    kinds = {"exercise": _exercise, "talk": _talk, "break": _break}
    while (number := course.next()) is not None:
        held = _Held(course, number, sit, screen, now)
        if how := kinds[held.part.kind](held):
            held.say(how)
            return 0
    return _end(course, "done", screen)


def abandon(course: Course, screen: Screen, now: Now) -> int:
    """End a mock before its end; an exercise that runs in it is given up."""
    for sitting in course.store.running():
        if sitting.mock == course.id:
            course.store.end(sitting.id, "gave up", None, now())
    number = course.next()
    if number is not None:
        with course.change(number, now()):
            pass  # its time is kept
    _end(course, "left", screen)
    return 0


def rate(
    course: Course, ratings: list[str], notes: str, screen: Screen, now: Now
) -> int:
    """End a talk without keys; with numbers, keep them as its rating."""
    number = course.next()
    part = course.part(number, now()) if number is not None else None
    if number is None or part is None or part.kind != "talk" or part.state == "ahead":
        raise Refused("no talk is under way, so there is nothing to rate")
    about = _agenda(part)
    wrong = [text for text in ratings if text not in ("1", "2", "3", "4")]
    if wrong:
        raise ValueError(f"--rate: not a number from 1 to 4: {wrong[0]!r}")
    if ratings and len(ratings) != len(about.rubric):
        lines = ", ".join(line.name for line in about.rubric)
        raise ValueError(f"--rate: {len(ratings)} numbers for {lines}")
    with course.change(number, now()) as part:
        part.state = "said"
    if not ratings:
        debrief.explain(about, screen)
        return 0
    with course.change(number, now()) as part:
        names = [line.name for line in about.rubric]
        part.ratings = dict(zip(names, map(int, ratings), strict=True))
        part.notes = notes
        part.state = "done"
    if course.next() is None:
        return _end(course, "done", screen)
    screen.write(GOES_ON)
    return 0


def _end(course: Course, state: str, screen: Screen) -> int:
    parts = course.parts()
    course.end(state)
    for line in summary.lines(course, parts, screen.width):
        screen.write(line)
    passed = [
        part.sitting is not None
        and course.store.sitting(part.sitting).state == "passed"
        for part in parts
        if part.kind == "exercise"
    ]
    return 0 if all(passed) else 1


# The kinds of parts: each returns how the mock goes on if it is left here, else "".


def _exercise(held: _Held) -> str:
    part = held.part
    [name] = part.names
    entry = next((entry for entry in catalogue() if entry.name == name), None)
    if entry is None:
        held.say(f"{name} is no longer in the repository; it is left out.")
        held.set("done")
        return ""
    sitting = _sitting_of(held.course, part)
    if sitting is None:
        _ready(held)
    if sitting is None or sitting.state not in ENDED:
        sitting = held.sit(
            held.course.store,
            entry,
            mode="mock",
            minutes=part.minutes,
            mock=held.course.id,
        )
    with held.course.change(held.number, held.now()) as part:
        part.sitting = sitting.id
        part.state = "done" if sitting.state in ENDED else "ahead"
    return "" if sitting.state in ENDED else GOES_ON


def _sitting_of(course: Course, part: Part) -> Sitting | None:
    """Return the sitting that was begun for a part, even if a kill hid it from us."""
    if part.sitting is not None:
        return course.store.sitting(part.sitting)
    found = [
        sitting
        for sitting in course.store.sittings()
        if sitting.mock == course.id and sitting.exercise == part.names[0]
    ]
    return found[-1] if found else None


def _talk(held: _Held) -> str:
    try:
        about = _agenda(held.part)
    except LookupError as error:
        held.say(f"{error.args[0]}; it is left out.")
        held.set("done")
        return ""
    if not held.has_keys:
        return _talk_without_keys(held, about)
    if held.part.state == "ahead":
        _ready(held)
    if held.part.state != "said" and not hold(
        held.course, held.number, about, held.now
    ):
        return f"The clock runs on. {GOES_ON}"
    debrief.ask(held.course, held.number, about, held.screen, held.now)
    return ""


def _talk_without_keys(held: _Held, about: Agenda) -> str:
    if held.part.state == "ahead":
        held.set("running")
    if held.part.state == "running":
        gone = words.span(held.part.seconds)
        for line in ["", *debrief.schedule(about, held.screen.width), ""]:
            held.screen.write(line)
        held.say(f"The clock runs: {gone} of {words.span(60 * about.minutes)}.")
    return RATE


def _break(held: _Held) -> str:
    minutes = held.part.minutes
    phase = Phase("no hurry", minutes, "Rest. n ends the break.", (), (), ())
    about = Agenda("Break", "", (), (phase,), (), ())
    if held.has_keys:
        if not hold(held.course, held.number, about, held.now):
            return f"The clock runs on. {GOES_ON}"
    else:
        held.say(f"Break, {minutes:g} minutes: left out, as there are no keys here.")
    held.set("done")
    return ""


def _agenda(part: Part) -> Agenda:
    return agenda.build(book.load(part.round), part.minutes, part.names)


def _ready(held: _Held) -> None:
    """Wait until the candidate begins, where there are keys."""
    part, count = held.part, len(held.course.parts())
    held.screen.write()
    held.say(
        f"Part {held.number + 1} of {count}: {part.round}, {part.kind}, "
        f"{part.minutes:g} minutes."
    )
    if held.has_keys:
        prompt("Enter begins, and the clock runs (Ctrl-D leaves): ")
