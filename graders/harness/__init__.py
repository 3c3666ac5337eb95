"""Everything that runs, limits, records and reports a grading.

A grader imports from here: `Exercise` describes it; `check`, `check_array` and
`check_number` judge what an answer returned; `shown` gives a function that is passed
in the text by which a person can paste it. pytest gives its tests the fixtures
`submission` (the answer), `reference` (the solution), `rng` and `check_slowdown`.
"""

from graders.harness.compare import Wrong, check, check_array, check_number
from graders.harness.exercise import Exercise
from graders.harness.show import shown

__all__ = ["Exercise", "Wrong", "check", "check_array", "check_number", "shown"]
