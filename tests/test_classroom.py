"""The workflow for a class on GitHub counts points as it says."""

import os
import re
import subprocess
import textwrap

import pytest

from tests.conftest import ROOT

WORKFLOW = (ROOT / ".github" / "classroom.yml").read_text("utf-8")
STEP = textwrap.dedent(
    WORKFLOW.partition("- name: Grade\n")[2].partition("run: |\n")[2]
)


@pytest.fixture
def runner(tmp_path):
    """Return a function that runs the workflow's last step with another `nox`."""
    (tmp_path / "katas").mkdir()
    summary = tmp_path / "summary.md"

    def run(rows, code):
        script = f'#!/bin/sh\necho called with "$@"\n{rows}\nexit {code}\n'
        (tmp_path / "nox").write_text(script)
        (tmp_path / "nox").chmod(0o755)
        env = os.environ | {"EXERCISES": "roc_auc kmeans", "POINTS": "10",
               "GITHUB_STEP_SUMMARY": str(summary),
               "PATH": f"{tmp_path}:{os.environ['PATH']}"}  # fmt: skip
        done = subprocess.run(["bash", "-e", "-c", STEP], cwd=tmp_path / "katas",
                              env=env, capture_output=True, text=True)  # fmt: skip
        text = summary.read_text() if summary.exists() else ""
        return done.returncode, done.stdout, text

    return run


GRADED = """
mkdir -p ../results/feedback
printf 'who,score\\nanswers,100.0\\nanswers,57.1\\n' > ../results/grades.csv
echo '# 1 of 2 exercises passed' > ../results/feedback/answers.md
"""


def test_points_are_the_sum_of_the_scores_and_red_stays_red(runner):
    code, out, summary = runner(GRADED, 1)
    assert code == 1
    assert "called with -s batch -- ../submitted --out ../results" in out
    assert "--exercises roc_auc kmeans\n" in out
    assert "::notice title=Autograding complete::Points 15.71/20" in out
    assert summary == "# 1 of 2 exercises passed\n"


def test_without_an_answer_there_are_no_points(runner):
    code, out, summary = runner("", 2)
    assert code == 2
    assert "Points 0/20" in out
    assert summary == ""


def test_its_actions_are_those_of_our_other_workflows():
    used = set(re.findall(r"uses: (.*)", WORKFLOW))
    ours = (ROOT / ".github" / "workflows" / "submissions.yml").read_text("utf-8")
    assert used
    assert used <= set(re.findall(r"uses: (.*)", ours))
