"""What is remembered survives: kills, two terminals, damage, old and new versions."""

import contextlib
import json
import multiprocessing
import os
import random
import shutil
import sqlite3
import sys
import tempfile
import time
from pathlib import Path

import pytest

from graders.practice import database
from graders.practice.clock import Moment
from graders.practice.database import MIGRATIONS
from graders.practice.store import ENDED, Store, Unusable

REPORT = {
    "verdict": "failed",
    "checks": [{"verdict": "passed"}, {"verdict": "wrong"}],
}
PASS = {"verdict": "passed", "checks": [{"verdict": "passed"}] * 2}
SYSTEM = multiprocessing.get_context("fork" if sys.platform == "linux" else "spawn")


def at(seconds, moved=0.0, boot="this run"):
    """Return a moment so many seconds after the first."""
    return Moment(1_700_000_000.0 + seconds + moved, 1_000.0 + seconds, boot)


@pytest.fixture
def store(tmp_path):
    """An empty store."""
    with contextlib.closing(Store(tmp_path)) as store:
        yield store


def begin(store, name="roc_auc", seconds=0):
    """Begin a session of twenty minutes."""
    return store.start(name, "practice", 20, 7, at(seconds))


def kinds(store, session):
    """Return what happened in a session, in words."""
    return [event.kind for event in store.events(session.id)]


def integrity(folder):
    """Return what SQLite says of a database."""
    with contextlib.closing(sqlite3.connect(folder / "kata.db")) as connection:
        return connection.execute("PRAGMA integrity_check").fetchall()


# --- Sessions -------------------------------------------------------------------------


def test_a_session_is_told_from_begin_to_end(store):
    session = begin(store)
    assert (session.state, session.seconds, session.hints) == ("running", 0, 0)
    assert store.running() == store.running("roc_auc") == [session]
    assert store.note(session.id, at(60), "hint", "1").hints == 1
    graded = store.save_report(session.id, REPORT, at(120))
    assert (graded.seconds, graded.report) == (120, REPORT)
    assert store.end(session.id, "passed", PASS, at(600))
    ended = store.session(session.id)
    assert (ended.state, ended.seconds, ended.report) == ("passed", 600, PASS)
    assert store.running() == []
    told = [(e.seconds, e.kind, e.detail) for e in store.events(session.id)]
    assert told == [
        (0, "started", "20 minutes, practice"),
        (60, "hint", "1"),
        (120, "graded", "failed: 1 of 2 checks"),
        (600, "submitted", "passed: 2 of 2 checks"),
    ]


def test_what_is_submitted_after_the_time_is_late(store):
    session = begin(store)
    assert store.advance(session.id, at(1200)).left == 0
    assert not store.advance(session.id, at(1200)).is_late
    assert store.advance(session.id, at(1201)).is_late


@pytest.mark.parametrize("report", [None, REPORT], ids=["no grading", "a grading"])
def test_giving_up_is_recorded_as_that(store, report):
    session = begin(store)
    assert store.end(session.id, "gave up", report, at(5))
    assert kinds(store, session) == ["started", "gave up"]


def test_a_session_ends_once_and_nothing_changes_it_afterwards(store):
    session = begin(store)
    assert store.end(session.id, "passed", PASS, at(10))
    ended, events = store.session(session.id), store.events(session.id)
    assert not store.end(session.id, "failed", REPORT, at(20))
    store.save_report(session.id, REPORT, at(30))  # a grading that came too late
    store.advance(session.id, at(40))
    assert store.session(session.id) == ended
    assert store.events(session.id) == events
    assert store.note(session.id, at(50), "hint").hints == 0


def test_a_session_ends_in_one_of_the_known_ways(store):
    session = begin(store)
    with pytest.raises(ValueError, match="'running'"):
        store.end(session.id, "running", None, at(5))


def test_a_session_that_runs_is_not_begun_again(store):
    first = begin(store)
    again = store.start("roc_auc", "interview", 5, 8, at(30))
    assert again == first
    store.end(first.id, "failed", None, at(60))
    assert begin(store, seconds=90).id != first.id


def test_a_killed_terminal_neither_stops_the_clock_nor_restarts_it(tmp_path):
    begin(Store(tmp_path))  # and never closed
    store = Store(tmp_path)
    [session] = store.running()
    assert store.advance(session.id, at(500)).seconds == 500
    assert kinds(store, session) == ["started"]


def test_a_changed_system_time_is_recorded_and_does_not_count(store):
    session = begin(store)
    assert store.advance(session.id, at(60, moved=3600)).seconds == 60
    assert store.advance(session.id, at(120, moved=-50)).seconds == 120
    assert store.advance(session.id, at(180, moved=-50)).seconds == 180
    told = [(e.seconds, e.kind, e.detail) for e in store.events(session.id)[1:]]
    assert told == [
        (60, "clock", "the system time changed by +3600 s; 60 s counted"),
        (120, "clock", "the system time changed by -3650 s; 60 s counted"),
    ]


def test_a_restart_is_recorded_and_counts_by_the_system_time(store):
    session = begin(store)
    restarted = Moment(at(300).wall, 12.0, "another run")
    assert store.advance(session.id, restarted).seconds == 300
    assert kinds(store, session) == ["started", "clock"]


def test_two_terminals_whose_looks_cross_count_no_second_twice(store):
    session = begin(store)
    assert store.advance(session.id, at(10.5)).seconds == 10.5
    assert (
        store.advance(session.id, at(10.0)).seconds == 10.5
    )  # looked before, came after
    assert store.advance(session.id, at(11.0)).seconds == 11.0
    assert kinds(store, session) == ["started"]


def race(folder, who, start, answers):
    """Begin the same exercise as others do, take a hint, look, and end it."""
    with contextlib.closing(Store(folder)) as store:
        start.wait()
        session = begin(store)
        store.note(session.id, at(1), "hint", str(who))
        for seconds in range(10):
            store.advance(session.id, at(2 + seconds + who / 10))
        ended = store.end(session.id, ENDED[who % 3], None, at(20))
        answers.put((session.id, ended))


def test_two_terminals_at_once_share_one_session_and_one_ends_it(tmp_path):
    start, answers = SYSTEM.Barrier(4), SYSTEM.Queue()
    racers = [
        SYSTEM.Process(target=race, args=(tmp_path, who, start, answers))
        for who in range(4)
    ]
    for racer in racers:
        racer.start()
    told = [answers.get(timeout=60) for _ in racers]
    for racer in racers:
        racer.join()
    # Whoever came when it had ended already has started another one.
    store = Store(tmp_path)
    taken = []
    for session in store.sessions():
        mine = [ended for number, ended in told if number == session.id]
        assert mine.count(True) == 1
        assert session.seconds == 20
        assert kinds(store, session).count("started") == 1
        assert "clock" not in kinds(store, session)
        hints = [e for e in store.events(session.id) if e.kind == "hint"]
        own = [hint for hint in hints if not hint.detail.endswith("before")]
        assert session.hints <= len(hints)
        assert len(own) <= len(mine)
        taken += own
    assert len(taken) == 4


def test_cards_and_mock_rounds_are_remembered(store):
    store.save_card("roc_auc", "a")
    store.save_card("roc_auc", "b")
    assert store.cards() == {"roc_auc": "b"}
    mock = store.start_mock(3, [{"exercise": "kmeans"}], at(0))
    assert store.start_mock(4, [], at(1)) == mock
    store.save_mock(mock.id, [{"exercise": "kmeans", "done": True}], "done")
    [done] = store.mocks("done")
    assert (done.seed, done.plan[0]["done"]) == (3, True)
    assert store.mocks("running") == []
    assert store.start_mock(4, [], at(2)).id != mock.id


# --- Kills ----------------------------------------------------------------------------

KILLS = 220 if sys.platform == "linux" else 40  # elsewhere each process starts cold


def write_on_and_on(folder, seed, promises):
    """Change the store without end, and promise each change once it is made."""
    rng, seconds = random.Random(seed), 10_000.0 * seed
    store = Store(folder)
    promises.send(("opened",))
    while True:
        seconds += rng.random()
        promises.send(change(store, rng, seconds))


def change(store, rng, seconds):
    """Change one thing, and return what must be found of it from now on."""
    name = rng.choice(["roc_auc", "kmeans", "autograd"])
    number = store.start(name, "practice", 20, 7, at(seconds)).id
    act = rng.choice(["see", "hint", "report", "end", "card", "mock"])
    if act == "see":
        return ("session", number, store.advance(number, at(seconds)).seconds)
    if act == "hint":
        store.note(number, at(seconds), "hint", str(seconds))
        return ("hint", number, str(seconds))
    if act == "report":
        report = {"verdict": str(seconds), "checks": PASS["checks"] * 300}
        store.save_report(number, report, at(seconds))
        return ("report", number, seconds)
    if act == "end":
        state = rng.choice(ENDED)
        assert store.end(number, state, None, at(seconds))
        return ("ended", number, state)
    if act == "card":
        store.save_card(name, str(seconds))
        return ("card", name, seconds)
    mock = store.start_mock(7, [], at(seconds))
    plan = [{"seconds": seconds}] * rng.choice([1, 500])
    store.save_mock(mock.id, plan, rng.choice(["running", "done"]))
    return ("mock", mock.id, seconds)


def kill_a_writer(folder, seed, rng):
    """Return what a writer had promised when it was killed."""
    ours, theirs = SYSTEM.Pipe(duplex=False)
    writer = SYSTEM.Process(target=write_on_and_on, args=(folder, seed, theirs))
    writer.start()
    theirs.close()
    promised = []
    with contextlib.suppress(EOFError, OSError):
        if seed % 4:  # else it is killed while it starts
            promised += [ours.recv(), ours.recv()]  # opened, and the first change
            time.sleep(rng.uniform(0, 0.04))
        else:
            time.sleep(rng.uniform(0, 0.02))
        writer.kill()  # SIGKILL, or TerminateProcess
        while True:
            promised.append(ours.recv())
    writer.join()
    writer.close()
    return promised


def require_kept(store, promised):
    """Demand what was promised last of each thing."""
    sessions = {session.id: session for session in store.sessions()}
    cards, mocks = store.cards(), {mock.id: mock for mock in store.mocks()}
    for what, *rest in promised:
        match what, rest:
            case "session", [number, seconds]:
                assert sessions[number].seconds >= seconds
            case "hint", [number, detail]:
                events = store.events(number)
                assert ("hint", detail) in [(e.kind, e.detail) for e in events]
            case "card", [name, seconds]:
                assert float(cards[name]) >= seconds
            case "mock", [number, seconds]:
                assert mocks[number].plan[0]["seconds"] >= seconds
            case "report", [number, seconds]:
                assert float(sessions[number].report["verdict"]) >= seconds
            case "ended", [number, state]:
                assert sessions[number].state == state


def require_sound(store):
    """Demand what always holds."""
    assert integrity(store.folder) == [("ok",)]
    running = [session.exercise for session in store.running()]
    assert len(running) == len(set(running))
    for session in store.sessions():
        events = store.events(session.id)
        assert [e.kind for e in events].count("hint") == session.hints
        assert events[0].kind == "started"
        assert [e.kind for e in events].count("started") == 1
        times = [0, *(event.seconds for event in events), session.seconds]
        assert times == sorted(times)
        ends = [e for e in events if e.kind in ("submitted", "gave up")]
        assert len(ends) == (session.state != "running")


def test_nothing_that_was_promised_is_lost_when_the_writer_is_killed(tmp_path):
    rng = random.Random(0)
    promises = 0
    for i in range(KILLS):
        folder = tmp_path / str(i // 20)  # so that a first opening is killed as well
        promised = kill_a_writer(folder, i, rng)
        store = Store(folder)
        assert store.notices == []
        require_kept(store, promised)
        require_sound(store)
        store.close()
        promises += len(promised)
    assert promises > KILLS  # so they had done something when they were killed


# --- Versions -------------------------------------------------------------------------


def first_version(folder):
    """Build a database of the first version, with a session in it."""
    folder.mkdir(exist_ok=True)
    with contextlib.closing(sqlite3.connect(folder / "kata.db")) as old:
        old.executescript(MIGRATIONS[0] + "; PRAGMA user_version = 1")
        old.execute(
            "INSERT INTO sitting (exercise, mode, minutes, seed, started, report,"
            " seen_wall, seen_steady, seen_boot)"
            " VALUES ('roc_auc', 'practice', 20, 7, 1, ?, 1, 1, '')",
            (json.dumps(REPORT),),
        )
        old.execute("INSERT INTO event VALUES (1, 1, 1, 0, 'started', '20 minutes')")
        old.commit()


def version(file):
    """Return the version of a database's schema."""
    with contextlib.closing(sqlite3.connect(file)) as connection:
        return connection.execute("PRAGMA user_version").fetchone()[0]


def test_an_older_schema_is_migrated_after_a_copy(tmp_path):
    first_version(tmp_path)
    store = Store(tmp_path)
    [session] = store.sessions()
    assert (session.exercise, session.report, session.mock) == (
        "roc_auc",
        REPORT,
        None,
    )
    assert store.cards() == {}
    assert kinds(store, session) == ["started"]
    [copy] = tmp_path.glob("kata.*.db")
    assert store.notices == [
        f"the history was migrated to a new schema; the old file is {copy}"
    ]
    assert version(copy) == 1
    with contextlib.closing(sqlite3.connect(copy)) as old:
        assert old.execute("SELECT exercise FROM sitting").fetchall() == [("roc_auc",)]
    assert version(store.path) == len(MIGRATIONS)
    assert Store(tmp_path).notices == []


def test_a_migration_that_fails_changes_nothing(tmp_path, monkeypatch):
    first_version(tmp_path)
    broken = (MIGRATIONS[0], MIGRATIONS[1] + "; INSERT INTO nowhere VALUES (1);")
    monkeypatch.setattr(database, "MIGRATIONS", broken)
    with pytest.raises(Unusable):
        Store(tmp_path)
    assert version(tmp_path / "kata.db") == 1
    monkeypatch.undo()
    assert len(Store(tmp_path).sessions()) == 1


def open_at_once(folder, start, answers):
    """Open the store when others do."""
    start.wait()
    with contextlib.closing(Store(folder)) as store:
        answers.put((store.notices, len(store.sessions())))


def opened_at_once(folder, count=4):
    """Return the notices of several processes that open a store at the same time."""
    start, answers = SYSTEM.Barrier(count), SYSTEM.Queue()
    openers = [
        SYSTEM.Process(target=open_at_once, args=(folder, start, answers))
        for _ in range(count)
    ]
    for opener in openers:
        opener.start()
    told = [answers.get(timeout=60) for _ in openers]
    for opener in openers:
        opener.join()
    return told


@pytest.mark.parametrize("attempt", range(3))
def test_processes_that_open_at_once_migrate_once(tmp_path, attempt):
    first_version(tmp_path)
    told = opened_at_once(tmp_path)
    assert [sessions for _, sessions in told] == [1] * 4
    assert sum(bool(notices) for notices, _ in told) == 1
    [copy] = tmp_path.glob("kata.*.db")
    assert version(copy) == 1


def test_processes_that_open_a_new_store_at_once_make_one(tmp_path):
    assert opened_at_once(tmp_path / "new") == [([], 0)] * 4


def test_a_newer_schema_is_refused_and_left_alone(tmp_path):
    Store(tmp_path).close()
    with contextlib.closing(sqlite3.connect(tmp_path / "kata.db")) as connection:
        connection.execute("PRAGMA user_version = 99")
    before = (tmp_path / "kata.db").read_bytes()
    with pytest.raises(Unusable, match="schema is version 99, "):
        Store(tmp_path)
    assert (tmp_path / "kata.db").read_bytes() == before
    assert [path.name for path in tmp_path.iterdir()] == ["kata.db"]


# --- Damage ---------------------------------------------------------------------------


@pytest.fixture(scope="module")
def history(tmp_path_factory):
    """Return the bytes of a database with some history."""
    folder = tmp_path_factory.mktemp("history")
    with contextlib.closing(Store(folder)) as store:
        for i in range(30):
            number = begin(store, f"exercise_{i % 7}", 100 * i).id
            store.save_report(number, REPORT, at(100 * i + 10))
            store.end(number, "passed", PASS, at(100 * i + 20))
            store.save_card(f"exercise_{i % 7}", str(i))
        store.start_mock(1, [{"exercise": "kmeans"}], at(0))
    return (folder / "kata.db").read_bytes()


DAMAGE = {
    "garbage": lambda data: b"not a database, but a text\n" * 100,
    "truncated": lambda data: data[: len(data) // 2],
    "a torn page": lambda data: data[: len(data) - 1000],
    "zeros in the middle": lambda data: data[:8192] + bytes(4096) + data[12288:],
    "no tables": lambda data: data[:100] + bytes(3996) + data[4096:],
    "another program's": lambda data: another(),
    "version 0 with tables": lambda data: data[:60] + bytes(4) + data[64:],
    "a negative version": lambda data: data[:60] + b"\xff" * 4 + data[64:],
    "an older version's number": lambda data: data[:60] + b"\0\0\0\1" + data[64:],
}


def another():
    """Return a database that somebody else's program made."""
    with contextlib.closing(sqlite3.connect(":memory:")) as connection:
        connection.execute("CREATE TABLE sitting (chair TEXT)")
        connection.commit()
        return connection.serialize()


@pytest.mark.parametrize("damage", DAMAGE.values(), ids=DAMAGE)
def test_what_cannot_be_read_is_moved_aside_and_said(tmp_path, history, damage):
    damaged = damage(history)
    (tmp_path / "kata.db").write_bytes(damaged)
    store = Store(tmp_path)
    [aside] = tmp_path.glob("*.unreadable.db")
    [notice] = store.notices
    assert notice.startswith("the history could not be read (")
    assert f"it was moved to {aside}, and a new history was started" in notice
    assert aside.read_bytes() == damaged
    assert store.sessions() == []
    begin(store)
    assert Store(tmp_path).notices == []
    assert len(Store(tmp_path).running()) == 1


def test_a_folder_in_its_place_is_moved_aside_with_what_is_in_it(tmp_path):
    (tmp_path / "kata.db").mkdir()
    (tmp_path / "kata.db" / "mine.txt").write_text("mine")
    store = Store(tmp_path)
    [aside] = tmp_path.glob("*.unreadable.db")
    assert (aside / "mine.txt").read_text() == "mine"
    assert "it is not a file" in store.notices[0]
    assert begin(store).id == 1


def test_an_empty_file_is_where_a_new_history_begins(tmp_path):
    (tmp_path / "kata.db").touch()  # as after a kill in the first moment
    store = Store(tmp_path)
    assert store.notices == []
    assert begin(store).id == 1


def test_a_journal_is_moved_aside_with_its_database(tmp_path):
    (tmp_path / "kata.db").write_bytes(b"garbage" * 1000)
    (tmp_path / "kata.db-journal").write_bytes(b"\0" * 512)  # one that was done with
    store = Store(tmp_path)
    [aside] = tmp_path.glob("*.unreadable.db")
    journal = aside.with_name(f"{aside.name}-journal")
    assert journal.read_bytes() == b"\0" * 512
    assert not (tmp_path / "kata.db-journal").exists()
    assert begin(store).id == 1


def test_a_journal_that_is_none_does_no_harm(tmp_path, history):
    (tmp_path / "kata.db").write_bytes(history)
    (tmp_path / "kata.db-journal").write_bytes(b"no journal at all" * 99)
    store = Store(tmp_path)
    assert store.notices == []
    assert len(store.sessions()) == 30


def test_processes_that_find_damage_at_once_move_one_file_aside(tmp_path):
    (tmp_path / "kata.db").write_bytes(b"garbage" * 1000)
    told = opened_at_once(tmp_path)
    assert sum(bool(notices) for notices, _ in told) == 1
    [aside] = tmp_path.glob("*.unreadable.db")
    assert aside.read_bytes() == b"garbage" * 1000


def test_wherever_bytes_are_flipped_no_command_breaks(tmp_path, history):
    """Reads on, begins anew, or says why not in a line; and deletes nothing."""
    rng = random.Random(0)
    seen = set()
    for i in range(90):
        damaged = bytearray(history)
        size = 100 if i % 3 == 0 else len(damaged)  # each third in the header
        for _ in range(rng.choice([1, 1, 30])):
            damaged[rng.randrange(size)] = rng.randrange(256)
        folder = tmp_path / str(i)
        folder.mkdir()
        (folder / "kata.db").write_bytes(damaged)
        seen.add(use(folder, bytes(damaged)))
    assert seen == {"reads on", "begins anew", "says why not"}


def use(folder, damaged):
    """Do with a store what commands do, and return how that went."""
    try:
        with contextlib.closing(Store(folder)) as store:
            for session in store.sessions():
                store.events(session.id)
            store.cards(), store.mocks()
            number = begin(store, "another", 99_999).id
            store.end(number, "failed", REPORT, at(100_000))
    except Unusable as error:
        in_a_line = str(error).startswith(f"{folder / 'kata.db'}: ")
        return "says why not" if in_a_line and "\n" not in str(error) else str(error)
    if not store.notices:
        return "reads on"
    [aside] = folder.glob("*.unreadable.db")
    assert aside.read_bytes() == damaged
    return "begins anew"


# --- What a system refuses ------------------------------------------------------------


def test_a_file_where_the_folder_should_be_is_one_clear_line(tmp_path):
    (tmp_path / ".kata").write_text("mine")
    with pytest.raises(Unusable) as told:
        Store(tmp_path / ".kata")
    assert "\n" not in str(told.value)
    assert str(tmp_path / ".kata") in str(told.value)
    assert (tmp_path / ".kata").read_text() == "mine"


@pytest.fixture
def powerless():
    """A folder of the user's, who is not root, whoever runs the tests."""
    if sys.platform == "win32":
        pytest.skip("a folder that is read-only binds nobody there")
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)
    is_root = os.geteuid() == 0
    yield folder, (lambda: os.seteuid(65534)) if is_root else (lambda: None)
    if is_root:
        os.seteuid(0)
    folder.chmod(0o755)
    shutil.rmtree(folder)


def test_a_read_only_folder_is_one_clear_line(powerless):
    folder, lose_power = powerless
    folder.chmod(0o555)
    lose_power()
    with pytest.raises(Unusable, match="Permission denied") as told:
        Store(folder / ".kata")
    assert "\n" not in str(told.value)
    with pytest.raises(Unusable, match="unable to open database file"):
        Store(folder)


def test_a_read_only_history_can_be_read_and_says_that_it_cannot_be_changed(powerless):
    folder, lose_power = powerless
    session = begin(Store(folder))
    before = (folder / "kata.db").read_bytes()
    (folder / "kata.db").chmod(0o444)
    folder.chmod(0o555)
    lose_power()
    store = Store(folder)
    assert store.running() == [session]
    with pytest.raises(Unusable, match="attempt to write a readonly database"):
        store.advance(session.id, at(10))
    assert (folder / "kata.db").read_bytes() == before
    assert [path.name for path in folder.iterdir()] == ["kata.db"]


def test_a_full_disk_is_one_clear_line_and_loses_nothing(store):
    session = begin(store)
    [pages] = store._connection.execute("PRAGMA page_count").fetchone()
    store._connection.execute(f"PRAGMA max_page_count = {pages}")
    long = {"verdict": "failed", "checks": REPORT["checks"] * 5000}
    with pytest.raises(Unusable, match="database or disk is full"):
        store.save_report(session.id, long, at(10))
    assert store.sessions() == [session]
    assert kinds(store, session) == ["started"]
    assert integrity(store.folder) == [("ok",)]
    assert store.advance(session.id, at(20)).seconds == 20  # what needs no room goes on
    store._connection.execute("PRAGMA max_page_count = 1000000")
    assert store.save_report(session.id, long, at(30)).report == long


def open_without_room(folder, room, answers):
    """Open a store where no file may grow beyond some bytes."""
    import resource

    resource.setrlimit(resource.RLIMIT_FSIZE, (room, room))
    try:
        Store(folder)
    except Unusable as error:
        answers.put(str(error))


@pytest.mark.skipif(sys.platform == "win32", reason="needs a limit on files")
@pytest.mark.parametrize("room", [0, 100, 4096, 9000])
def test_a_history_that_finds_no_room_to_begin_is_one_clear_line(tmp_path, room):
    answers = SYSTEM.Queue()
    args = (tmp_path, room, answers)
    opener = SYSTEM.Process(target=open_without_room, args=args)
    opener.start()
    assert "\n" not in answers.get(timeout=60)
    opener.join()
    assert list(tmp_path.glob("*.unreadable.db")) == []
    assert begin(Store(tmp_path)).id == 1  # once there is room


@pytest.mark.skipif(sys.platform == "win32", reason="needs a limit on files")
def test_a_migration_that_finds_no_room_loses_nothing(tmp_path):
    first_version(tmp_path)
    answers = SYSTEM.Queue()
    args = (tmp_path, 8192, answers)
    opener = SYSTEM.Process(target=open_without_room, args=args)
    opener.start()
    assert answers.get(timeout=60)
    opener.join()
    assert version(tmp_path / "kata.db") == 1
    assert list(tmp_path.glob("kata.*.db")) == []  # no half of a copy
    assert len(Store(tmp_path).sessions()) == 1


def test_a_store_that_another_holds_too_long_is_one_clear_line(store):
    session = begin(store)
    store._connection.execute("PRAGMA busy_timeout = 1")
    with contextlib.closing(sqlite3.connect(store.path)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(Unusable, match="database is locked"):
            store.advance(session.id, at(10))
        other.execute("ROLLBACK")
        # Somebody who only reads lets a change begin, and not end.
        other.execute("BEGIN")
        other.execute("SELECT * FROM sitting").fetchone()
        with pytest.raises(Unusable, match="database is locked"):
            store.advance(session.id, at(20))
        other.execute("ROLLBACK")
    assert store.advance(session.id, at(30)).seconds == 30
