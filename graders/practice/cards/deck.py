"""The deck: every question that has a model answer, as a card.

Cards are the questions of the concept bank, and the follow-ups of all exercises. The
name of a card outlives its answer: whoever mends an answer keeps everybody's dates.
"""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Iterable, Sequence

from graders.harness.catalog.exercise import Entry, catalogue
from graders.practice.mocks import question_bank

CONCEPTS = "ml_concepts"  # the bank whose questions have answers


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
        question_bank.Invalid: If the bank cannot be read.
    """
    concepts = [_of_concept(item) for item in question_bank.load(CONCEPTS).items]
    follow_ups = [card for entry in catalogue() for card in _of_exercise(entry)]
    return [*_mixed(concepts), *_mixed(follow_ups)]


def _of_concept(item: question_bank.Item) -> Card:
    [phase] = item.phases
    wrong = [f"Often said: {mistake}" for mistake in phase.mistakes]
    name = f"{CONCEPTS}/{item.name}"
    return Card(name, item.theme, CONCEPTS, phase.task, (*phase.points, *wrong))


def _of_exercise(entry: Entry) -> list[Card]:
    cards = []
    for one in entry.sheet.follow_ups:
        digest = hashlib.sha256(one.question.encode()).hexdigest()[:8]
        answer = (" ".join(one.answer.split()),)
        name, topic = f"{entry.name}/{digest}", entry.topic.replace("_", " ")
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
