"""Whether a spoken round was held in far less than its time."""

from __future__ import annotations

from graders.practice.mocks.plan import Part
from graders.practice.mocks.question_bank import Agenda
from graders.practice.text import clock

FAR = 1 / 3  # of the planned time; less than that is far shorter


def short(agenda: Agenda, part: Part) -> list[str]:
    """Return what took far less than its time: the round, and its phases.

    Args:
        agenda: The agenda.
        part: Its part, with the times up to now.

    Returns:
        A piece of text each, such as "Serving 0:40 of 10:00". No phase is judged whose
        time is not known, as in a round that an earlier version began, or that was
        held without keys.
    """
    pieces = [("the round", part.seconds, part.minutes)]
    is_known = abs(sum(part.spent) - part.seconds) <= 1
    if is_known and len(part.spent) == len(agenda.phases) > 1:
        phases = zip(agenda.phases, part.spent, strict=True)
        pieces += [(phase.name, seconds, phase.minutes) for phase, seconds in phases]
    return [
        f"{name} {clock(seconds)} of {clock(60 * minutes)}"
        for name, seconds, minutes in pieces
        if seconds < FAR * 60 * minutes
    ]


def in_words(found: list[str]) -> str:
    """Return in a sentence what was far shorter than its time, or ""."""
    return f"Far shorter than planned: {', '.join(found)}." if found else ""
