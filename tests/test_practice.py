"""The verb `practice` in real processes: by keys, and by commands without them."""

import json
import re
import time

import pytest

from graders.practice.store import Store
from tests.terminal import Terminal, on_posix

SOLUTION = '''
def add(one: int, other: int) -> int:
    """Return the sum.

    Example:
        >>> add(2, 3)
        5
        >>> add(-1, 1)
        0
    """
    return one + other
'''
GRADER = '''
def test_small(submission):
    """Adds one and two."""
    check(submission.add(1, 2), 3)

@pytest.mark.edge_cases
def test_negative(submission):
    """Adds what is negative."""
    check(submission.add(-1, -2), -3)

def test_large(submission):
    """Adds large numbers."""
    check(submission.add(10**30, 1), 10**30 + 1)
'''
STUB = "exercises/ml_coding/toys/toy.py"
RIGHT = '"""Toy."""\n' + SOLUTION.lstrip("\n")


@pytest.fixture
def house(repository):
    """A small repository with one exercise, of which nothing is started."""
    repository.toy(SOLUTION, GRADER)
    assert repository.run("stubs", "--force").code == 0
    for copy in (repository.root / ".kata").rglob("*.py"):
        copy.unlink()
    return repository


def sessions(house):
    store = Store(house.root / ".kata")
    found = [(one, store.events(one.id)) for one in store.sessions()]
    store.close()
    return found


# Without a terminal.


def test_without_keys_it_starts_and_says_what_to_run(house):
    done = house.run("practice", "toy")
    assert done.code == 0
    assert re.search(r"(10:00|9:5\d) left", done.out)
    for command in ("practice -- toy --submit", "hint -- toy", "--give-up"):
        assert f"nox -s {command}" in done.out or command in done.out
    [(session, _)] = sessions(house)
    assert session.state == "running"


def test_without_a_name_it_takes_what_is_new(house):
    done = house.run("practice")
    assert done.code == 0
    assert "toy: new: easy" in done.out or "Toy (practice" in done.out


def test_work_that_is_there_is_kept_before_a_fresh_stub_is_laid(house):
    house.write(STUB, RIGHT + "# mine\n")
    assert house.run("practice", "toy").code == 0
    assert "NotImplementedError" in (house.root / STUB).read_text()
    [kept] = (house.root / ".kata/attempts/toy").iterdir()
    assert kept.read_text() == RIGHT + "# mine\n"
    [(_, events)] = sessions(house)
    assert ("kept", kept.name) in [(event.kind, event.detail) for event in events]


def test_what_is_submitted_right_passes_with_all_that_follows(house):
    house.run("practice", "toy")
    house.write(STUB, RIGHT.replace("one + other", "other + one"))
    done = house.run("practice", "toy", "--submit")
    assert done.code == 0, done.out + done.err
    assert "3 of 3 checks" in done.out
    assert "toy: strong hire" in done.out
    assert "one + other" not in done.out  # a difference of two designs is noise
    assert "lesson and the answers:\n  nox -s solution -- toy\n" in done.out
    assert "times as long as those of the solution" in done.out
    [(session, _)] = sessions(house)
    assert session.state == "passed"


def test_what_is_submitted_wrong_fails_and_shows_no_reference(house):
    house.run("practice", "toy")
    house.write(STUB, RIGHT.replace("one + other", "abs(one) + abs(other)"))
    done = house.run("practice", "toy", "--submit")
    assert done.code == 1
    assert "2 of 3 checks" in done.out
    assert "no hire" in done.out or "lean no" in done.out
    assert "return one + other" not in done.out
    assert "nox -s solution -- toy --give-up" in done.out


def test_what_is_submitted_without_a_clock_is_one_line(house):
    done = house.run("practice", "toy", "--submit")
    assert done.code == 1
    assert done.err.splitlines() == [
        "practice: no session of toy is running; start one with nox -s practice -- toy"
    ]


def test_a_submission_that_is_gone_is_one_line_and_the_clock_runs_on(house):
    house.run("practice", "toy")
    (house.root / STUB).unlink()
    done = house.run("practice", "toy", "--submit")
    assert done.code == 2
    assert len(done.err.splitlines()) == 1
    [(session, _)] = sessions(house)
    assert session.state == "running"


def test_an_unknown_name_is_one_line_with_the_nearest(house):
    done = house.run("practice", "tyo")
    assert done.code == 2
    assert "toy" in done.err
    assert len(done.err.splitlines()) == 1


def test_a_grader_that_fails_hands_nothing_in(house):
    house.run("practice", "toy")
    house.toy(SOLUTION, GRADER + "\ndef test_ours(submission):\n    '''Is ours.'''\n"
              "    1 / 0\n", SOLUTION)  # fmt: skip
    done = house.run("practice", "toy", "--submit")
    assert done.code == 1
    assert "our fault" in done.err
    [(session, _)] = sessions(house)
    assert session.state == "running"


# In a terminal. Its screen shows only what changed, so that tests look at the record.


def wait_for_gradings(house, terminal, count):
    """Wait until the record holds so many gradings of saves."""
    end = time.monotonic() + 60
    while True:
        [(_, events)] = sessions(house)
        if [event.kind for event in events].count("graded") >= count:
            return
        assert time.monotonic() < end, events
        terminal.read()


@on_posix
def test_by_keyboard_from_the_first_save_to_the_scorecard(house):
    terminal = Terminal(house.root, "practice", "toy")
    terminal.wait_for("h hint")
    house.write(STUB, RIGHT.replace("one + other", "other"))
    terminal.wait_for("0 of 3 checks")
    house.write(STUB, RIGHT)
    wait_for_gradings(house, terminal, 2)
    terminal.type("sy")
    terminal.wait_for("strong hire")
    assert terminal.end() == 0
    [(session, events)] = sessions(house)
    assert session.state == "passed"
    assert [event.kind for event in events].count("graded") == 2


@on_posix
def test_after_a_pass_a_key_shows_the_answers_to_the_questions(house):
    sheet = house.root / "graders/ml_coding/toys/toy.toml"
    follow_up = 'follow_ups = [{question = "And now?", answer = "Stop."}]'
    text = sheet.read_text("utf-8")
    sheet.write_text(text.replace("follow_ups = []", follow_up), "utf-8")
    terminal = Terminal(house.root, "practice", "toy")
    terminal.wait_for("h hint")
    house.write(STUB, RIGHT)
    terminal.wait_for("3 of 3 checks")
    terminal.type("sy")
    terminal.wait_for("And now?")
    terminal.wait_for("Enter ends")
    assert "Stop." not in terminal.screen
    terminal.type("a\n")
    terminal.wait_for("Stop.")
    assert terminal.end() == 0


@on_posix
def test_an_interview_shows_examples_until_it_is_submitted(house):
    terminal = Terminal(house.root, "practice", "toy", "--interview")
    terminal.wait_for("h hint")
    house.write(STUB, RIGHT.replace("one + other", "5"))
    terminal.wait_for("differs: add(-1, 1)")
    assert "checks" not in terminal.screen
    terminal.type("sy")
    terminal.wait_for("thinking aloud")
    terminal.type("3\n")
    terminal.wait_for("questions")
    terminal.type("\n")
    terminal.wait_for("trade-offs")
    terminal.type("4\n")
    terminal.wait_for("decides nothing")
    assert terminal.end() == 1
    [(session, events)] = sessions(house)
    assert session.state == "failed"
    own = next(event.detail for event in events if event.kind == "own")
    assert json.loads(own) == {"thinking aloud": 3, "trade-offs": 4}


@on_posix
def test_a_killed_terminal_loses_neither_work_nor_time(house):
    terminal = Terminal(house.root, "practice", "toy")
    terminal.wait_for("h hint")
    house.write(STUB, RIGHT + "# started\n")
    terminal.wait_for("3 of 3 checks")
    terminal.kill()
    terminal = Terminal(house.root, "practice", "toy")
    terminal.wait_for("3 of 3 checks")
    terminal.type("q")
    terminal.wait_for("Resume with")
    assert terminal.end() == 0
    assert (house.root / STUB).read_text() == RIGHT + "# started\n"
    [(session, events)] = sessions(house)
    assert session.state == "running"
    assert [event.kind for event in events][-1] == "left"


@on_posix
def test_a_narrow_window_holds_it_all(house):
    terminal = Terminal(house.root, "practice", "toy", columns=24, rows=12)
    terminal.wait_for("h hint")
    terminal.type("q")
    assert terminal.end() == 0
