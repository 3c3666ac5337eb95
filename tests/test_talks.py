"""Talks that listen: notes and questions, ticks and the rating, flags, what is kept."""

import contextlib
import dataclasses
import re
import sqlite3

import pytest
from prompt_toolkit.application import create_app_session
from prompt_toolkit.input import create_pipe_input
from prompt_toolkit.output import DummyOutput
from prompt_toolkit.utils import get_cwidth

from graders.harness.feedback import report
from graders.practice.clock import Moment
from graders.practice.database import MIGRATIONS
from graders.practice.mocks import (
    debrief,
    drawing,
    overlap,
    pace,
    question_bank,
    spoken_layout,
    spoken_round,
    ticking,
)
from graders.practice.mocks import ticks as ticks_of_talk
from graders.practice.mocks.plan import Part, RunningMock, as_plan
from graders.practice.store import Store
from graders.practice.talk_lines import ANSWER, DRAWN, NOTE, QUESTION, ticks
from tests.conftest import ROOT

NEXT, BACK, DRAW, TAKE, LEAVE, BREAK = "\x0e", "\x10", "\x12", "\x18", "\x04", "\x03"
BANKS = {name: question_bank.load(name) for name in question_bank.spoken()}
DESIGNS = {item.name: item for item in BANKS["ml_system_design"].items}


def agenda(round_, minutes, *names):
    return question_bank.build(BANKS[round_], minutes, names)


FRAUD = agenda("ml_system_design", 60, "fraud_detection")
CONCEPTS = agenda("ml_concepts", 10, "bagging_why", "drift")
STORIES = agenda("behavioral", 16, "disagreed_on_method", "bad_labels")


class Talk:
    """A spoken part that a test holds by its keys."""

    def __init__(self, folder, about=FRAUD):
        self.seconds = 0.0
        self.about = about
        self.store = Store(folder)
        parts = [Part("talk", "ml_system_design", about.minutes, ["fraud_detection"])]
        plan = self.store.start_mock(1, as_plan(parts), self.now())
        self.mock = RunningMock(self.store, plan)

    def now(self):
        return Moment(1000 + self.seconds, self.seconds, "one")

    def hold(self, keys, typed):
        keys.send_text(typed)
        return spoken_round.hold_spoken(self.mock, 0, self.about, self.now)

    def assess(self, keys, typed):
        keys.send_text(typed)
        debrief.assess(self.mock, 0, self.about, report.screen(), self.now)

    def said(self):
        return [(line.phase, line.kind, line.text) for line in self.mock.lines(0)]

    def view(self, draws=False):
        return spoken_layout.View(
            self.about, self.mock.part(0, self.now()), self.mock.lines(0), draws
        )


@pytest.fixture
def talk(tmp_path):
    held = Talk(tmp_path)
    yield held
    held.store.close()


@pytest.fixture
def keys():
    with (
        create_pipe_input() as keys,
        create_app_session(input=keys, output=DummyOutput()),
    ):
        yield keys


def screen_of(view, columns=80, rows=60):
    upper, foot, _ = spoken_layout.layout(view, columns, rows, 10**6)
    return [line for _, line in [*upper, *foot]]


# Notes and questions.


def test_lines_are_notes_of_their_phase_and_stay_on_its_screen(talk, keys):
    talk.hold(keys, "money lost per payment\r" + NEXT + "precision, n and q\r" + LEAVE)
    assert talk.said() == [
        (0, NOTE, "money lost per payment"),
        (1, NOTE, "precision, n and q"),
    ]
    shown = "\n".join(screen_of(talk.view()))
    assert "- precision, n and q" in shown
    assert "money lost" not in shown


def test_a_question_gets_the_fact_that_shares_its_words(talk, keys):
    talk.hold(keys, "How many payments a second?\r" + NEXT + LEAVE)
    [fact] = [fact for fact in FRAUD.facts if fact.startswith("Scale")]
    assert talk.said() == [
        (0, QUESTION, "How many payments a second?"),
        (0, ANSWER, fact),
    ]
    shown = screen_of(talk.view(), 120)  # it stays in later phases
    assert " - How many payments a second?" in shown
    assert "1,500 a second at the peak" in " ".join(shown)


def test_what_no_fact_answers_is_not_decided(talk, keys):
    talk.hold(keys, "Which colour has the logo?\r" + LEAVE)
    assert talk.said()[1] == (0, ANSWER, spoken_round.NOT_DECIDED)


def test_nothing_is_read_out_that_was_not_asked(talk, keys):
    talk.hold(keys, "a\r" * 9 + LEAVE)
    assert {kind for _, kind, _ in talk.said()} == {NOTE}
    shown = " ".join(" ".join(screen_of(talk.view(), 200, 200)).split())
    assert not [fact for fact in FRAUD.facts if fact in shown]


ASKED = [
    ("instagram_ranking", "How many users do we have?", "Scale"),
    ("instagram_ranking", "Are ads ranked here as well?", "Advertisements"),
    ("spotify_recommendation", "What counts as new?", "New to"),
    ("ecommerce_recommendation", "Do we want substitutes or complements?", "Purpose"),
    ("netflix_watch_prediction", "Who uses the predictions?", "Consumers"),
    ("youtube_video_prediction", "What is the latency budget?", "One request"),
    ("bot_detection", "What happens to false positives?", "Appeals"),
    ("fraud_detection", "When do labels arrive?", "Labels"),
    ("fraud_detection", "How much does a false positive cost?", "Costs"),
    ("eta_prediction", "Is being late worse than early?", "Costs"),
    ("llm_serving", "What hardware do we have?", "Machines"),
    ("search_ranking", "Do we have relevance labels?", "Judges"),
    ("ads_click_through", "What is the average CTR?", "The mean"),
    ("document_assistant", "Who may read what?", "Rights"),
    ("content_moderation", "How good are user reports?", "Reports"),
]


@pytest.mark.parametrize(("name", "question", "fact"), ASKED)
def test_usual_questions_find_their_fact(name, question, fact):
    about = agenda("ml_system_design", 60, name)
    assert spoken_round.reply(about, question).startswith(fact)


@pytest.mark.parametrize("name", DESIGNS)
def test_a_fact_is_found_by_its_own_words(name):
    about = agenda("ml_system_design", 60, name)
    for fact in about.facts:
        assert spoken_round.reply(about, fact) == fact


@pytest.mark.parametrize("name", DESIGNS)
def test_what_has_nothing_to_do_with_a_design_is_not_decided(name):
    about = agenda("ml_system_design", 60, name)
    for question in ("", "?", "And?", "Why should I?", "Parlez-vous fran\u00e7ais?"):
        assert spoken_round.reply(about, question) == spoken_round.NOT_DECIDED


def test_a_round_without_facts_answers_too(tmp_path, keys):
    held = Talk(tmp_path, STORIES)
    held.hold(keys, "May it be a private project?\r" + LEAVE)
    assert held.said()[1][2] == spoken_round.NOT_DECIDED
    held.store.close()


def test_a_pasted_text_is_lines_and_its_last_one_can_go_on(talk, keys):
    talk.hold(keys, "so \x1b[200~one\ntwo\n\nthree\x1b[201~ and more\r" + LEAVE)
    assert [text for *_, text in talk.said()] == ["so one", "two", "three and more"]


def test_the_last_note_can_be_taken_back_and_mended(talk, keys):
    talk.hold(keys, "one\rtwo\r" + TAKE + " and a half\r" + LEAVE)
    assert [text for *_, text in talk.said()] == ["one", "two and a half"]
    with contextlib.closing(sqlite3.connect(talk.store.path)) as database:
        kept = [text for (text,) in database.execute("SELECT text FROM line")]
    assert kept == ["one", "two", "2", "two and a half"]  # nothing is deleted


def test_what_is_being_typed_is_not_lost_by_taking_back(talk, keys):
    talk.hold(keys, "one\rtw" + TAKE + "o\r" + LEAVE)
    assert [text for *_, text in talk.said()] == ["one", "two"]


def test_strange_characters_are_kept_as_far_as_they_can_be(talk, keys):
    keys.send_bytes("\u4f60\u597d \x1b[200~\x00".encode() + b"\xff x\x1b[201~\r")
    talk.hold(keys, LEAVE)
    [(_, _, text)] = talk.said()
    assert text.startswith("\u4f60\u597d")
    for line in screen_of(talk.view(), 20):
        assert get_cwidth(line) <= 20


# Nothing is lost.


@pytest.mark.parametrize("end", [LEAVE, BREAK])
def test_a_half_typed_line_is_there_again(talk, keys, end):
    with contextlib.suppress(KeyboardInterrupt):
        talk.hold(keys, "one\rhalf a th" + end)
    assert [text for *_, text in talk.said()] == ["one"]
    talk.hold(keys, "ought\r" + LEAVE)
    assert [text for *_, text in talk.said()] == ["one", "half a thought"]
    assert talk.mock.draft(0) == ""


def test_a_half_typed_line_is_saved_while_it_is_typed(talk, keys, monkeypatch):
    talk.hold(keys, LEAVE)
    screen = spoken_round.SpokenScreen(talk.mock, 0, FRAUD, talk.now)
    screen.typed.text = "half a th"
    screen.draft_saved -= 2 * spoken_round.DRAFT_AGE
    screen.text()
    assert talk.mock.draft(0) == "half a th"


def test_going_on_keeps_the_line_in_the_phase_that_is_left(talk, keys):
    talk.hold(keys, "one" + NEXT + "two" + BACK + LEAVE)
    assert talk.said() == [(0, NOTE, "one"), (1, NOTE, "two")]
    talk.hold(keys, NEXT * 6 + "the end" + NEXT)
    assert talk.said()[-1] == (6, NOTE, "the end")


def test_two_parts_and_two_mocks_do_not_share_lines(tmp_path, talk):
    talk.mock.add(0, 0, [(NOTE, "mine")], talk.now())
    assert talk.store.lines(talk.mock.id, 1) == []
    assert talk.store.lines(talk.mock.id + 1, 0) == []


def test_a_long_line_is_kept_in_pieces(talk):
    talk.mock.add(0, 0, [(NOTE, "x" * 10_000)], talk.now())
    pieces = [line.text for line in talk.mock.lines(0)]
    assert "".join(pieces) == "x" * 10_000
    assert max(map(len, pieces)) <= 4000


def test_a_history_from_before_is_copied_and_keeps_its_talk(tmp_path, keys):
    part = {"kind": "talk", "round": "ml_system_design", "minutes": 60,
            "names": ["fraud_detection"], "state": "running", "sitting": None,
            "seconds": 600.0, "seen": [1000.0, 0.0, "one"], "odd": [], "phase": 1,
            "facts": 2, "probes": 1, "ratings": {}, "notes": ""}  # fmt: skip
    old = tmp_path / "kata.db"
    with contextlib.closing(sqlite3.connect(old)) as database:
        database.executescript("".join(MIGRATIONS[:4]) + "; PRAGMA user_version = 4")
    database.close()
    held = Talk(tmp_path)
    assert "migrated" in held.store.notices[0]
    assert [path for path in tmp_path.iterdir() if ".version4." in path.name]
    held.store.save_mock(held.mock.id, [part])
    held.hold(keys, "a note\r" + LEAVE)
    shown = " ".join(screen_of(held.view(), 200))
    assert FRAUD.facts[1] in shown  # what was read out stays
    held.hold(keys, NEXT * 6)
    [said] = held.mock.part(0, held.now()).short
    assert said == "the round 10:00 of 60:00"  # no phase: their times are not known
    held.store.close()


# What was far shorter than its time.


def test_a_rushed_talk_is_flagged_in_words_and_in_the_record(talk, keys, capsys):
    talk.hold(keys, LEAVE)
    talk.seconds = 420
    talk.hold(keys, NEXT + LEAVE)
    talk.seconds = 500
    talk.hold(keys, NEXT * 6)
    part = talk.mock.part(0, talk.now())
    assert part.short[:2] == ["the round 8:20 of 60:00", "Metrics 1:20 of 7:00"]
    assert not [text for text in part.short if text.startswith("Clarify")]
    with pytest.raises(EOFError):
        talk.assess(keys, LEAVE)
    said = " ".join(capsys.readouterr().out.split())
    assert "Far shorter than planned: the round 8:20 of 60:00, Metrics 1:20" in said
    lines = debrief.how_it_went(talk.mock, talk.mock.parts(), 80)
    assert "Far shorter than planned: the round 8:20" in " ".join(lines)


def test_a_talk_that_takes_its_time_is_not_flagged(talk, keys):
    talk.hold(keys, LEAVE)
    for phase in FRAUD.phases:
        talk.seconds += 60 * phase.minutes / 2
        talk.hold(keys, NEXT + LEAVE)
    part = talk.mock.part(0, talk.now())
    assert (part.state, part.short) == ("said", [])
    assert part.spent == [60 * phase.minutes / 2 for phase in FRAUD.phases]
    assert pace.in_words([]) == ""


def test_going_back_adds_to_the_time_of_a_phase(talk, keys):
    talk.hold(keys, LEAVE)
    talk.seconds = 10
    talk.hold(keys, NEXT + LEAVE)
    talk.seconds = 30
    talk.hold(keys, BACK + LEAVE)
    talk.seconds = 35
    talk.hold(keys, LEAVE)
    assert talk.mock.parts()[0].spent == [15, 20]


# Ticks and the rating.

POINTS = sum(len(phase.points) for phase in FRAUD.phases)
OWN = sum(len(line.points) for line in FRAUD.rubric)


def through(tick="y", own=None):
    """Return the keys from the first tick to the notes, all ticks alike."""
    typed = "".join(tick * len(phase.points) + "\r" for phase in FRAUD.phases)
    return typed + "\r" + (own or tick) * OWN


@pytest.mark.parametrize(("tick", "level"), [("y", 4), ("h", 2), ("x\rN", 1)])
def test_the_rating_follows_from_the_ticks(talk, keys, tick, level, capsys):
    talk.hold(keys, NEXT * 7)
    talk.assess(keys, through(tick) + "slower\r")
    part = talk.mock.parts()[0]
    assert part.ratings == {line.name: level for line in FRAUD.rubric}
    assert (part.state, part.notes) == ("done", "slower")
    said = " ".join(capsys.readouterr().out.split())
    claims = f"Your notes share words with 0 of the {POINTS} points of phases"
    assert (claims in said) == (level > 1)
    assert ticks_of_talk.RULE in said
    assert f"communication: {level} " in said


def test_ticks_of_a_phase_count_for_their_line_alone(talk, keys, capsys):
    talk.hold(keys, NEXT * 7)
    typed = ""
    for phase in FRAUD.phases:
        tick = "y" if phase.name in ("Metrics", "Data", "Model") else "n"
        typed += tick * len(phase.points) + "\r"
    talk.assess(keys, typed + "\r" + "n" * OWN + "\r")
    assert talk.mock.parts()[0].ratings == {
        "technical depth": 4, "system thinking": 1, "trade-off analysis": 1,
        "communication": 1,
    }  # fmt: skip
    count = sum(len(FRAUD.phases[i].points) for i in (1, 2, 3))
    assert f"technical depth: 4 very strong, {count} of {count} points" in (
        " ".join(capsys.readouterr().out.split())
    )


def test_shares_at_the_bounds():
    line = question_bank.RubricLine("x", ("",) * 4, (), tuple("abcdefghij"))
    about = dataclasses.replace(FRAUD, rubric=(line,))

    def rated(yes, half=0):
        kinds = ["yes"] * yes + ["half"] * half + ["no"] * (10 - yes - half)
        return ticks_of_talk.rating(
            line, about, dict(zip("abcdefghij", kinds, strict=True))
        )

    assert [rated(n) for n in range(11)] == [1, 1, 1, 2, 2, 2, 3, 3, 3, 4, 4]
    assert (rated(8, 1), rated(8, 0), rated(5, 2), rated(2, 1)) == (4, 3, 3, 1)
    assert ticks_of_talk.rating(line, about, {"a": "yes"}) == 0  # not all ticked


def test_ticks_stand_beside_the_notes_and_proposals_say_what_they_are(
    talk, keys, capsys
):
    point = FRAUD.phases[0].points[0]
    talk.hold(keys, f"{point.lower()}\rHow many payments?\r" + NEXT * 7)
    with pytest.raises(EOFError):
        talk.assess(keys, "yb" + LEAVE)
    said = capsys.readouterr().out
    plain = " ".join(said.split())
    assert "Your notes: - " in plain
    assert "You asked: - How many payments?" in plain
    assert "proposed by shared words (" in plain
    assert "judge yourself" in plain
    assert plain.count("(so far: yes)") == 1
    assert plain.index("Your notes") < plain.index("proposed by shared words")


def test_a_phase_without_notes_has_no_proposal(talk, keys, capsys):
    talk.hold(keys, NEXT * 7)
    with pytest.raises(EOFError):
        talk.assess(keys, "y" + LEAVE)
    said = capsys.readouterr().out
    assert "You noted nothing here." in said
    assert "proposed" not in said


def test_ticks_before_a_leave_are_not_asked_again(talk, keys):
    talk.hold(keys, NEXT * 7)
    with pytest.raises(EOFError):
        talk.assess(keys, "yh" + LEAVE)
    first = FRAUD.phases[0].points
    assert ticks(talk.mock.lines(0)) == {first[0]: "yes", first[1]: "half"}
    rest = through("n").removeprefix("nn")
    talk.assess(keys, rest + "\r")
    ticked = ticks(talk.mock.lines(0))
    assert [ticked[point] for point in first[:2]] == ["yes", "half"]
    assert len(ticked) == POINTS + OWN


def test_a_tick_can_be_changed(talk, keys):
    talk.hold(keys, NEXT * 7)
    with pytest.raises(EOFError):
        talk.assess(keys, "yyby" + "bbn" + LEAVE)
    first = FRAUD.phases[0].points
    assert ticks(talk.mock.lines(0))[first[0]] == "no"


def test_words_propose_and_unlike_words_do_not():
    point = "Splits by time, and treats position bias: a slice of randomised traffic."
    assert overlap.covered(point, ["random slice against position bias"]) == [
        "position", "bias", "slice", "randomised",
    ]  # fmt: skip
    assert overlap.covered(point, ["bias"]) == []  # one word is none
    assert overlap.covered(point, ["positive feelings, sliced bread"]) == []
    assert overlap.covered(point, []) == []
    assert overlap.is_same("calibrated", "calibration")
    assert overlap.is_same("ranking", "ranker")
    assert not overlap.is_same("position", "positive")


def test_concepts_are_ticked_and_rated_too(tmp_path, keys):
    held = Talk(tmp_path, CONCEPTS)
    held.hold(keys, "averaging lowers the variance of deep trees\r" + NEXT * 2)
    count = [len(phase.points) for phase in CONCEPTS.phases]
    own = sum(len(line.points) for line in CONCEPTS.rubric)
    held.assess(keys, "y" * count[0] + "\r" + "y" * count[1] + "\r" + "n" * own + "\r")
    assert held.mock.parts()[0].ratings == {
        "correctness": 4, "depth": 1, "judgement": 1, "communication": 1,
    }  # fmt: skip
    held.store.close()


def test_stories_are_ticked_by_their_rubric_beside_the_notes(tmp_path, keys, capsys):
    held = Talk(tmp_path, STORIES)
    held.hold(keys, "the data decided\r" + NEXT * 2)
    counts = [len(line.points) for line in STORIES.rubric]
    ticked = "".join(t * n for t, n in zip("yhny", counts, strict=True))
    held.assess(keys, "\r\r" + ticked + "\r")
    assert list(held.mock.parts()[0].ratings.values()) == [4, 2, 1, 4]
    said = capsys.readouterr().out
    assert "- the data decided" in said
    assert STORIES.phases[0].points[0].split()[0] in said
    held.store.close()


@pytest.mark.parametrize("round_", BANKS)
def test_each_line_of_a_rubric_follows_from_ticks(round_):
    bank = BANKS[round_]
    for item in bank.items:
        about = agenda(round_, 60, item.name)
        for line in about.rubric:
            points = ticks_of_talk.points_of(line, about)
            assert len(points) >= 2, (item.name, line.name)
            assert len(set(points)) == len(points)
    own = [point for line in bank.rubric for point in line.points]
    for text in own:
        assert text[0].isupper()
        assert text[-1] == "."


# On any screen.


@pytest.mark.parametrize("columns", [50, 80])
@pytest.mark.parametrize("draws", [False, True])
def test_the_screen_keeps_words_whole(talk, columns, draws):
    note = "position as an input that is fixed at serving, precision at recall"
    question = "How many payments a second are there at the peak of the year?"
    talk.mock.add(0, 0, [(NOTE, note), (QUESTION, question),
                         (ANSWER, spoken_round.NOT_DECIDED),
                         (DRAWN, "client -> gateway: one payment with all its fields"),
                         (DRAWN, "nonsense")], talk.now())  # fmt: skip
    lines = screen_of(talk.view(draws), columns)
    assert max(map(get_cwidth, lines)) <= columns
    said = " ".join(" ".join(lines).split())
    texts = [note, question, spoken_round.NOT_DECIDED]
    for text in ["one payment with all its fields", "nonsense"] if draws else texts:
        assert text in said


@pytest.mark.parametrize("columns", ["50", "80"])
def test_the_pages_afterwards_fit_and_keep_words_whole(
    talk, keys, capsys, monkeypatch, columns
):
    monkeypatch.setenv("COLUMNS", columns)
    talk.hold(keys, "money lost per payment that is honest\r" + NEXT * 7)
    talk.assess(keys, through("h") + "\r")
    out = capsys.readouterr().out
    assert max(map(get_cwidth, out.splitlines())) <= int(columns)
    said = " ".join(out.split())
    for phase in FRAUD.phases:
        for text in (*phase.points, *phase.probes, *phase.answers):
            assert text in said


def test_model_answers_stand_below_their_probes():
    phase = question_bank.Phase(
        "Data", 5, "Say.", ("P.",), ("Why?", "How?"), (), ("So.", "Thus.")
    )
    assert ticking.asked(phase, 80) == [
        "  What an interviewer asks:",
        "  - Why?",
        "    Model answer: So.",
        "  - How?",
        "    Model answer: Thus.",
    ]
    bare = dataclasses.replace(phase, answers=())
    assert ticking.asked(bare, 80) == ["  What an interviewer asks:", "  - Why?",
                                       "  - How?"]  # fmt: skip


def test_the_readme_says_how_ticks_are_rated():
    text = " ".join((ROOT / "README.md").read_text("utf-8").split())
    for level, share in ticks_of_talk.SHARES.items():
        assert re.search(rf"{share:.0%} [^,.]*\({level}\)", text)
        assert f"{share:.0%}" in ticks_of_talk.RULE
    assert pace.FAR == 1 / 3
    assert "less than a third of its time" in text
    assert drawing.EXAMPLE in text
