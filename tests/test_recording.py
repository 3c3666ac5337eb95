"""Gradings by `grade` are recorded untimed, and never fail because of it."""

import contextlib
import dataclasses
import json
from datetime import datetime, timedelta

import pytest

from graders.harness.catalog import exercise
from graders.harness.catalog.exercise import catalogue
from graders.harness.feedback.results import Job, Result
from graders.practice import recording
from graders.practice.clock import Moment
from graders.practice.recording import fingerprint, record_gradings
from graders.practice.schedule import dates_of, next_exercise
from graders.practice.session.scorecard import score
from graders.practice.store import Store
from tests.test_attempts import SOLUTION
from tests.test_seam import CHECK_ADD

NOON = datetime(2026, 3, 2, 12).astimezone()


@pytest.fixture
def toy(repository, monkeypatch):
    """A repository with one exercise, whose file has an answer."""
    repository.toy(SOLUTION, CHECK_ADD)
    monkeypatch.setattr(exercise, "ROOT", repository.root)
    [repository.entry] = catalogue()
    repository.hours = 0.0

    def now():
        wall = (NOON + timedelta(hours=repository.hours)).timestamp()
        return Moment(wall, 1000 + 3600 * repository.hours, "one")

    monkeypatch.setattr(recording, "now", now)
    repository.now = now
    return repository


def check(verdict):
    return {
        "name": "test_add",
        "sentence": "Adds.",
        "rubric": "correctness",
        "verdict": verdict,
        "seconds": 0.1,
        "megabytes": 40.0,
    }


def result(toy, verdict="passed", **changed):
    """Return what a grading of the exercise's own file found."""
    options = changed.pop("options", ())
    job = Job(toy.entry, changed.pop("file", toy.entry.stub), 7, options=options)
    return dataclasses.replace(Result(job, [check(verdict)], 0.1, "none"), **changed)


def answer(toy, text):
    toy.entry.stub.write_text(text, "utf-8")


def sessions():
    with contextlib.closing(Store()) as store:
        return store.sessions()


def events(session):
    with contextlib.closing(Store()) as store:
        return [(event.kind, event.detail) for event in store.events(session.id)]


def test_a_pass_is_an_untimed_attempt_with_its_report(toy):
    record_gradings([result(toy)])
    [session] = sessions()
    assert (session.exercise, session.state, session.mode) == ("toy", "passed", "grade")
    assert not session.is_timed
    assert not session.is_late
    assert session.seconds == 0
    assert session.report["checks"][0]["verdict"] == "passed"
    assert session.report["answer"] == fingerprint(toy.entry.stub.read_bytes())
    assert events(session) == [("graded", "passed: 1 of 1 checks")]


def test_gradings_of_one_day_are_one_attempt_that_passes_when_one_does(toy):
    for verdict in ("wrong", "wrong", "passed", "wrong"):
        record_gradings([result(toy, verdict)])
        toy.hours += 1
    [session] = sessions()
    assert session.state == "passed"
    assert [detail.partition(":")[0] for _, detail in events(session)] == [
        "failed", "failed", "passed",
    ]  # fmt: skip


def test_the_same_passed_answer_is_not_an_attempt_of_the_next_day(toy):
    record_gradings([result(toy)])
    toy.hours = 24
    record_gradings([result(toy)])
    assert len(sessions()) == 1
    answer(toy, "# another answer\n")
    record_gradings([result(toy)])
    assert len(sessions()) == 2


def test_a_failure_of_another_day_is_another_attempt(toy):
    record_gradings([result(toy, "wrong")])
    toy.hours = 24
    record_gradings([result(toy, "wrong")])
    assert [session.state for session in sessions()] == ["failed", "failed"]


def test_a_running_session_gets_the_grading(toy):
    with contextlib.closing(Store()) as store:
        running = store.start("toy", "practice", 10, 7, toy.now())
    toy.hours = 0.1
    record_gradings([result(toy, "wrong")])
    [session] = sessions()
    assert (session.id, session.state, session.seconds) == (running.id, "running", 360)
    assert session.report["verdict"] == "failed"


@pytest.mark.parametrize(
    "changed",
    [
        {"options": ("-k", "ties")},
        {"options": ("-x",), "verdict": "wrong"},
        {"verdict": "not started"},
        {"verdict": "grader error"},
        {"error": "the sandbox failed"},
        {"checks": [], "missing": True},
        {"file": "solution"},
    ],
    ids=str,
)
def test_what_says_nothing_about_the_own_file_is_left_out(toy, changed):
    if changed.get("file"):
        changed = {"file": toy.entry.solution}
    record_gradings([result(toy, **changed)])
    assert not (toy.root / ".kata").exists()


def test_a_pass_that_could_have_stopped_early_counts(toy):
    record_gradings([result(toy, options=("-x",))])
    assert len(sessions()) == 1


@pytest.mark.parametrize("trouble", ["file", "journal", "gone"])
def test_trouble_is_one_line_and_no_exception(toy, capsys, trouble):
    if trouble == "file":
        toy.write(".kata", "a file where the folder should be")
    elif trouble == "journal":
        Store().close()
        (toy.root / ".kata" / "kata.db").unlink()
        (toy.root / ".kata" / "kata.db-journal").mkdir()
    found = result(toy)
    if trouble == "gone":
        toy.entry.stub.unlink()
    record_gradings([found])
    said = capsys.readouterr().err
    assert said.startswith("grade: not recorded in the history: ")
    assert said.count("\n") == 1


# What follows from it.


def test_what_was_solved_is_never_offered_as_new(toy):
    record_gradings([result(toy, "wrong")])
    with contextlib.closing(Store()) as store:
        assert next_exercise(store, [toy.entry], toy.now()) == (toy.entry, "new: easy")
        assert dates_of(store) == {}  # a failure without a clock is work in progress
    record_gradings([result(toy)])
    with contextlib.closing(Store()) as store:
        _, why = next_exercise(store, [toy.entry], toy.now())
        assert why.startswith("not due until")
        assert dates_of(store)["toy"] > NOON + timedelta(days=1)


def test_the_solution_is_open_after_it(toy):
    record_gradings([result(toy)])
    answer(toy, "# changed since\n")
    assert "return one + other" in toy.run("solution", "toy").out


def test_the_table_counts_it_as_solved_and_gives_it_no_time(toy):
    record_gradings([result(toy)])
    out = toy.run("progress").out
    assert "solved   1 of 1 exercise, in 1 attempt of 0 s" in out
    row = next(line for line in out.splitlines() if line.startswith("ml_coding"))
    assert row.split()[:6] == ["ml_coding", "1", "of", "1", "1", "-"]


def test_programs_and_the_page_show_it_as_untimed(toy):
    record_gradings([result(toy)])
    done = toy.run("progress", "--json", "all.json", "--html", "page.html")
    assert done.code == 0, done.err
    found = json.loads((toy.root / "all.json").read_text("utf-8"))
    [one], [attempt] = found["exercises"], found["attempts"]
    assert (one["solved"], one["best_seconds"]) == (True, None)
    assert (attempt["mode"], attempt["decision"]) == ("grade", "untimed")
    assert "untimed" in (toy.root / "page.html").read_text("utf-8")


def test_its_scorecard_rates_neither_time_nor_hints(toy):
    record_gradings([result(toy, "wrong")])
    card = score(sessions()[0])
    assert [line.name for line in card.lines] == ["correctness"]
    assert card.decision == "untimed"
