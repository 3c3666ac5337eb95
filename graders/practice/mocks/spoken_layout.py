"""What the screen of a spoken round shows, as text; `spoken_round` draws it.

The head shows the phase and the times, the foot the keys; the body scrolls. What a
strong candidate covers is not on this screen.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

from graders.practice import text
from graders.practice.mocks import drawing
from graders.practice.mocks.plan import Part
from graders.practice.mocks.question_bank import Agenda
from graders.practice.talk_lines import ANSWER, DRAWN, NOTE, QUESTION, Line

HOW = (
    "Enter keeps a line as a note. A line that ends in ? is a question to the "
    "interviewer."
)
HOW_TO_DRAW = f"One arrow a line: {drawing.EXAMPLE}"
ROOMY = 20  # rows in which there is room to say how

Styled = tuple[str, str]  # a style and a line


@dataclasses.dataclass(frozen=True)
class View:
    """What is shown of a spoken part, or of a break.

    Args:
        agenda: Its agenda.
        part: How far it is.
        lines: What was typed in it.
        draws: Whether the drawing is shown, in place of questions and notes.
    """

    agenda: Agenda
    part: Part
    lines: Sequence[Line] = ()
    draws: bool = False

    @property
    def is_break(self) -> bool:
        """Whether nobody speaks."""
        return self.part.kind == "break"

    def typed(self, *kinds: str, phase: int | None = None) -> list[str]:
        """Return the lines of some kinds, of one phase or of all."""
        return [
            line.text
            for line in self.lines
            if line.kind in kinds and phase in (None, line.phase)
        ]


def phase_left(agenda: Agenda, part: Part) -> float:
    """Return the seconds left of the phase, given the time of those before it."""
    return 60 * agenda.ends(part.phase) - part.seconds


def layout(
    view: View, columns: int, rows: int, offset: int
) -> tuple[list[Styled], list[Styled], int]:
    """Return what is above the line for typing, what is below, and the offset used.

    One row is left for that line, but in a break.

    Args:
        view: What is shown.
        columns: The width of the window.
        rows: Its height.
        offset: How many lines of the body are scrolled away; too many are none too.
    """
    width = max(columns - 2, 10)
    rows = max(rows - (0 if view.is_break else 1), 0)
    foot = _foot(view, width, has_room=rows >= ROOMY)
    foot = foot[max(len(foot) - max(rows - 2, 0), 0) :]
    head = _head(view, width)[: max(rows - len(foot) - 2, 2)]
    body = _body(view, width)
    space = max(rows - len(head) - len(foot) - 1, 1)
    offset = max(0, min(offset, len(body) - space))
    shown = body[offset : offset + space]
    above, below = offset > 0, offset + space < len(body)
    more = {
        (True, False): "up: more",
        (False, True): "down: more",
        (True, True): "up, down: more",
    }.get((above, below), "")
    rule = text.trim(f"--- {more} ".replace("---  ", "") + "-" * width, width)
    shown += [("", "")] * (space - len(shown))
    upper = [*head, *shown, ("", rule)][: max(rows - len(foot), 0)]
    return _indented(upper), _indented(foot), offset


def drawn(lines: Sequence[str], width: int) -> list[str]:
    """Return a drawing with what is wrong with it."""
    found = drawing.read(lines)
    shown: list[str] = []
    for line in found.text():
        indent = "  " if line.startswith(" ") else ""
        shown += text.wrap(line.strip(), width, indent, f"{indent}   ")
    problems = found.problems()
    shown += [""] if shown and problems else []
    for problem in problems:
        shown += text.wrap(problem, width, "! ", "  ")
    return shown


def conversation(lines: Sequence[Line], width: int) -> list[str]:
    """Return the questions of the candidate, each with its answer."""
    shown: list[str] = []
    for line in lines:
        if line.kind == QUESTION:
            shown += text.wrap(line.text, width, "- ", "  ")
        elif line.kind == ANSWER:
            shown += text.wrap(line.text, width, "  ", "  ")
    return shown


def _indented(lines: list[Styled]) -> list[Styled]:
    return [(style, f" {line}") for style, line in lines]


def _head(view: View, width: int) -> list[Styled]:
    agenda, part = view.agenda, view.part
    phase = agenda.phases[part.phase]
    place = f"{part.phase + 1} of {len(agenda.phases)}: {phase.name}"
    left = phase_left(agenda, part)
    lines = [
        ("reverse", text.sides(agenda.title, text.time_left(part.left), width)),
        ("bold", text.sides(place, text.time_left(left), width)),
    ]
    over = ""
    if part.left < 0:
        over = "Time is over. Come to an end; nothing is cut off."
    elif left < 0:
        over = "The time of this phase is over; Ctrl-N goes on."
    lines += [("reverse", line) for line in text.wrap(over, width) if over]
    lines += [("bold", line) for line in text.wrap(phase.task, width)]
    return [*lines, ("", "")]


def _body(view: View, width: int) -> list[Styled]:
    lines = _drawing(view, width) if view.draws else _talk(view, width)
    return [("", line) for line in lines]


def _talk(view: View, width: int) -> list[str]:
    """Return the prompt, what was asked on either side, and the notes of the phase."""
    agenda, part = view.agenda, view.part
    lines = text.wrap(agenda.prompt, width) if agenda.prompt else []
    asked = conversation(view.lines, width)
    for fact in agenda.facts[: part.facts]:
        asked += text.wrap(fact, width, "- ", "  ")
    lines += ["", *text.wrap("You asked:", width), *asked] if asked else []
    for title, texts in (
        ("The interviewer asks:", agenda.phases[part.phase].probes[: part.probes]),
        ("Your notes:", view.typed(NOTE, phase=part.phase)),
    ):
        lines += ["", *text.wrap(title, width)] if texts else []
        for said in texts:
            lines += text.wrap(said, width, "- ", "  ")
    return lines


def _drawing(view: View, width: int) -> list[str]:
    found = drawn(view.typed(DRAWN), width)
    return [*text.wrap("Your drawing:", width), *found, "",
            *text.wrap(HOW_TO_DRAW, width)]  # fmt: skip


def _foot(view: View, width: int, *, has_room: bool) -> list[Styled]:
    agenda, part = view.agenda, view.part
    if view.is_break:
        keys = ["n ends the break", "q quit"]
        return [("", line) for line in text.join(keys, width)]
    is_last = part.phase + 1 == len(agenda.phases)
    probes = len(agenda.phases[part.phase].probes)
    keys = ["Ctrl-N end" if is_last else "Ctrl-N next phase"]
    keys += ["Ctrl-P back"] if part.phase else []
    if probes > part.probes and not view.draws:
        keys += [f"Ctrl-F follow-up ({probes - part.probes})"]
    if agenda.is_design:
        keys += ["Ctrl-R notes" if view.draws else "Ctrl-R drawing"]
    kind = DRAWN if view.draws else NOTE
    phase = None if view.draws else part.phase
    keys += ["Ctrl-X take back"] if view.typed(kind, phase=phase) else []
    is_new = has_room and not view.lines and not view.draws
    lines = text.wrap(HOW, width) if is_new else []
    return [("", line) for line in [*lines, *text.join([*keys, "Ctrl-D quit"], width)]]
