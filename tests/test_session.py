"""A session on the screen: what keys, saves and the clock do to it."""

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
from graders.practice.session import screen as session_screen
from graders.practice.session.live_grader import Update
from graders.practice.session.practice import start
from graders.practice.session.screen import SessionScreen
from graders.practice.session.view import View, clock_text, examples_text, verdict_text
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
    """Return what runs a session with keys, and a judge that says what it is told to.

    `saved` is the news of a save before the first key, `submitted` what a submission
    gives.
    """

    def run(keys, *, clock=None, mode="practice", saved=None, submitted=None):
        clock = clock or Clock()
        screen = Bell()

        class LiveGrader:
            def __init__(self, entry, seed, *, shows_verdicts, later, say, take):
                self.take, self.later = take, later
                self.shows_verdicts = shows_verdicts

            def start(self):
                if saved:
                    self.take(saved)

            def submit(self, source, at):
                assert source == entry.stub.read_bytes()
                self.take(dataclasses.replace(submitted, at=at))

            def close(self):
                pass

        monkeypatch.setattr(session_screen, "LiveGrader", LiveGrader)
        with create_pipe_input() as pipe:
            pipe.send_text(keys)
            session = start(store, entry, mode=mode, minutes=20, at=clock())
            held = SessionScreen(
                store, entry, session, now=clock, keys=pipe, output=screen
            )
            ended = held.run()
        return ended, held.view, screen

    return run


def kinds(store, session):
    return [event.kind for event in store.events(session.id)]


# Keys.


def test_quitting_leaves_the_clock_running(play, store):
    session, _, _ = play("q")
    assert session.state == "running"
    assert kinds(store, session) == ["started", "left"]


def test_a_session_goes_on_where_it_was_left(play, store):
    clock = Clock()
    first, _, _ = play("hq", clock=clock)
    clock.seconds = 100
    second, view, _ = play("q", clock=clock)
    assert second.id == first.id
    assert second.seconds == 100
    assert view.hints == ["Look."]
    assert kinds(store, second) == ["started", "hint", "left", "opened", "left"]


def test_each_hint_is_shown_once_and_noted(play, store):
    session, view, _ = play("hhhhq")
    assert view.hints == ["Look.", "Look again.", "There."]
    assert session.hints == 3
    assert "No more hints" in view.status
    assert kinds(store, session).count("hint") == 3


def test_giving_up_takes_a_yes(play, store):
    session, _, _ = play("gnq")
    assert session.state == "running"
    session, _, _ = play("gy")
    assert session.state == "gave up"


def test_a_yes_without_a_question_does_nothing(play):
    session, _, _ = play("yq")
    assert session.state == "running"


@pytest.mark.parametrize(
    ("verdicts", "state"), [(["passed"], "passed"), (["passed", "wrong"], "failed")]
)
def test_what_is_submitted_ends_it_and_is_kept(play, store, entry, verdicts, state):
    entry.stub.parent.mkdir(exist_ok=True)
    session, _, _ = play("sy", submitted=Update(report=report_of(*verdicts)))
    assert session.state == state
    assert [check["verdict"] for check in session.report["checks"]] == verdicts
    assert "kept" in kinds(store, session)
    [kept] = (exercise.ROOT / ".kata" / "attempts" / entry.name).iterdir()
    assert kept.read_bytes() == entry.stub.read_bytes()


def test_what_the_grader_could_not_judge_is_not_submitted(play):
    failing = Update(report=report_of("passed", "grader error"))
    session, view, _ = play("syq", submitted=failing)
    assert session.state == "running"
    assert "the grader failed" in view.status


def test_it_is_submitted_at_the_moment_of_the_key(play):
    clock = Clock()
    clock.seconds = 0
    play("q", clock=clock)
    clock.seconds = 20 * 60 - 1
    session, _, _ = play(
        "sy", clock=clock, submitted=Update(report=report_of("passed"))
    )
    assert not session.is_late
    assert session.seconds == 20 * 60 - 1


def test_what_is_submitted_late_is_taken_and_marked(play):
    clock = Clock()
    play("q", clock=clock)
    clock.seconds = 20 * 60 + 1
    session, _, screen = play(
        "sy", clock=clock, submitted=Update(report=report_of("passed"))
    )
    assert session.state == "passed"
    assert session.is_late
    assert screen.rings == 1


# Saves.


def test_a_save_is_judged_and_recorded(play, store):
    saved = Update(report=report_of("passed", "wrong"), saved="12:00:00")
    session, view, _ = play("q", saved=saved)
    assert view.status == "Saved 12:00:00: failed."
    assert "1 of 2 checks" in view.body()
    assert "Does thing 1." in view.body()
    assert session.report["verdict"] == "failed"
    assert "graded" in kinds(store, session)


def test_an_interview_shows_the_examples_alone(play):
    example = {"source": "f(1)\n", "want": "2\n", "got": "3\n", "holds": False}
    saved = Update(examples=[example], saved="12:00:00")
    session, view, _ = play("q", mode="interview", saved=saved)
    assert not view.shows_verdicts
    assert "differs: f(1)" in view.body()
    assert "after you submit" in view.body()
    assert session.report is None


@pytest.mark.parametrize("mode", ["practice", "interview", "mock"])
def test_no_verdict_is_promised_where_none_is_shown(play, mode):
    _, view, _ = play("q", mode=mode)
    promised = "its verdict appears here" in view.status
    assert promised == view.shows_verdicts == (mode == "practice")


def test_what_an_answer_printed_stands_apart_from_what_it_gave():
    example = {"source": "f(1)\n", "want": "2\n", "got": "3\n", "holds": False}
    text = examples_text([{**example, "printed": "loud\n"}], 80)
    assert "    got        | 3\n" in text
    assert "    printed    | loud\n" in text


def test_a_judge_that_is_gone_is_said_and_nothing_ends(play):
    session, view, _ = play("q", saved=Update(problem="it has ended; try again"))
    assert session.state == "running"
    assert "it has ended; try again" in view.status


# The clock and the record.


def test_a_system_time_that_moves_is_said_and_does_not_count(play, store):
    clock = Clock()
    play("q", clock=clock)
    clock.moved, clock.seconds = 3600, 10
    session, _, _ = play("q", clock=clock)
    assert session.seconds == 10
    assert "clock" in kinds(store, session)


def test_one_that_another_terminal_ended_is_over_here_too(play, store, monkeypatch):
    see = Store.advance

    def ended_meanwhile(self, number, at):
        self.end(number, "gave up", None, at)
        return see(self, number, at)

    clock = Clock()
    play("q", clock=clock)
    monkeypatch.setattr(Store, "advance", ended_meanwhile)
    session, _, _ = play("h", clock=clock)
    assert session.state == "gave up"


def test_a_record_that_cannot_be_written_is_said_and_nothing_ends(play, monkeypatch):
    def full(self, *args):
        raise Unusable("kata.db: database or disk is full")

    play("q")
    monkeypatch.setattr(Store, "note", lambda self, *a: self.session(a[0]))
    monkeypatch.setattr(Store, "save_report", full)
    saved = Update(report=report_of("wrong"), saved="12:00:00")
    session, view, _ = play("q", saved=saved)
    assert session.state == "running"
    assert "disk is full" in view.status


# Words.


@pytest.mark.parametrize(
    ("left", "text"),
    [(1500, "25:00 left"), (59.9, "0:59 left"), (0, "0:00 left")],
)
def test_the_time_left(left, text):
    assert clock_text(left) == text


def test_the_time_that_is_over():
    assert clock_text(-65).startswith("over by 1:05; ")


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


def test_a_report_of_an_old_history_names_its_mistake(entry):
    report = report_of("wrong")
    report["checks"][0]["pitfall"] = "adds twice"
    assert "adds twice" in verdict_text(entry, report, 80)
    report["checks"][0]["mistake"] = report["checks"][0].pop("pitfall")
    assert "adds twice" in verdict_text(entry, report, 80)


def test_the_screen_says_what_is_asked(entry, store):
    session = store.start(entry.name, "practice", 20, 0, Clock()())
    view = View(entry, session)
    assert "h hint" in view.footer()
    view.question = "submit"
    assert "Submit this answer?" in view.footer()
    assert "20 min" in view.title()
