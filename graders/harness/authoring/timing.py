"""Judge speed as a ratio to the reference, measured in the same run.

Seconds say as much about the machine as about the answer. A ratio of two times taken
in alternation does not, so no answer is rejected because a machine is slow. They are
the seconds that the two processes compute, so that a busy machine changes nothing, and
the answer's process is stopped while the reference is timed, so that nothing which it
does slows the reference down. What it sleeps counts too, from half a second on.
"""

from __future__ import annotations

import contextlib
import math
import time
from collections.abc import Callable
from types import ModuleType
from typing import Any

import numpy as np

from graders.harness.answer.answer import Answer
from graders.harness.answer.errors import Crashed, Wrong
from graders.harness.answer.meter import Meter
from graders.harness.answer.proxy import Remote, Submission
from graders.harness.authoring.compare import check, requiring
from graders.harness.worker.wire import Garbled, Unsendable, decode, encode

REPETITIONS = 5
MEASURED = 2  # repetitions where the ratio itself is wanted
SPARE = 2  # a call is stopped only when it is this far past the limit ...
SPARE_MEASURED = 20  # the same where the ratio itself is wanted
LEAST = 1.0  # ... and has taken so many seconds
SURE = 0.5  # of the limit: what takes no longer is not timed again ...
NEAR = 0.8  # ... nor is what takes no longer than this in the best of two
FAR = 1.5  # what is this far past the limit twice is not timed again
NAP = 0.5  # seconds in which nobody computes that are not taken for sleep
RIGHT = "Gives the right result on large inputs too."
TRANSFER = 10  # times as long as packing and unpacking in one process

Case = tuple[Any, ...]
Run = Callable[..., Any]
Clock = Callable[[], float]
OWN_CLOCK: Clock = time.process_time


class Stopped(Wrong):
    """An answer was too slow to wait for."""


class Stopwatch:
    """The fixture `check_slowdown`: times the answer against the reference.

    Args:
        submission: The answer.
        reference: The solution.
        seed: From which cases are drawn.
        measured: Told the ratio and its limit, in which case no answer is too slow.
    """

    def __init__(
        self,
        submission: Any,
        reference: ModuleType,
        seed: int,
        measured: Callable[[float, float], None] | None = None,
    ) -> None:
        self._measured = measured
        self._submission = submission
        self._answer: Answer | None = None
        if isinstance(submission, Submission):
            self._answer = vars(submission)["_line"]
        self._reference = reference
        self._rng = np.random.default_rng(seed)

    def __call__(
        self,
        run: Run,
        sample: Callable[[np.random.Generator], Case],
        *,
        limit: float,
        verify: Callable[[Any, Any], None] = check,
    ) -> None:
        """Demand that the answer takes at most `limit` times as long as the reference.

        The best of a few repetitions counts; what is twice as fast as it must be needs
        no second, what is so by a fifth no third. Arguments are delivered before the
        clock starts, results stay where they are until it has stopped, each repetition
        gets fresh arguments, and what comes back is verified.

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
        if self._measured:
            self._measured(self._ratio(run, sample, limit, verify), limit)
            return
        best = reference_best = math.inf
        for repetition in range(REPETITIONS):
            case = sample(self._rng)
            with self._answer_stopped():
                seconds, expected = _time(self._reference, run, case, OWN_CLOCK)
            reference_best = min(reference_best, seconds)
            allowed = max(LEAST, SPARE * limit * reference_best)
            seconds, actual, transfer = self._time_answer(run, case, allowed, limit)
            _verify(verify, actual, expected)
            # What is computed on the way in or out of the answer counts as well.
            best = min(best, max(seconds, transfer - _honest_transfer(case, expected)))
            # Nearer to the limit, a busy machine may have slowed one of the two alone.
            if best <= (NEAR if repetition else SURE) * limit * reference_best:
                return
            if repetition and best > FAR * limit * reference_best:
                break  # twice, and far: no noise of the machine's does that
        if best > limit * reference_best:
            raise Wrong(
                f"it takes {best / reference_best:.0f} times as long as the reference "
                f"solution; the limit is {limit:g} times"
            )

    def _ratio(self, run: Run, sample: Any, limit: float, verify: Any) -> float:
        """Return how many times as long the answer takes, or takes at the least."""
        ratio = math.inf
        for _ in range(MEASURED):
            case = sample(self._rng)
            with self._answer_stopped():
                reference, expected = _time(self._reference, run, case, OWN_CLOCK)
            allowed = max(LEAST, SPARE_MEASURED * limit * reference)
            try:
                seconds, actual, _ = self._time_answer(run, case, allowed, limit)
            except Stopped:
                return min(ratio, allowed / reference)
            _verify(verify, actual, expected)
            ratio = min(ratio, seconds / reference)
        return ratio

    def _answer_stopped(self) -> contextlib.AbstractContextManager[None]:
        """Let the answer's process stand still, so that it cannot slow us down."""
        if self._answer and self._answer.line:
            return self._answer.line.worker.stopped()
        return contextlib.nullcontext()

    def _time_answer(
        self, run: Run, case: Case, allowed: float, limit: float
    ) -> tuple[float, Any, float]:
        """Return the seconds of the call, its result, and the seconds around it."""
        answer = self._answer
        if not answer:
            return *_time(self._submission, run, case, OWN_CLOCK), 0.0
        answer.load()
        clock = _clock_of(answer)
        nobody_computes = _idle_of(answer)
        start, idle = clock(), nobody_computes()
        try:
            with answer.keeping(allowed):
                delivered = tuple(answer.request("deliver", part) for part in case)
                seconds, result = _time(self._submission, run, delivered, clock)
                if isinstance(result, Remote):
                    result = answer.request("fetch", result)
            transfer = clock() - start - seconds
            seconds += max(0.0, nobody_computes() - idle - NAP)
        except TimeoutError:
            raise Stopped(
                f"it was stopped after {allowed:.1f} seconds, when it had taken more "
                f"than {limit:g} times as long as the reference solution"
            ) from None
        finally:
            answer.log.forget()  # too large to show, and no help
        return seconds, result, transfer


def _verify(verify: Callable[[Any, Any], None], actual: Any, expected: Any) -> None:
    """Verify a value, which is not told as a matter of speed if it is wrong."""
    with requiring(RIGHT):
        verify(actual, expected)


def _honest_transfer(case: Case, result: Any) -> float:
    """Return the seconds that bringing a case and its result may take at the most."""
    start = time.perf_counter()
    for value in (*case, result):
        try:
            decode(encode(value))
        except (Unsendable, Garbled):  # functions, and objects that stay in the worker
            continue
    return TRANSFER * (time.perf_counter() - start) + LEAST / 10


def _clock_of(answer: Answer) -> Clock:
    """Return the clock of what an answer's process computes, or else the wall's."""
    line, meter = answer.line, _meter_of(answer)
    if not meter:
        return time.perf_counter

    def seconds() -> float:
        used = meter.cpu()
        if used is None or answer.line is not line:
            raise Crashed("the answer's process ended")
        return used

    return seconds


def _time(module: Any, run: Run, case: Case, clock: Clock) -> tuple[float, Any]:
    start = clock()
    result = run(module, *case)
    return clock() - start, result


def _idle_of(answer: Answer) -> Clock:
    """Return the clock of what neither process computes nor waits to compute.

    It counts an answer that sleeps. By the wall's clock, that counts already.
    """
    meter = _meter_of(answer)
    if not meter:
        return lambda: 0.0
    computed = _clock_of(answer)
    return lambda: time.perf_counter() - computed() - OWN_CLOCK() - meter.held_up()


def _meter_of(answer: Answer) -> Meter | None:
    """Return what reads the clocks of an answer's process, if the system tells."""
    meter = answer.line.worker.meter if answer.line else None
    return meter if meter and meter.cpu() is not None else None
