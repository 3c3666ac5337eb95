"""What the rows of the database mean.

Anything may stand in a row: a later version, another program, a person or a damaged
disk may have written it. A row that is not understood is `Odd`; who reads skips it and
says so. A grading that is not understood is left out of its session, which stays.

Values of a report that a version may lack are filled in where they are shown.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping
from typing import Any

from graders.harness.feedback.text import short
from graders.practice import fits
from graders.practice.clock import Moment

ENDED = ("passed", "failed", "gave up")
UNTIMED = "grade"  # the mode of what the command `grade` recorded


class Odd(Exception):
    """A row is not understood; says why in a few words."""


@dataclasses.dataclass(frozen=True)
class Session:
    """One attempt at an exercise.

    Args:
        id: Its number.
        exercise: The exercise's name.
        mode: "practice", "interview", "mock" or "grade" (untimed).
        minutes: The time limit.
        seed: The seed of its gradings.
        state: "running", or how it ended: "passed", "failed" or "gave up".
        started: When, in seconds since 1970.
        seconds: The time it has taken, up to the last look.
        hints: How many hints were taken.
        report: The last grading, as in the command line's JSON, or None.
        mock: The mock interview that it belongs to, or None.
        has_read: Whether the solution was read within a day before.
    """

    id: int
    exercise: str
    mode: str
    minutes: float
    seed: int
    state: str
    started: float
    seconds: float
    hints: int
    report: dict[str, Any] | None
    mock: int | None
    has_read: bool = False

    @property
    def is_timed(self) -> bool:
        """Whether it ran against the clock."""
        return self.mode != UNTIMED

    @property
    def is_late(self) -> bool:
        """Whether it took more than the time limit."""
        return self.seconds > 60 * self.minutes

    @property
    def left(self) -> float:
        """The seconds left; negative once the time is over."""
        return 60 * self.minutes - self.seconds


@dataclasses.dataclass(frozen=True)
class Event:
    """Something that happened in a session.

    Args:
        wall: When, in seconds since 1970.
        seconds: When, by the session's clock.
        kind: "started", "graded", "hint", "submitted", "gave up", "left", "opened",
            "read", "clock" (a warning about it), or one of the store's constants.
        detail: More about it: a verdict, the name of a backup, ratings as JSON.
    """

    wall: float
    seconds: float
    kind: str
    detail: str


@dataclasses.dataclass(frozen=True)
class Review:
    """A card that was answered.

    Args:
        card: Its name in the deck.
        wall: When, in seconds since 1970.
        rating: 1 again, 2 hard, 3 good, 4 easy.
        answer: What the candidate wrote.
    """

    card: str
    wall: float
    rating: int
    answer: str


@dataclasses.dataclass(frozen=True)
class Mock:
    """A mock interview: what was drawn, and how far it is.

    Args:
        id: Its number.
        wall: When it started, in seconds since 1970.
        seed: The seed of the draw.
        state: "running", "done" or "left".
        plan: Its parts in order; see `graders.practice.mocks.plan`.
    """

    id: int
    wall: float
    seed: int
    state: str
    plan: list[dict[str, Any]]


def _seen(value: Any) -> bool:
    """Return whether it is a part's last look: nothing, or the fields of a moment."""
    return isinstance(value, list) and (not value or moment(*value) is not None)


def _ratings(value: Any) -> bool:
    return isinstance(value, dict) and all(map(fits.whole(1, 4), value.values()))


_SESSION: dict[str, fits.Test] = {
    "id": fits.whole(),
    "exercise": fits.name,
    "mode": fits.name,
    "minutes": fits.MINUTES,
    "seed": fits.whole(),
    "state": fits.one_of("running", *ENDED),
    "started": fits.TIME,
    "seconds": fits.SECONDS,
    "hints": fits.whole(0, 10**6),
    "mock": lambda value: value is None or fits.whole()(value),
}
_EVENT: dict[str, fits.Test] = {
    "wall": fits.TIME,
    "seconds": fits.SECONDS,
    "kind": fits.name,
    "detail": fits.text,
}
_REVIEW: dict[str, fits.Test] = {
    "card": fits.name,
    "wall": fits.TIME,
    "rating": fits.whole(1, 4),
    "answer": fits.text,
}
_MOCK: dict[str, fits.Test] = {
    "id": fits.whole(),
    "wall": fits.TIME,
    "seed": fits.whole(),
    "state": fits.one_of("running", "done", "left"),
}
# Of a part, what it always has, and what it may lack.
_PART: dict[str, fits.Test] = {
    "kind": fits.one_of("exercise", "break", "talk"),  # the last is a spoken part
    "round": fits.text,
    "minutes": fits.MINUTES,
    "names": fits.items(fits.name),
}
_COUNTS = {
    "exercise": fits.whole(1, 1),
    "break": fits.whole(),
    "talk": fits.whole(1),
}  # of names
_PROGRESS: dict[str, fits.Test] = {
    "state": fits.one_of("ahead", "running", "done", "said"),
    "sitting": lambda value: value is None or fits.whole()(value),
    "seconds": fits.SECONDS,
    "seen": _seen,
    "odd": fits.items(fits.text),
    "phase": fits.whole(0, 10**6),
    "facts": fits.whole(0, 10**6),
    "probes": fits.whole(0, 10**6),
    "ratings": _ratings,
    "notes": fits.text,
}
_CHECK_TEXTS = (
    *("name", "sentence", "rubric", "verdict", "call", "got", "expected"),
    *("message", "difference", "mistake", "pitfall", "output", "trace"),
)


def session(row: Mapping[str, Any]) -> tuple[Session, str]:
    """Return a session, and why its grading was left out, or "".

    Raises:
        Odd: If the row is not understood.
    """
    values = dict(row)
    text = values.pop("report")
    _require(values, _SESSION)
    values["has_read"] = bool(values.get("has_read"))
    if text is None:
        return Session(**values, report=None), ""
    try:
        return Session(**values, report=_report(_json(text))), ""
    except Odd as error:
        return Session(**values, report=None), str(error)


def event(row: Mapping[str, Any]) -> Event:
    """Return an event; raises `Odd`."""
    _require(row, _EVENT)
    return Event(**{key: row[key] for key in _EVENT})


def review(row: Mapping[str, Any]) -> Review:
    """Return the rating of a card; raises `Odd`."""
    _require(row, _REVIEW)
    return Review(**{key: row[key] for key in _REVIEW})


def mock(row: Mapping[str, Any]) -> Mock:
    """Return a mock interview; raises `Odd`."""
    values = dict(row)
    plan = _json(values.pop("plan"))
    _require(values, _MOCK)
    if not isinstance(plan, list) or not all(isinstance(part, dict) for part in plan):
        raise Odd(f"its plan is {short(plan, 40)}")
    return Mock(**values, plan=plan)


def require_parts(plan: list[dict[str, Any]]) -> None:
    """Demand that a plan can be carried out; raises `Odd`."""
    for part in plan:
        if not part.keys() <= {*_PART, *_PROGRESS}:
            raise Odd(f"a part of its plan is {short(part, 40)}")
        _require(part, _PART)
        _require(part, {key: _PROGRESS[key] for key in part.keys() & _PROGRESS})
        if not _COUNTS[part["kind"]](len(part["names"])):
            raise Odd(f"a part of its plan has {len(part['names'])} names")


def moment(
    wall: Any = None, monotonic: Any = None, boot: Any = None, *more: Any
) -> Moment | None:
    """Return the moment of the last look, or None if it is not understood."""
    if not more and fits.TIME(wall) and fits.TIME(monotonic) and isinstance(boot, str):
        return Moment(float(wall), float(monotonic), boot)
    return None


def _require(row: Mapping[str, Any], tests: Mapping[str, fits.Test]) -> None:
    values = dict(row)
    for key, test in tests.items():
        if not test(value := values.get(key)):
            raise Odd(f"its {key} is {short(value, 40)}")


def _json(text: Any) -> Any:
    try:
        return json.loads(text)
    except (TypeError, ValueError, RecursionError):
        raise Odd(f"no JSON, but {short(text, 40)}") from None


def _report(found: Any) -> dict[str, Any]:
    """Return a grading whose values, as far as it has them, can be shown."""
    report = found if isinstance(found, dict) else {}
    checks = report.get("checks")
    if not isinstance(checks, list) or not all(map(_is_check, checks)):
        raise Odd("its grading has no list of checks")
    _require(report, {"verdict": fits.text})
    for key in {"answer", "error", "exhibit"} & report.keys():
        _require(report, {key: fits.text})
    for key in {"seconds"} & report.keys():
        _require(report, {key: fits.SECONDS})
    return report


def _is_check(check: Any) -> bool:
    if not isinstance(check, dict) or "verdict" not in check:
        return False
    brief = check.get("short")  # the same texts, shorter
    parts = [check, *([brief] if isinstance(brief, dict) else [])]
    texts = [part[key] for part in parts for key in part.keys() & set(_CHECK_TEXTS)]
    return all(map(fits.text, texts)) and (not brief or isinstance(brief, dict))
