"""Screens of 50 and 80 columns: whatever a command prints, no word is broken."""

import re

import pytest

from graders.harness.catalog.exercise import catalogue
from graders.practice.clock import Moment
from graders.practice.session.view import View, examples_text, without_keys
from graders.practice.store import Store
from graders.practice.text import join, wrap
from tests.conftest import HEAD, SHEET, pieces
from tests.test_seam import CHECK_ADD

WIDTHS = pytest.mark.parametrize("width", [50, 80])
NAME = "repair_the_cross_validation"  # the longest that stands
PLACE = f"ml_coding/a_topic_with_a_name/{NAME}"
STUB = f"exercises/{PLACE}.py"
RIGHT = '''"""Toy."""


def add(one, other):
    """Add two numbers."""
    return one + other
'''
WRONG = RIGHT.replace("one + other", "one - other")
HINT = "Think of pre-computed, well-known sums, as in exercises/ml_coding/sums/sum.py."


def words(text):
    """Return the words of a text, without the numbers that differ each time."""
    bare = {word.strip(";:,.") for word in pieces(text)}
    return {word for word in bare if not re.fullmatch(r"[\d.:,]+", word)}


@pytest.fixture
def house(repository):
    """A repository with an exercise whose name and file are long."""
    sheet = SHEET.replace("hints = []", f'hints = ["{HINT}", "Add them."]')
    repository.write(f"graders/{PLACE}.toml", sheet + "[mistakes]\n")
    folder, _, name = PLACE.rpartition("/")
    repository.write(f"graders/{folder}/test_{name}.py", HEAD + CHECK_ADD)
    repository.write(f"solutions/{PLACE}.py", RIGHT)
    repository.write(STUB, WRONG)
    return repository


COMMANDS = {
    "grade": [("grade", "--seed", 3)],
    "grade one": [("grade", NAME, "--seed", 3)],
    "hint": [("hint", NAME), ("hint", NAME), ("hint", NAME)],
    "list": [("list",), ("list", "toy"), ("list", "nothing_is_called_so")],
    "plan": [("plan", "--days", 7), ("plan",)],
    "next": [("next",)],
    "practice": [("practice", NAME), ("practice", NAME, "--submit"), ("progress",)],
    "reset": [("reset", NAME)],
    "solution": [("solution", NAME, "--give-up")],
}


@pytest.mark.parametrize("commands", COMMANDS.values(), ids=COMMANDS)
def test_no_command_breaks_a_word(house, commands):
    shown = {}
    for width in (100, 80, 50):
        house.write(STUB, WRONG)
        for file in (house.root / ".kata").glob("kata.db*"):
            file.unlink()
        env = {"COLUMNS": str(width)}
        shown[width] = "".join(house.run(*one, env=env).out for one in commands)
        assert shown[width].strip()
        assert words(shown[width]) <= words(shown[100]) | {"|"}
        assert [x for x in lines(shown[width]) if len(x) > width] == []


def lines(text):
    """Return the lines that are not to be typed again as they are."""
    return [line for line in text.splitlines() if not line.startswith("again: ")]


@WIDTHS
@pytest.mark.parametrize("entry", catalogue(), ids=lambda entry: entry.name)
def test_no_screen_of_a_session_breaks_a_word(entry, width, tmp_path):
    store = Store(tmp_path)
    session = store.start(entry.name, "interview", 20, 0, Moment(0.0, 0.0, "boot"))
    view = View(entry, session, list(entry.sheet.hints))
    example = {"source": "f('a-b c-d')", "want": "2", "got": "3 4", "holds": False}

    def screen(columns):
        return "\n".join([
            view.title(columns), view.clock(-60.0, columns), view.body(columns),
            view.footer(columns), without_keys(entry, session, columns),
            examples_text([{**example, "printed": "one two"}], columns),
            *wrap(view.status, columns),
        ])  # fmt: skip

    shown = screen(width)
    assert words(shown) <= words(screen(1000)) | {"|"}
    assert all(len(line) <= width for line in shown.splitlines())
    store.close()


def test_a_word_is_broken_where_it_hurts_least():
    assert wrap("see exercises/ml_coding/toy.py", 20) == [
        "see exercises/", "ml_coding/toy.py",
    ]  # fmt: skip
    assert wrap("--give-up well-known", 12) == ["--give-up", "well-known"]
    assert wrap("softmax_cross_entropy", 14) == ["softmax_cross_", "entropy"]
    assert wrap("x" * 9, 4) == ["xxxx", "xxxx", "x"]
    assert join(["a b", "exercises/ml/toy.py"], 12) == [
        "a b",
        "exercises/",
        "ml/toy.py",
    ]
