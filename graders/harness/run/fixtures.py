"""What a grader's tests ask for: the answer, the reference, numbers, a stopwatch."""

from __future__ import annotations

from collections.abc import Callable
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from graders.harness.authoring.timing import Stopwatch
from graders.harness.run.grading import Grading, execute, grading_of

MOST_PRINTED = 2**20  # bytes of what a run printed, all of which somebody may read


@pytest.fixture
def submission(request: pytest.FixtureRequest) -> Any:
    """The answer, freshly executed."""
    grading = _grading(request)
    if grading.answer is None:
        return execute(grading.file or grading.entry.stub, "answer")
    memory = request.node.get_closest_marker("memory")
    message = request.node.get_closest_marker("message")
    return grading.answer.fresh(memory and memory.args[0], message and message.args[0])


@pytest.fixture
def reference(request: pytest.FixtureRequest) -> ModuleType:
    """The solution, in this process."""
    return execute(_grading(request).entry.solution, "reference")


@pytest.fixture
def rng(request: pytest.FixtureRequest) -> np.random.Generator:
    """A generator of random numbers that only this check draws from."""
    return np.random.default_rng(_grading(request).seed_of(request.node.name))


@pytest.fixture
def exhibit(request: pytest.FixtureRequest) -> Callable[[str], None]:
    """Show a table or a plot of the grader's under the result, passed or not."""
    grading = _grading(request)
    answer = grading.answer

    def show(text: str) -> None:
        printed = answer.printed(MOST_PRINTED) if answer else ""
        grading.tell({"exhibit": text, "printed": printed})

    return show


@pytest.fixture
def check_slowdown(
    submission: Any, reference: ModuleType, request: pytest.FixtureRequest
) -> Stopwatch:
    """Judge speed: see `graders.harness.authoring.timing.Stopwatch`."""
    grading, check = _grading(request), request.node.name
    measured = None
    if grading.purpose.startswith("measure"):

        def measured(ratio: float, limit: float) -> None:
            grading.tell({"slowdown": [check, ratio, limit]})

    return Stopwatch(submission, reference, grading.seed_of(check), measured)


def _grading(request: pytest.FixtureRequest) -> Grading:
    grading = grading_of(request.node)
    assert grading is not None, "these fixtures serve graders alone"
    return grading
