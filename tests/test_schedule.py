"""What comes next: what runs, what is due, what is new, and why."""

import contextlib
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from fsrs import Rating

from graders.harness.catalog.exercise import Entry, catalogue
from graders.harness.catalog.sheet import SOURCES, Sheet
from graders.practice import schedule
from graders.practice.clock import Moment
from graders.practice.schedule import next_exercise, order, review
from graders.practice.store import Store

DAY = 86_400.0
NOON = datetime(2026, 3, 2, 12).astimezone()  # a Monday, wherever the tests run


def at(days=0.0, seconds=0.0):
    """Return a moment so long after noon."""
    after = DAY * days + seconds
    return Moment(NOON.timestamp() + after, 1e6 + after, "this run")


@pytest.fixture
def store(tmp_path):
    """An empty store."""
    with contextlib.closing(Store(tmp_path)) as store:
        yield store


def sat(store, name, state="passed", minutes=10, hints=0, days=0.0):
    """Return a session of twenty minutes that has ended."""
    number = store.start(name, "practice", 20, 7, at(days)).id
    for _ in range(hints):
        store.note(number, at(days), "hint")
    store.end(number, state, None, at(days, 60 * minutes))
    return store.session(number)


def exercise(name, frequency=0, difficulty="medium"):
    """Return an exercise of some frequency and difficulty."""
    entry = Entry(Path("ml_coding/toys") / f"{name}.py")
    vars(entry)["sheet"] = Sheet(
        minutes=20,
        difficulty=difficulty,
        hints=(),
        follow_ups=(),
        mistakes={},
        frequency=frequency,
    )
    return entry


@pytest.mark.parametrize(
    ("ended", "rating"),
    [
        ({}, Rating.Easy),
        ({"minutes": 20}, Rating.Easy),
        ({"hints": 1}, Rating.Good),
        ({"minutes": 21}, Rating.Hard),
        ({"minutes": 21, "hints": 3}, Rating.Hard),
        ({"state": "failed"}, Rating.Again),
        ({"state": "gave up"}, Rating.Again),
    ],
    ids=str,
)
def test_how_a_session_ended_is_its_rating(store, ended, rating):
    assert schedule.rating(sat(store, "roc_auc", **ended)) == rating


def test_what_went_better_comes_later_and_no_sooner_than_tomorrow(store):
    sat(store, "gave_up", "gave up")
    sat(store, "late", minutes=30)
    sat(store, "hinted", hints=2)
    sat(store, "easy")
    dates = schedule.dates_of(store)
    assert sorted(dates, key=dates.get) == ["gave_up", "late", "hinted", "easy"]
    assert dates["gave_up"] - NOON >= timedelta(days=1)
    assert dates["gave_up"] < dates["late"] < dates["hinted"] < dates["easy"]


def test_what_was_known_and_is_failed_comes_back_in_days_not_minutes(store):
    sat(store, "roc_auc")
    sat(store, "roc_auc", "failed", days=30)
    back = schedule.dates_of(store)["roc_auc"] - (NOON + timedelta(days=30))
    assert timedelta(days=1) <= back < timedelta(days=10)


def test_the_same_sessions_give_the_same_dates(tmp_path):
    dates = []
    for folder in ("one", "other"):
        store = Store(tmp_path / folder)
        for day in (0, 3, 17, 60):
            sat(store, "kmeans", hints=day % 2, days=day)
        dates.append(schedule.dates_of(store))
    assert dates[0] == dates[1]


def test_a_session_counts_once_however_often_it_is_taken_in(store):
    session = sat(store, "roc_auc")
    review(store, session, at(0, 600))
    once = store.cards()
    review(store, session, at(5))
    schedule.dates_of(store)
    assert store.cards() == once


def test_a_session_that_nobody_took_in_is_taken_in_later(store):
    sat(store, "roc_auc", "failed")  # killed before it could be reviewed
    assert store.cards() == {}
    due = NOON + timedelta(days=1, minutes=10)
    assert schedule.dates_of(store) == {"roc_auc": due}
    assert list(store.cards()) == ["roc_auc"]


@pytest.mark.parametrize("text", ["", "{", "null", "[1]", "[1, {}]", '["a", 3]'])
def test_a_card_that_cannot_be_read_is_built_again(store, text):
    sat(store, "roc_auc", "failed")
    sat(store, "roc_auc", days=2)
    dates, [card] = schedule.dates_of(store), store.cards().values()
    store.save_card("roc_auc", text)
    assert schedule.dates_of(store) == dates
    assert store.cards() == {"roc_auc": card}


@pytest.mark.parametrize("wall", [-1e12, 0.0, 1e12])
def test_a_clock_that_is_wrong_breaks_nothing(store, wall):
    number = store.start("kmeans", "practice", 20, 7, Moment(wall, 0, "")).id
    store.end(number, "passed", None, Moment(wall, 9, ""))
    assert list(schedule.dates_of(store)) == ["kmeans"]


def test_a_system_time_that_went_back_breaks_nothing(store):
    sat(store, "kmeans", days=30)
    sat(store, "kmeans")
    assert schedule.dates_of(store)["kmeans"] > NOON


KMEANS, ROC, NEW = exercise("kmeans", 32), exercise("roc_auc", 8), exercise("new", 1)
ALL = (KMEANS, ROC, NEW)


def test_what_runs_comes_before_what_is_due_and_that_before_what_is_new(store):
    assert next_exercise(store, ALL, at()) == (
        KMEANS,
        "new: listed by 32 of 54 sources, medium",
    )
    sat(store, "roc_auc", "failed")
    sat(store, "kmeans", "failed", days=1)
    assert next_exercise(store, ALL, at(7)) == (ROC, "due since Tuesday")
    store.start("kmeans", "practice", 20, 7, at(7))
    store.start("new", "practice", 20, 7, at(7))
    assert next_exercise(store, ALL, at(7)) == (NEW, "its session is running")


def test_what_is_overdue_the_longest_comes_first(store):
    review(store, sat(store, "new", "failed", days=1), at(1))
    review(store, sat(store, "kmeans", "failed"), at(0, 600))
    review(store, sat(store, "roc_auc"), at(0, 600))
    assert next_exercise(store, ALL, at(4)) == (KMEANS, "due since Tuesday")
    sat(store, "kmeans", days=4)
    assert next_exercise(store, ALL, at(4)) == (NEW, "due since Wednesday")


def test_where_all_is_known_and_nothing_due_the_next_that_will_be_comes(store):
    sat(store, "roc_auc")
    sat(store, "kmeans", "failed")
    assert next_exercise(store, [ROC, KMEANS], at(0.1)) == (
        KMEANS,
        "not due until tomorrow",
    )
    assert next_exercise(store, [ROC], at(0.1))[0] == ROC


def test_what_is_not_asked_for_does_not_come(store):
    sat(store, "an exercise that is no more", "failed")
    store.start("kmeans", "practice", 20, 7, at())
    assert next_exercise(store, [NEW], at(9))[0] == NEW
    with pytest.raises(LookupError, match="no exercise"):
        next_exercise(store, [], at())


def test_new_exercises_come_by_frequency_and_easy_first():
    expected = [
        exercise("much_and_easy", 17, "easy"),
        exercise("most_but_medium", 32, "medium"),
        exercise("much_and_medium", 16, "medium"),
        exercise("most_but_hard", 31, "hard"),
        exercise("less_and_easy", 8, "easy"),
        exercise("less_and_hard", 15, "hard"),
        exercise("little", 4, "easy"),
        exercise("once", 1, "hard"),
        exercise("a_never", 0, "easy"),
        exercise("b_never", 0, "easy"),
    ]
    backwards = expected[::-1]
    assert sorted(backwards, key=order) == expected


def test_every_exercise_has_its_place():
    for entry in catalogue():
        assert 0 <= entry.sheet.frequency <= SOURCES, entry.name
        assert order(entry)[1] in range(3)


@pytest.mark.parametrize(
    ("days", "words"),
    [
        (0.5, "not due until tomorrow"),
        (1.1, "due today"),
        (2, "due since yesterday"),
        (5, "due since Tuesday"),
        (30, "due since 3 March"),
        (400, "due since 3 March 2026"),
    ],
)
def test_the_reason_is_said_as_people_say_it(store, days, words):
    sat(store, "roc_auc", "failed", minutes=1)  # on Monday
    now = at(days - 0.2 if days == 0.5 else days)
    assert next_exercise(store, [ROC], now) == (ROC, words)


def test_what_no_source_lists_is_merely_new(store):
    toy = exercise("toy", 0, "easy")
    assert next_exercise(store, [toy], at()) == (toy, "new: easy")


def test_a_card_is_plain_json_that_names_its_last_session(store):
    session = sat(store, "roc_auc")
    review(store, session, at(0, 600))
    number, card = json.loads(store.cards()["roc_auc"])
    assert number == session.id
    assert datetime.fromisoformat(card["due"]).tzinfo == UTC
