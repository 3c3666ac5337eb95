"""What the simulated productions of all designs share."""

from __future__ import annotations

import ast
import itertools
import re
import types

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graders.harness import Wrong
from graders.harness.catalog.exercise import catalogue
from graders.harness.run.world import MARK
from graders.ml_system_design.production.calendars import (
    Watch,
    alarm_lines,
    begun,
    calendar,
    false_alarm_line,
    marked,
    read_alarms,
)
from graders.ml_system_design.production.look_ups import Desk
from graders.ml_system_design.production.measures import (
    Line,
    at_least,
    at_most,
    plot,
    report,
    share_of_way,
    shown,
)
from graders.ml_system_design.production.running import demand, naming
from tests.dev.gradings import grade_all

KINDS = ["outage", "drift", "shift"]


@given(st.integers(0, 2**32 - 1), st.integers(0, 3))
def test_events_are_apart_and_within_their_days(seed, count):
    days = calendar(
        np.random.default_rng(seed), KINDS[:count], first=20, last=80, apart=24
    )
    assert {*days} == {*KINDS[:count]}
    begun = [*days.values()]
    assert all(20 <= day <= 80 for day in begun)
    assert all(b - a >= 24 for a, b in itertools.pairwise(begun))


def test_every_order_and_many_days_are_drawn():
    rng = np.random.default_rng(1)
    drawn = [calendar(rng, KINDS, first=20, last=80, apart=24) for _ in range(300)]
    assert len({tuple(one) for one in drawn}) == 6
    assert len({one["shift"] for one in drawn}) > 30


def watch(raised, events=None):
    events = {"outage": 2} if events is None else events
    alarm_of = {"outage": "missing", "drift": "drift"}
    days = [{*raised.get(day, ())} for day in range(10)]
    return Watch(events, alarm_of, 3, days)


@pytest.mark.parametrize(
    ("raised", "delay", "in_time"),
    [
        ({2: ["missing"]}, "1", True),
        ({1: ["missing"], 3: ["missing"]}, "2", True),  # an early one is none
        ({4: ["missing"]}, "3", False),
        ({2: ["drift"]}, "never", False),  # that of another event
        ({}, "never", False),
    ],
)
def test_an_alarm_is_in_time_or_late(raised, delay, in_time):
    line = lines(watch(raised), watch({}, {}))["missing"]
    assert (line.measured, line.holds) == (f"{delay}, -", in_time)
    assert ("due by day 3" in line.why) is not in_time


def lines(*watches, late=0):
    """Return the lines of two alarms that are due by the second day."""
    rules = types.SimpleNamespace(
        IN_TIME_DAYS={"missing": 2, "drift": 2}, LATE_ALARMS=late, FALSE_ALARMS=9
    )
    return alarm_lines(rules, {"outage": "missing", "drift": "drift"}, watches)


def test_of_all_alarms_together_so_many_may_be_late():
    """One in each of two worlds is as much as two in one."""
    both = {"outage": 2, "drift": 6}
    right = watch({3: ["missing"], 7: ["drift"]}, both)
    no_drift = watch({3: ["missing"]}, both)
    late = watch({5: ["missing"], 7: ["drift"]}, both)

    def held(*watches):
        found = lines(*watches, late=1)
        return found["missing"].holds, found["drift"].holds

    assert held(right, right) == (True, True)
    assert held(right, no_drift) == held(late, right) == (True, True)
    assert held(no_drift, no_drift) == (True, False)
    assert held(late, no_drift) == held(watch({}, both), right) == (False, False)
    said = lines(late, no_drift, late=1)["drift"].why
    assert said.startswith("2 alarms were late or missing; at most 1 may be. World 2:")


def test_an_alarm_is_true_on_the_first_days_of_its_own_event_alone():
    raised = {1: ["missing"], 2: ["missing", "drift"], 4: ["missing"], 5: ["missing"]}
    found = watch(raised).false()
    assert found == [(1, {"missing"}), (2, {"drift"}), (5, {"missing"})]
    assert false_alarm_line([watch(raised)], 3).holds
    line = false_alarm_line([watch({}), watch(raised)], 2)
    assert not line.holds
    first = (
        "missing on day 1 of world 2, drift on day 2 of world 2 and missing on day 5"
    )
    assert f"first {first}" in line.why


def test_an_early_alarm_is_told_with_its_day():
    early = watch({0: ["missing"], 1: ["missing"], 5: ["missing"]})
    why = lines(early)["missing"].why
    assert "first raised on day 5, and before the outage on day 0 and 1." in why


def test_each_alarm_has_a_line_and_other_events_ask_for_none():
    rules = types.SimpleNamespace(
        ALARM_DAYS=3, IN_TIME_DAYS={"missing": 2}, LATE_ALARMS=0, FALSE_ALARMS=0
    )
    events, alarm_of = {"outage": 2, "holiday": 5}, {"outage": "missing"}
    raised = [{"missing"} if day in (3, 5) else set() for day in range(10)]
    found = alarm_lines(rules, alarm_of, [Watch.of(rules, alarm_of, events, raised)])
    assert {name: line.holds for name, line in found.items()} == {
        "missing": True,
        "late": True,
        "false": False,
    }


def test_events_are_told_by_their_days():
    worlds = [{"outage": 4}, {}, {"outage": 9, "drift": 2}]
    assert begun("outage", worlds) == "day 4 of world 1 and day 9 of world 3"
    assert begun("drift", worlds) == "day 2 of world 3"


def test_a_brief_event_is_marked_above_a_long_one():
    signs = {"outage": ("o outage", 3), "drift": ("D drift", 1)}
    marks, legend = marked({"drift": 5, "outage": 4}, signs)
    assert marks == {4: "o", 5: "D", 6: "o"}
    assert legend == "D drift from day 5, o outage from day 4"
    assert marked({}, signs) == ({}, "a quiet world")


@pytest.mark.parametrize("odd", [None, "drift", ["drfit"], [3], [["drift"]], 1.5])
def test_what_is_no_alarm_is_refused_with_its_value(odd):
    shown_value = odd[0] if isinstance(odd, list) else odd
    with (
        pytest.raises(Wrong, match="in end_day on day 3") as caught,
        naming("end_day on day 3"),
    ):
        read_alarms(odd, ["drift"])
    assert repr(shown_value) in str(caught.value)


def test_looked_up_rows_are_counted_and_marked():
    desk = Desk({"a": np.arange(4.0), "b": np.arange(4) * 2})
    found = desk.look_up(np.array([3, 1, 3]))
    assert found["a"].tolist() == [3, 1, 3]
    assert found["b"].tolist() == [6, 2, 6]
    assert desk.spent == 3
    assert desk.asked.tolist() == [False, True, False, True]
    assert desk.look_up([])["a"].size == 0


@pytest.mark.parametrize("rows", [[4], [-1], [0.5], [[1]], [True], None, ["x"]])
def test_rows_that_there_are_not_are_refused(rows):
    with pytest.raises(Wrong, match="from 0 to 3"):
        Desk({"a": np.arange(4.0)}).look_up(rows)


def test_a_desk_that_is_closed_is_not_asked():
    desk = Desk({"a": np.arange(4.0)})
    desk.closed = True
    with pytest.raises(Wrong, match="decided before"):
        desk.look_up([1])


@given(st.floats(0, 1), st.integers(0, 100))
def test_a_value_never_looks_as_if_it_met_a_level_that_it_misses(value, hundredths):
    level = hundredths / 100
    line = at_least("share", value, level)
    assert line.holds == (value >= level)
    if abs(value - level) > 1e-8:
        mine, needed = (float(text.split()[0]) for text in shown(value, level))
        assert (mine >= needed) == (value >= level)


def test_levels_say_both_numbers():
    assert at_least("x", 0.8699, 0.87).measured == "86.99 %"
    assert at_most("x", 12.04, 12.0, unit="euros").why == (
        "x: 12.04 euros; at most 12.00 euros is allowed."
    )
    assert not at_least("x", float("nan"), 0.5).holds
    assert not at_most("x", float("nan"), 0.5).holds
    with pytest.raises(AssertionError, match="at least 50 % is needed"):
        demand(at_least("x", 0.25, 0.5))


def test_the_share_of_the_way_is_the_same_for_costs_and_for_gains():
    assert share_of_way(own=30, rule=50, best=10) == 0.5
    assert share_of_way(own=30, rule=10, best=50) == 0.5
    assert share_of_way(own=60, rule=50, best=10) < 0
    assert str(share_of_way(own=50, rule=50, best=10)) == "0.0"  # and not -0.0


def test_the_report_has_a_row_for_each_line_and_the_plots_below():
    bars = plot("a column is a day", [0.95, 0.5, 0.0], {1: "S"}, "S shift on day 1")
    text = report(
        [Line("profit", "3", ">= 4", False), Line("x", "1", "1", True)], [bars]
    )
    lines = text.split("\n")
    assert lines[1].split() == ["profit", "3", ">=", "4", "FAILS"]
    assert lines[2].split()[-1] == "ok"
    assert bars[1] == " 100 |*"
    assert bars[3] == "  60 |**"
    assert bars[-2:] == ["   0 +-S-", "      S shift on day 1"]


# The rule from which a candidate starts stands in each prompt, and must work.

DESIGNS = [e for e in catalogue() if MARK in e.grader.read_text("utf-8")]


@pytest.mark.parametrize("entry", DESIGNS, ids=lambda entry: entry.name)
def test_the_rule_in_the_prompt_works_and_is_not_enough(entry, tmp_path):
    source = entry.solution.read_text("utf-8")
    tree = ast.parse(source)
    [design] = [node.name for node in tree.body if is_public_class(node)]
    prompt = ast.get_docstring(tree)
    rule = re.search(r"^    def .*?(?=^\S)", prompt, re.MULTILINE | re.DOTALL)[0]
    answer = tmp_path / "answer.py"
    answer.write_text(f"{source}\n\nclass {design}:\n{rule}", "utf-8")
    asked = {"name": entry.name, "file": str(answer), "seed": 1}
    [result] = grade_all([asked])
    verdicts = {check["name"]: check["verdict"] for check in result["checks"]}
    assert set(verdicts.values()) == {"passed", "wrong"}
    assert verdicts["test_lives_through_all_days"] == "passed"


def is_public_class(node):
    return isinstance(node, ast.ClassDef) and not node.name.startswith("_")
