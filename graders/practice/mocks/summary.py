"""What is said of a mock: at its beginning what comes, at its end how it went.

What a program has judged and what the candidates say of themselves stand apart.
"""

from __future__ import annotations

from graders.practice.mocks import words
from graders.practice.mocks.plan import Course, Part
from graders.practice.store import Mock, Sitting


def name(mock: Mock) -> str:
    """Return what a person calls a mock."""
    rounds = {part["round"] for part in mock.plan if part["round"]}
    what = rounds.pop() if len(rounds) == 1 else "a whole day"
    return f"the mock of {what} (seed {mock.seed})"


def announcement(mock: Mock, minutes: float, width: int) -> list[str]:
    """Return what comes, without what it asks; and the seed, to draw it again."""
    parts = [Part(**part) for part in mock.plan]
    title = name(mock)
    lines = words.wrap(f"{title[0].upper()}{title[1:]}, {minutes:g} minutes:", width)
    for i, part in enumerate(parts):
        what = f"{part.round}, {part.kind}" if part.round else part.kind
        lines.append(words.trim(f"  {i + 1}. {what}, {part.minutes:g} minutes", width))
    total = sum(part.minutes for part in parts if part.kind == "exercise")
    if len({part.round for part in parts}) == 1 and 0 < total < minutes / 2:
        text = f"They take {total:g} minutes; there is no more that fits."
        lines += words.wrap(text, width)
    return lines


def lines(course: Course, parts: list[Part], width: int) -> list[str]:
    """Return how each part went."""
    found = ["", f"How it went (seed {course.seed})"]
    for part in parts:
        if part.kind == "exercise":
            found += _exercise(course, part, width)
        elif part.kind == "talk":
            found += _talk(part, width)
    return found


def _exercise(course: Course, part: Part, width: int) -> list[str]:
    head = ["", words.trim(f"{part.round}: {part.names[0]}", width)]
    if part.sitting is None:
        return [*head, "  not begun"]
    sitting = course.store.sitting(part.sitting)
    return head + words.wrap(_judged(sitting), width, "  ", "  ")


def _judged(sitting: Sitting) -> str:
    late = ", late" if sitting.is_late else ""
    time = f"{words.span(sitting.seconds)} of {words.span(60 * sitting.minutes)}"
    words_ = [f"{sitting.state}{late}", time]
    if sitting.report:
        checks = sitting.report["checks"]
        good = sum(check["verdict"] == "passed" for check in checks)
        words_.append(f"{good} of {len(checks)} checks")
    if sitting.hints:
        words_.append(f"hints: {sitting.hints}")
    return "; ".join(words_)


def _talk(part: Part, width: int) -> list[str]:
    what = part.names[0].replace("_", " ")
    if len(part.names) > 1:
        what = f"{len(part.names)} questions"
    found = ["", words.trim(f"{part.round}: {what}", width)]
    if part.state == "ahead":
        return [*found, "  not begun"]
    time = f"{words.span(part.seconds)} of {words.span(60 * part.minutes)}"
    texts = [f"talked for {time}"]
    if part.ratings:
        given = ", ".join(f"{line} {mark}" for line, mark in part.ratings.items())
        texts.append(f"your own rating, of 4: {given}")
    texts += [f"your notes: {part.notes}"] if part.notes else []
    texts += [f"the clock: {odd}" for odd in part.odd]
    return found + [line for t in texts for line in words.wrap(t, width, "  ", "    ")]
