"""Hints and the solution: each in its time, and noted."""

import dataclasses
import json

import pytest
from fsrs import Rating

from graders.harness.catalog import exercise
from graders.harness.catalog.exercise import ROOT, catalogue
from graders.harness.catalog.stubs import wanted
from graders.practice.clock import now
from graders.practice.schedule import rating
from graders.practice.solution import reference
from graders.practice.store import Store
from tests.conftest import SHEET
from tests.test_attempts import SOLUTION
from tests.test_seam import CHECK_ADD

HINTS = ("Look.", "Look " * 30 + "closely.", "Add.")
FOLLOW_UPS = 'follow_ups = [{question = "And now?", answer = "Stop."}]'
SECRET = "return one + other"


@pytest.fixture
def toy(repository, monkeypatch):
    """A repository whose exercise is fresh, with three hints and a follow-up."""
    repository.toy(SOLUTION, CHECK_ADD)
    sheet = SHEET.replace("hints = []", f"hints = {json.dumps(HINTS)}")
    sheet = sheet.replace("follow_ups = []", FOLLOW_UPS) + "[mistakes]\n"
    repository.write("graders/ml_coding/toys/toy.toml", sheet)
    monkeypatch.setattr(exercise, "ROOT", repository.root)
    [repository.entry] = catalogue()
    repository.stub = repository.entry.stub
    repository.stub.write_text(wanted(repository.entry), "utf-8")
    repository.store = Store()
    return repository


def begin(toy):
    """Start the clock, and return the session's number."""
    return toy.store.start("toy", "practice", 10, 7, now()).id


def told(toy, number):
    """Return what happened in a session after it was started."""
    return [(e.kind, e.detail) for e in toy.store.events(number)[1:]]


# --- Hints ----------------------------------------------------------------------------


def test_a_running_session_counts_each_hint_once(toy):
    number = begin(toy)
    outs = [toy.run("hint", "toy").out for _ in range(4)]
    assert outs[0].startswith("hint 1 of 3: Look.\nIt counts: a pass with 1 hint")
    assert outs[1].startswith("hint 2 of 3: Look Look")
    assert outs[2].startswith("hint 3 of 3: Add.\nIt counts")
    assert "nox -s solution -- toy --give-up" in outs[2]
    assert all(f"hint {i} of 3" in outs[3] for i in (1, 2, 3))
    assert toy.store.session(number).hints == 3
    assert told(toy, number) == [("hint", "1"), ("hint", "2"), ("hint", "3")]
    assert all(len(line) <= 80 for out in outs for line in out.splitlines())


def test_where_no_clock_runs_they_count_too_and_that_is_said(toy):
    outs = [toy.run("hint", "toy").out for _ in range(4)]
    said = "It counts: a pass with {} is due again sooner.\n"
    assert outs[0] == "hint 1 of 3: Look.\n" + said.format("1 hint")
    assert outs[1].endswith(said.format("2 hints"))
    assert said.format("3 hints") + "There are no more." in outs[2]
    assert "hint 1 of 3" in outs[3]
    assert "It counts" not in outs[3]
    assert toy.store.sessions() == []
    assert toy.store.help("toy").hints == 3


def test_a_grading_says_with_how_many_it_passed_and_is_rated_lower(toy):
    toy.run("hint", "toy")
    toy.stub.write_text("def add(a, b):\n    return 0\n")
    assert "with 1 hint" not in toy.run("grade", "toy").out
    toy.run("hint", "toy")
    toy.stub.write_text("def add(a, b):\n    return b + a\n")
    assert "\n  with 2 hints\n" in toy.run("grade", "toy").out
    [session] = toy.store.sessions()
    assert (session.state, session.hints) == ("passed", 2)
    assert rating(session) == Rating.Hard
    assert toy.store.help("toy").hints == 0
    assert "with 2 hints" not in toy.run("grade", "toy").out  # it has passed before
    assert "(1 with hints or the solution)" in toy.run("progress").out


def test_a_session_counts_the_hints_of_the_day_before_it(toy):
    toy.run("hint", "toy")
    session = toy.store.session(begin(toy))
    assert session.hints == 1
    assert toy.run("hint", "toy").out.startswith("hint 2 of 3")


def test_a_session_with_a_fresh_stub_leaves_older_hints_out(toy):
    at = now()
    toy.store.take_hint("toy", 3, dataclasses.replace(at, wall=at.wall - 90_000))
    assert toy.store.session(begin(toy)).hints == 0


def test_what_a_failed_session_took_counts_for_the_grading_after_it(toy):
    number = begin(toy)
    toy.run("hint", "toy")
    toy.store.end(number, "failed", None, now())
    toy.stub.write_text("def add(a, b):\n    return b + a\n")
    assert "\n  with 1 hint\n" in toy.run("grade", "toy").out


@pytest.mark.parametrize("clock", [False, True])
def test_a_solution_that_was_read_counts_for_a_day(toy, clock):
    toy.run("solution", "toy", "--give-up")
    if clock:
        number = begin(toy)
        toy.store.end(number, "passed", None, now())
    else:
        toy.stub.write_text("def add(a, b):\n    return b + a\n")
        assert "\n  after reading the solution\n" in toy.run("grade", "toy").out
    session = toy.store.sessions()[-1]
    assert (session.state, session.has_read) == ("passed", True)
    assert rating(session) == Rating.Hard


def test_after_a_day_a_solution_that_was_read_counts_no_more(toy):
    at = now()
    toy.store.read_solution("toy", dataclasses.replace(at, wall=at.wall - 90_000))
    assert not toy.store.session(begin(toy)).has_read


def test_a_reset_begins_with_the_first_hint_again(toy):
    toy.run("hint", "toy")
    toy.run("reset", "toy")
    assert toy.run("hint", "toy").out.startswith("hint 1 of 3")


@pytest.mark.parametrize(
    "text", ["", "x", "[]", "[-5, 0, 0]", '["1", 0, 0]', "[1, NaN, 0]", "[1, 1e999, 0]"]
)
def test_help_that_cannot_be_read_is_none(toy, text):
    toy.store.save_setting("help toy", text)
    assert toy.run("hint", "toy").out.startswith("hint 1 of 3")


def test_a_hint_that_cannot_be_noted_is_not_shown(toy):
    toy.store.close()
    (toy.root / ".kata" / "kata.db").unlink()
    (toy.root / ".kata" / "kata.db-journal").mkdir()
    done = toy.run("hint", "toy")
    assert done.code == 2
    assert done.out == ""
    assert done.err.startswith("hint: ")
    assert done.err.count("\n") == 1


def test_an_exercise_without_hints_says_so(repository):
    repository.toy(SOLUTION, CHECK_ADD)
    done = repository.run("hint", "toy")
    assert (done.code, done.err) == (1, "hint: toy has no hints\n")


@pytest.mark.parametrize("verb", ["hint", "solution"])
def test_unknown_names_are_a_line_with_the_nearest(toy, verb):
    done = toy.run(verb, "tyo")
    assert (done.code, done.out) == (2, "")
    assert done.err == (
        f"{verb}: no exercise, topic or round is called 'tyo'; did you mean toy?\n"
    )


def test_a_word_for_several_exercises_is_refused_with_their_names(toy):
    for kind in ("solutions", "graders"):
        name = "test_other.py" if kind == "graders" else "other.py"
        toy.write(f"{kind}/ml_coding/toys/{name}", '"""Other."""\n')
    done = toy.run("hint", "ml_coding")
    assert (done.code, done.out) == (2, "")
    assert (
        done.err == "hint: 'ml_coding' are several exercises; take one of other, toy\n"
    )


# --- The solution ---------------------------------------------------------------------


def test_before_its_time_nothing_of_the_solution_is_printed(toy):
    for prepare in (
        lambda: None,
        lambda: toy.stub.write_text("def add(a, b):\n    0\n"),
    ):
        prepare()
        done = toy.run("solution", "toy", "--diff")
        assert (done.code, done.out) == (1, "")
        assert "you have not passed toy yet; --give-up shows" in done.err
        assert SECRET not in done.out + done.err
    begin(toy)
    done = toy.run("solution", "toy", "--diff")
    assert (done.code, done.out) == (1, "")
    assert "a session of toy is running" in done.err


def test_giving_up_ends_the_session_and_shows_the_solution(toy):
    number = begin(toy)
    done = toy.run("solution", "toy", "--give-up")
    assert done.code == 0
    assert SECRET in done.out
    assert "Return the sum." not in done.out  # the prompt is known
    assert done.out.endswith(
        "Follow-up questions, with good answers:\n\n  - And now?\n\n    Stop.\n"
    )
    assert toy.store.session(number).state == "gave up"
    assert told(toy, number) == [("gave up", "")]
    assert list(toy.store.cards()) == ["toy"]  # it comes again soon
    assert SECRET in toy.run("solution", "toy").out  # seen is seen


def test_giving_up_what_never_was_begun_is_noted_too(toy):
    assert SECRET in toy.run("solution", "toy", "--give-up").out
    [session] = toy.store.sessions()
    assert (session.state, session.seconds) == ("gave up", 0)


def test_after_a_failure_giving_up_stands_in_its_record(toy):
    number = begin(toy)
    toy.store.end(number, "failed", None, now())
    assert toy.run("solution", "toy").code == 1
    assert SECRET in toy.run("solution", "toy", "--give-up").out
    assert [s.state for s in toy.store.sessions()] == ["failed"]
    assert told(toy, number)[-1] == ("gave up", "")
    assert SECRET in toy.run("solution", "toy").out


def test_after_a_pass_the_solution_is_shown(toy):
    toy.store.end(begin(toy), "passed", None, now())
    assert SECRET in toy.run("solution", "toy").out
    begin(toy)  # and while the clock runs again, it is not
    assert SECRET not in toy.run("solution", "toy").out


def test_an_answer_that_passes_without_a_session_opens_it_too(toy):
    toy.stub.write_text("def add(a, b):\n    return b + a\n", "utf-8")
    done = toy.run("solution", "toy", "--diff")
    assert done.code == 0
    assert f"+    {SECRET}\n" in done.out
    assert "-    return b + a\n" in done.out
    assert "--- exercises/ml_coding/toys/toy.py" in done.out
    assert toy.store.sessions() == []


@pytest.mark.parametrize("content", [None, b"\xff\x1b[2J", b""])
def test_the_difference_to_any_file_can_be_shown(toy, content):
    toy.store.end(begin(toy), "gave up", None, now())
    if content is None:
        toy.stub.unlink()
    else:
        toy.stub.write_bytes(content)
    done = toy.run("solution", "toy", "--diff")
    assert done.code == 0
    assert f"+    {SECRET}\n" in done.out
    assert "\x1b" not in done.out


def test_the_same_file_is_said_to_be_the_same(toy):
    toy.stub.write_bytes(toy.entry.solution.read_bytes())
    assert (
        "Your file and the solution are identical."
        in toy.run("solution", "toy", "--diff").out
    )


@pytest.mark.parametrize("entry", catalogue(), ids=lambda entry: entry.name)
def test_a_reference_is_the_solution_without_the_prompt(entry):
    shown = reference(entry)
    assert exercise.ROOT == ROOT
    lines = entry.solution.read_text("utf-8").splitlines()
    assert [line for line in lines if line in shown.splitlines()]
    assert entry.title not in shown
    if not entry.is_text:
        compile(shown, entry.name, "exec")
        assert set(lines) - set(wanted(entry).splitlines()) <= set(shown.splitlines())
