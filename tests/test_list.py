"""The verbs `list` and `next`: what they list, how they filter, what keys do."""

import importlib
import json
from pathlib import Path

import pytest
from prompt_toolkit.data_structures import Size
from prompt_toolkit.input import create_pipe_input
from prompt_toolkit.output import DummyOutput

from graders.__main__ import VERBS
from graders.harness.catalog import exercise
from graders.harness.catalog.exercise import Entry, catalogue
from graders.harness.catalog.files import write
from graders.harness.catalog.stubs import wanted
from graders.practice.daily.list_screen import ListScreen
from graders.practice.daily.listing import Filter, Row, read_rows, table
from graders.practice.store import Store
from tests.conftest import Done
from tests.histories import DAY, Plan, moment, record, report
from tests.terminal import Terminal, on_posix

pytestmark = pytest.mark.timeout(120)  # a key that is lost ends no screen

SOLUTION = '''"""{title}."""


def answer() -> int:
    """Return one."""
    return 1
'''
SHEET = """
minutes = {minutes}
difficulty = "{difficulty}"
frequency = {frequency}
covers = {covers}
hints = ["Look."]
follow_ups = []
[mistakes]
"""
SHELF = {
    "ml_coding/metrics/gain": ("Gain of a ranking", 20, "medium", 8, ["fraud"]),
    "ml_coding/trees/stump": ("A stump", 30, "easy", 20, ["decision_trees"]),
    "ml_coding/trees/forest": ("Random forest", 45, "hard", 14, ["decision_trees"]),
    "coding/streams/window": ("Window of a stream", 15, "easy", 0, []),
}
NOON = 1_700_000_000.0


def fill(root):
    """Write exercises into an empty tree."""
    for path, (title, minutes, difficulty, frequency, covers) in SHELF.items():
        entry = Entry(Path(f"{path}.py"))
        text = SHEET.format(
            minutes=minutes,
            difficulty=difficulty,
            frequency=frequency,
            covers=json.dumps(covers),
        )
        write(root / "solutions" / entry.path, SOLUTION.format(title=title).encode())
        write(root / "graders" / entry.path.with_suffix(".toml"), text.encode())
    return root


@pytest.fixture
def shelf(tmp_path, monkeypatch):
    """Give four exercises in a tree of their own, with their stubs."""
    monkeypatch.setattr(exercise, "ROOT", fill(tmp_path))
    for entry in catalogue():
        write(entry.stub, wanted(entry).encode())
    return tmp_path


@pytest.fixture
def store(shelf):
    opened = Store()
    yield opened
    opened.close()


@pytest.fixture
def house(repository):
    """A repository in which commands run, with the four exercises."""
    fill(repository.root)
    assert repository.run("stubs").code == 0
    return repository


def names(rows):
    return [row.entry.name for row in rows]


# What there is to know of an exercise.


def test_the_most_frequently_asked_come_first(store):
    rows = read_rows(store, moment(NOON))
    assert names(rows) == ["stump", "gain", "forest", "window"]
    assert [row.status for row in rows] == ["new"] * 4


def test_the_status_follows_the_history_and_the_file(store, shelf):
    passed = Plan("stump", NOON - 400 * DAY, 600, report=report("stump"), minutes=20)
    failed = Plan("gain", NOON - 300, 60, state="failed", report=report("gain", 1))
    record(store, [passed, failed])
    write(shelf / "exercises/coding/streams/window.py", b"# mine\n")
    found = {row.entry.name: row for row in read_rows(store, moment(NOON))}
    assert found["stump"].status == "solved, due"
    assert found["stump"].due < found["gain"].due
    assert found["gain"].state == "started"
    assert found["window"].status == "started"
    assert found["forest"].status == "new"


def rows_with_states():
    """Return the rows of the shelf in a known state, in the list's order."""
    states = [("solved", True), ("started", False), ("solved", False), ("new", False)]
    entries = sorted(catalogue(), key=lambda entry: entry.name)  # forest to window
    return [
        Row(entry, state, None, due)
        for entry, (state, due) in zip(entries, states, strict=True)
    ]


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ({}, ["forest", "gain", "stump", "window"]),
        ({"words": ["TREES"]}, ["forest", "stump"]),
        ({"words": ["trees", "easy"]}, ["stump"]),
        ({"words": ["ranking"]}, ["gain"]),
        ({"words": ["fraud"]}, ["gain"]),
        ({"words": ["solved"]}, ["forest", "stump"]),
        ({"round": "coding"}, ["window"]),
        ({"topic": "trees"}, ["forest", "stump"]),
        ({"difficulty": "easy"}, ["stump", "window"]),
        ({"status": "solved"}, ["forest", "stump"]),
        ({"status": "due"}, ["forest"]),
        ({"status": "started"}, ["gain"]),
        ({"status": "new"}, ["window"]),
        ({"covers": "decision_trees"}, ["forest", "stump"]),
        ({"covers": "decision"}, []),
        ({"minutes": 20}, ["gain", "window"]),
        ({"minutes": 20, "difficulty": "easy"}, ["window"]),
    ],
)
def test_filters_let_through_what_fits_all_of_them(shelf, wanted, found):
    rows = rows_with_states()
    assert names(filter(Filter(**wanted).admits, rows)) == found


# The table.


@pytest.mark.parametrize("width", [30, 50, 80, 120, 200])
def test_the_table_fits_and_holds_every_fact(shelf, width):
    lines = table(rows_with_states(), width)
    assert all(len(line) <= width for line in lines)
    text = " ".join(" ".join(lines).split())
    facts = ("forest", "Random forest", "ml_coding/trees", "hard", "45", "14")
    for fact in (*facts, "solved, due", "started", "4 exercises"):
        assert fact in text, fact


def test_a_wide_table_has_one_line_for_each(shelf):
    assert len(table(rows_with_states(), 200)) == 1 + 4 + 2


# The command.


@pytest.fixture
def run(shelf, capsys):
    """Return what runs a verb in this process."""

    def run(verb, *argv):
        code = importlib.import_module(VERBS[verb][0]).main(list(argv))
        done = capsys.readouterr()
        return Done(code, done.out, done.err)

    return run


def test_piped_it_prints_the_table(house):
    done = house.run("list", "trees")
    assert done.code == 0, done.err
    assert "stump" in done.out
    assert "2 exercises" in done.out
    assert "gain" not in done.out
    assert "\x1b" not in done.out


def test_json_holds_every_field(run):
    done = run("list", "--topic", "metrics", "--json")
    assert done.code == 0, done.err
    [found] = json.loads(done.out)["exercises"]
    assert found == {
        "name": "gain",
        "title": "Gain of a ranking",
        "round": "ml_coding",
        "topic": "metrics",
        "difficulty": "medium",
        "minutes": 20,
        "frequency": 8,
        "covers": ["fraud"],
        "state": "new",
        "is_due": False,
        "due": None,
    }


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        (["--round", "ml_codin"], "no round is called 'ml_codin'; did you mean ml_cod"),
        (["--topic", "tree"], "no topic is called 'tree'; did you mean trees?"),
        (["--difficulty", "esy"], "'esy'; did you mean easy?"),
        (["--status", "open"], "'open'; there are new, started, solved, due"),
        (["--covers", "frad"], "no tag is called 'frad'; did you mean fraud?"),
        (["--minutes", "0"], "--minutes: a whole number from 1 to 10000 is needed"),
        (["--minutes", "ten"], "not 'ten'"),
        (["stmup"], "no exercise matches 'stmup'; did you mean stump?"),
        (["trees", "zzz"], "no exercise matches 'zzz'"),
    ],
)
def test_a_value_that_means_nothing_is_one_line(run, typed, said):
    done = run("list", *typed)
    assert done.code == 2
    assert said in done.err
    assert len(done.err.splitlines()) == 1
    assert not done.out


def test_values_that_fit_nothing_together_are_no_error(run):
    done = run("list", "--round", "coding", "--difficulty", "hard")
    assert done.code == 0
    assert done.out == "No exercise fits. nox -s list shows all.\n"
    done = run("list", "trees", "fraud", "--json")
    assert json.loads(done.out)["exercises"] == []


def test_tags_of_the_repository_are_whole_words():
    tags = {tag for entry in catalogue() for tag in entry.sheet.covers}
    assert all(entry.sheet.covers for entry in catalogue())
    assert all(tag.replace("_", "").isalpha() and tag.islower() for tag in tags)


# The keys.


class Narrow(DummyOutput):
    """A small screen that nobody sees."""

    def get_size(self):
        return Size(rows=12, columns=50)


@pytest.fixture
def choose(shelf):
    """Return what chooses from the shelf by keys."""

    def run(keys, *, asks=True):
        with create_pipe_input() as pipe:
            pipe.send_text(keys)
            screen = ListScreen(
                rows_with_states(), asks=asks, keys=pipe, output=Narrow()
            )
            chosen = screen.run()
        return chosen and (chosen[0].entry.name, chosen[1])

    return run


DOWN, UP, END = "\x1b[B", "\x1b[A", "\x1b[1;5F"


@pytest.mark.parametrize(
    ("keys", "chosen"),
    [
        ("\rp", ("forest", "practice")),
        (DOWN + DOWN + UP + "\rp", ("gain", "practice")),
        (DOWN * 9 + "\rp", ("window", "practice")),
        (UP + "\rp", ("forest", "practice")),
        (END + "\rp", ("window", "practice")),
        ("tre" + DOWN + "\rp", ("stump", "practice")),
        ("new\rp", ("window", "practice")),
        (DOWN + "tree\rp", ("forest", "practice")),
        ("\rxq\rp", ("forest", "practice")),
        ("zzz\r\x7f\x7f\x7fgain\rp", ("gain", "practice")),
        ("\x03", None),
    ],
)
def test_keys_filter_move_and_choose(choose, keys, chosen):
    assert choose(keys) == chosen


def test_escape_goes_back_and_then_leaves(choose):
    assert choose("\r\x1b\x1b") is None


def test_without_a_question_enter_chooses(choose):
    assert choose("stump\r", asks=False) == ("stump", "")


@on_posix
@pytest.mark.parametrize("columns", [80, 50])
def test_in_a_terminal_enter_starts_practice(house, columns):
    terminal = Terminal(house.root, "list", columns=columns)
    terminal.wait_for("4 of 4 exercises")
    terminal.type("window\rp")  # keys wait for their turn
    terminal.wait_for("h hint")
    terminal.type("q")
    terminal.wait_for("Resume with")
    assert terminal.end() == 0


@on_posix
def test_plain_prints_the_table_in_a_terminal_too(house):
    terminal = Terminal(house.root, "list", "--plain")
    terminal.wait_for("4 exercises")
    assert terminal.end() == 0


# Next.


def test_next_names_what_practice_starts(house):
    done = house.run("next")
    assert done.code == 0, done.err
    assert done.out.splitlines()[0] == "stump: new: listed by 20 of 54 sources, easy"
    assert "nox -s practice -- stump" in done.out
    assert house.run("practice").out.startswith("stump: new: listed by 20 of 54")
    assert house.run("next").out.startswith("stump: its session is running")


def test_next_picks_from_a_topic(run):
    assert run("next", "coding").out.startswith("window: new: easy")
    done = run("next", "codng")
    assert done.code == 2
    assert done.err == (
        "next: no exercise, topic or round is called 'codng'; "
        "did you mean coding or ml_coding?\n"
    )


# The first screen.


@pytest.mark.parametrize("columns", [80, 50])
def test_grade_suggests_easy_ones_where_nothing_is_started(run, monkeypatch, columns):
    monkeypatch.setenv("COLUMNS", str(columns))
    done = run("grade")
    assert done.code == 0
    assert all(len(line) <= columns for line in done.out.splitlines())
    suggested = [line for line in done.out.splitlines() if " min: " in line]
    assert [line.split(",")[0].strip() for line in suggested] == ["stump", "window"]
    assert "forest" not in done.out
    assert "nox -s list" in done.out
    assert "4 exercises" in done.out
