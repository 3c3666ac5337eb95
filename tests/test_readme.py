"""The README: its commands exist, its first screen starts people, its links lead."""

import re
import subprocess
import sys

import pytest

from graders.harness.exercise import ROOT
from graders.harness.faults import VERDICTS

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
        "stubs",
        "new",
        "strength",
        "steady",
        "bench",
    } <= (sessions)


def test_the_two_commands_stand_in_the_first_screen():
    first = "\n".join(README.splitlines()[:24])
    assert (
        "python3 -m venv .venv && .venv/bin/python -m pip install nox && "
        ".venv/bin/python -m nox -s grade\n"
    ) in first
    assert "nox -s tests" in first


def test_links_lead_somewhere():
    for link in re.findall(r"\]\(([^)#]+)\)", README + CONTRIBUTING):
        assert link.startswith("https://") or (ROOT / link).exists(), link


def test_every_verdict_is_explained():
    for verdict in VERDICTS:
        assert f"| {verdict} |" in README


def test_every_module_of_the_harness_has_its_line():
    modules = {p.stem for p in (ROOT / "graders" / "harness").glob("[!_]*.py")}
    table = CONTRIBUTING.partition("| module of")[2]
    named = {
        word
        for row in re.findall(r"^\| ([^|]+) \|", table, re.MULTILINE)
        for word in re.findall(r"\w+", row)
    }
    assert modules <= named
