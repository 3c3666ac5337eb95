"""The self-assessment of a spoken round, which follows from ticks.

Each point of the rubric is ticked yes, half or no. The points of a phase belong to a
line of the rubric, which may have points of its own.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping

from graders.practice.mocks.question_bank import LEVELS, Agenda, RubricLine
from graders.practice.talk_lines import TICKS

# The least share of its points with which a line is rated so, best first.
SHARES = {4: 0.85, 3: 0.6, 2: 0.3}
RULE = (
    "Your self-assessment follows from your ticks: yes counts 1, half counts 1/2, no "
    "counts 0. With at least 85% of its points a line is very strong (4), with 60% "
    "strong (3), with 30% weak (2), else very weak (1)."
)


@dataclasses.dataclass(frozen=True)
class Sheet:
    """The points that are ticked together.

    Args:
        phase: Which phase they belong to, or None for a line of the rubric.
        title: What stands above them.
        points: The points; none where nothing is ticked.
    """

    phase: int | None
    title: str
    points: tuple[str, ...]


def sheets(agenda: Agenda) -> list[Sheet]:
    """Return all points, in the order in which they are ticked."""
    found = []
    for i, phase in enumerate(agenda.phases):
        counts = any(line.counts(phase) for line in agenda.rubric)
        title = f"{phase.name}. {phase.task}"
        found.append(Sheet(i, title, phase.points if counts else ()))
    for line in agenda.rubric:
        if line.points:
            title = (
                f"{line.name[0].upper()}{line.name[1:]}, in the whole talk; did you?"
            )
            found.append(Sheet(None, title, line.points))
    return found


def points_of(line: RubricLine, agenda: Agenda) -> list[str]:
    """Return the points that decide a line; none if it is rated without."""
    phases = [phase for phase in agenda.phases if line.counts(phase)]
    return [point for phase in phases for point in phase.points] + [*line.points]


def rating(line: RubricLine, agenda: Agenda, ticked: Mapping[str, str]) -> int:
    """Return the rating of a line, 1 to 4; 0 while it does not follow from ticks.

    Args:
        line: A line of the rubric.
        agenda: The agenda.
        ticked: The tick of each point.
    """
    points = points_of(line, agenda)
    if not points or not all(point in ticked for point in points):
        return 0
    share = _counted(points, ticked) / len(points)
    return next((level for level, least in SHARES.items() if share >= least), 1)


def explained(line: RubricLine, agenda: Agenda, ticked: Mapping[str, str]) -> str:
    """Return how a line was rated, with its points."""
    points = points_of(line, agenda)
    level = rating(line, agenda, ticked)
    sum_ = f"{_counted(points, ticked):g} of {len(points)} points"
    return f"{line.name}: {level} {LEVELS[level - 1]}, {sum_}"


def _counted(points: list[str], ticked: Mapping[str, str]) -> float:
    return sum(TICKS[ticked[point]] for point in points)
