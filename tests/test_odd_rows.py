"""Whatever stands in a row of the database, no command breaks, and none loses a row.

What is not understood is skipped and said. The tables are those of the store without
its types and constraints, so that any value can stand in any column.
"""

import contextlib
import copy
import dataclasses
import functools
import io
import json
import math
import re
import shutil
import sqlite3
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from graders.harness.catalog import exercise
from graders.practice import rows
from graders.practice.attempts import main as attempts
from graders.practice.database import MIGRATIONS, Database
from graders.practice.hint import main as hint
from graders.practice.history import progress
from graders.practice.history.page import page
from graders.practice.mocks.mock import main as mock
from graders.practice.mocks.plan import Part, as_plan
from graders.practice.recording import record_gradings
from graders.practice.schedule import dates_of
from graders.practice.session.practice import main as practice
from graders.practice.session.view import verdict_text
from graders.practice.solution import main as solution
from graders.practice.store import Store
from tests.histories import DAY, NOW, moment, report
from tests.test_attempts import SOLUTION
from tests.test_recording import result
from tests.test_seam import CHECK_ADD

REPORT = report("toy", 2)
PLAN = as_plan([Part("exercise", "ml_coding", 10, ["toy"], seen=[NOW, 5.0, "boot"]),
                Part("break", "", 5, []),
                Part("talk", "behavioral", 45, ["x"], ratings={"y": 3})])  # fmt: skip
LOOSE = re.sub(r" NOT NULL| (TEXT|REAL|INTEGER)(?! PRIMARY)", "", ";".join(MIGRATIONS))
ROWS = {
    "sitting": 4,
    "event": 4,
    "card": 1,
    "mock": 2,
    "line": 3,
}  # as `begin` makes them
COLUMNS = {
    "sitting": (
        *("exercise", "mode", "minutes", "seed", "state", "started", "seconds"),
        *("hints", "report", "seen_wall", "seen_steady", "seen_boot", "mock"),
    ),
    "event": ("sitting", "wall", "seconds", "kind", "detail"),
    "card": ("exercise", "text"),
    "mock": ("wall", "seed", "state", "plan"),
    "line": ("mock", "part", "phase", "wall", "kind", "text"),
}
PLACES = [(table, column) for table in COLUMNS for column in COLUMNS[table]]

ODD = (
    *(None, "", "abc", "\0\x1b[2J\u202e\ufffe", b"\xff\0", "x" * 10**5, "7", "running"),
    *(-1, 0, 3, 2**63 - 1, -(2**63), 1.5, 1e308, -1e308, 5e-324, math.inf, -math.inf),
    *("{}", "null", "[1]", "[[]]", "[" * 10**5, "9" * 5000, '[9, {"due": 1}]', "[{}]"),
    *('{"checks": 3}', '{"verdict": 1, "checks": []}', "[1, NaN]", "1e999"),
    *('{"verdict": "passed", "checks": [{}]}', '{"verdict": "x", "checks": [[]]}'),
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner),
    max_leaves=4,
)
TEXT = st.text(st.characters(exclude_categories=["Cs"]))  # what SQLite can be given
NUMBER = st.integers(-(2**63), 2**63 - 1) | st.floats(allow_nan=False)
ANY = st.sampled_from(ODD) | NUMBER | TEXT | st.binary()


@functools.cache
def begun():
    """Return the bytes of a database with a row for each case."""
    with tempfile.TemporaryDirectory() as folder:
        build(Path(folder))
        return (Path(folder) / "kata.db").read_bytes()


def build(folder):
    """Build a database with a row for each case that commands tell apart."""
    with contextlib.closing(sqlite3.connect(folder / "kata.db")) as loose:
        loose.executescript(f"{LOOSE}; PRAGMA user_version = {len(MIGRATIONS)}")
    with contextlib.closing(Store(folder)) as store:
        plan = copy.deepcopy(PLAN)
        talked = store.start_mock(1, plan, moment(NOW - 5 * DAY))
        store.save_mock(talked.id, plan, "done")
        running = store.start_mock(2, plan, moment(NOW))
        typed = [("note", "a"), ("drawing", "a -> b"), ("taken back", "2")]
        store.add_lines(talked.id, 2, 0, typed, moment(NOW))
        for days, (name, mode, state) in enumerate(
            [("other", "practice", "failed"), ("toy", "grade", "passed"),
             ("other", "mock", "gave up"), ("toy", "practice", None)]
        ):  # fmt: skip
            start = NOW - DAY * (4 - days)
            one = store.start(name, mode, 10, 7, moment(start), running.id)
            store.save_report(one.id, REPORT, moment(start))
            if state:
                store.end(one.id, state, None, moment(start + 60))
        dates_of(store)


def begin(folder):
    """Lay the database anew."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    (folder / "kata.db").write_bytes(begun())


@pytest.fixture
def toy(repository, monkeypatch):
    """A repository with one exercise, whose database does not wait for the disk."""
    repository.toy(SOLUTION, CHECK_ADD)
    monkeypatch.setattr(exercise, "ROOT", repository.root)
    [repository.entry] = exercise.catalogue()
    slow = Database._open

    def fast(database):
        connection = slow(database)
        connection.execute("PRAGMA synchronous = OFF")
        return connection

    monkeypatch.setattr(Database, "_open", fast)
    return repository


def put(folder, table, column, value, which=1):
    """Write a value into a row, and return whether the database takes it."""
    with contextlib.closing(sqlite3.connect(folder / "kata.db")) as connection:
        try:
            connection.execute(
                f"UPDATE {table} SET {column} = ? WHERE rowid ="
                f" (SELECT rowid FROM {table} LIMIT 1 OFFSET ?)",
                (value, which % ROWS[table]),
            )
        except sqlite3.IntegrityError:  # two that run at once
            return False
        connection.commit()
        return True


def count(folder):
    """Return how many rows each table has."""
    with contextlib.closing(sqlite3.connect(folder / "kata.db")) as connection:
        query = "SELECT count(*) FROM {}"
        return {t: connection.execute(query.format(t)).fetchone()[0] for t in COLUMNS}


def run(command, *arguments):
    """Run a command, and return its exit code and what it printed."""
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = command(list(arguments))
    assert code in (0, 1, 2)
    for text in (out.getvalue(), err.getvalue()):
        assert "Traceback" not in text
        assert not re.search(r"[\x00-\x08\x1b\u202e\ufffe]", text), ascii(text)
    assert len(err.getvalue().splitlines()) <= 3, err.getvalue()
    return code, out.getvalue(), err.getvalue()


def require_told(toy):
    """Demand that `progress` tells of each session, or that it skipped some."""
    folder, file = toy.root / ".kata", toy.root / "all.json"
    code, out, err = run(progress.main, "--json", str(file))
    assert code == 0, err
    told = len(json.loads(file.read_text())["attempts"]) + out.count("running  ")
    assert told == count(folder)["sitting"] or "not understood and skipped: " in err


def require_unbroken(toy):
    """Run every command that reads the history; none breaks, and no row is lost."""
    before = count(toy.root / ".kata")
    require_told(toy)
    for command, *arguments in (
        (practice, "toy"),
        (practice,),
        (hint, "toy"),
        (attempts, "toy"),
        (mock,),
        (mock, "--abandon"),
        (mock, "--round", "behavioral", "--seed", "1"),
        (solution, "toy", "--give-up"),
    ):
        run(command, *arguments)
    _, _, err = run(lambda _: record_gradings([result(toy)]) or 0)
    assert "not recorded" not in err
    with contextlib.closing(Store()) as store:
        last = store.sessions()[-1]
        assert (last.exercise, last.state, last.mode) == ("toy", "passed", "grade")
        assert store.running("toy") == []
    assert all(
        after >= before[table] for table, after in count(toy.root / ".kata").items()
    )


def show_all(store, with_page):
    """Make the page, and show each grading; what is odd is skipped."""
    wall = NOW + DAY
    entries = exercise.catalogue()
    found = progress.History(entries, store.sessions(), store.cards(), wall)
    assert not with_page or page(found)
    for session in store.sessions():
        verdict_text(entries[0], session.report, 60) if session.report else ""
        progress.score(session) if session.state != "running" else None


@pytest.mark.parametrize(("table", "column"), PLACES)
def test_every_odd_value_in_every_column(toy, table, column):
    folder = toy.root / ".kata"
    for i, value in enumerate(ODD):
        shutil.rmtree(folder, ignore_errors=True)
        begin(folder)
        if put(folder, table, column, value, i) and put(folder, table, column, value):
            require_unbroken(toy)


HARD = settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@HARD
@given(
    st.lists(
        st.tuples(st.sampled_from(PLACES), ANY, st.integers(0, 3)),
        min_size=1,
        max_size=4,
    )
)
def test_several_odd_values_at_once(toy, values):
    folder = toy.root / ".kata"
    begin(folder)
    for (table, column), value, which in values:
        put(folder, table, column, value, which)
    require_unbroken(toy)


@st.composite
def damaged(draw, value):
    """Draw a value of JSON in which one part is another, or gone."""
    value = copy.deepcopy(value)
    inner = value
    while True:
        keys = list(inner) if isinstance(inner, dict) else range(len(inner))
        key = draw(st.sampled_from(keys))
        if not (isinstance(inner[key], dict | list) and inner[key]) or not draw(
            st.integers(0, 3)
        ):
            break
        inner = inner[key]
    if draw(st.integers(0, 3)):
        inner[key] = draw(JSON)
    else:
        del inner[key]
    return json.dumps(value)


CARD = [3, {"card_id": 0, "state": 2, "step": None, "stability": 2.3, "difficulty": 5.1,
            "due": "2026-11-24T18:30:00+00:00",
            "last_review": "2026-11-20T18:30:00+00:00"}]  # fmt: skip


@HARD
@given(damaged(REPORT), damaged(CARD), damaged(PLAN), st.integers(0, 3))
def test_json_with_one_odd_part(toy, report, card, plan, which):
    folder = toy.root / ".kata"
    begin(folder)
    put(folder, "sitting", "report", report, which)
    put(folder, "card", "text", card)
    put(folder, "mock", "plan", plan, 0)
    put(folder, "mock", "plan", plan, 1)
    with contextlib.closing(Store()) as store:
        show_all(store, with_page=False)
    require_unbroken(toy)


def test_a_running_session_that_is_not_understood_is_set_aside_and_said(toy):
    begin(toy.root / ".kata")
    put(toy.root / ".kata", "sitting", "minutes", "abc", 3)
    done = toy.run("practice", "toy")
    assert done.code == 0
    assert re.search(r"(10:00|9:\d\d) left", done.out)
    assert done.err.splitlines() == [
        f"{toy.root}/.kata/kata.db: not understood and skipped: "
        "session 4 (its minutes is 'abc')"
    ]
    toy.entry.stub.write_text(SOLUTION)
    done = toy.run("practice", "toy", "--submit")
    assert (done.code, done.err) == (0, "")
    assert "strong hire" in done.out
    done = toy.run("progress", "--html", "page.html")
    assert (done.code, done.err) == (0, "")
    assert count(toy.root / ".kata")["sitting"] == ROWS["sitting"] + 1


def test_a_running_mock_interview_that_is_not_understood_is_ended_and_said(toy):
    begin(toy.root / ".kata")
    put(toy.root / ".kata", "mock", "plan", '[{"kind": "duel"}]')
    done = toy.run("mock")
    assert done.code == 1
    first, second = done.err.splitlines()
    assert "mock interview 2 is not understood and was ended: its kind" in first
    assert "no mock interview is running" in second
    assert toy.run("mock", "--round", "behavioral").code == 0


def test_the_parts_of_a_plan_are_those_that_are_read():
    fields = {field.name for field in dataclasses.fields(Part)}
    assert fields == {*rows._PART, *rows._PROGRESS}
