"""Mock interviews: what is drawn, how they go on, and what they leave."""

import dataclasses
import json
import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path
from types import SimpleNamespace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from prompt_toolkit.utils import get_cwidth

from graders.harness.catalog import exercise
from graders.harness.catalog.exercise import Entry
from graders.practice.clock import Moment, now
from graders.practice.mocks import draw, mock, question_bank
from graders.practice.mocks.draw import DAY, draw_exercises
from graders.practice.mocks.plan import Part, as_plan
from graders.practice.store import Session, Store
from tests.conftest import ROOT, Done
from tests.terminal import Terminal, on_posix
from tests.test_seam import ADD, CHECK_ADD

# Drawing.


def entries(*minutes, round_="ml_coding"):
    """Return exercises that take so many minutes each."""
    found = []
    for i, each in enumerate(minutes):
        entry = Entry(Path(round_, "toys", f"toy{i}.py"))
        entry.__dict__["sheet"] = SimpleNamespace(minutes=each)
        found.append(entry)
    return found


def sat(*names):
    """Return sessions at exercises, oldest first."""
    return [
        Session(i, name, "practice", 20, 1, "passed", 0.0, 0.0, 0, None, None)
        for i, name in enumerate(names)
    ]


def total(found):
    return sum(entry.sheet.minutes for entry in found)


MANY = entries(*[10, 15, 20, 25, 30, 35, 40, 45] * 6)


@pytest.mark.parametrize("seed", range(20))
def test_45_minutes_are_one_60_three_or_four_and_75_three_of_25(seed):
    [one] = draw_exercises(MANY, [], 45, seed)
    assert 30 <= one.sheet.minutes <= 45
    hour = draw_exercises(MANY, [], 60, seed)
    assert len(hour) in (3, 4)
    assert 40 <= total(hour) <= 60
    assert max(entry.sheet.minutes for entry in hour) <= 20
    long = draw_exercises(MANY, [], 75, seed)
    assert len(long) == 3
    assert 50 <= total(long) <= 75
    assert max(entry.sheet.minutes for entry in long) <= 25


def test_three_and_four_both_occur():
    counts = {len(draw_exercises(MANY, [], 60, seed)) for seed in range(30)}
    assert counts == {3, 4}


def test_if_three_do_not_fit_two_are_drawn_then_one():
    assert len(draw_exercises(entries(20, 25, 30, 40), [], 60, 1)) == 2
    assert len(draw_exercises(entries(45, 40, 50), [], 60, 1)) == 1


def test_if_nothing_fills_the_time_what_fills_most_of_it_is_drawn():
    assert total(draw_exercises(entries(10, 15), [], 60, 1)) == 25
    assert total(draw_exercises(entries(10, 15), [], 45, 1)) == 15


def test_what_is_too_long_is_never_drawn():
    assert draw_exercises(entries(50, 60), [], 45, 1) == []
    assert draw_exercises([], [], 45, 1) == []


@pytest.mark.parametrize("seed", range(20))
def test_what_was_never_seen_comes_first_then_what_was_seen_longest_ago(seed):
    found = entries(20, 20, 20, 20, 20, 20)
    seen = sat("toy5", "toy0", "toy1", "toy0")
    names = {entry.name for entry in draw_exercises(found, seen, 60, seed)}
    assert names == {"toy2", "toy3", "toy4"}
    seen += sat("toy2", "toy3")
    names = {entry.name for entry in draw_exercises(found, seen, 60, seed)}
    assert names == {"toy4", "toy5", "toy1"}


def test_all_exercises_come_before_one_comes_again():
    found, history = entries(*[40] * 7), []
    for seed in range(7):
        history += [
            entry.name for entry in draw_exercises(found, sat(*history), 45, seed)
        ]
    assert len(set(history)) == 7


@settings(max_examples=100, deadline=None)
@given(
    minutes=st.lists(st.integers(5, 90), max_size=12),
    length=st.floats(5, 240),
    seed=st.integers(0, 2**31),
    seen=st.lists(st.integers(0, 12), max_size=8),
)
def test_a_draw_fits_repeats_itself_and_has_nothing_twice(minutes, length, seed, seen):
    found, history = entries(*minutes), sat(*(f"toy{i}" for i in seen))
    drawn = draw_exercises(found, history, length, seed)
    assert drawn == draw_exercises(found[::-1], history, length, seed)
    assert len({entry.name for entry in drawn}) == len(drawn)
    assert total(drawn) <= length
    assert bool(drawn) == (min(minutes, default=999) <= length)


def test_other_seeds_draw_something_else():
    drawn = {
        tuple(e.name for e in draw_exercises(MANY, [], 60, seed)) for seed in range(20)
    }
    assert len(drawn) > 10


def test_a_draw_among_hundreds_is_quick():
    many = entries(*[10, 15, 20, 25] * 100)
    history = sat(*(entry.name for entry in many))
    before = time.perf_counter()
    assert draw_exercises(many, history, 240, 1)
    assert time.perf_counter() - before < 10  # it takes a fraction of a second


# The course of a mock, with an exercise that a test ends.


NAMES = ("roc_auc", "best_split", "kmeans", "autograd", "reservoir_sampling")


class View:
    """A repository's root, a clock, and somebody who sits at exercises."""

    def __init__(self, root):
        self.root = root
        self.seconds = 0.0
        self.answers = []  # how each session ends; "" is left running
        self.sat = []

    def now(self):
        return Moment(1000 + self.seconds, self.seconds, "one")

    def sit(self, store, entry, *, mode, minutes, mock=None):
        session = store.start(entry.name, mode, minutes, 1, self.now(), mock)
        self.sat.append((entry.name, mode, minutes, mock))
        self.seconds += 600
        if state := self.answers.pop(0):
            verdict = "passed" if state == "passed" else "failed"
            report = {"verdict": verdict, "checks": [{"verdict": "passed"}]}
            store.end(session.id, state, report, self.now())
        return store.advance(session.id, self.now())

    def run(self, *argv):
        return mock.main([str(word) for word in argv], self.sit, self.now)

    def mocks(self):
        store = Store()
        found = store.mocks()
        store.close()
        return found


@pytest.fixture
def room(tmp_path, monkeypatch):
    """Some of the repository's exercises, and no history."""
    for name in ("exercises", "solutions", "graders"):
        (tmp_path / name).symlink_to(ROOT / name, target_is_directory=True)
    monkeypatch.setattr(exercise, "ROOT", tmp_path)
    few = [entry for entry in exercise.catalogue() if entry.name in NAMES]
    monkeypatch.setattr(draw, "catalogue", lambda: few)
    return View(tmp_path)


def test_a_round_is_held_exercise_by_exercise(room, capsys):
    room.answers = ["passed"] * 4
    assert room.run("--round", "ml_coding", "--minutes", 60, "--seed", 5) == 0
    [held] = room.mocks()
    assert (held.state, held.seed) == ("done", 5)
    assert [part["names"][0] for part in held.plan] == [name for name, *_ in room.sat]
    entry = {entry.name: entry for entry in exercise.catalogue()}
    for name, mode, minutes, number in room.sat:
        assert (mode, number) == ("mock", held.id)
        assert minutes == entry[name].sheet.minutes
        assert entry[name].round == "ml_coding"
    out = capsys.readouterr().out
    assert "seed 5" in out
    assert "passed; 10:00 of" in out


def test_an_exercise_that_fails_is_told_by_the_exit_code(room):
    room.answers = ["passed", "failed", "passed", "passed"]
    assert room.run("--round", "ml_coding", "--seed", 5) == 1


def test_the_summary_says_what_was_late_and_how_much_passed(room, capsys):
    room.answers = ["passed"]
    argv = ["--round", "coding", "--minutes", "20", "--seed", "1"]
    assert mock.main(argv, room.sit, room.now) == 0
    assert "passed; 10:00 of 15:00; 1 of 1 checks" in capsys.readouterr().out
    shutil.rmtree(room.root / ".kata")
    room.answers = [""]
    mock.main(argv, room.sit, room.now)
    room.seconds += 3600
    room.answers = ["passed"]
    mock.main([], room.sit, room.now)
    assert "passed, late; 80:00 of 15:00" in capsys.readouterr().out


def test_the_same_seed_draws_the_same_round(room):
    plans = []
    for _ in range(2):
        room.answers = [""]
        room.run("--round", "ml_coding", "--seed", 5)
        plans.append(room.mocks()[-1].plan)
        shutil.rmtree(room.root / ".kata")
    names = [[part["names"] for part in plan] for plan in plans]
    assert names[0] == names[1]


def test_a_seed_is_drawn_and_printed_if_none_is_given(room, capsys):
    room.answers = [""]
    room.run("--round", "ml_coding")
    [held] = room.mocks()
    assert f"seed {held.seed}" in capsys.readouterr().out


def test_a_mock_that_is_left_goes_on_and_says_so(room, capsys):
    room.answers = ["passed", "", "passed", "passed", "passed"]
    assert room.run("--round", "ml_coding", "--seed", 5) == 0
    assert "Resume with: nox -s mock" in capsys.readouterr().out
    assert room.run() == 0
    assert (
        "Resuming the mock interview of ml_coding (seed 5)." in capsys.readouterr().out
    )
    names = [name for name, *_ in room.sat]
    assert names[1] == names[2]
    assert len(set(names)) == len(names) - 1
    assert room.mocks()[0].state == "done"


def test_a_session_that_was_ended_elsewhere_is_not_held_again(room):
    room.answers = [""]
    room.run("--round", "coding", "--minutes", 20)
    store = Store()
    [running] = store.running()
    store.end(running.id, "passed", None, room.now())
    store.close()
    assert room.run() == 0
    assert len(room.sat) == 1
    assert room.mocks()[0].state == "done"


def test_a_kill_during_a_session_loses_neither_the_session_nor_the_mock(room):
    def killed(store, entry, *, mode, minutes, mock=None):
        store.start(entry.name, mode, minutes, 1, room.now(), mock)
        raise KeyboardInterrupt

    args = ["--round", "coding", "--minutes", "20"]
    assert mock.main(args, killed, room.now) == 130
    store = Store()
    [running] = store.running()
    store.end(running.id, "passed", None, room.now())
    store.close()
    assert room.run() == 0
    [held] = room.mocks()
    assert held.plan[0]["sitting"] == running.id


def test_an_exercise_that_runs_elsewhere_is_not_drawn(room, capsys):
    store = Store()
    store.start("reservoir_sampling", "practice", 15, 1, room.now())
    store.close()
    assert room.run("--round", "coding") == 1
    assert "has a running session: reservoir_sampling" in capsys.readouterr().err


def test_an_exercise_that_is_gone_is_left_out(room, monkeypatch, capsys):
    room.answers = ["", "passed"]
    room.run("--round", "coding", "--minutes", 20)
    monkeypatch.setattr("graders.practice.mocks.rounds.catalogue", list)
    assert room.run() == 1
    assert "no longer in the repository" in capsys.readouterr().out
    assert room.mocks()[0].state == "done"


def test_only_one_mock_runs(room, capsys):
    room.answers = [""]
    room.run("--round", "coding", "--minutes", 20, "--seed", 3)
    assert room.run("--round", "ml_coding") == 1
    said = capsys.readouterr().err
    assert "the mock interview of coding (seed 3) is running" in said
    assert "--abandon" in said
    assert len(room.mocks()) == 1


def test_an_abandoned_mock_is_on_record_and_its_exercise_is_given_up(room, capsys):
    room.answers = ["passed", ""]
    room.run("--round", "ml_coding", "--seed", 5)
    assert room.run("--abandon") == 0
    [held] = room.mocks()
    assert held.state == "left"
    store = Store()
    assert [session.state for session in store.sessions()] == ["passed", "gave up"]
    store.close()
    assert "gave up" in capsys.readouterr().out
    assert room.run() == 1
    assert "no mock interview is running" in capsys.readouterr().err


def test_a_talk_without_keys_is_printed_run_and_rated(room, capsys):
    assert room.run("--round", "ml_system_design", "--seed", 4) == 0
    out = capsys.readouterr().out
    assert " 60:00  End." in out
    assert "nox -s mock -- --rate" in out
    room.seconds = 1800
    assert room.run() == 0
    assert "The clock is running: 30:00 of 60:00." in capsys.readouterr().out
    room.seconds = 3000
    assert room.run("--rate") == 0
    assert "What a strong candidate covers" in capsys.readouterr().out
    room.seconds = 9000
    assert room.run("--rate", 3, 2, 4, 1, "--notes", "slower \u4f60\u597d") == 0
    out = capsys.readouterr().out
    assert "spoke for 50:00 of 60:00" in out
    assert "technical depth 3, system thinking 2" in out
    assert "slower \u4f60\u597d" in out
    [held] = room.mocks()
    assert held.state == "done"
    assert held.plan[0]["ratings"]["communication"] == 1


@pytest.mark.parametrize(
    ("ratings", "message"),
    [
        (["3", "2", "5", "1"], "not a number from 1 to 4: '5'"),
        (["3", "x", "2", "1"], "not a number from 1 to 4: 'x'"),
        (["3", "2"], "2 numbers for technical depth, system thinking"),
    ],
)
def test_a_wrong_rating_is_refused_and_the_talk_runs_on(room, capsys, ratings, message):
    room.run("--round", "ml_system_design")
    assert room.run("--rate", *ratings) == 2
    assert message in capsys.readouterr().err
    assert room.mocks()[0].plan[0]["state"] == "running"


def test_only_a_talk_can_be_rated(room, capsys):
    assert room.run("--rate", 3, 3, 3, 3) == 1
    room.answers = [""]
    room.run("--round", "coding", "--minutes", 20)
    assert room.run("--rate", 3, 3, 3, 3) == 1
    assert "no spoken round is running" in capsys.readouterr().err


def test_another_mock_talks_about_something_else(room):
    drawn = []
    for _ in range(8):
        room.run("--round", "ml_system_design", "--seed", 4)
        room.run("--rate", 3, 3, 3, 3)
        drawn += room.mocks()[-1].plan[0]["names"]
    assert len(set(drawn)) == 8


def test_what_was_drawn_but_never_begun_is_still_new(room):
    room.answers = [""]
    room.run("--loop", "--seed", 4)
    room.run("--abandon")
    held = room.mocks()[0]
    [names] = [p["names"] for p in held.plan if p["round"] == "ml_system_design"]
    room.run("--round", "ml_system_design", "--seed", 4)
    assert room.mocks()[1].plan[0]["names"] == names


def test_a_question_that_is_gone_is_left_out(room, monkeypatch, capsys):
    room.run("--round", "behavioral", "--seed", 4)
    there = question_bank.load("behavioral")
    monkeypatch.setattr(
        "graders.practice.mocks.question_bank.load",
        lambda _: dataclasses.replace(there, items=there.items[:0]),
    )
    assert room.run() == 0
    assert "no longer in the question bank of behavioral" in capsys.readouterr().out
    assert room.mocks()[0].state == "done"


@pytest.mark.parametrize("round_", ["ml_system_design", "ml_concepts", "behavioral"])
def test_a_round_for_talking_is_talked_whatever_exercises_there_are(room, round_):
    room.run("--round", round_)
    assert [part["kind"] for part in room.mocks()[0].plan] == ["talk"]


def test_a_whole_day_has_its_rounds_and_breaks_and_goes_on_after_each(room, capsys):
    room.answers = ["passed", "", *["passed"] * 6]
    assert room.run("--loop", "--seed", 2) == 0
    plan = room.mocks()[0].plan
    rounds = list(dict.fromkeys(part["round"] for part in plan if part["round"]))
    assert rounds == [name for name, _ in DAY if name]
    for name, minutes in DAY:
        if name:
            assert sum(p["minutes"] for p in plan if p["round"] == name) <= minutes
    assert [p["minutes"] for p in plan if p["kind"] == "break"] == [10, 30, 10, 10]
    rated = 0
    for _ in range(20):
        code = room.run()
        if room.mocks()[0].state == "done":
            break
        state = {part["state"] for part in room.mocks()[0].plan}
        if "running" in state:
            assert room.run("--rate", 3, 3, 3, 3) == 0
            rated += 1
        if room.mocks()[0].state == "done":
            break
    assert rated == 3
    assert code == 0
    assert room.mocks()[0].state == "done"
    out = capsys.readouterr().out
    assert "Break, 30 minutes: skipped" in out
    summary = out[out.rindex("How it went (seed 2)") :]
    for name in rounds:
        assert f"{name}: " in summary


@pytest.mark.parametrize(
    ("argv", "code", "message"),
    [
        (
            [],
            1,
            "no mock interview is running: nox -s mock -- --round ml_coding starts",
        ),
        (["--abandon"], 1, "no mock interview is running"),
        (["--round", "ml_codng"], 2, "'ml_codng'; did you mean ml_coding?"),
        (["--round", "zzz"], 2, "'zzz'; there are ml_coding, ml_system_design"),
        (["--round", "coding", "--minutes", "nan"], 2, "5 to 240 minutes: 'nan'"),
        (["--round", "coding", "--minutes", "0"], 2, "5 to 240 minutes: '0'"),
        (["--round", "coding", "--minutes", "1e9"], 2, "5 to 240 minutes: '1e9'"),
        (["--round", "coding", "--minutes", "x"], 2, "5 to 240 minutes: 'x'"),
        (["--round", "coding", "--minutes", "5"], 1, "reservoir_sampling: --minutes"),
        (["--round", "coding", "--seed", "-1"], 2, "seed"),
        (["--round", "coding", "--seed", "1" * 30], 2, "seed"),
        (["--round", "coding", "--loop"], 2, "not allowed with"),
        (["--loop", "--minutes", "60"], 2, "--minutes needs --round"),
        (["--seed", "1"], 2, "--seed needs --round or --loop"),
        (["--rate", "--notes", "x"], 2, "--notes needs --rate with numbers"),
        (["extra"], 2, "extra"),
        (["--nonesuch"], 2, "--nonesuch"),
    ],
)
def test_a_wrong_command_is_told_in_a_line(room, capsys, argv, code, message):
    assert room.run(*argv) == code
    said = capsys.readouterr().err
    assert message in said
    assert len(said.splitlines()) == 1
    assert room.mocks() == []


@pytest.mark.parametrize("columns", ["40", "80"])
def test_what_is_printed_fits_the_window(room, capsys, monkeypatch, columns):
    monkeypatch.setenv("COLUMNS", columns)
    room.answers = ["passed"] * 6
    room.run("--loop", "--seed", 2)
    room.run("--rate", 3, 3, 3, 3, "--notes", "\u6a5f\u68b0\u5b66\u7fd2 " * 20)
    room.run("--abandon")
    for line in capsys.readouterr().out.splitlines():
        assert get_cwidth(line) <= int(columns), line


# In real processes.

NEXT, LEAVE = "\x0e", "\x04"  # Ctrl-N and Ctrl-D


@pytest.fixture
def house(repository):
    """A small repository with everything of practice, and a quick way of session."""
    repository.toy(ADD, CHECK_ADD)
    repository.write(
        "graders/practice/session/practice.py",
        """\
        from graders.practice.clock import now


        def hold_session(store, entry, *, mode, minutes, mock=None):
            session = store.start(entry.name, mode, minutes, 1, now(), mock)
            store.end(session.id, "passed", None, now())
            return store.session(session.id)
        """,
    )
    return repository


def run(house, *argv, env=None):
    done = subprocess.run(
        [sys.executable, "-m", "graders", "mock", *argv],
        cwd=house.root,
        env=os.environ | (env or {}),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=120,
    )
    return Done(done.returncode, done.stdout, done.stderr)


def test_a_piped_mock_holds_its_round_and_prints_plainly(house):
    done = run(house, "--round", "ml_coding", "--minutes", "20", "--seed", "1")
    assert (done.code, done.err) == (0, "")
    assert "ml_coding: toy" in done.out
    assert "\x1b" not in done.out
    assert max(map(len, done.out.splitlines())) <= 80


def test_a_broken_agenda_and_a_broken_folder_are_one_line(house):
    house.write("graders/practice/mocks/question_banks/behavioral.toml", "title = 3")
    done = run(house, "--round", "behavioral")
    assert done.code == 2
    assert re.fullmatch(r"mock: .*behavioral.toml: .*\n", done.err)
    shutil.rmtree(house.root / ".kata")
    house.write(".kata", "a file where the folder should be")
    done = run(house, "--round", "ml_coding", "--minutes", "20")
    assert done.code == 2
    assert len(done.err.splitlines()) == 1
    assert "Traceback" not in done.err


def test_a_history_that_cannot_be_read_is_kept_and_said_to_be(house):
    (house.root / ".kata").mkdir()
    (house.root / ".kata" / "kata.db").write_bytes(b"no database" * 100)
    done = run(house, "--round", "ml_coding", "--minutes", "20")
    assert done.code == 0
    assert "unreadable" in done.err


def plan(house):
    store = Store(house.root / ".kata")
    found = store.mocks()
    store.close()
    return found[-1]


def typed(house):
    """Return what was typed in the last mock, with its kind."""
    store = Store(house.root / ".kata")
    found = store.lines(store.mocks()[-1].id, 0)
    store.close()
    return [(line.kind, line.text) for line in found]


@on_posix
@pytest.mark.parametrize("columns", [40, 80])
def test_by_keyboard_from_the_first_key_to_the_rating(house, columns):
    terminal = Terminal(
        house.root, "mock", "--round", "ml_system_design", columns=columns
    )
    terminal.wait_for("Enter starts")
    terminal.type("\r")
    terminal.wait_for("1 of 7: Clarify")
    terminal.type("How many of them are there?\ra note\r" + NEXT * 7)
    terminal.wait_for("Clarify. ")
    held = plan(house)
    assert [kind for kind, _ in typed(house)] == ["question", "answer", "note"]
    agenda = question_bank.build(
        question_bank.load("ml_system_design"), 60, held.plan[0]["names"]
    )
    for i, phase in enumerate(agenda.phases):
        for _ in phase.points:
            terminal.answer("b back:", "n" if i == 1 else "y")
        terminal.answer("Enter goes on", "\r")
    terminal.answer("Enter goes on", "\r")
    for line in agenda.rubric:
        for _ in line.points:
            terminal.answer("b back:", "h" if line.name == "communication" else "y")
    terminal.answer("Notes", "slower\r")
    terminal.wait_for("How it went")
    terminal.wait_for("Far shorter than")
    assert terminal.end() == 0
    held = plan(house)
    assert held.state == "done"
    assert list(held.plan[0]["ratings"].values()) == [3, 4, 4, 3]
    assert held.plan[0]["notes"] == "slower"
    assert [text.split(" 0:")[0] for text in held.plan[0]["short"]] == [
        "the round", *(phase.name for phase in agenda.phases)
    ]  # fmt: skip


@on_posix
def test_a_killed_terminal_loses_no_key_and_no_second(house):
    terminal = Terminal(house.root, "mock", "--round", "behavioral")
    terminal.wait_for("Enter starts")
    terminal.type("\r")
    terminal.wait_for("1 of 5: ")
    terminal.type(NEXT * 2)
    until = time.monotonic() + 60
    while plan(house).plan[0]["phase"] != 2:  # the screen shows only what changed
        assert time.monotonic() < until
    terminal.kill()
    held = plan(house)
    part = held.plan[0]
    # As if the kill had been ten minutes ago.
    part["seen"][0] -= 600
    part["seen"][1] -= 600
    store = Store(house.root / ".kata")
    store.save_mock(held.id, held.plan)
    store.close()
    terminal = Terminal(house.root, "mock", env={"NO_COLOR": "1"})
    terminal.wait_for("Resuming")
    terminal.wait_for("3 of 5: ")
    terminal.type(LEAVE)
    terminal.wait_for("The clock keeps running. Resume with: nox -s mock")
    assert terminal.end() == 0
    assert 600 <= plan(house).plan[0]["seconds"] < 700


@on_posix
def test_an_interrupt_ends_with_130_and_says_how_it_goes_on(house):
    terminal = Terminal(house.root, "mock", "--round", "behavioral")
    terminal.wait_for("Enter starts")
    terminal.type("\r")
    terminal.wait_for("1 of 5: ")
    terminal.type("\x03")
    terminal.wait_for("Resume with: nox -s mock")
    assert terminal.end() == 130
    terminal = Terminal(house.root, "mock")
    terminal.wait_for("1 of 5: ")
    terminal.type(LEAVE)
    assert terminal.end() == 0


@on_posix
def test_a_break_can_be_skipped_by_a_key(house):
    house.write(
        "graders/practice/mocks/draw.py",
        (ROOT / "graders/practice/mocks/draw.py")
        .read_text("utf-8")
        .replace('    ("ml_coding", 60),\n    ("", 10),', '    ("", 10),')
        .replace('    ("coding", 60),\n    ("", 10),\n', ""),
    )
    terminal = Terminal(house.root, "mock", "--loop")
    terminal.wait_for("n ends the break")
    terminal.type("n")
    terminal.wait_for("leaves:")
    terminal.type("\x04")
    terminal.wait_for("Resume with")
    assert terminal.end() == 0
    assert [part["state"] for part in plan(house).plan[:2]] == ["done", "ahead"]


# A plan as the first version wrote it.
OLD_PLAN = [
    {"kind": "exercise", "round": "coding", "minutes": 15, "names": ["toy"],
     "state": "done", "sitting": 1, "seconds": 0.0, "seen": [], "odd": [],
     "phase": 0, "facts": 0, "probes": 0, "ratings": {}, "notes": ""},
    {"kind": "talk", "round": "ml_system_design", "minutes": 60,
     "names": ["fraud_detection"], "state": "said", "sitting": None,
     "seconds": 1800.0, "seen": [1000.0, 0.0, "one"], "odd": [], "phase": 6,
     "facts": 2, "probes": 1, "ratings": {}, "notes": ""},
]  # fmt: skip


def test_a_mock_of_the_first_version_is_resumed(room, capsys):
    store = Store()
    session = store.start("toy", "mock", 15, 1, room.now())
    store.end(session.id, "passed", None, room.now())
    store.start_mock(3, OLD_PLAN, room.now())
    store.close()
    assert room.run() == 0
    assert "Resuming the mock interview of a whole day (seed 3)." in (
        capsys.readouterr().out
    )
    assert room.run("--rate", 3, 2, 4, 1) == 0
    out = capsys.readouterr().out
    assert "coding: toy\n  passed" in out
    assert "spoke for 30:00 of 60:00" in out


def test_the_plan_is_plain_json():
    parts = [Part("talk", "behavioral", 45, ["failed_project"])]
    parts[0].state = "running"
    parts[0].advance(now())
    text = json.dumps(as_plan(parts))
    assert Part(**json.loads(text)[0]).minutes == 45
