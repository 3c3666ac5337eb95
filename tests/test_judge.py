"""Judging many answers in one process tells what grading each alone tells."""

import json
import subprocess
import sys
from collections import Counter

import pytest

from graders.harness.catalog.exercise import catalogue
from tests.dev.gradings import grade_all
from tests.dev.judge import GLANCE, PART, Judge, judge

ENTRIES = {entry.name: entry for entry in catalogue()}


def job(number, name, file, ask="all", **more):
    """Return a job as the judge takes it."""
    usual = {"number": number, "name": name, "file": str(file), "seed": 5, "ask": ask}
    return usual | {"in_process": False, "first": [], "kills": {}} | more


def told(result):
    """Return what a grading says of each check."""
    checks = {check["name"]: check["verdict"] for check in result["checks"]}
    return result["verdict"], checks


@pytest.mark.parametrize("name", ["roc_auc", "sliding_window_median", "story_bank"])
def test_mistakes_get_the_verdicts_of_a_candidates_grading(name, tmp_path):
    entry = ENTRIES[name]
    files = [entry.solution]
    for number, mistake in enumerate(list(entry.sheet.mistakes.values())[:2]):
        files.append(tmp_path / f"{number}{entry.path.suffix}")
        files[-1].write_text(entry.with_mistake(mistake), "utf-8")
    asked = [{"name": name, "file": str(f), "seed": 5} for f in files]
    alone = {r["job"]["file"]: told(r) for r in grade_all(asked)}
    together = judge([job(number, name, f) for number, f in enumerate(files)])
    assert {str(files[r["number"]]): told(r) for r in together} == alone


GRADER = """
import os, signal

test_contract = contract("f", {"x": 3}, returns=int)

@given(st.integers(0, 50))
def test_keeps(submission, x):
    "Keeps."
    check(submission.f(x), x)

def test_ends_us(submission):
    "Ends the grader's process."
    if submission.f(7) == 13:
        os.kill(os.getpid(), signal.SIGKILL)

@pytest.mark.validation
def test_refuses(submission):
    "Refuses."
    with pytest.raises(ValueError):
        submission.f(-1)

def test_large(submission):
    "Large."
    check(submission.f(1000), 1000)
"""

RIGHT = "def f(x):\n    if x < 0:\n        raise ValueError\n    return x\n"
ANSWERS = {
    "right": RIGHT,
    "stub": "def f(x):\n    raise NotImplementedError\n",
    "none": "def f(x):\n    return None\n",
    "wrong at one": RIGHT + "g = f\ndef f(x):\n    return g(x) + (x == 1000)\n",
    "validates nothing": "def f(x):\n    return x\n",
    "cannot be read": "def f(x:\n",
    "lacks it": "def h(x):\n    return x\n",
    "ends its process": "import os\ndef f(x):\n    os._exit(3)\n",
    "hangs": RIGHT + "def f(x):\n    while x >= 3:\n        pass\n    return x\n",
    "ends the grader": RIGHT + "g = f\ndef f(x):\n    return 13 if x == 7 else g(x)\n",
    "raises": "def f(x):\n    return [][x]\n",
}

READ = """
import json, sys
from tests.dev.gradings import grade_all
from tests.dev.judge import judge

jobs = json.load(sys.stdin)
"""

SCRIPT = """
alone = {r["job"]["number"]: r for r in grade_all(jobs)}
together = {r["number"]: r for r in judge(jobs)}
order = [dict(job, ask="rejection") for job in jobs]
rejected = {r["number"]: r for r in judge(order, 1)}
print(json.dumps([alone, together, rejected]))
"""


def judged_in(repository, script, jobs):
    """Return what a script prints that judges jobs with a repository's own tools."""
    done = subprocess.run(
        [sys.executable, "-c", READ + script],
        cwd=repository.root,
        input=json.dumps(jobs),
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.fixture(scope="module")
def gradings(tmp_path_factory):
    """Grade the toy's answers alone, together, and until the first failure."""
    from tests.conftest import Repository

    repository = Repository(tmp_path_factory.mktemp("toys"))
    repository.toy(RIGHT, GRADER)
    repository.add_tools()
    files = {}
    for number, (name, source) in enumerate(ANSWERS.items()):
        files[name] = repository.write(f"answers/{number}.py", source)
    jobs = [job(number, "toy", file) for number, file in enumerate(files.values())]
    return judged_in(repository, SCRIPT, jobs)


@pytest.mark.parametrize("name", ANSWERS)
def test_whatever_an_answer_does_costs_it_alone(name, gradings):
    number = str(list(ANSWERS).index(name))
    alone, together, _ = gradings
    if name == "ends the grader":
        assert alone[number]["verdict"] == "grader error"
        assert together[number]["verdict"] == "grader error"
    else:
        assert told(together[number]) == told(alone[number])


@pytest.mark.parametrize("name", ANSWERS)
def test_the_first_failure_is_one_of_all(name, gradings):
    number = str(list(ANSWERS).index(name))
    alone, _, rejected = gradings
    if name in ("right", "stub"):
        assert rejected[number]["verdict"] == alone[number]["verdict"]
        return
    first = [check for check in rejected[number]["checks"] if is_failed(check)]
    assert rejected[number]["verdict"] in ("failed", "grader error")
    all_failed = {c["name"] for c in alone[number]["checks"] if is_failed(c)}
    assert len(first) == 1 or name == "ends the grader"
    # Where the contract is not met a candidate is told no more; any check rejects it.
    of_contract = all_failed == {"test_contract"}
    assert {check["name"] for check in first} <= all_failed or of_contract


COUNTED = """
import pathlib

def note(what):
    with pathlib.Path(__file__).with_name("seen.txt").open("a") as file:
        file.write(what + "\\n")

@given(st.integers(0, 10**6))
def test_holds(submission, x):
    "Holds."
    note("holds")
    check(submission.f(0), 0)

@given(st.integers(0, 10**6))
def test_keeps(submission, x):
    "Keeps."
    note("keeps")
    check(submission.f(x), x)
"""


@pytest.mark.parametrize(
    ("answer", "most", "verdict"),
    [
        ("def f(x): return x * (x < 50)", GLANCE, "failed"),
        ("calls = []\ndef f(x):\n    calls.append(x)\n"
         f"    return x * (len(calls) < {GLANCE + 9})", 50 + GLANCE, "failed"),
        ("def f(x): return x", 50 + GLANCE, "passed"),
    ],
    ids=["at a glance", "after more than a glance", "not at all"],
)  # fmt: skip
def test_a_rejection_is_looked_for_at_a_glance_first(answer, most, verdict, repository):
    repository.toy(answer, COUNTED, answer)
    repository.add_tools()
    file = repository.write("answers/0.py", answer)
    jobs = [job(0, "toy", file, "rejection")]
    [result] = judged_in(repository, "print(json.dumps([*judge(jobs, 1)]))", jobs)
    assert result["verdict"] == verdict
    [seen] = repository.root.glob("graders/*/*/seen.txt")
    counts = Counter(seen.read_text().split())
    assert counts["keeps"] <= most
    assert counts["holds"] <= most


@pytest.mark.parametrize("inside", [False, True])
@pytest.mark.parametrize(("ask", "examples"), [("all", 50), ("part", PART)])
def test_a_part_of_the_examples_is_tried(ask, examples, inside, repository):
    answer = "def f(x): return x"
    repository.toy(answer, COUNTED, answer)
    repository.add_tools()
    file = repository.write("answers/0.py", answer)
    jobs = [job(0, "toy", file, ask, in_process=inside)]
    [result] = judged_in(repository, "print(json.dumps([*judge(jobs, 1)]))", jobs)
    assert {check["verdict"] for check in result["checks"]} == {"passed"}
    assert result["verdict"] == "passed"
    [seen] = repository.root.glob("graders/*/*/seen.txt")
    assert Counter(seen.read_text().split()) == {"holds": examples, "keeps": examples}


def is_failed(check):
    return check["verdict"] not in ("passed", "not judged", "not started")


def test_what_rejected_an_answer_last_time_runs_first(tmp_path):
    file = tmp_path / "answer.py"
    mistake = ENTRIES["roc_auc"].sheet.mistakes["ranks from zero"]
    file.write_text(ENTRIES["roc_auc"].with_mistake(mistake), "utf-8")
    first = "test_labels_of_any_dtype[int8]"
    [result] = judge([job(0, "roc_auc", file, "rejection", first=[first])])
    assert [check["name"] for check in result["checks"]] == [first]
    assert result["verdict"] == "failed"


@pytest.mark.parametrize("is_left", [False, True], ids=["whole", "left"])
def test_a_judge_takes_batch_after_batch(is_left):
    """Of a batch that nobody reads to its end nothing comes with the next."""
    stub, solution = ENTRIES["roc_auc"].stub, ENTRIES["roc_auc"].solution
    first = [job(number, "roc_auc", stub) for number in range(3)]
    with Judge(1) as judging:
        results = judging(first)
        told_first = [next(results)] if is_left else list(results)
        results.close()
        [second] = judging([job(7, "roc_auc", solution)])
    assert [r["verdict"] for r in told_first] == ["not started"] * len(told_first)
    assert len(told_first) == (1 if is_left else 3)
    assert (second["number"], second["verdict"]) == (7, "passed")
