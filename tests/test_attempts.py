"""Attempts: listed, shown, restored; no work is ever lost."""

import os
import random
import sys
import time

import pytest

from graders.harness.catalog import exercise, files
from graders.harness.catalog.exercise import catalogue
from graders.harness.catalog.files import keep, kept
from graders.harness.catalog.stubs import is_started, wanted
from graders.practice.attempts import reset, restore
from graders.practice.clock import now
from graders.practice.store import Store
from tests.test_seam import CHECK_ADD
from tests.test_store import SYSTEM

SOLUTION = '''
def add(one: int, other: int) -> int:
    """Return the sum."""
    return one + other
'''

REPORT = {"verdict": "failed", "checks": [{"verdict": "wrong"}]}


@pytest.fixture
def toy(repository, monkeypatch):
    """A repository whose exercise is fresh, and which is ours as well."""
    repository.toy(SOLUTION, CHECK_ADD)
    monkeypatch.setattr(exercise, "ROOT", repository.root)
    [repository.entry] = catalogue()
    repository.stub = repository.entry.stub
    repository.stub.write_text(wanted(repository.entry), "utf-8")
    return repository


def contents(toy):
    """Return what was kept, newest first."""
    return [copy.path.read_text("utf-8") for copy in kept(toy.entry)]


# --- The functions --------------------------------------------------------------------


def test_what_is_kept_twice_in_a_row_is_kept_once(toy):
    for text in ("one", "one", "two", "one", "one"):
        toy.stub.write_text(text)
        assert keep(toy.entry).read_text() == text
    assert contents(toy) == ["one", "two", "one"]


def test_copies_of_one_moment_do_not_take_each_others_place(toy, monkeypatch):
    class Stopped(files.datetime):
        @classmethod
        def now(cls, tz=None):
            return cls(2026, 1, 2, 3, 4, 5, 6, tz)

    monkeypatch.setattr(files, "datetime", Stopped)
    for i in range(5):
        toy.stub.write_text(str(i))
        keep(toy.entry)
    assert contents(toy) == ["4", "3", "2", "1", "0"]


def test_where_there_is_no_file_there_is_nothing_to_keep(toy):
    toy.stub.unlink()
    assert keep(toy.entry) is None
    assert reset(toy.entry) is None
    assert not is_started(toy.entry)


def test_a_reset_keeps_the_work_and_says_where(toy):
    toy.stub.write_text("mine")
    copy = reset(toy.entry)
    assert copy.read_text() == "mine"
    assert copy.parent == toy.root / ".kata" / "attempts" / "toy"
    assert not is_started(toy.entry)
    assert reset(toy.entry) is None
    assert contents(toy) == ["mine"]


def test_restoring_backs_up_what_is_there(toy):
    for text in ("old", "new"):
        toy.stub.write_text(text)
        keep(toy.entry)
    toy.stub.write_text("newest")
    [_, old] = kept(toy.entry)
    assert restore(toy.entry, old).read_text() == "newest"
    assert toy.stub.read_text() == "old"
    assert contents(toy) == ["newest", "new", "old"]


@pytest.mark.parametrize("content", [b"\xff\xfe\x00", b"", b"a\r\nb", b"#" * 10**6])
def test_any_bytes_come_back_as_they_were(toy, content):
    toy.stub.write_bytes(content)
    reset(toy.entry)
    restore(toy.entry, kept(toy.entry)[0])
    assert toy.stub.read_bytes() == content


def test_a_link_is_replaced_and_what_it_points_to_is_not_touched(toy):
    mine = toy.write("elsewhere/mine.py", "mine")
    toy.stub.unlink()
    toy.stub.symlink_to(mine)
    assert reset(toy.entry).read_text() == "mine"
    assert mine.read_text() == "mine"
    assert not toy.stub.is_symlink()
    assert not is_started(toy.entry)


def test_a_copy_that_cannot_be_written_leaves_the_answer(toy, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    toy.stub.write_text("mine")
    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(OSError, match="No space left"):
        reset(toy.entry)
    assert toy.stub.read_text() == "mine"
    assert list(toy.root.rglob("*.draft")) == []


def test_other_files_among_the_copies_are_left_alone(toy):
    toy.write(".kata/attempts/toy/notes.py", "mine")
    toy.stub.write_text("work")
    keep(toy.entry)
    assert contents(toy) == ["work"]


def write_answers(entry, sizes, promises):
    """Write, keep and reset answers without end, and promise each that is kept."""
    for i in sizes:
        text = f"# {i}\n" + "x = 1\n" * (i % 5000)
        files.write(entry.stub, text.encode())
        reset(entry)
        promises.send(text)


def test_a_kill_at_any_moment_leaves_no_half_of_a_file(toy):
    rng = random.Random(0)
    whole = {wanted(toy.entry)}
    for i in range(30 if sys.platform == "linux" else 5):
        ours, theirs = SYSTEM.Pipe(duplex=False)
        args = (toy.entry, range(10_000 * i, 10_000 * (i + 1)), theirs)
        writer = SYSTEM.Process(target=write_answers, args=args)
        writer.start()
        theirs.close()
        whole.add(ours.recv())
        time.sleep(rng.uniform(0, 0.02))
        writer.kill()
        try:
            while True:
                whole.add(ours.recv())
        except (EOFError, OSError):
            writer.join()
    there = {*contents(toy), toy.stub.read_text("utf-8")}
    assert whole <= there | {wanted(toy.entry)}
    for text in there - {wanted(toy.entry)}:
        number, lines = int(text.split()[1]), text.count("\n") - 1
        assert lines == number % 5000


# --- The verbs ------------------------------------------------------------------------


def test_nothing_kept_is_said(toy):
    done = toy.run("attempts", "toy")
    assert (done.code, done.out) == (0, "There is no backup of toy yet.\n")


def test_a_reset_a_list_and_the_way_back(toy):
    toy.stub.write_text("# first\n")
    done = toy.run("reset", "toy")
    assert done.code == 0
    fresh, where = done.out.splitlines()
    assert fresh == "exercises/ml_coding/toys/toy.py: reset"
    copy = where.removeprefix("    backup of your work: ")
    assert (toy.root / copy).read_text() == "# first\n"
    toy.stub.write_text("# second\n")
    toy.run("reset", "ml_coding")

    done = toy.run("attempts", "toy")
    assert done.code == 0
    assert [line.split()[0] for line in done.out.splitlines()[2:4]] == ["1", "2"]
    assert all(len(line) <= 80 for line in done.out.splitlines())
    assert toy.run("attempts", "toy", "--show", 2).out == "# first\n"

    toy.stub.write_text("# third\n")
    done = toy.run("attempts", "toy", "--restore", 2)
    assert done.code == 0
    assert "backup of your work: .kata/attempts/toy/" in done.out
    assert toy.stub.read_text() == "# first\n"
    assert contents(toy) == ["# third\n", "# second\n", "# first\n"]
    done = toy.run("attempts", "toy", "--restore", kept(toy.entry)[1].path.name)
    assert toy.stub.read_text() == "# second\n"
    assert done.code == 0


def test_the_list_tells_the_last_verdict_before_each(toy):
    store = Store()
    number = store.start("toy", "practice", 10, 7, now()).id
    toy.stub.write_text("# first\n")
    keep(toy.entry)
    store.save_report(number, REPORT, now())
    toy.stub.write_text("# second\n")
    keep(toy.entry)
    store.end(number, "gave up", None, now())
    toy.stub.write_text("# third\n")
    keep(toy.entry)
    third, second, first = toy.run("attempts", "toy").out.splitlines()[2:5]
    assert third.endswith(" B  gave up")
    assert second.endswith(" B  graded failed: 0 of 1 checks")
    assert first.endswith(" 8 B")


def test_a_running_session_records_backups(toy):
    store = Store()
    number = store.start("toy", "practice", 10, 7, now()).id
    toy.stub.write_text("mine")
    toy.run("reset", "toy")
    [copy] = kept(toy.entry)
    toy.stub.write_text("other")
    toy.run("attempts", "toy", "--restore", 1)
    told = [e.detail for e in store.events(number) if e.kind == "kept"]
    newest = kept(toy.entry)[0].path.name
    assert told == [
        copy.path.name,
        f"{newest}; {copy.path.name} was restored",
    ]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["attempts", "tyo"], "'tyo'; did you mean toy?"),
        (["attempts", "toy", "--restore", "9"], "no attempt '9' at toy; there are 1"),
        (["attempts", "toy", "--show", "0"], "no attempt '0' at toy"),
        (["attempts", "toy", "--show", "../x"], "no attempt '../x' at toy"),
        (["attempts"], "required: name"),
        (["reset"], "name what to reset, or --all"),
        (["reset", "toy", "--all"], "name what to reset, or --all"),
        (["reset", "toy", "tyo"], "'tyo'"),
    ],
)
def test_a_wrong_command_is_told_and_changes_nothing(toy, arguments, message):
    toy.stub.write_text("mine")
    keep(toy.entry)
    done = toy.run(*arguments)
    assert done.code == 2
    assert message in done.err
    assert "Traceback" not in done.err
    assert done.out == ""
    assert toy.stub.read_text() == "mine"
    assert contents(toy) == ["mine"]


def test_all_resets_what_is_started_and_no_more(toy):
    assert (
        toy.run("reset", "--all").out
        == "Every exercise is an unchanged stub already.\n"
    )
    toy.stub.write_text("mine")
    assert toy.run("reset", "--all").out.startswith("exercises/ml_coding/toys/toy.py")
    assert contents(toy) == ["mine"]


def test_a_folder_in_the_place_of_the_file_is_one_clear_line(toy):
    toy.stub.unlink()
    (toy.stub / "mine").mkdir(parents=True)
    for arguments in (["reset", "toy"], ["reset", "--all"]):
        done = toy.run(*arguments)
        assert (done.code, done.out) == (2, "")
        assert done.err.startswith("reset: ")
        assert done.err.count("\n") == 1
    assert (toy.stub / "mine").is_dir()


def test_a_link_is_said_to_be_replaced(toy):
    toy.stub.unlink()
    toy.stub.symlink_to(toy.write("mine.py", "mine"))
    done = toy.run("reset", "toy")
    said = f"it was a link to {toy.root / 'mine.py'}, which was not changed"
    assert said.replace(" ", "") in "".join(done.out.split())
    assert (toy.root / "mine.py").read_text() == "mine"


def test_without_a_record_files_are_no_less_safe(toy):
    toy.write(".kata/kata.db", "garbage " * 1000)
    toy.stub.write_text("mine")
    done = toy.run("reset", "toy")
    assert done.code == 0
    assert "the history could not be read" in done.err
    assert contents(toy) == ["mine"]
    (toy.root / ".kata" / "kata.db").unlink()
    (toy.root / ".kata" / "kata.db-journal").mkdir()
    done = toy.run("attempts", "toy")
    assert done.code == 0
    assert "Traceback" not in done.err
    assert "   1  " in done.out


def test_a_copy_of_odd_characters_cannot_steer_the_terminal(toy):
    toy.stub.write_bytes(b"# \x1b[31m\xff \xe4\xb8\xad\n")
    keep(toy.entry)
    done = toy.run("attempts", "toy", "--show", 1, env={"PYTHONIOENCODING": "ascii"})
    assert done.code == 0
    assert "\x1b" not in done.out
    assert "\\u4e2d" in done.out
