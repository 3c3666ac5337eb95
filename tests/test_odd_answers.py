"""A candidate whose answers are odd is told so, shortly, and never that we failed."""

import json
import subprocess
import sys

import pytest

from graders.harness.catalog.exercise import ROOT, catalogue
from tests.dev.check import wrong_values

MOST_LINES = 40

ODD = ("None", "throw(AssertionError('no'))", "call(args, kwargs)")


@pytest.mark.timeout(600)
@pytest.mark.parametrize("value", ODD)
def test_an_odd_answer_fails_every_exercise_shortly(value, tmp_path):
    entries = [entry for entry in catalogue() if not entry.is_text]
    for entry in entries:
        file = tmp_path / entry.path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(wrong_values.answers(entry)[value], "utf-8")
    report = tmp_path / "report.json"
    names = [entry.name for entry in entries]
    command = [sys.executable, "-m", "graders", "grade", *names]
    done = subprocess.run(
        [*command, "--from", tmp_path, "--json", report],
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
    )
    exercises = json.loads(report.read_text("utf-8"))["exercises"]
    verdicts = {one["name"]: one["verdict"] for one in exercises}
    assert verdicts == dict.fromkeys(names, "failed"), done.stdout
    assert done.returncode == 1
    assert not done.stderr
    blocks = done.stdout.split("\nfailed ")
    assert len(blocks) >= len(names)
    assert max(len(block.splitlines()) for block in blocks) < MOST_LINES
