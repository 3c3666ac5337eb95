"""Tick what was covered, point by point, beside one's own notes.

Each tick is saved at once. Points that the notes seem to cover are proposed by shared
words; a program cannot judge a talk, so nothing is ticked by itself.
"""

from __future__ import annotations

from collections.abc import Sequence

from prompt_toolkit import prompt
from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent

from graders.harness.feedback.report import Screen
from graders.practice.mocks import overlap
from graders.practice.mocks.own_stories import own_stories
from graders.practice.mocks.plan import RunningMock
from graders.practice.mocks.question_bank import Agenda, Phase
from graders.practice.mocks.spoken_layout import conversation
from graders.practice.mocks.spoken_round import Now
from graders.practice.mocks.ticks import Sheet, sheets
from graders.practice.talk_lines import (
    ANSWER,
    DRAWN,
    NOTE,
    QUESTION,
    TICKS,
    Line,
    ticks,
)
from graders.practice.text import wrap

KEYS = {tick[0]: tick for tick in TICKS}  # y, h and n
PROPOSED = "proposed by shared words ({}); judge yourself"
MOST = 6  # shared words that are named


def tick_all(
    mock: RunningMock,
    index: int,
    agenda: Agenda,
    screen: Screen,
    now: Now,
    *,
    of_phases: bool,
) -> None:
    """Ask for the ticks that are missing: of the phases, each beside its notes.

    Or of the rubric, whose points are about the whole.

    Raises:
        EOFError: If the candidate leaves; the ticks so far are saved.
    """
    part = mock.part(index, now())
    is_resumed = bool(ticks(mock.lines(index)) or part.ratings)
    for sheet in sheets(agenda):
        if (sheet.phase is not None) != of_phases:
            continue
        ticked = ticks(mock.lines(index))
        is_ticked = all(point in ticked for point in sheet.points)
        if is_ticked and (sheet.points or is_resumed):
            continue
        _head(agenda, sheet, mock.lines(index), screen)
        _tick(mock, index, sheet, screen, now)
        if sheet.phase is not None:
            phase = agenda.phases[sheet.phase]
            show(screen, _afterwards(phase, screen.width))
            prompt("Enter goes on: ")


def show(screen: Screen, lines: Sequence[str]) -> None:
    """Write lines."""
    for line in lines:
        screen.write(line)


def bullets(title: str, texts: Sequence[str], width: int) -> list[str]:
    """Return a list with its title; nothing if it is empty."""
    lines = wrap(f"{title}:", width, "  ", "  ") if texts else []
    for text in texts:
        lines += wrap(text, width, "  - ", "    ")
    return lines


def asked(phase: Phase, width: int) -> list[str]:
    """Return what an interviewer asks in a phase, with the model answers."""
    if not phase.answers:
        return bullets("What an interviewer asks", phase.probes, width)
    lines = wrap("What an interviewer asks:", width, "  ", "  ")
    for probe, answer in zip(phase.probes, phase.answers, strict=True):
        lines += wrap(probe, width, "  - ", "    ")
        lines += wrap(f"Model answer: {answer}", width, "    ", "    ")
    return lines


def notes_of(lines: Sequence[Line], phase: int, width: int) -> list[str]:
    """Return what was noted and asked in a phase."""
    mine = [line for line in lines if line.phase == phase]
    texts = [line.text for line in mine if line.kind == NOTE]
    found = bullets("Your notes", texts, width)
    talk = [line for line in mine if line.kind in (QUESTION, ANSWER)]
    if talk:
        found += wrap("You asked:", width, "  ", "  ")
        found += [f"  {line}" for line in conversation(talk, width - 2)]
    return found or wrap("You noted nothing here.", width, "  ", "  ")


def proposal(point: str, lines: Sequence[Line], phase: int) -> str:
    """Return by which words what was typed in a phase seems to cover a point, or ""."""
    kinds = (NOTE, QUESTION, DRAWN)
    typed = [line.text for line in lines if line.phase == phase and line.kind in kinds]
    found = overlap.covered(point, typed)
    return PROPOSED.format(", ".join(found[:MOST])) if found else ""


def borne_out(agenda: Agenda, lines: Sequence[Line]) -> str:
    """Return in a sentence how many ticks stand beside notes that seem to cover them.

    Empty if no point of a phase was ticked yes or half.
    """
    ticked = ticks(lines)
    claimed = [
        bool(proposal(point, lines, sheet.phase))
        for sheet in sheets(agenda)
        if sheet.phase is not None
        for point in sheet.points
        if ticked.get(point) in ("yes", "half")
    ]
    said = f"Your notes share words with {sum(claimed)} of the {len(claimed)} points"
    return f"{said} of phases that you ticked yes or half." if claimed else ""


def _head(agenda: Agenda, sheet: Sheet, lines: Sequence[Line], screen: Screen) -> None:
    width = screen.width
    show(screen, ["", *wrap(sheet.title, width)])
    if sheet.phase is None:
        return
    phase = agenda.phases[sheet.phase]
    show(screen, notes_of(lines, sheet.phase, width))
    title = "What a strong candidate covers"
    if not sheet.points:
        show(screen, bullets(title, phase.points, width))
    else:
        show(screen, wrap(f"{title}; did you?", width, "  ", "  "))


def _tick(
    mock: RunningMock, index: int, sheet: Sheet, screen: Screen, now: Now
) -> None:
    """Ask for the ticks of a sheet, from the first that is missing."""
    lines = mock.lines(index)
    ticked = ticks(lines)
    points = sheet.points
    at = next((i for i, point in enumerate(points) if point not in ticked), len(points))
    while at < len(points):
        point = points[at]
        number = f"  {at + 1} "
        show(screen, wrap(point, screen.width, number, "    "))
        said = "" if sheet.phase is None else proposal(point, lines, sheet.phase)
        said += f" (so far: {ticked[point]})" if point in ticked else ""
        show(screen, wrap(said.strip(), screen.width, "    ", "    ") if said else [])
        key = _ask()
        if key == "b":
            at = max(at - 1, 0)
            continue
        phase = sheet.phase if sheet.phase is not None else 0
        mock.add(index, phase, [(KEYS[key], point)], now())
        ticked[point] = KEYS[key]
        at += 1


def _ask() -> str:
    """Return the key that was pressed: y, h, n, or b."""
    keys = KeyBindings()

    def bind(key: str) -> None:
        @keys.add(key, eager=True)
        def _(event: KeyPressEvent) -> None:
            event.current_buffer.text = key
            event.current_buffer.validate_and_handle()

    for key in (*KEYS, "b"):
        bind(key)
        bind(key.upper())

    @keys.add("enter", eager=True)
    @keys.add("<any>")
    def _(event: KeyPressEvent) -> None:
        """Take no other key."""

    return prompt("    y yes, h half, n no, b back: ", key_bindings=keys).lower()


def _afterwards(phase: Phase, width: int) -> list[str]:
    lines = asked(phase, width)
    lines += bullets("Classic mistakes", phase.mistakes, width)
    said = [
        f"At {level} level: {needs}"
        for level, needs in zip(("senior", "staff"), phase.levels, strict=True)
        if needs
    ]
    said += [own_stories(phase.name)] if said else []
    return lines + [line for text in said for line in wrap(text, width, "  ", "    ")]
