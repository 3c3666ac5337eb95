"""After a part and after a mock: model points, self-assessment, and how it went.

None of it is shown before the spoken round is over. A program cannot judge one, so it
asks, point by point, and saves each answer at once. What a program judged and the
self-assessment stand apart.
"""

from __future__ import annotations

from prompt_toolkit import prompt
from prompt_toolkit.validation import Validator

from graders.harness.feedback.report import Screen
from graders.practice.mocks import pace
from graders.practice.mocks.plan import SPOKEN, Part, RunningMock
from graders.practice.mocks.question_bank import LEVELS, Agenda, Phase, RubricLine
from graders.practice.mocks.spoken_layout import drawn
from graders.practice.mocks.spoken_round import Now
from graders.practice.mocks.ticking import asked, borne_out, bullets, show, tick_all
from graders.practice.mocks.ticks import RULE, explained, rating
from graders.practice.store import Session
from graders.practice.talk_lines import DRAWN, ticks
from graders.practice.text import clock, trim, wrap

_ONE_TO_FOUR = Validator.from_callable(
    lambda text: text.strip() in ("1", "2", "3", "4"),
    error_message="a number from 1 to 4",
    move_cursor_to_end=True,
)


def schedule(agenda: Agenda, width: int) -> list[str]:
    """Return the whole agenda with its times, for where there are no keys."""
    title = f"{agenda.title}, {agenda.minutes:g} minutes"
    lines = [*wrap(title, width), ""]
    lines += [*wrap(agenda.prompt, width), ""] if agenda.prompt else []
    start = 0.0
    for i, phase in enumerate(agenda.phases):
        at = f"{clock(60 * start):>6}  "
        text = f"{phase.name}, {phase.minutes:.2g} minutes. {phase.task}"
        lines += wrap(text, width, at, " " * len(at))
        start = agenda.ends(i)
    lines += [f"{clock(60 * start):>6}  End."]
    if agenda.facts:
        only = "Read on only for what you have asked. If you ask:"
        lines += ["", *wrap(only, width)]
    for fact in agenda.facts:
        lines += wrap(fact, width, "  - ", "    ")
    return lines


def pages(agenda: Agenda, width: int) -> list[list[str]]:
    """Return what a strong candidate covers: a page per phase, then the whole."""
    found = [_page(phase, width) for phase in agenda.phases]
    if agenda.mistakes:
        found.append(bullets("Classic mistakes", agenda.mistakes, width))
    return found


def rubric(lines: tuple[RubricLine, ...], width: int) -> list[str]:
    """Return the lines of the rubric with their levels."""
    found = []
    for line in lines:
        found += ["", f"{line.name[0].upper()}{line.name[1:]}"]
        for i, (level, sentence) in enumerate(zip(LEVELS, line.levels, strict=True)):
            found += wrap(f"{level}: {sentence}", width, f"  {i + 1} ", "    ")
    return found


def assess(
    mock: RunningMock, index: int, agenda: Agenda, screen: Screen, now: Now
) -> None:
    """Show the phases one by one to be ticked, then the drawing and the rating.

    A line of the rubric without points is asked for. Notes come last.

    Raises:
        EOFError: If the candidate leaves; the answers so far are saved.
    """
    width = screen.width
    if said := pace.in_words(mock.part(index, now()).short):
        show(screen, ["", *wrap(said, width)])
    tick_all(mock, index, agenda, screen, now, of_phases=True)
    if not mock.part(index, now()).ratings:
        lines = [line.text for line in mock.lines(index) if line.kind == DRAWN]
        if lines:
            show(screen, ["", *wrap("Your drawing:", width), *drawn(lines, width)])
            prompt("Enter goes on: ")
        if agenda.mistakes:
            show(screen, ["", *bullets("Classic mistakes", agenda.mistakes, width)])
            prompt("Enter goes on: ")
    tick_all(mock, index, agenda, screen, now, of_phases=False)
    _rate(mock, index, agenda, screen, now)
    screen.write("Notes for yourself, in one line (or just Enter):")
    notes = prompt("> ")
    with mock.change(index, now()) as part:
        part.notes = notes.strip()
        part.state = "done"


def _rate(
    mock: RunningMock, index: int, agenda: Agenda, screen: Screen, now: Now
) -> None:
    """Save and show the rating that follows from the ticks; ask for what does not."""
    width = screen.width
    ticked = ticks(mock.lines(index))
    if any(rating(line, agenda, ticked) for line in agenda.rubric):
        show(screen, ["", *wrap(RULE, width)])
        show(screen, wrap(borne_out(agenda, mock.lines(index)), width))
    for line in agenda.rubric:
        level = rating(line, agenda, ticked)
        if level:
            show(screen, ["", *wrap(explained(line, agenda, ticked), width)])
            show(screen, wrap(line.levels[level - 1], width, "  ", "  "))
        elif line.name in mock.part(index, now()).ratings:
            continue
        else:
            show(screen, rubric((line,), width))
            typed = prompt("Your self-assessment, 1 to 4: ", validator=_ONE_TO_FOUR)
            level = int(typed)
        with mock.change(index, now()) as part:
            part.ratings[line.name] = level
    screen.write()


def explain(agenda: Agenda, screen: Screen) -> None:
    """Show all pages and the rubric, and how to assess yourself without keys."""
    for page in pages(agenda, screen.width):
        show(screen, ["", *page])
    show(screen, rubric(agenda.rubric, screen.width))
    names = ", ".join(line.name for line in agenda.rubric)
    example = " ".join("3" for _ in agenda.rubric)
    text = f"Assess yourself in this order: {names}. For example:"
    show(screen, ["", *wrap(text, screen.width)])
    command = f"nox -s mock -- --rate {example} --notes 'what to do better'"
    show(screen, wrap(command, screen.width))


def how_it_went(mock: RunningMock, parts: list[Part], width: int) -> list[str]:
    """Return how each part of a mock went."""
    found = ["", f"How it went (seed {mock.seed})"]
    for part in parts:
        if part.kind == "exercise":
            found += _exercise(mock, part, width)
        elif part.kind == SPOKEN:
            found += _spoken(part, width)
    return found


def _page(phase: Phase, width: int) -> list[str]:
    lines = wrap(f"{phase.name}. {phase.task}", width)
    lines += bullets("What a strong candidate covers", phase.points, width)
    lines += asked(phase, width)
    return lines + bullets("Classic mistakes", phase.mistakes, width)


def _exercise(mock: RunningMock, part: Part, width: int) -> list[str]:
    head = ["", trim(f"{part.round}: {part.names[0]}", width)]
    session = mock.session(part)
    if session is None:
        return [*head, "  not started"]
    return head + wrap(_judged(session), width, "  ", "  ")


def _judged(session: Session) -> str:
    late = ", late" if session.is_late else ""
    time = f"{clock(session.seconds)} of {clock(60 * session.minutes)}"
    facts = [f"{session.state}{late}", time]
    if session.report:
        checks = session.report["checks"]
        passed = sum(check["verdict"] == "passed" for check in checks)
        facts.append(f"{passed} of {len(checks)} checks")
    if session.hints:
        facts.append(f"hints: {session.hints}")
    return "; ".join(facts)


def _spoken(part: Part, width: int) -> list[str]:
    what = part.names[0].replace("_", " ")
    if len(part.names) > 1:
        what = f"{len(part.names)} questions"
    found = ["", trim(f"{part.round}: {what}", width)]
    if part.state == "ahead":
        return [*found, "  not started"]
    texts = [f"spoke for {clock(part.seconds)} of {clock(60 * part.minutes)}"]
    texts += [pace.in_words(part.short)] if part.short else []
    if part.ratings:
        given = ", ".join(f"{line} {mark}" for line, mark in part.ratings.items())
        texts.append(f"your self-assessment, of 4: {given}")
    texts += [f"your notes: {part.notes}"] if part.notes else []
    texts += [f"clock: {warning}" for warning in part.odd]
    return found + [line for t in texts for line in wrap(t, width, "  ", "    ")]
