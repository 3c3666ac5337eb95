"""A behavioral question names what one's own stories cover, and what levels need."""

from types import SimpleNamespace

import pytest

from graders.harness.catalog import exercise
from graders.practice.mocks import own_stories as bridge
from graders.practice.mocks import question_bank
from graders.practice.mocks.ticking import _afterwards

BANK = """## Story 1: The label that meant two things
Covers: Conflict, ML system

## Story 2: The ranking
**Covers:** failure

## Story 3:
Covers: impact
"""


@pytest.fixture
def bank(tmp_path, monkeypatch):
    """Return a story bank that a test writes."""
    file = tmp_path / "story_bank.md"
    file.write_text(BANK, "utf-8")
    monkeypatch.setattr(exercise, "ROOT", tmp_path)
    monkeypatch.setattr(bridge, "choose_one", lambda name: SimpleNamespace(stub=file))
    return file


LABEL = '"The label that meant two things"'
YET = "None of your own stories covers {} yet: see story_bank.md."


@pytest.mark.parametrize(
    ("theme", "said"),
    [
        ("conflict", f"Of your own stories, these cover conflict: {LABEL}."),
        ("ML system", f"Of your own stories, these cover ML system: {LABEL}."),
        ("failure", 'Of your own stories, these cover failure: "The ranking".'),
        ("impact", YET.format("impact")),
        ("leadership", YET.format("leadership")),
    ],
)
def test_stories_are_found_by_their_theme(bank, theme, said):
    assert bridge.own_stories(theme) == said


def test_stories_that_cannot_be_read_are_said(bank):
    bank.write_bytes(b"\xff\xfe")
    assert bridge.own_stories("conflict").startswith("Your stories cannot be read: ")


def test_a_repository_without_a_story_bank_says_nothing(monkeypatch):
    def choose_one(name):
        raise LookupError(name)

    monkeypatch.setattr(bridge, "choose_one", choose_one)
    assert bridge.own_stories("conflict") == ""


def test_each_theme_says_what_senior_and_staff_need(bank):
    behavioral = question_bank.load("behavioral")
    needed = {}
    for item in behavioral.items:
        [phase] = item.phases
        shown = " ".join(" ".join(_afterwards(phase, 80)).split())
        for level, needs in zip(("senior", "staff"), phase.levels, strict=True):
            assert f"At {level} level: {needs}" in shown
            needed.setdefault(needs, set()).add(phase.name)
        assert bridge.own_stories(phase.name) in shown
    assert len(needed) == 12  # two of each theme, none twice
    assert all(len(themes) == 1 for themes in needed.values())


def test_other_rounds_say_nothing_of_it(bank):
    for item in question_bank.load("ml_concepts").items:
        shown = " ".join(_afterwards(item.phases[0], 80))
        assert "level:" not in shown
        assert "your own stories" not in shown
