"""A sitting on the screen: what keys, saves and the clock do to it."""

import dataclasses
from pathlib import Path

import pytest
from prompt_toolkit.data_structures import Size
from prompt_toolkit.input import create_pipe_input
from prompt_toolkit.output import DummyOutput

from graders.harness.catalog import exercise
from graders.harness.catalog.exercise import Entry
from graders.harness.catalog.files import write
from graders.harness.catalog.stubs import wanted
from graders.practice.clock import Moment
from graders.practice.sittings import sit as sitting_room
from graders.practice.sittings.judge import News
from graders.practice.sittings.room import Room, clock_text, examples_text, verdict_text
from graders.practice.sittings.sit import sit
from graders.practice.store import Store, Unusable
from tests.conftest import SHEET
from tests.test_attempts import SOLUTION

TOY = Path("ml_coding/toys/toy.py")
HINTS = 'hints = ["Look.", "Look again.", "There."]'


@pytest.fixture
def entry(tmp_path, monkeypatch):
    """Give one exercise in a tree of its own, with its stub as committed."""
    monkeypatch.setattr(exercise, "ROOT", tmp_path)
    entry = Entry(TOY)
    sheet = SHEET.replace("hints = []", HINTS) + "[mistakes]\n"
    write(entry.solution, f'"""Toy."""\n{SOLUTION}'.encode())
    write(entry.sheet_file, sheet.encode())
    write(entry.stub, wanted(entry).encode())
    return entry


@pytest.fixture
def store(entry):
    opened = Store()
    yield opened
    opened.close()


class Clock:
    """A clock that a test sets."""

    def __init__(self):
        self.seconds = 0.0
        self.moved = 0.0

    def __call__(self):
        return Moment(1e6 + self.seconds + self.moved, self.seconds, "one")


class Bell(DummyOutput):
    """A screen that counts how often it rang."""

    rings = 0

    def bell(self):
        self.rings += 1

    def get_size(self):
        return Size(rows=24, columns=80)


def report_of(*verdicts):
    """Return the part of a report on checks with some verdicts."""
    checks = [
        {"name": f"test_{i}", "sentence": f"Does thing {i}.", "rubric": "correctness",
         "verdict": verdict, "seconds": 0.1, "message": "", "megabytes": 40.0}
        for i, verdict in enumerate(verdicts)
    ]  # fmt: skip
    good = all(verdict == "passed" for verdict in verdicts)
    verdict = "grader error" if "grader error" in verdicts else "failed"
    return {
        "verdict": "passed" if good else verdict,
        "seconds": 0.1 * len(verdicts),
        "error": "",
        "exhibit": "",
        "checks": checks,
    }


@pytest.fixture
def play(store, entry, monkeypatch):
    """Return what runs a sitting with keys, and a judge that says what it is told to.

    `saved` is the news of a save before the first key, `handed_in` what a submission
    gives.
    """

    def run(keys, *, clock=None, mode="practice", saved=None, handed_in=None):
        clock = clock or Clock()
        screen = Bell()
        rooms = []

        class Judge:
            def __init__(self, entry, seed, *, shows_verdicts, later, say, take):
                self.take, self.later = take, later
                rooms.append(take.__self__)
                self.shows_verdicts = shows_verdicts

            def start(self):
                if saved:
                    self.take(saved)

            def hand_in(self, source, at):
                assert source == entry.stub.read_bytes()
                self.take(dataclasses.replace(handed_in, at=at))

            def close(self):
                pass

        monkeypatch.setattr(sitting_room, "Judge", Judge)
        with create_pipe_input() as pipe:
            pipe.send_text(keys)
            ended = sit(
                store,
                entry,
                mode=mode,
                minutes=20,
                now=clock,
                keys=pipe,
                screen=screen,
            )
        return ended, rooms[0].room, screen

    return run


def kinds(store, sitting):
    return [event.kind for event in store.events(sitting.id)]


# Keys.


def test_quitting_leaves_the_clock_running(play, store):
    sitting, _, _ = play("q")
    assert sitting.state == "running"
    assert kinds(store, sitting) == ["started", "left"]


def test_a_sitting_goes_on_where_it_was_left(play, store):
    clock = Clock()
    first, _, _ = play("hq", clock=clock)
    clock.seconds = 100
    second, room, _ = play("q", clock=clock)
    assert second.id == first.id
    assert second.seconds == 100
    assert room.hints == ["Look."]
    assert kinds(store, second) == ["started", "hint", "left", "opened", "left"]


def test_each_hint_is_shown_once_and_noted(play, store):
    sitting, room, _ = play("hhhhq")
    assert room.hints == ["Look.", "Look again.", "There."]
    assert sitting.hints == 3
    assert "no more hints" in room.status
    assert kinds(store, sitting).count("hint") == 3


def test_giving_up_takes_a_yes(play, store):
    sitting, _, _ = play("gnq")
    assert sitting.state == "running"
    sitting, _, _ = play("gy")
    assert sitting.state == "gave up"


def test_a_yes_without_a_question_does_nothing(play):
    sitting, _, _ = play("yq")
    assert sitting.state == "running"


@pytest.mark.parametrize(
    ("verdicts", "state"), [(["passed"], "passed"), (["passed", "wrong"], "failed")]
)
def test_what_is_handed_in_ends_it_and_is_kept(play, store, entry, verdicts, state):
    entry.stub.parent.mkdir(exist_ok=True)
    sitting, _, _ = play("sy", handed_in=News(report=report_of(*verdicts)))
    assert sitting.state == state
    assert [check["verdict"] for check in sitting.report["checks"]] == verdicts
    assert "kept" in kinds(store, sitting)
    [kept] = (exercise.ROOT / ".kata" / "attempts" / entry.name).iterdir()
    assert kept.read_bytes() == entry.stub.read_bytes()


def test_what_the_grader_could_not_judge_is_not_handed_in(play):
    failing = News(report=report_of("passed", "grader error"))
    sitting, room, _ = play("syq", handed_in=failing)
    assert sitting.state == "running"
    assert "the grader failed" in room.status


def test_it_is_handed_in_at_the_moment_of_the_key(play):
    clock = Clock()
    clock.seconds = 0
    play("q", clock=clock)
    clock.seconds = 20 * 60 - 1
    sitting, _, _ = play("sy", clock=clock, handed_in=News(report=report_of("passed")))
    assert not sitting.is_late
    assert sitting.seconds == 20 * 60 - 1


def test_what_is_handed_in_late_is_taken_and_marked(play):
    clock = Clock()
    play("q", clock=clock)
    clock.seconds = 20 * 60 + 1
    sitting, _, screen = play(
        "sy", clock=clock, handed_in=News(report=report_of("passed"))
    )
    assert sitting.state == "passed"
    assert sitting.is_late
    assert screen.rings == 1


# Saves.


def test_a_save_is_judged_and_recorded(play, store):
    saved = News(report=report_of("passed", "wrong"), saved="12:00:00")
    sitting, room, _ = play("q", saved=saved)
    assert room.status == "Saved 12:00:00: failed."
    assert "1 of 2 checks" in room.body()
    assert "Does thing 1." in room.body()
    assert sitting.report["verdict"] == "failed"
    assert "graded" in kinds(store, sitting)


def test_an_interview_shows_the_examples_alone(play):
    example = {"source": "f(1)\n", "want": "2\n", "got": "3\n", "holds": False}
    saved = News(examples=[example], saved="12:00:00")
    sitting, room, _ = play("q", mode="interview", saved=saved)
    assert not room.shows_verdicts
    assert "differs: f(1)" in room.body()
    assert sitting.report is None


def test_a_judge_that_is_gone_is_said_and_nothing_ends(play):
    sitting, room, _ = play("q", saved=News(problem="it has ended; try again"))
    assert sitting.state == "running"
    assert "it has ended; try again" in room.status


# The clock and the record.


def test_a_system_time_that_moves_is_said_and_does_not_count(play, store):
    clock = Clock()
    play("q", clock=clock)
    clock.moved, clock.seconds = 3600, 10
    sitting, _, _ = play("q", clock=clock)
    assert sitting.seconds == 10
    assert "clock" in kinds(store, sitting)


def test_one_that_another_terminal_ended_is_over_here_too(play, store, monkeypatch):
    see = Store.see

    def ended_meanwhile(self, number, at):
        self.end(number, "gave up", None, at)
        return see(self, number, at)

    clock = Clock()
    play("q", clock=clock)
    monkeypatch.setattr(Store, "see", ended_meanwhile)
    sitting, _, _ = play("h", clock=clock)
    assert sitting.state == "gave up"


def test_a_record_that_cannot_be_written_is_said_and_nothing_ends(play, monkeypatch):
    def full(self, *args):
        raise Unusable("kata.db: database or disk is full")

    play("q")
    monkeypatch.setattr(Store, "note", lambda self, *a: self.sitting(a[0]))
    monkeypatch.setattr(Store, "keep_report", full)
    saved = News(report=report_of("wrong"), saved="12:00:00")
    sitting, room, _ = play("q", saved=saved)
    assert sitting.state == "running"
    assert "disk is full" in room.status


# Words.


@pytest.mark.parametrize(
    ("left", "text"),
    [(1500, "25:00 left"), (59.9, "00:59 left"), (0, "00:00 left")],
)
def test_the_time_left(left, text):
    assert clock_text(left) == text


def test_the_time_that_is_over():
    assert clock_text(-65).startswith("over by 01:05")


def test_no_example_says_so():
    assert "no examples" in examples_text([])


def test_what_an_answer_printed_cannot_steer_the_terminal():
    example = {"source": "f()", "want": "1", "got": "\x1b[2J", "holds": False}
    assert "\x1b" not in examples_text([example])


def test_a_verdict_is_wrapped_to_the_width(entry):
    report = report_of("wrong")
    report["checks"][0]["sentence"] = "Says the same " * 20 + "again."
    lines = verdict_text(entry, report, 40).splitlines()
    assert max(len(line) for line in lines[3:]) <= 40


def test_the_screen_says_what_is_asked(entry, store):
    sitting = store.begin(entry.name, "practice", 20, 0, Clock()())
    room = Room(entry, sitting)
    assert "h hint" in room.footer()
    room.question = "submit"
    assert "Hand this in?" in room.footer()
    assert "20 min" in room.title()
