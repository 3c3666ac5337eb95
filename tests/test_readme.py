"""The README: its commands exist, its first screen starts people, its links lead."""

import json
import re
import subprocess
import sys

import pytest

from graders.harness.answer.errors import VERDICTS
from graders.harness.catalog.exercise import ROOT
from graders.practice.session.scorecard import rubric_text
from tests.dev.__main__ import VERBS
from tests.dev.picture import PICTURE, as_svg, session

README = (ROOT / "README.md").read_text("utf-8")
CONTRIBUTING = (ROOT / ".github" / "CONTRIBUTING.md").read_text("utf-8")


@pytest.fixture(scope="module")
def sessions():
    """Return the names that `nox --list` prints."""
    command = [sys.executable, "-m", "nox", "--list", "-f", ROOT / "noxfile.py"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return set(re.findall(r"^[*-] (\w+)", done.stdout, re.MULTILINE))


@pytest.mark.parametrize("text", [README, CONTRIBUTING], ids=["README", "CONTRIBUTING"])
def test_every_command_named_is_a_session(text, sessions):
    named = {
        session
        for words in re.findall(r"nox -s ((?:\w+ ?)+)", text)
        for session in words.split()
        if session not in ("do", "and")
    }
    assert named
    assert named <= sessions


def test_every_session_says_what_it_does(sessions):
    assert {
        "grade",
        "tests",
        "lint",
        "dev",
        "list",
        "next",
        "watch",
        "plan",
        "practice",
        "mock",
        "progress",
        "attempts",
        "hint",
        "solution",
        "reset",
        "review",
    } <= sessions


def test_two_commands_in_the_first_screen_each_start_from_nothing():
    first = "\n".join(README.splitlines()[:24])
    block = first.partition("```sh\n")[2].partition("```")[0]
    start = "python3 -m venv .venv && .venv/bin/pip install nox && "
    nox = ".venv/bin/nox -s"
    assert block.splitlines() == [f"{start}{nox} grade", f"{start}{nox} tests"]


def test_links_lead_somewhere():
    for link in re.findall(r"\]\(([^)#]+)\)", README + CONTRIBUTING):
        assert link.startswith("https://") or (ROOT / link).exists(), link


def test_every_verdict_is_explained():
    for verdict in VERDICTS:
        assert f"| {verdict} |" in README


def test_the_picture_shows_what_a_terminal_shows():
    def timeless(picture):
        return re.sub(r'textLength="[\d.]+"|(&#160;)+\d+\.\d&#160;s', "", picture)

    drawn = PICTURE.read_text("utf-8")
    assert "looks&#160;like" in drawn
    assert timeless(drawn) == timeless(as_svg(session()))


def test_every_folder_of_the_harness_is_named():
    folder = ROOT / "graders" / "harness"
    packages = {path.parent.name for path in folder.glob("*/__*__.py")}
    assert len(packages) >= 6
    assert packages <= set(re.findall(r"`(\w+)`\s\(", CONTRIBUTING))


def test_every_verb_of_dev_is_named():
    named = set(re.findall(r"nox -s dev -- (\w+)", CONTRIBUTING))
    assert set(VERBS) <= named | {"name"}
    assert named <= set(VERBS)


def test_the_rubric_of_the_scorecard_is_the_one_that_rates():
    assert rubric_text() in README


def test_editors_are_told_in_json():
    for name in ("settings", "tasks", "launch"):
        text = (ROOT / ".vscode" / f"{name}.json").read_text("utf-8")
        settings = json.loads(re.sub(r"^\s*//.*", "", text, flags=re.MULTILINE))
        assert settings
    task = (ROOT / ".vscode/tasks.json").read_text("utf-8")
    assert '"-s", "grade", "--"' in task


def test_editors_leave_out_what_is_hidden():
    hidden = ("graders", "solutions", "tests/answers")
    for name in (".vscode/settings.json", ".zed/settings.json", ".ignore",
                 ".idea/katas.iml"):  # fmt: skip
        text = (ROOT / name).read_text("utf-8")
        assert all(folder in text for folder in hidden), name
