"""Write a new exercise: solution, checks and sheet that work, to be rewritten.

The skeleton is a true exercise (the mean of some values), so that every tool runs on it
from the first minute and each change keeps it running. Where words are missing it says
"To be written.", which `nox -s dev -- check` finds.
"""

from __future__ import annotations

import argparse
import keyword
import re
import sys
from difflib import get_close_matches
from pathlib import Path

from graders.harness.catalog.derive import derive
from graders.harness.catalog.exercise import Entry, catalogue, relative

ROUNDS = ("ml_coding", "ml_system_design", "ml_concepts", "coding", "behavioral")

SOLUTION = '''\
"""TITLE.

To be written. Say what is wanted and why, as an interviewer would. NumPy only.
"""

import numpy as np

# What is public here is the contract and becomes the stub, docstrings included. Private
# functions, bodies and comments that stand alone, such as this one, stay hidden.


def NAME(values: np.ndarray) -> float:
    """Return the mean of the values.

    Args:
        values: (n,) of finite real numbers.

    Returns:
        Their mean.

    Raises:
        ValueError: If there is no value.

    Example:
        >>> NAME(np.array([1.0, 2.0, 6.0]))
        3.0

    Source: To be written. Author (year), with the DOI or arXiv id.
    """
    _require_values(values)
    return float(values.sum() / values.size)


def _require_values(values: np.ndarray) -> None:
    if values.size == 0:
        raise ValueError("no values, so no mean")
'''

SHEET = '''\
minutes = 15
difficulty = "easy"
# frequency = 8: how many of the 54 sources list this task; leave it out if none does
# covers = ["metrics"]: what else it practices; nox -s list finds it by these words

# Three, from a nudge to nearly there.
hints = ["To be written.", "To be written.", "To be written."]

# Two or more: what an interviewer asks once the code works, with answers of two to six
# lines.
[[follow_ups]]
question = "To be written."
answer = "To be written."

[[follow_ups]]
question = "To be written."
answer = "To be written."

# Five or more, each as people really make it: patches of the solution (a text that
# occurs exactly once, and what replaces it), or definitions that replace its own.
[mistakes]
"divides by n - 1" = [["/ values.size", "/ (values.size - 1)"]]
"forgets to divide" = [["values.sum() / values.size", "values.sum()"]]
"takes the median" = [["values.sum() / values.size", "np.median(values)"]]
"rounds down" = [["values.sum() / values.size", "values.sum() // values.size"]]
"says 0 of no values" = """
def NAME(values):
    return float(values.mean()) if values.size else 0.0
"""
'''

GRADER = '''\
"""Checks of TITLE: what the interviewer looks for."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from graders.harness import check, contract, refusals

# Contract, cases by hand, three laws or more, refusals, numerics, scale. The docstring
# of a check is the sentence that the candidate reads.
CALL = {"values": np.array([1.0, 2.0, 6.0])}
some_values = hnp.arrays(float, st.integers(1, 20), elements=st.floats(-1e3, 1e3))


def mean_by_definition(values):
    """Return the answer by its definition. An oracle may be slow, never clever."""
    total = 0.0
    for value in values:
        total += value
    return total / len(values)


test_contract = contract("NAME", CALL, returns=float)


def test_known_answer(submission):
    """Gets right the case you would try by hand."""
    check(submission.NAME(**CALL), 3.0)


@given(some_values)
def test_matches_the_definition(submission, values):
    """Equals the sum of the values over their number."""
    check(submission.NAME(values), mean_by_definition(values))


@given(some_values, st.floats(-1e3, 1e3))
def test_shifting_the_values_shifts_the_mean(submission, values, shift):
    """Moves by as much as all the values move."""
    moved = submission.NAME(values + shift)
    check(moved, mean_by_definition(values) + shift)


@given(some_values)
def test_the_order_does_not_matter(submission, values):
    """Does not change when the values are turned around."""
    turned = submission.NAME(values[::-1].copy())
    check(turned, mean_by_definition(values))


@pytest.mark.edge_cases  # the rubric's line; others are numerics and efficiency
def test_one_value(submission):
    """Gives the value itself where there is one."""
    check(submission.NAME(np.array([7.5])), 7.5)


@pytest.mark.validation  # shown, and decides nothing
@pytest.mark.parametrize("arguments", refusals(CALL, {"values": "empty"}))
def test_refuses(submission, arguments):
    """Raises ValueError when there is nothing to take the mean of."""
    with pytest.raises(ValueError):
        submission.NAME(**arguments)
'''


def lay_out(where: str) -> Entry:
    """Write solution, sheet, checks and stub of a new exercise; return its entry.

    Args:
        where: "round/topic/name".

    Raises:
        ValueError: If there can be no such exercise, or something of it is there.
    """
    _require_path(where)
    entry = Entry(Path(f"{where}.py"))
    _require_free(entry)
    title = entry.name.replace("_", " ").capitalize()
    solution, sheet, grader = (
        text.replace("TITLE", title).replace("NAME", entry.name)
        for text in (SOLUTION, SHEET, GRADER)
    )
    texts = {
        entry.solution: solution,
        entry.sheet_file: sheet,
        entry.grader: grader,
        entry.stub: derive(solution),
    }
    for path, text in texts.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("x", encoding="utf-8", newline="\n") as file:
            file.write(text)
    return entry


def _require_path(where: str) -> None:
    parts = where.split("/")
    if len(parts) != 3:
        raise ValueError(f"{where!r} is not of the form round/topic/name")
    if parts[0] not in ROUNDS:
        near = get_close_matches(parts[0], ROUNDS, n=1)
        hint = f"did you mean {near[0]}?" if near else f"there are {', '.join(ROUNDS)}."
        raise ValueError(f"no round is called {parts[0]!r}; {hint}")
    for part in parts[1:]:
        if not re.fullmatch("[a-z][a-z0-9_]*", part) or keyword.iskeyword(part):
            raise ValueError(
                f"{part!r} is no name: lower-case letters, digits and underscores, "
                "a letter first, and no Python keyword"
            )
    if len(parts[2]) > 30:
        raise ValueError(f"{parts[2]!r} has {len(parts[2])} letters, 30 at most")
    if parts[2] in sys.stdlib_module_names or parts[2] in ("numpy", "graders"):
        raise ValueError(f"{parts[2]!r} would hide the module of that name")


def _require_free(entry: Entry) -> None:
    for other in catalogue():
        at = other.path.with_suffix("").as_posix()
        if other.name == entry.name:
            raise ValueError(f"{entry.name!r} is taken by {at}; names are unique")
        # A person types any of the three, so that none may mean two things.
        if entry.name in (other.topic, other.round):
            raise ValueError(f"{entry.name!r} is a topic or round already: {at}")
        if entry.topic in (other.name, other.round):
            raise ValueError(f"{entry.topic!r} is an exercise or round already: {at}")
    if len({entry.name, entry.topic, *ROUNDS}) < len(ROUNDS) + 2:
        raise ValueError("round, topic and name must differ")
    for path in (entry.solution, entry.sheet_file, entry.grader, entry.stub):
        if path.exists():
            raise ValueError(f"{relative(path)} is there already")


def main(argv: list[str]) -> int:
    """Write a new exercise: the verb `new`."""
    parser = argparse.ArgumentParser(
        prog="nox -s dev -- new", description="Write a new exercise to start from."
    )
    parser.add_argument("where", metavar="round/topic/name")
    try:
        entry = lay_out(parser.parse_args(argv).where)
    except (OSError, ValueError) as error:
        print(f"new: {error}", file=sys.stderr)
        return 2
    print(f"""\
{relative(entry.solution)}: write the prompt and the model answer
{relative(entry.grader)}: write the checks
{relative(entry.sheet_file)}: write hints, follow-ups with answers, and mistakes
tests/answers/{entry.name}/: write two correct answers that are unlike the solution
then: nox -s dev -- check {entry.name}""")
    return 0
