"""What counts as lost when commands are killed, and that a few kills lose nothing."""

import sqlite3
from contextlib import closing

import pytest

from graders.practice.store import Store
from tests.dev import kills
from tests.histories import moment, report


@pytest.fixture
def root(tmp_path):
    """A folder whose database holds a session that ended and one that runs."""
    with closing(Store(tmp_path / ".kata")) as store:
        ended = store.start("toy", "practice", 10, 1, moment(0))
        store.end(ended.id, "failed", report("toy", 1), moment(5))
        store.start("toy", "practice", 10, 2, moment(10))
    return tmp_path


@pytest.mark.parametrize(
    ("damage", "complaint"),
    [
        ("", ""),
        ("UPDATE sitting SET seconds = 9 WHERE id = 2", ""),  # it runs
        ("UPDATE sitting SET seconds = 9 WHERE id = 1", "row 1 of sitting had ended"),
        ("DELETE FROM event WHERE sitting = 2", "of event"),
        ("DELETE FROM sitting WHERE id = 2", "row 2 of sitting"),
        ("UPDATE sitting SET report = '{' WHERE id = 2", "the report of row 2"),
    ],
)
def test_what_is_lost(root, damage, complaint):
    before = kills.rows_of(root)
    with closing(sqlite3.connect(root / ".kata" / "kata.db")) as database:
        database.executescript(damage)
    lost = list(kills.lost_of(before, root, [1]))
    assert bool(lost) == bool(complaint)
    assert complaint in "; ".join(lost)


def test_what_was_promised_is_missed(root):
    before = kills.rows_of(root)
    assert list(kills.lost_of(before, root, [1, 2, 3])) == [
        "session 2, which was said to have ended",
        "session 3, which was said to have ended",
    ]


def test_a_few_kills_lose_nothing(capsys):
    assert kills.main(["--count", "8", "--at-once", "1", "--seed", "24"]) == 0
    assert capsys.readouterr().out.endswith("lost: 0\n")
