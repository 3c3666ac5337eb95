"""The scorecard of a session: each line with its evidence, and the decision.

It says what an interviewer would write who saw only the answer and the clock. A wrong
core is no hire however fast, and a right answer that was late, or had help, is worth
less. What a program cannot judge is the candidate's self-assessment, which stands apart
and decides nothing.

The rubric is data. The ratings and the README's tables are made from the same two
tables, so they cannot disagree.
"""

from __future__ import annotations

import dataclasses
import math
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from wcwidth import ljust

from graders.harness.feedback.results import RUBRIC
from graders.harness.feedback.text import plain
from graders.practice import text
from graders.practice.store import Session

RATINGS = ("very weak", "weak", "strong", "very strong")  # 1 to 4
UNDECIDED = "undecided"
SHOWN = 3  # failed checks that a line names


@dataclasses.dataclass(frozen=True)
class Scale:
    """How one line is rated.

    Args:
        line: Its name.
        measure: What is measured.
        bounds: What very strong, strong and weak take.
        unit: How a bound is formatted.
        more_is_better: Whether a bound is a least value, not a greatest.
    """

    line: str
    measure: str
    bounds: tuple[float, float, float]
    unit: str = "{:.0%}"
    more_is_better: bool = False

    def rate(self, value: float) -> int:
        """Return the rating of a value, 1 to 4."""
        sign = 1 if self.more_is_better else -1
        return 1 + sum(sign * value >= sign * bound for bound in self.bounds)

    def row(self) -> str:
        """Return the line as a row of the README's table."""
        sense = "at least" if self.more_is_better else "at most"
        bounds = " | ".join(map(self.unit.format, self.bounds))
        return f"| {self.line} | {self.measure}, {sense} | {bounds} |"


@dataclasses.dataclass(frozen=True)
class Grade:
    """What a decision takes.

    Args:
        decision: The decision.
        core: The least rating of the first line, which is correctness.
        rest: The least rating of every other line.
        exceptions: How many of the others may be below that.
    """

    decision: str
    core: int
    rest: int
    exceptions: int = 0

    def is_met(self, core: int, rest: list[int]) -> bool:
        """Return whether the ratings suffice."""
        below = sum(rating < self.rest for rating in rest)
        return core >= self.core and below <= self.exceptions

    def row(self) -> str:
        """Return the grade as a row of the README's table."""
        but = f", except for {self.exceptions} line" if self.exceptions else ""
        return f"| {self.decision} | {_words(self.core)} | {_words(self.rest)}{but} |"


_CHECKS = "its checks that pass"
SCALES = {
    scale.line: scale
    for scale in (
        Scale("correctness", _CHECKS, (1.0, 0.9, 0.6), more_is_better=True),
        Scale("edge cases", _CHECKS, (1.0, 0.75, 0.5), more_is_better=True),
        Scale("numerics", _CHECKS, (1.0, 0.75, 0.5), more_is_better=True),
        Scale("efficiency", _CHECKS, (1.0, 0.75, 0.5), more_is_better=True),
        Scale("time", "of the time limit", (0.5, 1.0, 1.25)),
        Scale("hints", "hints taken", (0, 1, 2), "{:g}"),
    )
}

GRADES = (  # the first one that is met
    Grade("strong hire", core=4, rest=4),
    Grade("hire", core=4, rest=3),
    Grade("lean no", core=3, rest=2, exceptions=1),
    Grade("no hire", core=1, rest=1),
)


def rubric_text() -> str:
    """Return the rubric as the README prints it."""
    return "\n".join(
        [
            "| line | measure | very strong | strong | weak |",
            "|---|---|---|---|---|",
            *(scale.row() for scale in SCALES.values()),
            "",
            "Anything below is very weak. The first row whose ratings are all reached",
            "is the decision:",
            "",
            "| decision | correctness | every other line |",
            "|---|---|---|",
            *(grade.row() for grade in GRADES),
            "",
            "Giving up is no hire, and rates the hints as very weak. A grader error,",
            f"which is our fault, leaves the decision {UNDECIDED}.",
        ]
    )


@dataclasses.dataclass(frozen=True)
class Line:
    """One line of a scorecard.

    Args:
        name: What is rated.
        rating: 1, very weak, to 4, very strong.
        evidence: The reasons, the measure first.
    """

    name: str
    rating: int
    evidence: tuple[str, ...]

    @property
    def words(self) -> str:
        """The rating in words."""
        return _words(self.rating)


@dataclasses.dataclass(frozen=True)
class Scorecard:
    """The scorecard of a session.

    Args:
        exercise: The exercise's name.
        lines: What is rated; the first is correctness.
        decision: From "no hire" to "strong hire", "undecided", or "untimed".
        reason: What is missing for the next better one, or the praise.
        self_assessment: The candidate's ratings, 1 to 4, of what no program can judge.
    """

    exercise: str
    lines: tuple[Line, ...]
    decision: str
    reason: str
    self_assessment: Mapping[str, int]


def score(
    session: Session, self_assessment: Mapping[str, int] | None = None
) -> Scorecard:
    """Return the scorecard of a session that has ended.

    Args:
        session: The session; its report may be missing.
        self_assessment: The candidate's own ratings, 1 to 4.

    Raises:
        ValueError: If the session is running, or a rating is not 1 to 4.
    """
    if session.state == "running":
        raise ValueError(f"the session of {session.exercise} has not ended")
    own = dict(self_assessment or {})
    for name, rating in own.items():
        if rating not in range(1, len(RATINGS) + 1):
            raise ValueError(f"{name}: {rating!r} is not 1 to {len(RATINGS)}")
    lines = tuple(_rubric(session.report or {}))
    if session.is_timed:
        lines += (_time(session), _hints(session))
    decision, reason = _decide(session, lines)
    return Scorecard(session.exercise, lines, decision, reason, own)


def render(scorecard: Scorecard, width: int = 80) -> str:
    """Return a scorecard as plain text, no line wider than `width`."""
    lines = text.wrap(f"{scorecard.exercise}: {scorecard.decision}", width, "", "  ")
    lines += [*text.wrap(scorecard.reason, width, "  ", "  "), ""]
    for line in scorecard.lines:
        lines += _row(line.name, line.rating, line.evidence, width)
    if scorecard.self_assessment:
        title = "Your self-assessment, which decides nothing:"
        lines += ["", *text.wrap(title, width, "  ", "  "), ""]
        for name, rating in scorecard.self_assessment.items():
            lines += _row(name, rating, (), width)
    return "\n".join(lines)


def _words(rating: int) -> str:
    return RATINGS[rating - 1]


def _rubric(report: dict[str, Any]) -> Iterator[Line]:
    """Yield the lines that have checks; correctness if there are none at all."""
    checks = report.get("checks", [])
    if not checks:
        verdict = report.get("verdict", "nothing was graded")
        yield Line("correctness", 1, (verdict,))
    for rubric in RUBRIC:
        found = [check for check in checks if check.get("rubric") == rubric]
        name = rubric.replace("_", " ")
        if found:
            passed = sum(check["verdict"] == "passed" for check in found)
            evidence = (f"{passed} of {len(found)} checks", *_failures(found))
            yield Line(name, SCALES[name].rate(passed / len(found)), evidence)


def _failures(checks: list[dict[str, Any]]) -> list[str]:
    """Return the sentences of the first failed checks, each with its verdict."""
    failed = [check for check in checks if check["verdict"] != "passed"]
    verdicts = Counter(check["verdict"] for check in failed)
    if verdicts.keys() <= {"not started", "could not load", "not judged"}:
        return list(verdicts)
    counts = Counter(
        f"{check['verdict']}: {check.get('sentence', '')}"
        for check in failed
        if check["verdict"] != "not judged"
    )
    texts = [key + (f" ({n} times)" if n > 1 else "") for key, n in counts.items()]
    more = [f"and {len(texts) - SHOWN} more"] if len(texts) > SHOWN else []
    unjudged = verdicts["not judged"]
    more += [f"{unjudged} not judged"] if unjudged else []
    return texts[:SHOWN] + more


def _time(session: Session) -> Line:
    limit = 60 * session.minutes
    evidence = f"{text.duration(session.seconds)} of {text.duration(limit)}"
    if session.is_late:
        evidence += f", late by {text.duration(math.ceil(-session.left))}"
    return Line("time", SCALES["time"].rate(session.seconds / limit), (evidence,))


def _hints(session: Session) -> Line:
    if session.state == "gave up" or session.has_read:
        gave_up = session.state == "gave up"
        return Line("hints", 1, ("gave up" if gave_up else "read the solution",))
    taken = f"{session.hints} taken" if session.hints else "none taken"
    return Line("hints", SCALES["hints"].rate(session.hints), (taken,))


def _decide(session: Session, lines: tuple[Line, ...]) -> tuple[str, str]:
    report = session.report or {}
    verdicts = [check["verdict"] for check in report.get("checks", [])]
    if "grader error" in (report.get("verdict"), *verdicts):
        return UNDECIDED, "A check could not judge, which is our fault."
    if session.state == "gave up":
        return "no hire", "You gave up."
    if not session.is_timed:
        return "untimed", "Graded without a clock, which decides nothing."
    core, *rest = (line.rating for line in lines)
    at = next(i for i, grade in enumerate(GRADES) if grade.is_met(core, rest))
    if at == 0:
        return GRADES[0].decision, "Every line is very strong."
    missed = GRADES[at - 1]
    least = [missed.core, *[missed.rest] * len(rest)]
    lacking = [
        f"{line.name} ({line.words})"
        for line, needed in zip(lines, least, strict=True)
        if line.rating < needed
    ]
    reason = f"Not enough for {missed.decision}: {', '.join(lacking)}."
    return GRADES[at].decision, reason


def _row(name: str, rating: int, evidence: tuple[str, ...], width: int) -> list[str]:
    """Return a line of the scorecard; where it is narrow, all evidence is below."""
    bar = "#" * rating + "." * (len(RATINGS) - rating)
    head = f"  {ljust(plain(name), 14)} {bar} {_words(rating):<12} "
    if len(head) <= width // 2:
        first = "".join(evidence[:1])
        rows, below = text.wrap(first, width, head, " " * len(head)), evidence[1:]
    else:
        space = 12 if width >= 34 else 0
        head = f"  {ljust(plain(name), space)} "
        rows = text.wrap(f"{bar} {_words(rating)}", width, head, "    ")
        below = evidence
    for reason in below:
        rows += text.wrap(f"- {reason}", width, "      ", "        ")
    return rows
