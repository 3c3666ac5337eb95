"""The scorecard of a sitting: each line with its evidence, and what they come to.

It says what an interviewer would write down who saw only the answer and the clock. What
a program cannot judge is the candidate's own rating, which stands apart and decides
nothing.
"""

from __future__ import annotations

import dataclasses
import math
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from wcwidth import ljust, wrap

from graders.harness.catalog.exercise import Entry
from graders.harness.feedback.results import RUBRIC
from graders.harness.feedback.text import plain
from graders.practice.sittings.rule import GRADES, RATINGS, SCALES, UNDECIDED
from graders.practice.sittings.rule import rule_text as rule_text
from graders.practice.store import Sitting

SHOWN = 3  # failed checks that a line names


@dataclasses.dataclass(frozen=True)
class Line:
    """One line of a scorecard.

    Args:
        name: What is rated.
        rating: 1, very weak, to 4, very strong.
        evidence: What it rests on, the measure first.
    """

    name: str
    rating: int
    evidence: tuple[str, ...]

    @property
    def words(self) -> str:
        """The rating in words."""
        return RATINGS[self.rating - 1]


@dataclasses.dataclass(frozen=True)
class Scorecard:
    """What a sitting comes to.

    Args:
        exercise: The exercise's name.
        lines: What is rated; the first is correctness.
        decision: From "no hire" to "strong hire", or "undecided".
        reason: What kept it from the next better one, or spoke for the best.
        own: The candidate's own ratings, 1 to 4, of what a program cannot judge.
    """

    exercise: str
    lines: tuple[Line, ...]
    decision: str
    reason: str
    own: Mapping[str, int]


def score(sitting: Sitting, own: Mapping[str, int] | None = None) -> Scorecard:
    """Return the scorecard of a sitting that has ended.

    Args:
        sitting: The sitting; its report may be missing.
        own: The candidate's own ratings, 1 to 4.

    Raises:
        ValueError: If the sitting still runs, or an own rating is no rating.
    """
    if sitting.state == "running":
        raise ValueError(f"the sitting of {sitting.exercise} has not ended")
    own = dict(own or {})
    for name, rating in own.items():
        if rating not in range(1, len(RATINGS) + 1):
            raise ValueError(f"{name}: {rating!r} is not 1 to {len(RATINGS)}")
    lines = (*_rubric(sitting.report or {}), _time(sitting), _hints(sitting))
    decision, reason = _decide(sitting, lines)
    return Scorecard(sitting.exercise, lines, decision, reason, own)


def spoken(seconds: float) -> str:
    """Return a duration as a person says it: "45 s", "12 min 5 s", "2 h 5 min"."""
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    parts = ((hours, "h"), (minutes, "min"), (0 if hours else rest, "s"))
    return " ".join(f"{n} {unit}" for n, unit in parts if n) or "0 s"


def render(scorecard: Scorecard, width: int = 80) -> str:
    """Return a scorecard as plain text, no line of it wider than `width`."""
    rows = [f"{scorecard.exercise}: {scorecard.decision}", f"  {scorecard.reason}"]
    text = [*_wrapped(rows[0], width), *_wrapped(rows[1], width), ""]
    for line in scorecard.lines:
        text += _row(line.name, line.rating, line.evidence, width)
    if scorecard.own:
        text += ["", *_wrapped("  Your own rating, which decides nothing:", width), ""]
        for name, rating in scorecard.own.items():
            text += _row(name, rating, (), width)
    return "\n".join(text)


def follow_ups(entry: Entry, width: int = 80) -> str:
    """Return what an interviewer would ask now; empty if there is nothing."""
    if not entry.sheet.follow_ups:
        return ""
    text = [*_wrapped("An interviewer would now ask:", width)]
    for follow_up in entry.sheet.follow_ups:
        text += ["", *_wrapped(f"  - {follow_up.question}", width, "    ")]
    return "\n".join(text)


# How it is done.


def _rubric(report: dict[str, Any]) -> Iterator[Line]:
    """Yield the lines for which there are checks; correctness if there are none."""
    checks = report.get("checks", [])
    if not checks:
        verdict = report.get("verdict", "nothing was graded")
        yield Line("correctness", 1, (verdict,))
    for rubric in RUBRIC:
        found = [check for check in checks if check["rubric"] == rubric]
        name = rubric.replace("_", " ")
        if found:
            good = sum(check["verdict"] == "passed" for check in found)
            evidence = (f"{good} of {len(found)} checks", *_failures(found))
            yield Line(name, SCALES[name].rate(good / len(found)), evidence)


def _failures(checks: list[dict[str, Any]]) -> list[str]:
    """Return the sentences of what failed, the first few, each with its verdict."""
    counts = Counter(
        f"{check['verdict']}: {check['sentence']}"
        for check in checks
        if check["verdict"] != "passed"
    )
    if all(key.startswith(("not started:", "could not load:")) for key in counts):
        return [*dict.fromkeys(key.partition(":")[0] for key in counts)]
    texts = [key + (f" ({n} times)" if n > 1 else "") for key, n in counts.items()]
    more = [f"and {len(texts) - SHOWN} more"] if len(texts) > SHOWN else []
    return texts[:SHOWN] + more


def _time(sitting: Sitting) -> Line:
    given = 60 * sitting.minutes
    evidence = f"{spoken(sitting.seconds)} of {spoken(given)}"
    if sitting.is_late:
        evidence += f", late by {spoken(math.ceil(-sitting.left))}"
    return Line("time", SCALES["time"].rate(sitting.seconds / given), (evidence,))


def _hints(sitting: Sitting) -> Line:
    if sitting.state == "gave up":
        return Line("hints", 1, ("given up",))
    taken = f"{sitting.hints} taken" if sitting.hints else "none taken"
    return Line("hints", SCALES["hints"].rate(sitting.hints), (taken,))


def _decide(sitting: Sitting, lines: tuple[Line, ...]) -> tuple[str, str]:
    report = sitting.report or {}
    verdicts = [check["verdict"] for check in report.get("checks", [])]
    if "grader error" in (report.get("verdict"), *verdicts):
        return UNDECIDED, "A check could not judge, which is our fault."
    if sitting.state == "gave up":
        return "no hire", "It was given up."
    core, *rest = (line.rating for line in lines)
    at = next(i for i, grade in enumerate(GRADES) if grade.met(core, rest))
    if at == 0:
        return GRADES[0].decision, "Every line is very strong."
    missed = GRADES[at - 1]
    lacking = [
        f"{line.name} ({line.words})"
        for line, least in zip(
            lines, [missed.core, *[missed.rest] * len(rest)], strict=True
        )
        if line.rating < least
    ]
    return GRADES[at].decision, f"Short of a {missed.decision}: {', '.join(lacking)}."


def _row(name: str, rating: int, evidence: tuple[str, ...], width: int) -> list[str]:
    """Return a line of the scorecard; its evidence stands below where it is narrow."""
    bar = "#" * rating + "." * (len(RATINGS) - rating)
    first = evidence[0] if evidence else ""
    head = f"  {ljust(plain(name), 14)} {bar} {RATINGS[rating - 1]:<12} {first}"
    rows = _wrapped(head.rstrip(), width, " " * min(34, width // 4))
    for text in evidence[1:]:
        rows += _wrapped(f"      - {text}", width, "        ")
    return rows


def _wrapped(text: str, width: int, indent: str = "  ") -> list[str]:
    body = plain(text).lstrip(" ")
    first = " " * (len(text) - len(text.lstrip(" ")))
    return wrap(body, width, initial_indent=first, subsequent_indent=indent)
