"""What `nox -s dev -- check` finds, with an exercise that is made up."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from graders.harness.catalog import exercise
from graders.harness.catalog.exercise import ROOT, Entry
from graders.harness.catalog.scaffold import lay_out
from tests.dev.check.answers import Known, faults, problems
from tests.dev.check.form import TO_WRITE, form, warnings
from tests.dev.check.speed import Bound, Side, bounds
from tests.dev.check.wrong_values import VALUES, answers
from tests.dev.jobs import Job, Result


@pytest.fixture
def entry(tmp_path, monkeypatch):
    """Give a new exercise of which all is written."""
    monkeypatch.setattr(exercise, "ROOT", tmp_path)
    made = lay_out("coding/streams/moving_mean")
    for file in (made.solution, made.sheet_file):
        text = file.read_text("utf-8").replace(f'answer = "{TO_WRITE}"', ANSWER)
        file.write_text(text.replace(TO_WRITE, "Is it written?"), "utf-8")
    return made


MEDIAN_AND_FLOOR = """\
"takes the median" = [["values.sum() / values.size", "np.median(values)"]]
"rounds down" = [["values.sum() / values.size", "values.sum() // values.size"]]
"""
ANSWER = 'answer = """\nIt is.\nIt is, indeed.\n"""'


MEAN = """class Mean:
    '''M.'''

    def a(self):
        '''A.'''


"""


def change(file: Path, old: str, new: str) -> None:
    text = file.read_text("utf-8")
    assert old in text
    file.write_text(text.replace(old, new), "utf-8")


def test_an_exercise_that_is_whole_has_nothing_to_do(entry):
    assert form(entry) == []
    assert warnings(entry) == []


@pytest.mark.parametrize(
    ("file", "old", "new", "finding"),
    [
        ("sheet_file", "minutes = 15", "minutes = 4", "minutes: 4 is not between"),
        ("sheet_file", '"Is it written?", ', "", "hints: 1; three are needed"),
        ("sheet_file", "It is.\n", "", "has 1 lines; two to six"),
        ("sheet_file", "indeed.", "indeed", "no sentence, it ends without . or ?"),
        ("sheet_file", "indeed.", f"indeed. {TO_WRITE}", "still to be written"),
        ("sheet_file", MEDIAN_AND_FLOOR, "", "mistakes: 3; 4 or more are needed"),
        ("sheet_file", "values.sum() //", "values.sum() //)", "unmatched"),
        ("sheet_file", '[["/ values.size"', '[["/ value.size"', "occurs 0 times"),
        ("sheet_file", "minutes", "minuten", "minuten: no such key"),
        ("sheet_file", "minutes", 'many_answers = ["mean"]\nminutes',
         "many_answers: the solution defines no mean"),
        ("solution", "        3.0", "        4.0", "an example of the prompt fails"),
        ("solution", ">>> ", "", "the prompt has no example"),
        ("solution", "Moving mean", "Moving mean " * 9, "title: "),
        ("solution", "import numpy", "import nump", "cannot be executed"),
        ("grader", "test_contract = ", "unused = ", "no contract"),
        ("grader", 'test_contract = contract("moving_mean", CALL, returns=float)', "",
         "no contract"),
        ("grader", '"moving_mean", CALL', '"other", CALL', "no contract calls moving"),
        ("grader", "@given(some_values)", "@thrice(some_values)",
         "laws under hypothesis: 1; 3 or more"),
        ("grader", '"""Gives the value', '"""gives the value', "is no sentence"),
        ("grader", "check(submission.moving_mean(**CALL), 3.0)",
         "assert submission.moving_mean(**CALL) == 3.0", "without check()"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told(entry, file, old, new, finding):
    change(getattr(entry, file), old, new)
    fresh = Entry(entry.path)  # an entry reads its sheet once
    assert any(finding in line for line in form(fresh)), form(fresh)


def test_what_is_long_is_told_and_no_more(entry):
    entry.grader.write_text(entry.grader.read_text("utf-8") + "\n# more" * 200, "utf-8")
    entry.sheet_file.write_text(
        entry.sheet_file.read_text("utf-8") + "# more\n" * 60, "utf-8"
    )
    told = warnings(entry)
    assert [line.partition(" has ")[0] for line in told] == ["the checks", "the sheet"]
    assert form(entry) == []


def test_every_value_makes_an_answer_that_can_be_executed(entry):
    change(entry.solution, "def _require", MEAN + "def _require")
    made = answers(entry)
    assert list(made) == VALUES
    for source in made.values():
        namespace = {}
        exec(source, namespace)
        assert {"moving_mean", "Mean"} <= set(namespace)
    exec(made["None"], namespace)
    assert namespace["moving_mean"](1, b=2) is None
    assert namespace["Mean"](1, b=2).a(3) is None


# What a grading means.

PASSED = {"name": "test_a", "verdict": "passed", "message": ""}
WRONG = {"name": "test_b", "verdict": "wrong", "message": "5, not 4"}
OURS = {
    "name": "test_c",
    "verdict": "grader error",
    "message": "Traceback\nTypeError: no",
}


def judged(aspect, verdict, *checks, error=""):
    job = Job("toy", Path("toy.py"), 0)
    return Known(aspect, "it", job), Result(job, verdict, list(checks), 0.1, error)


@pytest.mark.parametrize(
    ("pair", "problem"),
    [
        (judged("solution", "passed", PASSED), ""),
        (
            judged("solution", "failed", PASSED, WRONG),
            "it: must pass; test_b: wrong: 5",
        ),
        (judged("answers", "passed", PASSED, WRONG), "it: must pass; test_b: wrong: 5"),
        (judged("answers", "passed"), "it: must pass; the verdict is 'passed'"),
        (judged("stub", "not started", PASSED), ""),
        (judged("stub", "failed", WRONG), "it: must be 'not started'; test_b"),
        (judged("mistakes", "failed", WRONG), ""),
        (judged("mistakes", "passed", PASSED), "it: must be rejected; the verdict is"),
        (
            judged("mistakes", "grader error", OURS),
            "it: test_c: grader error: Type",
        ),
        (judged("mistakes", "failed", error="gone"), "it: gone"),
        (judged("bugs", "failed", PASSED, WRONG), ""),
        (judged("bugs", "failed", WRONG), "it: must be shown as wrong"),
        (judged("wrong_values", "failed", WRONG), ""),
        (judged("wrong_values", "passed", PASSED), "it: must be rejected"),
        (judged("wrong_values", "grader error", OURS), "it: test_c: grader error"),
    ],
)
def test_a_grading_is_as_it_must_be_or_a_problem(pair, problem):
    found = problems([pair])
    assert len(found) == bool(problem)
    assert all(line.startswith(problem) for line in found)


def test_a_check_that_stumbles_is_told_once_with_the_values():
    pairs = []
    for value in ("None", "()"):
        one, result = judged("faults", "grader error", PASSED, OURS)
        label = f"an answer that returns {value} after the contract"
        pairs.append((Known("faults", label, one.job), result))
    assert problems(pairs) == []
    assert faults(pairs) == ["test_c: a grader error where the answer returns None, ()"]


# Speed.


@pytest.mark.parametrize(
    ("slowest", "fastest", "told"),
    [
        (10.0, 40.0, []),
        (12.5, 32.0, []),
        (13.0, 40.0, ["room 1.54 to the correct; 1.6 or more"]),
        (10.0, 30.0, ["room 1.50 to the mistake; 1.6 or more"]),
        (None, 40.0, []),
        (10.0, None, ["no mistake that efficiency alone rejects"]),
    ],
)
def test_a_limit_needs_room_on_both_sides(slowest, fastest, told):
    sides = [ratio and Side(ratio, "it") for ratio in (slowest, fastest)]
    found = Bound("test_fast", 20.0, *sides).problems()
    assert len(found) == len(told)
    assert all(part in line for line, part in zip(found, told, strict=True))


def test_the_nearest_of_each_side_counts_and_the_mean_is_geometric():
    def pair(aspect, label, **ratios):
        one, _ = judged(aspect, "passed", PASSED)
        limits = {"test_fast[a]": 20.0, "test_fast[b]": 20.0, "test_other": 3.0}
        names = {"a": "test_fast[a]", "b": "test_fast[b]", "other": "test_other"}
        told = [
            (names[key], ratio, limits[names[key]]) for key, ratio in ratios.items()
        ]
        known = Known(aspect, label, one.job)
        return known, Result(one.job, "passed", [PASSED], 0.1, "", told)

    [fast, other] = bounds(
        [
            pair("answers", "loops", a=8.0, b=4.0),
            pair("answers", "tree", a=2.0),
            pair("mistakes", "pairs", a=1.0, b=50.0),
            pair("mistakes", "squares", a=90.0),
            pair("mistakes", "elsewhere", a=1.0, other=9.0),
        ]
    )
    assert (fast.slowest.label, fast.fastest.label) == ("loops", "pairs")
    assert fast.line().endswith("geometric mean 20")
    assert (other.slowest, other.fastest.ratio) == (None, 9.0)


EFFICIENCY = '''

@pytest.mark.efficiency
def test_large(check_slowdown):
    """Takes a second, not an hour."""
    check_slowdown(
        lambda module, values: module.moving_mean(values),
        lambda rng: (rng.integers(0, 9, 40_000).astype(float),),
        limit=LIMIT,
    )
'''
SLOW = '''"is quadratic" = """
def moving_mean(values):
    _require_values(values)
    for _ in range(2_000):
        values.cumsum()
    return float(values.sum() / values.size)
"""
'''
LOOPS = """
def moving_mean(values):
    if not values.size:
        raise ValueError
    total = 0.0
    for value in values.tolist():
        total += value
    return total / len(values)
"""


@pytest.mark.parametrize("limit", [900, 90_000])
def test_the_speed_of_right_and_wrong_answers_is_measured(entry, limit):
    """In a process, as a maintainer does."""
    root = exercise.ROOT
    for name in ("graders/harness", "tests/dev"):
        ignore = shutil.ignore_patterns("__pycache__", "equivalents")
        shutil.copytree(ROOT / name, root / name, ignore=ignore)
    for name in ("graders/__init__.py", "graders/conftest.py", "pyproject.toml",
                 "tests/__init__.py"):  # fmt: skip
        shutil.copy(ROOT / name, root / name)
    with entry.grader.open("a", encoding="utf-8") as file:
        file.write(EFFICIENCY.replace("LIMIT", str(limit)))
    with entry.sheet_file.open("a", encoding="utf-8") as file:
        file.write(SLOW)
    for name in ("loops", "more"):
        answer = root / f"tests/answers/moving_mean/{name}.py"
        answer.parent.mkdir(parents=True, exist_ok=True)
        answer.write_text(LOOPS, "utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "tests.dev", "check", "--no-cache", "moving_mean"],
        cwd=root,
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert "note: speed: test_large: limit" in done.stdout, done.stdout + done.stderr
    assert "fastest mistake" in done.stdout
    if limit == 900:
        assert done.returncode == 0, done.stdout
        assert "moving_mean: complete" in done.stdout
    else:  # the mistake passes, since nothing but speed rejects it
        assert done.returncode == 1
        assert "mistake 'is quadratic': must be rejected" in done.stdout
