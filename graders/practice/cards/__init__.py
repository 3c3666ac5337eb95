"""Questions on cards: the deck, when each is due, and a round of ten minutes."""
