"""The scorecard: what each line rests on, and what they come to."""

import dataclasses
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from wcwidth import width

from graders.harness.catalog.exercise import choose
from graders.harness.catalog.sheet import Lesson
from graders.practice.session.scorecard import (
    GRADES,
    RATINGS,
    SHOWN,
    render,
    rubric_text,
    score,
)
from graders.practice.solution import answers, lesson, questions, references
from tests.histories import NOW, SENTENCES, Plan, report, sessions

RUBRIC = {name.replace("_", " "): name for name in SENTENCES}
ORDER = [grade.decision for grade in reversed(GRADES)]  # worst first


def sat(minutes=5.0, hints=0, state="passed", graded=None):
    """Return a session of 20 minutes."""
    graded = report("roc_auc") if graded is None else graded
    plan = Plan("roc_auc", NOW, 60 * minutes, hints, state, graded)
    return sessions([plan])[0]


def graded(**counts):
    """Return a grading with (good, all) checks a line of the rubric."""
    whole = report("roc_auc")
    whole["checks"] = [
        {"name": f"test_{i}", "sentence": f"Holds {rubric} {i}.", "rubric": rubric,
         "verdict": "passed" if i < good else "wrong", "seconds": 0.0}
        for rubric, (good, count) in counts.items()
        for i in range(count)
    ]  # fmt: skip
    return whole


def line(session, name):
    [found] = [line for line in score(session).lines if line.name == name]
    return found


@pytest.mark.parametrize(
    ("session", "decision"),
    [
        (sat(10), "strong hire"),  # half of the time
        (sat(10.1), "hire"),
        (sat(20), "hire"),
        (sat(20.1), "lean no"),  # right but late
        (sat(60), "lean no"),
        (sat(5, hints=1), "hire"),
        (sat(5, hints=2), "lean no"),
        (sat(5, hints=3), "lean no"),
        (sat(21, hints=3), "lean no"),
        (sat(26, hints=3), "no hire"),  # right, but neither in time nor alone
        (sat(5, state="gave up"), "no hire"),
    ],
)
def test_what_is_right_but_late_or_helped_is_weaker(session, decision):
    assert score(session).decision == decision


@pytest.mark.parametrize("good", [0, 5, 8])
def test_a_wrong_core_is_no_hire_however_fast(good):
    session = sat(1, state="failed", graded=graded(correctness=(good, 10)))
    assert score(session).decision == "no hire"


def test_a_core_that_is_nearly_right_is_no_hire_yet():
    session = sat(1, state="failed", graded=graded(correctness=(9, 10)))
    assert score(session).decision == "lean no"


def test_a_missed_edge_case_costs_the_strong_hire_alone():
    whole = graded(correctness=(9, 9), edge_cases=(3, 4))
    assert score(sat(5, state="failed", graded=whole)).decision == "hire"


def test_a_slow_answer_is_a_lean_no():
    whole = graded(correctness=(9, 9), efficiency=(0, 1))
    assert score(sat(5, state="failed", graded=whole)).decision == "lean no"


COUNTS = st.integers(1, 12).flatmap(
    lambda count: st.tuples(st.integers(0, count), st.just(count))
)


@st.composite
def sat_somehow(draw):
    counts = {
        rubric: draw(COUNTS)
        for rubric in SENTENCES
        if rubric == "correctness" or draw(st.booleans())
    }
    minutes = draw(st.sampled_from([1, 10, 11, 20, 21, 25, 26, 90]))
    state = draw(st.sampled_from(["passed", "failed", "gave up"]))
    return minutes, draw(st.integers(0, 3)), state, counts


@given(sat_somehow(), st.data())
def test_nothing_worse_is_ever_better_for_it(somehow, data):
    minutes, hints, state, counts = somehow
    before = score(sat(minutes, hints, state, graded(**counts)))
    rubric = data.draw(st.sampled_from(sorted(counts)))
    good, count = counts[rubric]
    fewer = counts | {rubric: (max(good - 1, 0), count)}
    worse = data.draw(
        st.sampled_from(
            [
                sat(minutes + 5, hints, state, graded(**counts)),
                sat(minutes, hints + 1, state, graded(**counts)),
                sat(minutes, hints, "gave up", graded(**counts)),
                sat(minutes, hints, state, graded(**fewer)),
            ]
        )
    )
    after = score(worse)
    assert ORDER.index(after.decision) <= ORDER.index(before.decision)


@given(sat_somehow())
def test_the_rule_as_printed_comes_to_the_same(somehow):
    minutes, hints, state, counts = somehow
    card = score(sat(minutes, hints, state, graded(**counts)))
    scales, grades = tables(rubric_text())
    measured = {name.replace("_", " "): g / n for name, (g, n) in counts.items()}
    measured |= {"time": minutes / 20, "hints": 99 if state == "gave up" else hints}
    words = {name: read_rating(scales[name], value) for name, value in measured.items()}
    assert {line.name: line.words for line in card.lines} == words
    core, *rest = (RATINGS.index(words[line.name]) for line in card.lines)
    expected = "no hire" if state == "gave up" else read_decision(grades, core, rest)
    assert card.decision == expected


def tables(text):
    """Return the two tables of the rule, as a reader of the README sees them."""
    rows = [
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in text.splitlines()
        if line.startswith("| ")
    ]
    at = next(i for i, row in enumerate(rows) if row[0] == "decision")
    return {row[0]: row[1:] for row in rows[1:at]}, rows[at + 1 :]


def read_rating(row, value):
    for bound, words in zip(row[1:], reversed(RATINGS), strict=False):
        number = float(bound.rstrip("%")) / (100 if bound.endswith("%") else 1)
        if value >= number if row[0].endswith("at least") else value <= number:
            return words
    return "very weak"


def read_decision(grades, core, rest):
    for decision, least, others in grades:
        words, _, but = others.partition(", except for ")
        spared = int(re.findall(r"\d+", but)[0]) if but else 0
        below = sum(rating < RATINGS.index(words) for rating in rest)
        if core >= RATINGS.index(least) and below <= spared:
            return decision
    raise AssertionError("no row is met")


def test_only_lines_with_checks_are_there():
    card = score(sat(graded=graded(correctness=(3, 3), numerics=(1, 1))))
    names = [line.name for line in card.lines]
    assert names == ["correctness", "numerics", "time", "hints"]


def test_the_evidence_names_the_first_failures_by_their_sentences():
    whole = graded(correctness=(2, 9))
    evidence = line(sat(state="failed", graded=whole), "correctness").evidence
    assert evidence == (
        "2 of 9 checks",
        "wrong: Holds correctness 2.",
        "wrong: Holds correctness 3.",
        "wrong: Holds correctness 4.",
        "and 4 more",
    )
    assert len(evidence) == SHOWN + 2


def test_checks_that_say_the_same_are_named_once():
    whole = graded(edge_cases=(0, 3), correctness=(1, 1))
    for check in whole["checks"]:
        check["sentence"] = "Refuses an empty input."
    evidence = line(sat(state="failed", graded=whole), "edge cases").evidence
    assert evidence[1:] == ("wrong: Refuses an empty input. (3 times)",)


@pytest.mark.parametrize("verdict", ["not started", "could not load"])
def test_an_answer_that_never_ran_is_told_no_sentence(verdict):
    whole = report("roc_auc", 11, verdict=verdict)
    text = render(score(sat(state="failed", graded=whole)))
    assert verdict in text
    assert not any(sentence in text for sentence in SENTENCES["correctness"])


def test_a_session_without_a_grading_is_no_hire():
    plan = Plan("roc_auc", NOW, 60.0, 0, "failed", None)
    card = score(sessions([plan])[0])
    assert card.decision == "no hire"
    assert "nothing was graded" in render(card)


@pytest.mark.parametrize(
    "whole",
    [
        report("roc_auc", 1, verdict="grader error"),
        {**report("roc_auc"), "verdict": "grader error", "checks": []},
    ],
    ids=["a check", "all"],
)
def test_a_grader_error_is_not_held_against_anyone(whole):
    card = score(sat(state="failed", graded=whole))
    assert card.decision == "undecided"
    assert "our fault" in card.reason


def test_the_time_is_told_against_the_limit():
    assert line(sat(12.5), "time").evidence == ("12 min 30 s of 20 min",)
    assert line(sat(20), "time").evidence == ("20 min of 20 min",)
    late = line(sat(20.01), "time").evidence
    assert late == ("20 min of 20 min, late by 1 s",)
    assert line(sat(90), "time").evidence == (
        "1 h 30 min of 20 min, late by 1 h 10 min",
    )


def test_hints_are_counted_and_giving_up_is_the_worst():
    ratings = [line(sat(hints=hints), "hints").rating for hints in range(4)]
    assert ratings == [4, 3, 2, 1]
    given_up = line(sat(state="gave up"), "hints")
    assert (given_up.rating, given_up.evidence) == (1, ("gave up",))


def test_what_is_short_of_the_next_decision_is_said():
    assert score(sat(5)).reason == "Every line is very strong."
    reason = score(sat(15, hints=2)).reason
    assert reason == "Not enough for hire: hints (weak)."


def test_the_self_assessment_stands_apart_and_decides_nothing():
    own = {"thinking aloud": 1, "clarifying questions": 4}
    without, with_own = score(sat(5)), score(sat(5), own)
    assert (with_own.decision, with_own.lines) == (without.decision, without.lines)
    above, _, below = render(with_own).partition("Your self-assessment")
    assert "thinking aloud" not in above
    assert re.search(r"thinking aloud +#\.\.\. very weak", below)
    assert re.search(r"clarifying questions +#### very strong", below)
    assert "Your self-assessment" not in render(without)


@pytest.mark.parametrize("rating", [0, 5, -1])
def test_a_self_assessment_that_is_not_1_to_4_is_refused(rating):
    with pytest.raises(ValueError, match="thinking aloud"):
        score(sat(), {"thinking aloud": rating})


def test_a_session_that_runs_has_no_scorecard():
    with pytest.raises(ValueError, match="roc_auc has not ended"):
        score(sat(state="running"))


@pytest.mark.parametrize("space", [20, 33, 40, 80, 120])
def test_no_line_is_wider_than_the_screen(space):
    whole = graded(correctness=(1, 9))
    for i, check in enumerate(whole["checks"]):
        check["sentence"] = f"漢字も🎉数える {'x' * 90} {i} \x1b[31m\x07"
    card = score(sat(25, 2, "failed", whole), {"説明する": 2})
    text = render(card, space)
    assert max(map(width, text.splitlines())) <= space
    assert "\x1b" not in text
    assert "\x07" not in text


def test_the_follow_ups_are_asked_in_full():
    [entry] = choose(["roc_auc"])
    text = questions(entry, 40)
    assert max(map(len, text.splitlines())) <= 40
    joined = " ".join(text.split())
    assert all(one.question in joined for one in entry.sheet.follow_ups)


def test_an_answer_follows_each_question():
    [entry] = choose(["roc_auc"])
    text = answers(entry, 60)
    assert max(map(len, text.splitlines())) <= 60
    joined = " ".join(text.split())
    at = 0
    for follow_up in entry.sheet.follow_ups:
        for part in (follow_up.question, follow_up.answer):
            at = joined.index(" ".join(part.split()), at)


def test_without_follow_ups_and_lesson_there_is_no_text():
    [entry] = choose(["roc_auc"])
    vars(entry)["sheet"] = dataclasses.replace(entry.sheet, follow_ups=(), lesson=None)
    assert (questions(entry), answers(entry)) == ("", "")
    assert (lesson(entry), references(entry)) == ("", "")


def test_a_lesson_has_all_its_parts_and_keeps_its_paragraphs():
    [entry] = choose(["roc_auc"])
    page = Lesson(
        idea="Count pairs.\n\nRanks count them.",
        cost="O(n log n).",
        alternatives="Bins.",
        traps="Ties. " * 20,
        references=("Hanley and McNeil (1982), 10.1148/radiology.143.1.7063747.",),
    )
    vars(entry)["sheet"] = dataclasses.replace(entry.sheet, lesson=page)
    text = f"{lesson(entry, 40)}\n{references(entry, 40)}"
    assert max(map(len, text.splitlines())) <= 40
    assert "  Count pairs.\n\n  Ranks count them.\n" in text
    for title in ("The idea", "What it costs", "Alternatives", "Traps", "References"):
        assert f"{title}\n" in text
    assert "10.1148/radiology.143.1.7063747" in text


def test_validation_is_not_rated():
    whole = graded(correctness=(3, 3), validation=(0, 2))
    card = score(sat(5, graded=whole))
    assert "validation" not in [line.name for line in card.lines]
    assert card.decision == "strong hire"


def test_what_a_failed_contract_hides_is_counted_and_not_named():
    whole = graded(correctness=(0, 4))
    for check in whole["checks"][1:]:
        check["verdict"] = "not judged"
    evidence = line(sat(state="failed", graded=whole), "correctness").evidence
    assert evidence == (
        "0 of 4 checks", "wrong: Holds correctness 0.", "3 not judged",
    )  # fmt: skip
