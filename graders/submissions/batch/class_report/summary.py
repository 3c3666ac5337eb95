"""Count what a class's answers have in common, a line of the ledger at a time.

What is kept does not grow with the number of answers, but for a row for each person.
"""

from __future__ import annotations

import dataclasses
import heapq
from collections import Counter
from collections.abc import Iterable

from graders.submissions.batch.ledger import Line
from graders.submissions.batch.tables import Weights, score

BINS = 10  # of the scores from 0 to 100
MOST_STUCK = 60  # people that are named for an exercise


@dataclasses.dataclass
class Exercise:
    """What came of all answers to one exercise.

    Args:
        answers: How many there are.
        passed: How many of them passed.
        failed: In how many each check failed, by its sentence.
        mistakes: In how many each classic mistake was found.
    """

    answers: int = 0
    passed: int = 0
    failed: Counter[str] = dataclasses.field(default_factory=Counter)
    mistakes: Counter[str] = dataclasses.field(default_factory=Counter)
    _stuck: list[tuple[float, int, str, str]] = dataclasses.field(default_factory=list)

    @property
    def stuck(self) -> list[tuple[str, float, str]]:
        """Who did not pass, their score, and a check that fails; lowest scores first.

        At most `MOST_STUCK` of them.
        """
        found = sorted(self._stuck, key=lambda one: (-one[0], -one[1]))
        return [(who, -points, failed) for points, _, who, failed in found]

    def add(self, line: Line, points: float) -> None:
        """Count an answer, which has some points of 100."""
        self.answers += 1
        findings = line.get("findings", {})
        failed = findings.get("failed", [])
        self.failed.update(failed)
        self.mistakes.update(findings.get("mistakes", []))
        if line["verdict"] == "passed":
            self.passed += 1
            return
        # The lowest scores are kept; of equal ones the first.
        row = (-points, -self.answers, str(line["who"]), failed[0] if failed else "")
        if len(self._stuck) < MOST_STUCK:
            heapq.heappush(self._stuck, row)
        else:
            heapq.heappushpop(self._stuck, row)


@dataclasses.dataclass
class Summary:
    """What came of a batch.

    Args:
        exercises: By name.
        people: The sum of the scores of each person, and the number of their answers.
        verdicts: How many answers have each.
    """

    exercises: dict[str, Exercise] = dataclasses.field(default_factory=dict)
    people: dict[str, tuple[float, int]] = dataclasses.field(default_factory=dict)
    verdicts: Counter[str] = dataclasses.field(default_factory=Counter)

    @property
    def means(self) -> list[float]:
        """The mean score of each person, 0 to 100, in ascending order."""
        return sorted(total / count for total, count in self.people.values())

    @property
    def histogram(self) -> list[int]:
        """How many people's mean scores are in each tenth; 100 is in the last."""
        counts = [0] * BINS
        for mean in self.means:
            counts[min(int(mean * BINS / 100), BINS - 1)] += 1
        return counts

    def hardest(self) -> list[tuple[str, str, int, int]]:
        """Return exercise, check, failures and answers, the largest shares first."""
        found = [
            (name, check, count, one.answers)
            for name, one in self.exercises.items()
            for check, count in one.failed.items()
        ]
        return sorted(found, key=lambda row: (-row[2] / row[3], -row[2], row[:2]))

    def mistakes(self) -> list[tuple[str, str, int, int]]:
        """Return exercise, mistake, findings and answers, the most frequent first."""
        found = [
            (name, mistake, count, one.answers)
            for name, one in self.exercises.items()
            for mistake, count in one.mistakes.items()
        ]
        return sorted(found, key=lambda row: (-row[2], row[:2]))


def summarise(lines: Iterable[Line], weights: Weights) -> Summary:
    """Return what came of a batch.

    Args:
        lines: Of its ledger.
        weights: Of the rubric's lines.
    """
    summary = Summary()
    for line in lines:
        points = score(line["rubric"], weights)
        name, who = str(line["exercise"]), str(line["who"])
        summary.exercises.setdefault(name, Exercise()).add(line, points)
        total, count = summary.people.get(who, (0.0, 0))
        summary.people[who] = (total + points, count + 1)
        summary.verdicts[line["verdict"]] += 1
    return summary
