"""Questions on cards: the deck, when each is due, a round in a terminal."""

import csv
import json
import re
import sqlite3
from datetime import timedelta

import pytest

from graders.harness.catalog.exercise import catalogue
from graders.practice import clock
from graders.practice.cards.dates import dates, hand
from graders.practice.cards.deck import Card, deck
from graders.practice.mocks import question_bank
from graders.practice.rows import Review
from graders.practice.store import Store
from tests.conftest import Repository
from tests.terminal import Terminal, on_posix

DAY = 86400.0
SHEET = """
[[follow_ups]]
question = "Why is the mean of nothing not 0?"
answer = '''
Nothing was averaged: 0 of 0 is undefined, so say what is to happen.
'''

[[follow_ups]]
question = "And the median?"
answer = "As undefined as the mean."
"""
SOLUTION = "def mean(values):\n    return sum(values) / len(values)\n"


@pytest.fixture
def repository(tmp_path):
    """Give a repository whose exercise has two follow-ups."""
    repository = Repository(tmp_path)
    repository.toy(SOLUTION, "", sheet=SHEET)
    sheet = tmp_path / "graders/ml_coding/toys/toy.toml"
    text = sheet.read_text("utf-8").replace("follow_ups = []\n", "", 1)
    sheet.write_text(text, "utf-8")
    return repository


# The deck.


def test_every_question_with_an_answer_is_a_card():
    names = [card.name for card in deck()]
    concepts = question_bank.load("ml_concepts").items
    follow_ups = [one for entry in catalogue() for one in entry.sheet.follow_ups]
    probes = [
        probe
        for name in ("ml_concepts", "ml_system_design")
        for item in question_bank.load(name).items
        for phase in item.phases
        for probe in phase.probes
    ]
    every = [*concepts, *follow_ups, *probes]
    assert len(names) == len({*names}) == len(every)
    assert all(card.question and all(card.answer) for card in deck())


def test_what_is_asked_in_between_is_asked_with_what_it_belongs_to():
    [card] = [card for card in deck() if card.question.endswith("why that one?")]
    assert card.name.startswith("ml_system_design/instagram_ranking/")
    assert card.question.startswith("Design: rank the Instagram feed. You may improve")
    assert card.is_about(["system design", "feed"])
    [card] = [card for card in deck() if card.question.endswith("predict a median?")]
    assert "Why do we minimise squared errors" in card.question


def test_neighbours_are_about_different_things():
    concepts = [card for card in deck() if card.source == "ml_concepts"]
    first = [card.topic for card in concepts[: len({c.topic for c in concepts})]]
    assert len({*first}) == len(first)


def test_a_card_is_chosen_by_words_of_topic_source_or_question():
    card = Card("x/1", "linear models", "linear_regression", "Why squares?", ("So.",))
    assert card.is_about([])
    assert card.is_about(["linear_models", "SQUARES"])
    assert card.is_about(["linear regression"])
    assert not card.is_about(["linear", "trees"])


# When each is due.


def test_a_card_that_is_known_comes_back_later_each_time():
    reviews, gaps = [], []
    wall = 1e9
    for _ in range(3):
        reviews.append(Review("a", wall, 3, ""))
        due = dates(reviews)["a"].timestamp()
        gaps.append(due - wall)
        wall = due
    assert DAY <= gaps[0] < gaps[1] < gaps[2]
    forgotten = Review("a", wall, 1, "")
    assert dates([*reviews, forgotten])["a"].timestamp() - wall < gaps[1]


def test_a_round_has_the_longest_overdue_first_then_new_ones():
    cards = [Card(name, "t", "s", "q", ("a",)) for name in "abcd"]
    now = clock.date_of(1e9)
    due = {"b": now - timedelta(1), "c": now - timedelta(3), "d": now + timedelta(1)}
    held = hand(cards, due, now)
    assert [card.name for card in held.due] == ["c", "b"]
    assert [card.name for card in held.new] == ["a"]
    assert held.later == 1


def test_ratings_are_kept_and_odd_rows_are_skipped(tmp_path):
    store = Store(tmp_path)
    store.save_review("a/1", 3, "an answer", clock.now())
    store.close()
    with sqlite3.connect(tmp_path / "kata.db") as database:
        database.execute(
            "INSERT INTO review (card, wall, rating, answer) VALUES ('b', 1, 9, '')"
        )
    store = Store(tmp_path)
    [found] = store.reviews()
    assert (found.card, found.rating, found.answer) == ("a/1", 3, "an answer")
    assert "card 2" in store.skipped[0]
    store.close()


# The command.


def test_without_a_terminal_it_says_what_is_due(repository):
    done = repository.run("cards", "toys")
    assert done.out.splitlines() == [
        "0 cards due, 2 new, 0 for later.",
        "Cards are answered in a terminal: nox -s cards",
    ]
    assert (done.code, done.err) == (0, "")


def test_cards_are_listed_for_people_and_for_programs(repository):
    lines = repository.run("cards", "toys", "--list").out.splitlines()
    assert lines[0] == "new         toys: Why is the mean of nothing not 0?"
    told = json.loads(repository.run("cards", "--json").out)["cards"]
    assert {card["source"] for card in told} == {
        *("ml_concepts", "ml_system_design", "toy")
    }
    [mine] = [card for card in told if card["question"] == "And the median?"]
    assert mine["answer"] == ["As undefined as the mean."]
    assert mine["due"] is None


def test_an_export_is_what_anki_imports(repository):
    done = repository.run("cards", "toys", "--export", "anki.csv")
    assert done.out == "2 cards written to anki.csv\n"
    text = (repository.root / "anki.csv").read_text("utf-8")
    head = [line for line in text.splitlines() if line.startswith("#")]
    assert head[0] == "#separator:Comma"
    rows = list(csv.reader(text.splitlines()[len(head) :]))
    assert rows[1] == ["And the median?", "As undefined as the mean.", "toys toy"]
    again = repository.run("cards", "--export", "anki.csv")
    assert "is there already" in again.err
    assert again.code == 1


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (["nosuchthing"], "no card is about 'nosuchthing'"),
        (["--minutes", "0"], "--minutes: a whole number from 1 to 600 is needed"),
        (["--new", "x"], "--new: a whole number from 0 to 1000 is needed, not 'x'"),
        (["--export", "no/such/folder"], ""),
    ],
)
def test_a_wrong_command_is_one_line(repository, arguments, why):
    (repository.root / "no").write_text("a file", "utf-8")
    done = repository.run("cards", *arguments)
    assert done.err.startswith("cards: ")
    assert why in done.err
    assert done.err.count("\n") == 1
    assert done.code == 2


@on_posix
@pytest.mark.parametrize("columns", [80, 50])
def test_a_round_in_a_terminal(repository, columns):
    terminal = Terminal(repository.root, "cards", "toys", columns=columns)
    terminal.wait_for("0 cards due, 2 new")
    terminal.wait_for("Why is the mean of nothing not 0?")
    terminal.wait_for(">")
    terminal.type("Because it is undefined.\r")
    terminal.wait_for(">")
    terminal.type("\r")
    terminal.wait_for("Nothing was averaged")
    terminal.wait_for("1 to 4:")
    terminal.type("7\r")
    terminal.wait_for("q to end")
    terminal.type("\x7f1\r")  # which comes again
    terminal.wait_for("And the median?")
    terminal.answer(">", "\r")
    terminal.wait_for("As undefined as the mean.")
    terminal.answer("1 to 4:", "4\r")
    terminal.wait_for("Why is the mean of nothing not 0?")
    terminal.answer(">", "\r")
    terminal.wait_for("1 to 4:")
    terminal.type("q\r")
    terminal.wait_for("2 answers: 1 again, 1 easy.")
    terminal.wait_for("2 for later.")
    assert terminal.end() == 0
    store = Store(repository.root / ".kata")
    kept = [(review.rating, review.answer) for review in store.reviews()]
    store.close()
    assert kept == [(1, "Because it is undefined."), (4, "")]


@on_posix
def test_a_kill_loses_nothing_that_was_rated(repository):
    terminal = Terminal(repository.root, "cards", "toys")
    terminal.wait_for(">")
    terminal.type("\r")
    terminal.wait_for("1 to 4:")
    terminal.type("3\r")
    terminal.wait_for("And the median?")
    terminal.wait_for(">")
    terminal.kill()
    out = repository.run("cards", "toys").out
    assert re.match("0 cards due, 1 new, 1 for later", out)


@on_posix
def test_ctrl_d_ends_a_round(repository):
    terminal = Terminal(repository.root, "cards", "toys")
    terminal.wait_for(">")
    terminal.type("\x04")
    terminal.wait_for("0 answers.")
    assert terminal.end() == 0
