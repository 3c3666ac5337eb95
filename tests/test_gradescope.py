"""The autograder, unpacked and run as Gradescope runs one."""

import json
import os
import shutil
import subprocess
import sys
import zipfile

import pytest

from graders.harness.catalog.exercise import ROOT, choose
from graders.submissions.gradescope.build import Settings, build
from graders.submissions.gradescope.command import main
from graders.submissions.gradescope.grade import _answer, _places

NAMES = ["roc_auc", "story_bank"]
WRONG = "def roc_auc(labels, scores):\n    print('::error::hm')\n    return 0.5\n"


def solution(name):
    [entry] = choose([name])
    return entry.solution.read_text("utf-8")


@pytest.fixture
def grader(tmp_path):
    """Return a function that runs the autograder on some files."""

    def unpacked(feedback="sentences", points=10.0):
        out = tmp_path / "autograder.zip"
        build(list(choose(NAMES)), out, Settings(feedback, points))
        with zipfile.ZipFile(out) as archive:
            archive.extractall(tmp_path / "source")
            modes = {i.filename: i.external_attr >> 16 for i in archive.infolist()}
        assert {modes["setup.sh"], modes["run_autograder"]} == {0o755}
        python = tmp_path / "venv" / "bin" / "python"
        python.parent.mkdir(parents=True, exist_ok=True)
        python.write_text(f'#!/bin/sh\nexec {sys.executable} "$@"\n')
        python.chmod(0o755)

    def run(handed_in, env=None, **settings):
        unpacked(**settings)
        shutil.rmtree(tmp_path / "submission", ignore_errors=True)
        (tmp_path / "submission").mkdir()
        for name, text in handed_in.items():
            file = tmp_path / "submission" / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, "utf-8")
        done = subprocess.run(
            ["bash", tmp_path / "source" / "run_autograder"],
            cwd=tmp_path,
            env=os.environ | {"KATAS_AUTOGRADER": str(tmp_path)} | (env or {}),
            capture_output=True,
            text=True,
            timeout=300,
        )
        results = tmp_path / "results" / "results.json"
        assert (done.returncode, done.stderr) == (0, ""), done.stderr
        return json.loads(results.read_text("utf-8"))

    run.root = tmp_path
    return run


def test_right_answers_get_all_points(grader):
    found = grader(
        {
            "roc_auc.py": solution("roc_auc"),
            "deep/er/story_bank.md": solution("story_bank"),
        },
        points=7.0,
    )
    assert found["score"] == pytest.approx(14.0)
    assert {test["status"] for test in found["tests"]} == {"passed"}
    assert sum(test["max_score"] for test in found["tests"]) == pytest.approx(
        14, abs=0.1
    )
    assert found["output"].startswith("2 of 2 exercises passed; seed ")
    assert found["stdout_visibility"] == "hidden"


def test_a_wrong_answer_gets_what_it_deserves_and_no_input_is_told(grader):
    found = grader({"roc_auc.py": WRONG})
    tests = [test for test in found["tests"] if test["name"].startswith("roc_auc")]
    assert 0 < found["score"] < 10
    assert {test["status"] for test in tests} == {"passed", "failed"}
    assert "np.array" not in json.dumps(tests)
    [missing] = [t for t in found["tests"] if t["name"].startswith("story_bank")]
    assert "not graded: the file was not submitted" in missing["output"]
    assert missing["score"] == 0


def test_full_feedback_shows_the_failing_call(grader):
    found = grader({"roc_auc.py": WRONG}, feedback="full")
    assert "call: roc_auc(" in json.dumps(found)
    lines = [line for test in found["tests"] for line in test["output"].splitlines()]
    assert not [line for line in lines if line.startswith("::")]


def test_the_verdict_alone_is_one_line_an_exercise(grader):
    found = grader({"roc_auc.py": WRONG}, feedback="verdict")
    assert [test["name"] for test in found["tests"]] == ["story_bank", "roc_auc"]
    assert "np.array" not in json.dumps(found)


def test_without_namespaces_the_results_say_so(grader, tmp_path):
    path = tmp_path / "bin"
    path.mkdir()
    for tool in ("bash", "sh", "env"):
        (path / tool).symlink_to(shutil.which(tool))
    found = grader({"roc_auc.py": solution("roc_auc")}, env={"PATH": str(path)})
    assert "isolation: process" in found["output"]
    assert found["extra_data"]["sandbox"] == ["process"]


def test_what_is_no_answer_is_refused(grader):
    root = grader.root
    found = grader({"a/roc_auc.py": WRONG, "b/roc_auc.py": WRONG})
    assert "2 files of that name" in json.dumps(found)
    found = grader({"roc_auc.py": "#" * (2**20 + 1)})
    assert "larger than 1 MB" in json.dumps(found)
    assert found["score"] == 0
    secret = root / "secret.py"
    secret.write_text(solution("roc_auc"))
    (root / "linked").mkdir()
    (root / "linked" / "roc_auc.py").symlink_to(secret)
    [files] = _places(root / "linked").values()
    assert _answer(files) == (b"", "it is no ordinary file")


def test_other_exercises_stay_out_of_the_zip(tmp_path):
    build(list(choose(NAMES)), tmp_path / "a.zip", Settings("full", 10.0))
    with zipfile.ZipFile(tmp_path / "a.zip") as archive:
        names = archive.namelist()
    assert [n for n in names if n.startswith("solutions/")] == [
        "solutions/behavioral/stories/story_bank.md",
        "solutions/ml_coding/metrics/roc_auc.py",
    ]
    assert not [n for n in names if "kmeans" in n or "pycache" in n or ".git/" in n]
    build(list(choose(NAMES)), tmp_path / "b.zip", Settings("full", 10.0))
    assert (tmp_path / "a.zip").read_bytes() == (tmp_path / "b.zip").read_bytes()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["roc_acu"], "roc_acu"),
        ([], "name an exercise"),
        (["roc_auc", "--out", "/nowhere/a.zip"], "/nowhere"),
    ],
)
def test_bad_words_are_one_line(words, said, capsys):
    assert main(words) == 2
    error = capsys.readouterr().err
    assert said in error
    assert error.count("\n") == 1


def test_scripts_are_bash(tmp_path):
    folder = ROOT / "graders" / "submissions" / "gradescope"
    for name in ("setup.sh", "run_autograder"):
        assert subprocess.run(["bash", "-n", folder / name]).returncode == 0
