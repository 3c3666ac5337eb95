"""The rule by which a sitting is rated and decided, as data.

What rates a sitting and what the README prints are made of the same two tables, so that
they cannot disagree. Think of the interviewer: a wrong core is no hire however fast,
and what is right but late, or with help, is worth less.
"""

from __future__ import annotations

import dataclasses

RATINGS = ("very weak", "weak", "strong", "very strong")  # 1 to 4
UNDECIDED = "undecided"


@dataclasses.dataclass(frozen=True)
class Scale:
    """How one line is rated.

    Args:
        line: What is rated.
        measure: What is measured.
        bounds: What it takes to be very strong, strong and weak.
        unit: How a bound is written.
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
        """Return the line as a row of the table in the README."""
        sense = "at least" if self.more_is_better else "at most"
        bounds = " | ".join(self._bound(bound) for bound in self.bounds)
        return f"| {self.line} | {self.measure}, {sense} | {bounds} |"

    def _bound(self, bound: float) -> str:
        return self.unit.format(bound)


@dataclasses.dataclass(frozen=True)
class Grade:
    """What it takes to come to a decision.

    Args:
        decision: What it comes to.
        core: The least rating of the first line, which is correctness.
        rest: The least rating of every other line.
        spared: How many of the others may lie below that.
    """

    decision: str
    core: int
    rest: int
    spared: int = 0

    def met(self, core: int, rest: list[int]) -> bool:
        """Return whether the ratings suffice."""
        below = sum(rating < self.rest for rating in rest)
        return core >= self.core and below <= self.spared

    def row(self) -> str:
        """Return it as a row of the table in the README."""
        spared = f", but for {self.spared} line" if self.spared else ""
        core, rest = RATINGS[self.core - 1], RATINGS[self.rest - 1]
        return f"| {self.decision} | {core} | {rest}{spared} |"


_CHECKS = "its checks that pass"
SCALES = {
    scale.line: scale
    for scale in (
        Scale("correctness", _CHECKS, (1.0, 0.9, 0.6), more_is_better=True),
        Scale("edge cases", _CHECKS, (1.0, 0.75, 0.5), more_is_better=True),
        Scale("numerics", _CHECKS, (1.0, 0.75, 0.5), more_is_better=True),
        Scale("efficiency", _CHECKS, (1.0, 0.75, 0.5), more_is_better=True),
        Scale("time", "of the time that is given", (0.5, 1.0, 1.25)),
        Scale("hints", "hints taken", (0, 1, 2), "{:g}"),
    )
}

GRADES = (  # the first that is met
    Grade("strong hire", core=4, rest=4),
    Grade("hire", core=4, rest=3),
    Grade("lean no", core=3, rest=2, spared=1),
    Grade("no hire", core=1, rest=1),
)


def rule_text() -> str:
    """Return the rule as the README prints it."""
    return "\n".join(
        [
            "| line | measure | very strong | strong | weak |",
            "|---|---|---|---|---|",
            *(scale.row() for scale in SCALES.values()),
            "",
            "What reaches none of these is very weak, and so are the hints of what was",
            "given up. The first row whose ratings are all reached decides:",
            "",
            "| decision | correctness | every other line |",
            "|---|---|---|",
            *(grade.row() for grade in GRADES),
            "",
            "What was given up is no hire. A grader error, which is our fault, leaves",
            f"it {UNDECIDED}.",
        ]
    )
