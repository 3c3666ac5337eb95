"""The verb `plan`: what stands in a plan, and who follows it."""

import importlib
import json
from datetime import date, timedelta

import pytest

from graders.__main__ import VERBS
from graders.harness.catalog import exercise
from graders.harness.catalog.exercise import catalogue
from graders.practice import clock
from graders.practice.daily.listing import Row
from graders.practice.daily.plan import lines
from graders.practice.daily.plan_builder import LENGTHS, build, has_focus, template
from graders.practice.daily.study_plan import SETTING, StudyPlan, read_plan
from graders.practice.schedule import next_exercise, order
from graders.practice.store import Store
from tests.conftest import Done
from tests.histories import DAY, NOW, Plan, moment, record, report, sessions

START = date(2026, 11, 24)  # the day of NOW
ENTRIES = sorted(catalogue(), key=order)


def rows(**states):
    """Return all exercises as new, but for the states that are given."""
    return [
        Row(
            entry,
            "solved" if (state := states.get(entry.name, "new")) == "due" else state,
            None,
            state == "due",
        )
        for entry in ENTRIES
    ]


def minutes(names):
    return sum(e.sheet.minutes for e in ENTRIES if e.name in names)


# What stands in it.


@pytest.mark.parametrize("days", LENGTHS)
def test_the_templates_name_exercises_that_stand_each_once(days):
    names = [name for day in template(days) for name in day]
    assert len(names) == len(set(names))
    assert set(names) <= {entry.name for entry in ENTRIES}


@pytest.mark.parametrize("days", LENGTHS)
@pytest.mark.parametrize("length", [30, 60, 90, 240])
def test_every_exercise_is_planned_once_or_left_out(days, length):
    plan = build(rows(), days=days, minutes=length, start=START)
    assert len(plan.days) == days
    assert sorted([*plan.names, *plan.left_out]) == sorted(e.name for e in ENTRIES)
    for day in plan.days:
        assert minutes(day) <= length or len(day) == 1


def test_the_plan_s_own_exercises_come_before_others():
    plan = build(rows(), days=7, minutes=90, start=START)
    named = {name for day in template(7) for name in day}
    assert set(plan.names) <= named
    assert plan.days[0][0] == "linear_regression"


def test_what_is_solved_is_left_out_and_what_is_due_comes_first():
    known = rows(linear_regression="solved", kmeans="due", roc_auc="solved")
    plan = build(known, days=7, minutes=90, start=START)
    assert plan.days[0][0] == "kmeans"
    assert {"linear_regression", "roc_auc"}.isdisjoint([*plan.names, *plan.left_out])


def test_where_all_is_solved_the_days_are_free():
    known = {entry.name: "solved" for entry in ENTRIES}
    plan = build(rows(**known), days=7, minutes=90, start=START)
    assert plan.days == ((),) * 7
    assert not plan.left_out


def test_what_was_tried_and_not_solved_is_kept_however_short_the_time():
    assert "rate_limiter" not in build(rows(), days=7, minutes=30, start=START).names
    weak = build(rows(rate_limiter="started"), days=7, minutes=30, start=START)
    assert "rate_limiter" in weak.names


@pytest.mark.parametrize("focus", ["transformers", "coding", "fraud"])
def test_the_focus_is_kept_first(focus):
    wanted = {row.entry.name for row in rows() if has_focus(row, focus)}
    plan = build(rows(), days=14, minutes=60, start=START, focus=focus)
    assert wanted
    assert wanted <= set(plan.names)
    assert plan.days[0][0] in wanted


# Where one stands.

PLAN = StudyPlan(
    START, 60, (("one", "two"), ("three",), ()), "", date(2026, 12, 20), ("four",)
)


def session(name, day, state="passed"):
    plan = Plan(name, NOW + DAY * day, 60, state=state, minutes=20)
    [found] = sessions([plan])
    return found


def test_done_is_what_passed_since_it_started():
    found = [session("one", 0), session("two", -2), session("three", 0, "failed")]
    assert PLAN.done([*found, session("other", 0)]) == {"one"}


@pytest.mark.parametrize(
    ("day", "said"),
    [
        (0, "day 1 of 3; 1 of 3 exercises done; on schedule; 26 days until"),
        (1, "day 2 of 3; 1 of 3 exercises done; 1 behind; 25 days until"),
        (2, "day 3 of 3; 1 of 3 exercises done; 2 behind; 24 days until"),
        (3, "over; 1 of 3 exercises done; 2 behind; 23 days until"),
        (25, "over; 1 of 3 exercises done; 2 behind; 1 day until the interview on S"),
        (26, "over; 1 of 3 exercises done; 2 behind; the interview is today"),
        (27, "the interview was Sunday 20 December"),
    ],
)
def test_the_standing_says_day_done_behind_and_left(day, said):
    assert said in PLAN.standing([session("one", 0)], START + timedelta(day))


@pytest.mark.parametrize("width", [40, 50, 80])
def test_the_text_fits_and_breaks_no_name(width):
    plan = build(rows(), days=21, minutes=90, start=START, interview=date(2026, 12, 1))
    shown = lines(plan, rows(kmeans="due"), [], START, width)
    assert all(len(line) <= width for line in shown)
    words = " ".join(shown).split()
    assert set(plan.names) <= set(words)
    assert "after the interview" in " ".join(words)
    assert "due for review, first: kmeans" in " ".join(words)


# The store, and who follows.


@pytest.fixture
def store(tmp_path):
    opened = Store(tmp_path / ".kata")
    yield opened
    opened.close()


def test_what_is_stored_is_read_back(store):
    assert read_plan(store) is None
    store.save_setting(SETTING, PLAN.as_text())
    assert read_plan(store) == PLAN


@pytest.mark.parametrize(
    "text", ["", "null", "[]", "{", "7", '{"start": "2026-11-24"}']
)
def test_a_plan_that_cannot_be_read_is_none(store, text):
    store.save_setting(SETTING, text)
    assert read_plan(store) is None


def test_the_next_exercise_follows_the_plan_after_what_is_due(store):
    plan = StudyPlan(START, 60, (("rate_limiter",), ("pca", "mlp")))
    store.save_setting(SETTING, plan.as_text())
    at = moment(NOW + 60)
    found = next_exercise(store, ENTRIES, at)
    assert (found[0].name, found[1]) == ("rate_limiter", "for day 1 of 2 of your plan")
    record(store, [Plan("rate_limiter", NOW, 30, report=report("toy"), minutes=30)])
    entry, why = next_exercise(store, ENTRIES, at)
    assert entry.name == "pca"
    assert why == "for day 2 of 2 of your plan, ahead of time"
    entry, why = next_exercise(store, ENTRIES, moment(NOW + 3 * DAY))
    assert "day 2 of 2" in why
    overdue = Plan("kmeans", NOW - 90 * DAY, 60, report=report("kmeans"))
    record(store, [overdue])
    assert next_exercise(store, ENTRIES, at)[0].name == "kmeans"


# The command.


@pytest.fixture
def run(tmp_path, monkeypatch, capsys):
    """Return what runs a verb on the shipped exercises, with a history of its own."""
    for tree in ("solutions", "graders", "exercises"):
        (tmp_path / tree).symlink_to(exercise.ROOT / tree)
    monkeypatch.setattr(exercise, "ROOT", tmp_path)
    monkeypatch.setattr(clock, "now", lambda: moment(NOW))

    def run(verb, *argv):
        code = importlib.import_module(VERBS[verb][0]).main(list(argv))
        done = capsys.readouterr()
        return Done(code, done.out, done.err)

    return run


def test_a_plan_is_made_shown_followed_and_dropped(run):
    assert "There is no plan" in run("plan").out
    made = run("plan", "--days", "7", "--interview", "2026-12-20")
    assert made.code == 0, made.err
    assert made.out.startswith("day 1 of 7; 0 of ")
    assert "26 days until the interview" in " ".join(made.out.split())
    assert run("plan").out == made.out
    assert "for day 1 of 7 of your plan" in run("next").out
    assert run("plan", "--drop").code == 0
    assert "There is no plan" in run("plan").out
    assert "plan" not in run("next").out.splitlines()[0]
    assert run("plan", "--drop").code == 1


def test_json_holds_the_days(run):
    assert json.loads(run("plan", "--json").out) == {"schema": 1, "plan": None}
    made = run("plan", "--days", "14", "--focus", "fraud", "--json")
    told = json.loads(made.out)["plan"]
    assert (told["start"], told["today"], told["focus"]) == ("2026-11-24", 1, "fraud")
    assert len(told["days"]) == 14
    assert told["days"][13]["date"] == "2026-12-07"
    assert told["days"][0]["exercises"][0]["done"] is False


@pytest.mark.parametrize(
    ("date_", "days"), [("2026-11-27", 7), ("2026-12-10", 14), ("2026-12-20", 21)]
)
def test_without_days_the_interview_decides(run, date_, days):
    told = json.loads(run("plan", "--interview", date_, "--json").out)
    assert len(told["plan"]["days"]) == days


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        (["--days", "8"], "--days: 7, 14 or 21 is needed, not '8'"),
        (["--days", "7", "--minutes", "5"], "from 15 to 600 is needed, not '5'"),
        (
            ["--days", "7", "--focus", "transfomers"],
            "'transfomers'; did you mean trans",
        ),
        (["--interview", "2026-11-24"], "2026-11-24 is not in the future"),
        (["--interview", "soon"], "a date such as 2026-12-20 is needed, not 'soon'"),
        (["--focus", "metrics"], "--days or --interview is needed"),
        (["--drop", "--days", "7"], "--drop takes no other option"),
    ],
)
def test_a_value_that_means_nothing_is_one_line_and_changes_nothing(run, typed, said):
    before = run("plan", "--days", "14").out
    done = run("plan", *typed)
    assert done.code == 2
    assert said in done.err
    assert len(done.err.splitlines()) == 1
    assert run("plan").out == before


def test_progress_says_where_the_plan_stands(run):
    run("plan", "--days", "7", "--interview", "2026-12-20")
    done = run("progress")
    # The plan starts on a fixed day, and progress asks for today's.
    assert done.out.startswith("plan     ")
    assert "; 0 of 21 exercises done" in " ".join(done.out.split())
