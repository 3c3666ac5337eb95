"""When each card is due: computed again from all ratings, by FSRS."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Sequence
from datetime import datetime

import fsrs

from graders.practice.cards.deck import Card
from graders.practice.clock import date_of
from graders.practice.rows import Review
from graders.practice.schedule import SCHEDULER

RATINGS = {1: "again", 2: "hard", 3: "good", 4: "easy"}


def dates(reviews: Iterable[Review]) -> dict[str, datetime]:
    """Return when each card that was rated is due, by its name."""
    known: dict[str, fsrs.Card] = {}
    for review in reviews:
        when = date_of(review.wall)
        card = known.get(review.card) or fsrs.Card(card_id=0, due=when)
        rating = fsrs.Rating(review.rating)
        known[review.card], _ = SCHEDULER.review_card(card, rating, when)
    return {name: card.due for name, card in known.items()}


@dataclasses.dataclass(frozen=True)
class Hand:
    """What there is to answer now.

    Args:
        due: Cards whose time has come, the longest overdue first.
        new: Cards that were never rated, in the deck's order.
        later: How many are due another time.
    """

    due: list[Card]
    new: list[Card]
    later: int


def hand(cards: Sequence[Card], due: dict[str, datetime], now: datetime) -> Hand:
    """Return which cards are due, new or for later."""
    rated = [card for card in cards if card.name in due]
    ready = [card for card in rated if due[card.name] <= now]
    return Hand(
        due=sorted(ready, key=lambda card: due[card.name]),
        new=[card for card in cards if card.name not in due],
        later=len(rated) - len(ready),
    )
