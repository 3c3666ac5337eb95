"""Question banks of spoken rounds: sound in content, and drawn fairly."""

import re
from collections import Counter

import pytest

from graders.practice.mocks import question_bank
from graders.practice.mocks.draw import MINUTES, draw_questions

ROUNDS = ("behavioral", "ml_concepts", "ml_system_design")
BANKS = {name: question_bank.load(name) for name in ROUNDS}
WORDS_A_MINUTE = 140

DESIGNS = {
    "instagram_ranking",
    "spotify_recommendation",
    "ecommerce_recommendation",
    "netflix_watch_prediction",
    "youtube_video_prediction",
    "bot_detection",
    "fraud_detection",
    "eta_prediction",
}
PHASES = ["Clarify", "Metrics", "Data", "Model", "Serving", "Monitoring", "Trade-offs"]


def texts(found):
    """Yield every text of a bank, with what it is."""
    for item in found.items:
        if item.prompt:
            yield "prompt", item.prompt
        for phase in item.phases:
            # The phases of all designs are the same, and so are a theme's points.
            if found.each:
                yield "question", phase.task
            shared = found.round == "behavioral"
            yield from (("point", text) for text in phase.points if not shared)
            yield from (("mistake", text) for text in phase.mistakes if not shared)
            yield from (("probe", text) for text in phase.probes)
            yield from (("answer", text) for text in phase.answers)
        yield from (("fact", text) for text in item.facts)
        yield from (("mistake", text) for text in item.mistakes)
    for line in found.rubric:
        yield from (("level", text) for text in line.levels)


ALL = [(name, *pair) for name, found in BANKS.items() for pair in texts(found)]


# What there is to talk about.


def test_rounds_for_talking_have_an_agenda():
    assert question_bank.spoken() == list(ROUNDS)


def test_the_eight_designs_are_there_and_go_through_the_seven_phases():
    items = BANKS["ml_system_design"].items
    assert {item.name for item in items} >= DESIGNS
    for item in items:
        assert [phase.name for phase in item.phases] == PHASES


def test_a_design_takes_its_hour():
    for item in BANKS["ml_system_design"].items:
        assert sum(phase.minutes for phase in item.phases) == 60


def test_a_design_has_facts_to_ask_for_with_numbers():
    for item in BANKS["ml_system_design"].items:
        assert len(item.facts) >= 6, item.name
        with_numbers = [fact for fact in item.facts if re.search(r"\d", fact)]
        assert len(with_numbers) >= 3, item.name


def test_there_are_questions_enough_of_each_theme():
    behavioral = Counter(item.theme for item in BANKS["behavioral"].items)
    assert set(behavioral) == {
        "conflict", "failure", "leadership", "ambiguity", "impact", "ML system",
    }  # fmt: skip
    assert sum(behavioral.values()) >= 20
    assert min(behavioral.values()) >= 3
    concepts = Counter(item.theme for item in BANKS["ml_concepts"].items)
    assert sum(concepts.values()) >= 150
    assert min(concepts.values()) >= 3


@pytest.mark.parametrize("name", ROUNDS)
def test_each_phase_has_points_and_probes(name):
    for item in BANKS[name].items:
        for phase in item.phases:
            assert 2 <= len(phase.points) <= 4, (item.name, phase.name)
            assert phase.probes, (item.name, phase.name)
        assert item.mistakes or all(phase.mistakes for phase in item.phases)


@pytest.mark.parametrize(
    ("name", "least"), [("ml_system_design", 25), ("ml_concepts", 15)]
)
def test_each_probe_has_a_model_answer(name, least):
    """But those on one's own stories, which nobody else can answer."""
    for item in BANKS[name].items:
        for phase in item.phases:
            assert len(phase.answers) == len(phase.probes), (item.name, phase.name)
            for text in phase.answers:
                assert len(text.split()) >= least, (item.name, text)


@pytest.mark.parametrize("name", ROUNDS)
def test_a_rubric_has_four_lines_of_four_levels(name):
    rubric = BANKS[name].rubric
    assert [len(line.levels) for line in rubric] == [4, 4, 4, 4]
    assert len({line.name for line in rubric}) == 4


def test_a_design_is_rated_by_what_the_issue_names():
    assert [line.name for line in BANKS["ml_system_design"].rubric] == [
        "technical depth", "system thinking", "trade-off analysis", "communication",
    ]  # fmt: skip


# How it is said.


def test_nothing_is_said_twice():
    counts = Counter(text.lower() for _, _, text in ALL)
    assert [text for text, count in counts.items() if count > 1] == []


def test_every_text_is_sentences():
    for name, kind, text in ALL:
        assert text[0].isupper(), (name, kind, text)
        assert text[-1] in ".?", (name, kind, text)


ASKING = ("Tell me", "Walk me", "Describe", "Explain", "Name", "Work out")


def test_questions_ask():
    for name, kind, text in ALL:
        if kind in ("probe", "question"):
            last = re.split(r"(?<=[.?:]) ", text)[-1]
            asks = "?" in text or last.startswith(ASKING)
            assert asks, (name, text)


LONGEST = {"prompt": WORDS_A_MINUTE, "question": 50, "fact": 55, "probe": 30,
           "point": 50, "mistake": 45, "level": 30, "answer": 70}  # fmt: skip


def test_everything_can_be_read_aloud_in_a_breath_and_a_prompt_in_a_minute():
    for name, kind, text in ALL:
        assert len(text.split()) <= LONGEST[kind], (name, kind, text)


def test_every_terminal_can_show_it():
    for name in ROUNDS:
        assert (question_bank.FOLDER / f"{name}.toml").read_text("utf-8").isascii(), (
            name
        )


def test_names_are_names():
    for found in BANKS.values():
        for item in found.items:
            assert re.fullmatch(r"[a-z][a-z0-9]*(_[a-z0-9]+)*", item.name)


# How it is drawn and fitted.


@pytest.mark.parametrize("name", ROUNDS)
@pytest.mark.parametrize("minutes", [5, 20, 45, 60, 90.5, 240])
def test_the_phases_fill_the_round(name, minutes):
    names = draw_questions(BANKS[name], minutes, 1, [])
    drawn = question_bank.build(BANKS[name], minutes, names)
    assert drawn.minutes == pytest.approx(minutes)
    assert drawn.ends(len(drawn.phases) - 1) == pytest.approx(minutes)
    assert drawn.ends(0) == drawn.phases[0].minutes


@pytest.mark.parametrize("name", ROUNDS)
def test_a_seed_draws_the_same_again_and_another_one_something_else(name):
    def draw(seed):
        return draw_questions(BANKS[name], MINUTES[name], seed, [])

    assert draw(7) == draw(7)
    assert len({tuple(draw(seed)) for seed in range(20)}) > 3


def test_a_round_has_as_many_questions_as_its_time_allows():
    assert len(draw_questions(BANKS["behavioral"], 45, 1, [])) == 5
    assert len(draw_questions(BANKS["ml_concepts"], 45, 1, [])) == 9
    assert len(draw_questions(BANKS["ml_concepts"], 5, 1, [])) == 1
    assert len(draw_questions(BANKS["ml_system_design"], 240, 1, [])) == 1


@pytest.mark.parametrize("seed", range(5))
def test_themes_come_in_turn(seed):
    for name, minutes in (("behavioral", 45), ("ml_concepts", 45)):
        known = {item.name: item.theme for item in BANKS[name].items}
        themes = [known[n] for n in draw_questions(BANKS[name], minutes, seed, [])]
        assert len(set(themes)) == len(themes)


def test_every_design_comes_before_one_comes_again():
    drawn: list[str] = []
    count = len(BANKS["ml_system_design"].items)
    for seed in range(count):
        drawn += draw_questions(BANKS["ml_system_design"], 60, seed, drawn)
    assert len(set(drawn)) == count
    again = draw_questions(BANKS["ml_system_design"], 60, 99, drawn)
    assert again == drawn[:1]


def test_a_question_that_is_gone_is_named():
    with pytest.raises(LookupError, match="no_such is no longer"):
        question_bank.build(BANKS["behavioral"], 45, ["no_such"])


# What a file must be.

GOOD = """
title = "Talk"
each = 5

[[rubric]]
name = "depth"
levels = ["a", "b", "c", "d"]

[[items]]
name = "one"
theme = "t"
question = "Why?"
points = ["p"]
probes = ["q"]
mistakes = ["m"]
"""


def load(tmp_path, text):
    (tmp_path / "talk.toml").write_text(text, "utf-8")
    return question_bank.load("talk", tmp_path)


def test_a_small_file_suffices(tmp_path):
    assert load(tmp_path, GOOD).items[0].phases[0].task == "Why?"


def test_what_a_question_lacks_its_theme_says(tmp_path):
    text = GOOD.replace('points = ["p"]', "")
    text += '[[themes]]\nname = "t"\npoints = ["shared"]\nmistakes = ["m"]\n'
    assert load(tmp_path, text).items[0].phases[0].points == ("shared",)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('title = "Talk"', "", "talk.toml: title: missing"),
        ('title = "Talk"', "title = 3", "talk.toml: title: wrong type: 3"),
        ('title = "Talk"', 'title = " "', "talk.toml: title: empty"),
        ("each = 5", "each = -5", "talk.toml: each: not a number of minutes: -5"),
        ("each = 5", "each = true", "talk.toml: each: wrong type: True"),
        ('["a", "b", "c", "d"]', '["a"]', "rubric 1 (depth): levels: 1, not 4"),
        ('points = ["p"]', "", "items 1 (one): points: missing"),
        ('points = ["p"]', "points = []", "items 1 (one): points: not a list"),
        ('points = ["p"]', 'points = "p"', "items 1 (one): points: wrong type: 'p'"),
        ('points = ["p"]', "points = [1]", "items 1 (one): points: not a list"),
        ("probes", "probs", "items 1 (one): probes: missing"),
        ('theme = "t"', 'theme = "t"\nnote = "n"', "items 1 (one): note: unknown key"),
        ('["q"]', '["q"]\nanswers = ["a", "b"]', "(one): answers: t: 2, but 1 probes"),
        ('["q"]', '["q"]\nanswers = []', "items 1 (one): answers: not a list"),
        ('"depth"', '"depth"\nphases = ["x"]', "rubric: depth: no phase 'x'"),
        ('"depth"', '"depth"\npoints = "p"', "(depth): points: wrong type: 'p'"),
        ("each = 5", "each = 5\n[synonyms]\na = 1", "synonyms: a: not a text"),
        ("[[items]]", "[items]", "items: wrong type"),
        ("[[items]]", "[[items", "talk.toml: "),
    ],
)
def test_a_slip_of_the_pen_is_named_with_its_place(tmp_path, old, new, message):
    assert old in GOOD
    with pytest.raises(question_bank.Invalid) as caught:
        load(tmp_path, GOOD.replace(old, new))
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


def test_points_of_a_phase_that_there_is_not_are_named(tmp_path):
    text = (question_bank.FOLDER / "ml_system_design.toml").read_text("utf-8")
    text = text.replace(
        "points.clarify =", "points.clarity = ['P.']\npoints.clarify =", 1
    )
    with pytest.raises(question_bank.Invalid, match="points: clarity: unknown key"):
        load(tmp_path, text)


def test_a_name_stands_for_one_question(tmp_path):
    item = GOOD[GOOD.index("[[items]]") :]
    with pytest.raises(question_bank.Invalid, match="'one' occurs twice"):
        load(tmp_path, GOOD + item)


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(question_bank.Invalid, match="nowhere"):
        question_bank.load("nowhere", tmp_path)
