"""The deck: every question that has a model answer, as a card.

Cards are the questions of the concept bank, what an interviewer asks in between there
and in system design, and the follow-ups of all exercises. The name of a card outlives
its answer: whoever mends an answer keeps everybody's dates.
"""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Iterable, Sequence

from graders.harness.catalog.exercise import Entry, catalogue
from graders.practice.mocks import question_bank

CONCEPTS = "ml_concepts"  # the bank whose questions have answers
DESIGNS = "ml_system_design"  # the one of which only what is asked in between has


@dataclasses.dataclass(frozen=True)
class Card:
    """A question with its model answer.

    Args:
        name: Its identifier in the history.
        topic: What it is about, to choose by.
        source: The bank or the exercise that it comes from.
        question: What is asked.
        answer: The model answer, a paragraph each.
    """

    name: str
    topic: str
    source: str
    question: str
    answer: tuple[str, ...]

    def is_about(self, words: Iterable[str]) -> bool:
        """Return whether all words stand in name, topic, source or question."""
        text = f"{self.name} {self.topic} {self.source} {self.question}"
        text = text.lower().replace("_", " ")
        return all(word.lower().replace("_", " ") in text for word in words)


def deck() -> list[Card]:
    """Return all cards, in an order that goes from topic to topic.

    Raises:
        question_bank.Invalid: If a bank cannot be read.
    """
    banks = {name: question_bank.load(name).items for name in (CONCEPTS, DESIGNS)}
    concepts = [_of_concept(item) for item in banks[CONCEPTS]]
    follow_ups = [card for entry in catalogue() for card in _of_exercise(entry)]
    probes = [
        card for name, items in banks.items() for item in items
        for card in _of_probes(name, item)
    ]  # fmt: skip
    return [*_mixed(concepts), *_mixed(follow_ups), *_mixed(probes)]


def _of_concept(item: question_bank.Item) -> Card:
    [phase] = item.phases
    wrong = [f"Often said: {mistake}" for mistake in phase.mistakes]
    name = f"{CONCEPTS}/{item.name}"
    return Card(name, item.theme, CONCEPTS, phase.task, (*phase.points, *wrong))


def _of_probes(bank: str, item: question_bank.Item) -> list[Card]:
    """Return what is asked in between, each with the question that it belongs to."""
    cards = []
    for phase in item.phases:
        before = f"{phase.task} Then:" if bank == CONCEPTS else f"Design: {item.theme}."
        for probe, answer in zip(phase.probes, phase.answers, strict=False):
            name = f"{bank}/{item.name}/{_digest(probe)}"
            topic = item.theme if bank == CONCEPTS else "system design"
            cards.append(Card(name, topic, bank, f"{before} {probe}", (answer,)))
    return cards


def _digest(question: str) -> str:
    return hashlib.sha256(question.encode()).hexdigest()[:8]


def _of_exercise(entry: Entry) -> list[Card]:
    cards = []
    for one in entry.sheet.follow_ups:
        answer = (" ".join(one.answer.split()),)
        name = f"{entry.name}/{_digest(one.question)}"
        topic = entry.topic.replace("_", " ")
        cards.append(Card(name, topic, entry.name, one.question, answer))
    return cards


def _mixed(cards: Sequence[Card]) -> list[Card]:
    """Return the cards by turns: the first of each source and topic, the second, ..."""
    seen: dict[tuple[str, str], int] = {}
    turns = []
    for card in cards:
        key = card.source, card.topic
        seen[key] = seen.get(key, 0) + 1
        turns.append(seen[key])
    order = sorted(range(len(cards)), key=lambda at: (turns[at], at))
    return [cards[at] for at in order]
