"""What `flaky` reports, with a grader that is made up."""

from pathlib import Path
from types import SimpleNamespace

import pytest

from tests.dev import flaky
from tests.dev.check.answers import Known, Writer
from tests.dev.jobs import Job, Result, grade_many

PASSED = {"name": "test_a", "verdict": "passed", "message": ""}
WRONG = {
    "name": "test_law",
    "verdict": "wrong",
    "message": "not within tolerance",
    "call": "f(3)",
    "got": "4",
    "expected": "5",
}


@pytest.fixture
def answers(tmp_path, monkeypatch):
    """Make `toy` the only exercise, with a solution and two other right answers."""
    solution = tmp_path / "solution" / "toy.py"
    files = {
        solution: "import numpy as np\n",
        tmp_path / "answers/toy/loops.py": "import math\nfrom numpy import sort\n",
        tmp_path / "answers/toy/scipy.py": "from scipy.stats import rankdata\n",
    }
    for file, text in files.items():
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")
    entry = SimpleNamespace(name="toy", path=solution)
    job = Writer(entry, tmp_path).job
    slip = "mistake 'a slip'"
    found = [
        Known("solution", "the solution", job(solution, "the solution")),
        *(Known("answers", f"tests/{f.name}", job(f, f.name)) for f in [*files][1:]),
        Known("mistakes", slip, job(solution, slip, "rejection")),
    ]

    def known(entry, folder, aspects):
        return [one for one in found if one.aspect in aspects]

    monkeypatch.setattr(flaky, "choose", lambda names: [entry])
    monkeypatch.setattr(flaky, "known", known)


def grader(rejects):
    """Return a grader that rejects the jobs for which a function says so."""
    graded = []

    def grade(jobs, **options):
        for job in jobs:
            graded.append(job)
            checks = [PASSED, WRONG] if rejects(job) else [PASSED]
            yield Result(job, "failed" if rejects(job) else "passed", checks, 0.5)

    grade.graded = graded
    return grade


def test_none_rejected_succeeds(answers, monkeypatch, capsys):
    """Every answer is graded under every seed, and the table bounds the rate."""
    grade = grader(lambda job: False)
    monkeypatch.setattr(flaky, "grade_many", grade)
    assert flaky.main(["toy", "--seeds", "100"]) == 0
    assert len(set(grade.graded)) == 300
    head, *rows, note = capsys.readouterr().out.splitlines()
    assert head.split()[:4] == ["exercise", "answer", "gradings", "rejected"]
    assert rows[0].split() == ["toy", "solution", "100", "0", "2.95%", "50"]
    assert [row.split()[1] for row in rows[1:3]] == ["loops", "scipy"]
    assert rows[3].split() == ["all", "300", "0", "0.99%", "150"]
    assert "95 % confidence" in note


def test_a_rejection_is_told_with_seed_check_and_message(answers, monkeypatch, capsys):
    """And the command fails."""
    grade = grader(lambda job: job.seed == 7 and job.file.stem == "loops")
    monkeypatch.setattr(flaky, "grade_many", grade)
    assert flaky.main(["toy", "--seeds", "5", "--first", "5"]) == 1
    printed = capsys.readouterr().out
    assert printed.startswith(
        "REJECTED toy, loops, seed 7\n"
        "  test_law: wrong; not within tolerance; call f(3); got 4; expected 5\n"
    )
    assert printed.count("REJECTED") == 1
    assert ["toy", "loops", "5", "1"] in [
        line.split()[:4] for line in printed.splitlines()
    ]


@pytest.mark.parametrize(("passes", "code"), [(True, 1), (False, 0)])
def test_a_mistake_that_passes_is_told(passes, code, answers, monkeypatch, capsys):
    """With the seed under which it did, and the command fails."""
    grade = grader(lambda job: not (passes and job.seed == 7))
    monkeypatch.setattr(flaky, "grade_many", grade)
    found = flaky.main(["toy", "--mistakes", "--seeds", "5", "--first", "5"])
    *told, head, row, _ = capsys.readouterr().out.splitlines()
    assert found == code
    assert told == ["PASSED toy, 'a slip', seed 7"] * passes
    assert head.split()[3] == "passed"
    assert row.split()[:-2] == ["toy", "'a", "slip'", "5", str(int(passes))]
    assert {job.ask for job in grade.graded} == {"rejection"}


def test_checks_that_say_the_same_are_told_once():
    """An import that fails would otherwise fill the screen."""
    checks = [{**WRONG, "name": f"test_{i}", "message": "5 not 4"} for i in range(9)]
    result = Result(Job("toy", Path("toy.py"), 3), "failed", checks, 1.0)
    assert flaky.told("solution", result).splitlines() == [
        "REJECTED toy, solution, seed 3",
        "  test_0 (and 8 more checks): wrong; 5 not 4; call f(3)",
    ]


@pytest.mark.parametrize(
    ("verdict", "checks", "error"),
    [
        ("grader error", [], "pytest ended with code 3"),
        ("passed", [], ""),  # nothing was checked
        ("not started", [], ""),
        ("passed", [PASSED], "the worker would not end"),
    ],
)
def test_whatever_is_no_pass_is_a_rejection(verdict, checks, error):
    """A fault of ours is no acceptance."""
    result = Result(Job("toy", Path("toy.py"), 3), verdict, checks, 1.0, error)
    right, wrong = (
        flaky.Record(Known(aspect, "it", result.job))
        for aspect in ("solution", "mistakes")
    )
    assert not right.take(result)
    assert right.misjudged == [result]
    assert not wrong.take(result)
    said = flaky.told("solution", result)
    assert (error or verdict) in said
    assert said.startswith("NOT JUDGED" if result.is_faulty else "REJECTED")


def test_answers_that_need_our_packages_are_graded_in_process(answers, monkeypatch):
    """SciPy is not in a candidate's environment."""
    grade = grader(lambda job: False)
    monkeypatch.setattr(flaky, "grade_many", grade)
    flaky.main(["toy", "--seeds", "1"])
    assert [job.in_process for job in grade.graded] == [False, False, True]


@pytest.mark.parametrize(
    ("rejected", "gradings", "bound"),
    [(0, 200, 0.0149), (0, 600, 0.0050), (1, 200, 0.0235), (5, 5, 1.0), (0, 1, 0.95)],
)
def test_the_bound_is_the_rule_of_three_and_its_like(rejected, gradings, bound):
    """3 / 200 where none was rejected."""
    assert flaky.upper_bound(rejected, gradings) == pytest.approx(bound, abs=6e-5)


@pytest.mark.parametrize("seeds", ["0", "-3"])
def test_no_seeds_is_a_usage_error(answers, capsys, seeds):
    """Nothing graded is nothing shown."""
    assert flaky.main(["toy", "--seeds", seeds]) == 2
    assert "--seeds takes 1 or more" in capsys.readouterr().err


def test_an_unknown_name_is_a_usage_error(capsys):
    """In one line, with the nearest names."""
    assert flaky.main(["rocauc"]) == 2
    assert "did you mean roc_auc" in capsys.readouterr().err


# How gradings are started and read.


def test_gradings_are_told_where_their_answers_can_run(tmp_path):
    """Those that need our packages run inside the grader's process."""

    def judge(asked):
        for job in reversed(asked):
            told = {"verdict": "passed", "checks": [PASSED], "seconds": 1.0}
            told["error"] = "inside" if job["in_process"] else ""
            yield {"number": job["number"], "slowdowns": [], **told}

    asked = [Job("toy", tmp_path, seed, in_process=seed == 1) for seed in range(3)]
    results = list(grade_many(asked, judge))
    assert [r.job for r in results] == asked[::-1]
    assert [r.error for r in results] == ["", "inside", ""]


@pytest.mark.parametrize("mistake", [False, True])
def test_an_answer_that_needs_our_packages_is_judged(tmp_path, mistake):
    """The file scipy.py is not what its own import finds."""
    answer = tmp_path / "scipy.py"
    text = SCIPY.replace(" + 1", " + 2") if mistake else SCIPY
    answer.write_text(text, "utf-8")
    found = list(
        grade_many([Job("roc_auc", answer, s, in_process=True) for s in (1, 2)])
    )
    assert [result.has_passed for result in found] == [not mistake] * 2
    assert not any(result.is_faulty for result in found)
    if mistake:
        assert "expected" in found[0].failed[0]["message"]


SCIPY = """
import numpy as np
from scipy.stats import rankdata


def roc_auc(labels, scores):
    if labels.ndim != 1 or labels.shape != scores.shape:
        raise ValueError("shapes")
    if np.isnan(scores.astype(float)).any() or set(np.unique(labels)) != {0, 1}:
        raise ValueError("undefined")
    positives = int((labels == 1).sum())
    won = rankdata(scores)[labels == 1].sum() - positives * (positives + 1) / 2
    return float(won / (positives * (len(labels) - positives)))
"""
