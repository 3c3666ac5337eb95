"""Everything that runs, limits, records and reports a grading.

A grader imports from here. `contract` and `array` make its first check and `refusals`
the parameters of its last; `check`, `check_array` and `check_number` judge what an
answer returned, and `requiring` says what a demand is about where that is not the
check's sentence; `strategies` has inputs that several graders draw; `shown` gives a
function that is passed in the text by which a person can paste it. pytest gives its
tests the fixtures `submission` (the answer), `reference` (the solution), `rng`,
`exhibit` and `check_slowdown`.
"""

from graders.harness.answer.callbacks import shown
from graders.harness.answer.errors import Wrong
from graders.harness.authoring import strategies
from graders.harness.authoring.compare import (
    check,
    check_array,
    check_number,
    requiring,
)
from graders.harness.authoring.contract import array, contract
from graders.harness.authoring.refusals import refusals

__all__ = [
    "Wrong",
    "array",
    "check",
    "check_array",
    "check_number",
    "contract",
    "refusals",
    "requiring",
    "shown",
    "strategies",
]
