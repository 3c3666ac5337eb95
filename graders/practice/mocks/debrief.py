"""After a talk: what a strong candidate covers, and the candidate's own rating.

Nothing of it is shown before the talk is over. A program cannot judge a talk, so it
asks, one line of the rubric after the other, and keeps each answer at once.
"""

from __future__ import annotations

from prompt_toolkit import prompt
from prompt_toolkit.validation import Validator

from graders.harness.feedback.report import Screen
from graders.practice.mocks import words
from graders.practice.mocks.agenda import Agenda
from graders.practice.mocks.book import LEVELS, Line, Phase
from graders.practice.mocks.plan import Course
from graders.practice.mocks.talk import Now

_ONE_TO_FOUR = Validator.from_callable(
    lambda text: text.strip() in ("1", "2", "3", "4"),
    error_message="a number from 1 to 4",
    move_cursor_to_end=True,
)


def schedule(agenda: Agenda, width: int) -> list[str]:
    """Return the whole agenda with its timings, for where there are no keys."""
    title = f"{agenda.title}, {agenda.minutes:g} minutes"
    lines = [*words.wrap(title, width), ""]
    lines += [*words.wrap(agenda.prompt, width), ""] if agenda.prompt else []
    start = 0.0
    for i, phase in enumerate(agenda.phases):
        at = f"{words.span(60 * start):>6}  "
        text = f"{phase.name}, {phase.minutes:.2g} minutes. {phase.task}"
        lines += words.wrap(text, width, at, " " * len(at))
        start = agenda.ends(i)
    lines += [f"{words.span(60 * start):>6}  End."]
    if agenda.facts:
        only = "Read on only for what you have asked. If you ask:"
        lines += ["", *words.wrap(only, width)]
    for fact in agenda.facts:
        lines += words.wrap(fact, width, "  - ", "    ")
    return lines


def pages(agenda: Agenda, width: int) -> list[list[str]]:
    """Return what a strong candidate covers, a page for each phase, then the whole."""
    found = [_page(phase, width) for phase in agenda.phases]
    if agenda.mistakes:
        found.append(_listed("Classic mistakes", agenda.mistakes, width))
    return found


def _page(phase: Phase, width: int) -> list[str]:
    lines = words.wrap(f"{phase.name}. {phase.task}", width)
    lines += _listed("What a strong candidate covers", phase.points, width)
    lines += _listed("What an interviewer asks", phase.probes, width)
    return lines + _listed("Classic mistakes", phase.mistakes, width)


def _listed(title: str, texts: tuple[str, ...], width: int) -> list[str]:
    lines = words.wrap(f"{title}:", width, "  ", "  ") if texts else []
    for text in texts:
        lines += words.wrap(text, width, "  - ", "    ")
    return lines


def rubric(lines: tuple[Line, ...], width: int) -> list[str]:
    """Return the rubric as it is printed."""
    found = []
    for line in lines:
        found += ["", f"{line.name[0].upper()}{line.name[1:]}"]
        for i, (level, sentence) in enumerate(zip(LEVELS, line.levels, strict=True)):
            found += words.wrap(f"{level}: {sentence}", width, f"  {i + 1} ", "    ")
    return found


def ask(course: Course, number: int, agenda: Agenda, screen: Screen, now: Now) -> None:
    """Show page after page, then ask for the ratings and for notes.

    Raises:
        EOFError: If the candidate leaves; what was answered is kept.
    """
    if not course.part(number, now()).ratings:
        for page in pages(agenda, screen.width):
            _show(screen, ["", *page])
            prompt("Enter goes on: ")
    for line in agenda.rubric:
        if line.name in course.part(number, now()).ratings:
            continue
        _show(screen, rubric((line,), screen.width))
        rating = prompt("Your own rating, 1 to 4: ", validator=_ONE_TO_FOUR)
        with course.change(number, now()) as part:
            part.ratings[line.name] = int(rating)
    notes = prompt("Notes for yourself, in one line (or just Enter): ")
    with course.change(number, now()) as part:
        part.notes = notes.strip()
        part.state = "done"


def explain(agenda: Agenda, screen: Screen) -> None:
    """Show pages and rubric at once, and how to rate without keys."""
    for page in pages(agenda, screen.width):
        _show(screen, ["", *page])
    _show(screen, rubric(agenda.rubric, screen.width))
    names = ", ".join(line.name for line in agenda.rubric)
    example = " ".join("3" for _ in agenda.rubric)
    text = f"Rate yourself in this order: {names}. For example:"
    _show(screen, ["", *words.wrap(text, screen.width)])
    command = f"nox -s mock -- --rate {example} --notes 'what to do better'"
    _show(screen, words.wrap(command, screen.width))


def _show(screen: Screen, lines: list[str]) -> None:
    for line in lines:
        screen.write(line)
