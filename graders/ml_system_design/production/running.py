"""A run through all worlds that is made once and measured by many checks.

The first check that asks runs the worlds, in the one child that it has for its answer;
the grader keeps what it measured, and the other checks read that alone.
"""

from __future__ import annotations

import contextlib
import dataclasses
import textwrap
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, TypeVar

import numpy as np
import pytest

from graders.harness import Wrong, check
from graders.harness.run.grading import grading_of
from graders.ml_system_design.production.measures import Line, report

T = TypeVar("T")


@dataclasses.dataclass(frozen=True)
class Measured:
    """What came of a run through all worlds.

    Args:
        lines: All that was measured, by a short name.
        plots: What is shown below the table, lines of text each.
        explains: Whether what fails is explained below the table, as no check does.
    """

    lines: dict[str, Line]
    plots: Sequence[Sequence[str]] = ()
    explains: bool = False

    def __str__(self) -> str:
        """Return the table and the plots, for the exhibit."""
        lines = self.lines.values()
        failed = [one for one in lines if self.explains and not one.holds]
        reasons = [textwrap.wrap(one.why, 78) for one in failed]
        return report(lines, [*reasons, *self.plots])


class Run:
    """A run that is under way.

    Args:
        submission: The answer.
        is_public: Whether somebody reads all that it prints, world by world.

    Attributes:
        submission: The answer.
        place: Which call is being made, for messages.
        world: The number of the world, from 1; 0 where there is but one.
    """

    def __init__(self, submission: Any, is_public: bool = False) -> None:
        self.submission = submission
        self.place, self.world = "the first call", 0
        self._is_public = is_public

    @property
    def where(self) -> str:
        """Which call is being made, in which world."""
        return f"{self.place} of world {self.world}" if self.world else self.place

    def worlds(self, calendars: Iterable[T]) -> Iterator[T]:
        """Go from world to world, with a line between what it prints in each."""
        for self.world, calendar in enumerate(calendars, 1):
            line = vars(self.submission).get("_line")
            if self._is_public and line:
                line.load()
                line.line.worker.mark(f"-- world {self.world} --")
            yield calendar

    def forget_calls(self) -> None:
        """Drop the record of calls, of which there are many and large ones."""
        if line := vars(self.submission).get("_line"):
            line.log.forget()


@contextlib.contextmanager
def naming(place: str) -> Iterator[None]:
    """Name the call in whatever is found wrong with what it returned."""
    try:
        yield
    except Wrong as error:
        raise Wrong(f"in {place}: {error}") from None


def measuring(live: Callable[[Run, Any, np.random.Generator], Measured]) -> Any:
    """Return a fixture, to be named `measured`.

    A check calls `measured()` for what came of the run. Where the run ended early, the
    check that made it tells why, and each later one that nothing was measured.

    Args:
        live: `live(run, rules, rng)` lets the run's answer live through all worlds, and
            tells the run its `place`; `rules` is the solution's module, whose constants
            are the prompt's, and `rng` is the same for every check of a grading.
    """

    @pytest.fixture
    def measured(
        submission: Any, reference: Any, request: pytest.FixtureRequest
    ) -> Callable[[], Measured]:
        """Return a function that gives what was measured; the first call runs it."""
        grading = grading_of(request.node)
        assert grading is not None, "this fixture serves graders alone"
        notes, seed = grading.notes, grading.seed_of("worlds")

        def once() -> Measured:
            if "error" in notes:
                _say_again(notes)
            if "measured" not in notes:
                is_public = grading.seed < 0
                notes["run"] = under_way = Run(submission, is_public)
                rng = np.random.default_rng(seed)
                try:
                    found = live(under_way, reference, rng)
                    notes["measured"] = dataclasses.replace(found, explains=is_public)
                except BaseException as error:
                    notes["error"] = error
                    if not getattr(error, "required", ""):
                        error.required = (  # type: ignore[attr-defined]
                            f"Gets through all days; this is {under_way.where}."
                        )
                    raise
                finally:
                    under_way.forget_calls()
            made: Measured = notes["measured"]
            return made

        return once

    return measured


def demand_the_same(again: Sequence[Any], first: Sequence[Any], days: str) -> None:
    """Demand that the same days, lived again, went the same way.

    Args:
        again: What was done and said the second time, compared one by one.
        first: The same of the first time.
        days: How many days they were, in a word.

    Raises:
        Wrong: If they differ.
    """
    try:
        for one, other in zip(again, first, strict=True):
            check(one, other)
    except Wrong as error:
        raise Wrong(
            f"the same {days} days, lived again, went another way: {error}"
        ) from None


def demand(line: Line) -> None:
    """Fail with what was measured, what was needed, and where it went wrong."""
    assert line.holds, line.why


def _say_again(notes: dict[str, Any]) -> None:
    """Fail a check because an earlier one found that there is nothing to measure."""
    if isinstance(error := notes["error"], NotImplementedError):
        raise error
    raise Wrong(
        f"nothing was measured, because the run ended early, in {notes['run'].where}; "
        "the first check that failed says why"
    )
