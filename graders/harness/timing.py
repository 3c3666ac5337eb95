"""Judge speed as a ratio to the reference, measured in the same run.

Seconds say as much about the machine as about the answer. A ratio of two times taken
in alternation does not, so no answer is turned away because a machine is slow.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from types import ModuleType
from typing import Any

import numpy as np

from graders.harness.compare import Wrong, check

REPETITIONS = 5
SPARE = 3  # one call is stopped only when it is this far past the limit


class Stopwatch:
    """The fixture `check_slowdown`: times the answer against the reference."""

    def __init__(self, submission: Any, reference: ModuleType, seed: int) -> None:
        self._submission = submission
        self._reference = reference
        self._rng = np.random.default_rng(seed)

    def __call__(
        self,
        run: Callable[..., Any],
        sample: Callable[[np.random.Generator], tuple[Any, ...]],
        *,
        limit: float,
        verify: Callable[[Any, Any], None] = check,
    ) -> None:
        """Demand that the answer takes at most `limit` times as long as the reference.

        The best of a few repetitions counts. Arguments are delivered before the clock
        starts, each repetition gets fresh ones, and what comes back is verified.

        Args:
            run: `run(module, *case)` calls the answer (or the reference) and returns
                what it returned.
            sample: Draws one case from a generator, as a tuple.
            limit: The ratio allowed. Between the slowest good answer and the fastest
                one of a worse order there should be a factor of two on both sides.
            verify: `verify(actual, expected)` raises Wrong if the result is not right.

        Raises:
            Wrong: If the answer is slower than that, or wrong.
        """
        best = reference_best = math.inf
        for _ in range(REPETITIONS):
            case = sample(self._rng)
            seconds, expected = _time(self._reference, run, case)
            reference_best = min(reference_best, seconds)
            allowed = SPARE * limit * reference_best
            seconds, actual = _time_answer(self._submission, run, case, allowed)
            verify(actual, expected)
            best = min(best, seconds)
            if best <= limit * reference_best:
                return
        ratio = best / reference_best
        raise Wrong(
            f"takes {ratio:.0f} times as long as the reference solution; "
            f"the limit is {limit:g} times"
        )


def _time(
    module: Any, run: Callable[..., Any], case: tuple[Any, ...]
) -> tuple[float, Any]:
    start = time.perf_counter()
    result = run(module, *case)
    return time.perf_counter() - start, result


def _time_answer(
    submission: Any, run: Callable[..., Any], case: tuple[Any, ...], allowed: float
) -> tuple[float, Any]:
    if isinstance(submission, ModuleType):
        return _time(submission, run, case)
    raise NotImplementedError
