"""The verb `watch`: each save is graded and recorded, and keys do the rest."""

import json
import os
import signal
import subprocess
import sys
import time
from types import SimpleNamespace

import pytest

from graders.practice.daily.watch_screen import editor, run_editor
from graders.practice.session.live_grader import LiveGrader
from graders.practice.store import Store
from tests.terminal import Terminal, on_posix
from tests.test_practice import GRADER, RIGHT, SOLUTION, STUB

pytestmark = pytest.mark.timeout(240)  # a key that is lost ends no screen

OTHER = "exercises/coding/streams/other.py"
WRONG = RIGHT.replace("one + other", "other")


@pytest.fixture
def house(repository):
    """A repository with two exercises, of which nothing is started."""
    repository.toy(SOLUTION, GRADER, sheet='hints = ["Look.", "Add."]\nfrequency = 9')
    sheet = repository.root / "graders/ml_coding/toys/toy.toml"
    text = sheet.read_text("utf-8").replace("hints = []\n", "", 1)
    sheet.write_text(text, "utf-8")
    for old, new in (("toys/toy.toml", "other.toml"), ("toys/test_toy.py", "")):
        source = (repository.root / "graders/ml_coding" / old).read_text("utf-8")
        name = new or "test_other.py"
        source = source.replace("frequency = 9", "frequency = 1")
        repository.write(f"graders/coding/streams/{name}", source)
    repository.write("solutions/coding/streams/other.py", RIGHT)
    assert repository.run("stubs", "--force").code == 0
    return repository


def gradings(house):
    """Return the verdicts in the record, by exercise."""
    store = Store(house.root / ".kata")
    found = [
        (one.exercise, one.mode, event.detail)
        for one in store.sessions()
        for event in store.events(one.id)
        if event.kind == "graded"
    ]
    store.close()
    return found


def wait_for_gradings(house, count, terminal=None):
    end = time.monotonic() + 120
    while len(found := gradings(house)) < count:
        assert time.monotonic() < end, found
        terminal.read() if terminal else time.sleep(0.1)
    return found


# In a terminal. Its screen shows only what changed.


@on_posix
@pytest.mark.parametrize("columns", [80, 50])
def test_a_save_shows_the_first_failure_alone_and_is_recorded(house, columns):
    terminal = Terminal(house.root, "watch", columns=columns)
    terminal.wait_for("(no clock)")
    terminal.wait_for("h hint")
    house.write(STUB, WRONG)
    terminal.wait_for("Adds one and two.")
    house.write(STUB, RIGHT)
    found = wait_for_gradings(house, 2, terminal)
    assert "Adds large numbers" not in terminal.screen
    terminal.type("q")
    assert terminal.end() == 0
    assert found == [
        ("toy", "grade", "failed: 0 of 3 checks"),
        ("toy", "grade", "passed: 3 of 3 checks"),
    ]


@on_posix
def test_a_file_that_an_editor_has_emptied_is_not_graded(house):
    terminal = Terminal(house.root, "watch")
    terminal.wait_for("h hint")
    house.write(STUB, "")
    terminal.wait_for("is empty")
    house.write(STUB, RIGHT)
    found = wait_for_gradings(house, 1, terminal)
    terminal.type("q")
    assert terminal.end() == 0
    assert found == [("toy", "grade", "passed: 3 of 3 checks")]


def test_a_save_that_is_not_complete_is_waited_for():
    readings = [RIGHT[:9], RIGHT[:99], RIGHT, RIGHT, RIGHT]
    file = SimpleNamespace(read_bytes=lambda: readings.pop(0).encode())
    said = []
    live = LiveGrader(
        SimpleNamespace(stub=file),
        0,
        shows_verdicts=True,
        later=lambda call: call(),
        say=said.append,
        take=said.append,
    )
    live._look()
    live._look()  # the same again, which asks for nothing
    assert not readings
    assert live._requests.get_nowait().source == RIGHT.encode()
    assert live._requests.empty()
    assert not said


@on_posix
def test_keys_show_hints_the_next_and_the_solution(house):
    terminal = Terminal(house.root, "watch", "toy")
    terminal.wait_for("h hint")
    terminal.type("h")
    terminal.wait_for("hint 1 of 2: Look.")
    terminal.type("hh")
    terminal.wait_for("re hints;")  # of "No more hints;" what is drawn anew
    terminal.type("n")
    terminal.wait_for("other.py")
    terminal.type("l")
    terminal.wait_for("2 of 2 exercises")
    terminal.type("toy\r")
    terminal.wait_for("toy.py")
    terminal.type("s")
    terminal.wait_for("Give up")
    terminal.type("nsy")
    terminal.wait_for("return one + other")
    terminal.type("q")
    assert terminal.end() == 0
    store = Store(house.root / ".kata")
    [session] = store.sessions()
    store.close()
    assert (session.exercise, session.state) == ("toy", "gave up")


@on_posix
def test_the_solution_of_what_passed_is_shown_without_a_question(house):
    house.write(STUB, RIGHT)
    assert house.run("grade", "toy").code == 0
    terminal = Terminal(house.root, "watch", "toy")
    terminal.wait_for("h hint")
    terminal.type("s")
    terminal.wait_for("solutions/ml_coding/toys/toy.py")
    terminal.type("q")
    assert terminal.end() == 0
    assert [verdict for _, _, verdict in gradings(house)] == ["passed: 3 of 3 checks"]


@on_posix
def test_a_key_edits_the_file(house):
    script = house.write("edit.py", f"""
        import pathlib, sys
        pathlib.Path(sys.argv[1]).write_text({RIGHT!r}, "utf-8")
    """)  # fmt: skip
    env = {"VISUAL": f"{sys.executable} {script}"}
    terminal = Terminal(house.root, "watch", "toy", env=env)
    terminal.wait_for("h hint")
    terminal.type("e")
    assert wait_for_gradings(house, 1, terminal)[0][2] == "passed: 3 of 3 checks"
    terminal.type("q")
    assert terminal.end() == 0


def test_the_editor_is_visual_then_editor_then_code(monkeypatch, tmp_path):
    monkeypatch.setenv("VISUAL", "vim -u NONE")
    monkeypatch.setenv("EDITOR", "nano")
    assert editor() == ["vim", "-u", "NONE"]
    monkeypatch.setenv("VISUAL", "")
    assert editor() == ["nano"]
    monkeypatch.delenv("EDITOR")
    monkeypatch.setenv("PATH", str(tmp_path))
    assert editor() == []


def test_an_editor_that_fails_is_one_line(tmp_path):
    assert run_editor([str(tmp_path / "none")], tmp_path).endswith(
        "No such file or directory"
    )
    why = run_editor([sys.executable, "-c", "raise SystemExit(3)"], tmp_path)
    assert why.endswith("ended with exit code 3")


# What is watched first.


def test_it_starts_with_what_was_started_last_and_is_unsolved(house):
    house.write(STUB, RIGHT)
    house.run("grade", "toy")
    assert "other: " in house.run("watch").out
    house.write(STUB, RIGHT + "# more\n")
    assert "other: " in house.run("watch").out
    house.write(OTHER, WRONG)
    assert "other: " in house.run("watch").out


def test_what_is_due_again_starts_from_its_stub_and_the_work_is_backed_up(house):
    house.write(STUB, RIGHT)
    house.run("grade", "toy")
    store = Store(house.root / ".kata")
    with store._change() as database:  # it happened long ago
        database.execute("UPDATE sitting SET started = started - 4e7")
        database.execute("DELETE FROM card")
    store.close()
    done = house.run("watch")
    assert "toy: " in done.out
    assert "due since" in done.out
    assert "NotImplementedError" in (house.root / STUB).read_text("utf-8")
    [backup] = (house.root / ".kata/attempts/toy").iterdir()
    assert backup.read_text("utf-8") == RIGHT


def test_an_unknown_name_is_one_line(house):
    done = house.run("watch", "tyo")
    assert done.code == 2
    assert done.err.startswith("watch: no exercise, topic or round is called 'tyo'")
    assert len(done.err.splitlines()) == 1


# Without a terminal.


@pytest.fixture
def piped(house):
    """Watch without a terminal."""
    process = subprocess.Popen(
        [sys.executable, "-m", "graders", "watch"],
        cwd=house.root,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    while not (line := process.stdout.readline()).startswith("Ends when"):
        assert line
    yield process
    process.kill()
    process.wait()


def test_piped_it_prints_a_verdict_for_each_save_of_any_exercise(house, piped):
    house.write(STUB, WRONG)
    wait_for_gradings(house, 1)
    house.write(OTHER, RIGHT)
    found = wait_for_gradings(house, 2)
    out, _ = piped.communicate(timeout=100)  # which ends standard input
    assert piped.returncode == 0
    assert "0 of 3 checks passed" in out
    assert "3 of 3 checks passed" in out
    assert "Traceback" not in out
    assert [(name, verdict) for name, _, verdict in found] == [
        ("toy", "failed: 0 of 3 checks"),
        ("other", "passed: 3 of 3 checks"),
    ]


@on_posix
def test_piped_it_ends_when_it_is_told_to(house, piped):
    os.kill(piped.pid, signal.SIGTERM)
    assert piped.wait(100) == 0
    assert json.dumps(gradings(house)) == "[]"
